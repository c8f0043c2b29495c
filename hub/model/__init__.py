"""The frozen dataclasses that the rooms of the hub hand each other; it knows none of them."""
