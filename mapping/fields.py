"""How a canonical field is described: its type, its normaliser, its vocabulary."""

from dataclasses import dataclass
from typing import Final, Literal

FieldType = Literal[
    "text", "number", "integer", "boolean", "money", "percent", "date", "instant", "choice"
]

UNKNOWN: Final = "unknown"
"""What an unmapped status or priority becomes; it is reported, never guessed."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a canonical field holds.

    type: money is integer minor units, percent a number from 0 to 100, date `2026-11-23`, instant
    `2026-11-23T10:15:00Z`; the rest is plain JSON. normalize: the normaliser a mapping gets
    without asking. many: a list of such values. choices: the closed vocabulary of a choice.
    keeps_raw: an unmapped value becomes `unknown`, and the source's word stands in `<name>_raw`.
    derived: filled in by the hub, never by a mapping file.
    """

    type: FieldType
    normalize: str
    many: bool = False
    choices: frozenset[str] = frozenset()
    keeps_raw: bool = False
    derived: bool = False
