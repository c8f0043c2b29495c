"""A fictional company to try the hub on: its departments' exports, with the truth beside them."""
