"""A typed, dated number or word about a subject, with the connections it came from."""

from dataclasses import dataclass
from typing import NamedTuple

FactValue = bool | int | float | str


class Subject(NamedTuple):
    """What a fact or an alert is about: `customer` + entity id, `deal` + ref, `source` + name."""

    kind: str
    id: str

    @property
    def item(self) -> str:
        """Return the subject as one text, `deal:crm:deals:D-1`."""
        return f"{self.kind}:{self.id}"


def parse_subject(item: str) -> Subject:
    """Return the subject an item names; the inverse of `Subject.item`."""
    kind, _, name = item.partition(":")
    return Subject(kind, name)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. as_of: the instant since which every evaluation found this value."""

    name: str
    value: FactValue
    sources: tuple[str, ...]
    as_of: str = ""
