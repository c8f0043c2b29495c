"""The hub: stores what connectors read, resolves it, follows cases, judges rules, serves a view.

`cli` and `api` ask `runtime`, which wires `pipeline`. A move of the pipeline reads from `store`,
lets a pure room compute (`resolution`, `vorgang`, `alerts`) and writes back; `model` is what they
hand each other.
"""
