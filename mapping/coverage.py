"""What a mapping leaves out: fields of a record nobody reads, and paths a record does not have."""

from connectors.sdk.record import Record
from mapping.apply import CompiledMapping
from mapping.paths import EVERY, Name, Steps, leaves, path_text


def unmapped_paths(mapping: CompiledMapping, stream: str, record: Record) -> list[str]:
    """Return the paths of the record's values that no entry of the stream reads, in its order.

    Lists show as `[*]`; what a mapping reads as a whole counts as read with all it holds.
    """
    read = _read_paths(mapping, stream)
    there = dict.fromkeys(leaf for leaf, _ in leaves(record.data))
    return [path_text(leaf) for leaf in there if not any(leaf[: len(one)] == one for one in read)]


def absent_paths(mapping: CompiledMapping, stream: str, record: Record) -> list[str]:
    """Return the mapped paths that the record does not have: a typo, or an optional field.

    A null counts as there, and so does whatever might stand below it.
    """
    there = list(leaves(record.data))

    def is_there(wanted: Steps) -> bool:
        return any(
            leaf[: len(wanted)] == wanted or (not value and wanted[: len(leaf)] == leaf)
            for leaf, value in there
        )

    return [path_text(wanted) for wanted in _read_paths(mapping, stream) if not is_there(wanted)]


def read_fields(mapping: CompiledMapping, stream: str) -> frozenset[str]:
    """Return the dotted paths of all that the mapping reads of a record; `*` for the whole.

    What holds for one element of a list holds for all. A path ends before a name that holds a
    dot or a bracket.
    """
    return frozenset(_plain(steps) for steps in _read_paths(mapping, stream))


def _plain(steps: Steps) -> str:
    names: list[str] = []
    for step in steps:
        if step == EVERY and names:
            continue
        if not isinstance(step, Name) or not step.key or set(step.key) & set(".[]"):
            break
        names.append(step.key)
    return ".".join(names) or EVERY


def _read_paths(mapping: CompiledMapping, stream: str) -> list[Steps]:
    """Return what the stream's entries read, from the record's root, positions as `[*]`."""
    found: dict[Steps, None] = {}
    for entry in mapping.streams.get(stream, ()):
        each = (*entry.each_path.steps, EVERY) if entry.each_path else ()
        for path in entry.paths:
            steps = path.steps if path.from_root else (*each, *path.steps)
            found[tuple(EVERY if isinstance(step, int) else step for step in steps)] = None
    return list(found)
