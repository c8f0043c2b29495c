"""Who was erased: what is asked, what stays because the law keeps it, and what was done."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

What = Literal["record", "paper", "kept", "email", "phone", "name"]
"""What a mark stands for: a record that stays away, a paper of which the person is taken out, one
that the law keeps unread; an address, a number, a name of the person."""

EntityKind = Literal["person", "organization"]

VOUCHER, LETTER = 8, 6
"""Years to keep: vouchers by § 147 (1) no. 4, (3) AO, § 257 (1) no. 4, (4) HGB, as of 2025;
business letters by § 147 (1) no. 2 and 3 AO, § 257 (1) no. 2 and 3 HGB."""

KEPT: dict[str, tuple[int, tuple[str, ...]]] = {
    "invoice": (VOUCHER, ("issued_on", "paid_on", "due_on")),
    "payment": (VOUCHER, ("booked_on",)),
    "line": (VOUCHER, ("service_to", "service_from")),
    "quote": (LETTER, ("issued_on", "accepted_on", "valid_until")),
    "order": (LETTER, ("ordered_on", "confirmed_on", "delivered_on")),
    "delivery": (LETTER, ("delivered_on", "accepted_on")),
    "contract": (LETTER, ("ends_on", "notice_on", "starts_on")),
    "dunning": (LETTER, ("sent_on",)),
}
"""Kinds of papers the law keeps: for how many years, and the fields that date them."""

PARAGRAPHS = {
    VOUCHER: "§ 147 (1) no. 4 AO, § 257 (1) no. 4 HGB: a voucher, 8 years",
    LETTER: "§ 147 (1) no. 2, 3 AO, § 257 (1) no. 2, 3 HGB: a business letter, 6 years",
}

OWN: dict[EntityKind, frozenset[str]] = {
    "person": frozenset({"person", "lead", "consent", "touch", "message"}),
    "organization": frozenset({"organization", "person", "lead", "consent", "touch", "message"}),
}
"""Kinds of records that are somebody's own and go whole, by what is erased."""


def kept_until(kind: str, fields: dict[str, object], seen_at: str) -> date | None:
    """Return the last day a paper must be kept, None for a kind that the law does not name.

    The years begin with the end of the calendar year the paper is of (§ 147 (4) AO, § 257 (5)
    HGB); one without a date is taken to be of the year in which it was first seen.
    """
    if kind not in KEPT:
        return None
    years, dating = KEPT[kind]
    said = next((str(fields[name]) for name in dating if fields.get(name)), seen_at)
    year = said[:4]
    return date((int(year) if year.isdigit() else int(seen_at[:4])) + years, 12, 31)


@dataclass(frozen=True, slots=True)
class Touched:
    """A record and what becomes of it. why: the paragraph, where the law keeps it."""

    ref: str
    kind: str
    fate: Literal["goes", "kept", "person taken out"]
    until: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """An address or number that others have as well: it stays theirs and marks nobody."""

    value: str
    refs: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """What an erasure comes to. other: store -> rows that go beside the records.

    values: the person's own words, to look for; gone, about: refs and ids that go, and of what
    speaks of them; marks: mark -> what, until. None of these is shown.
    """

    kind: EntityKind
    entities: tuple[str, ...]
    records: list[Touched] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)
    other: dict[str, int] = field(default_factory=dict)
    values: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    marks: dict[str, tuple[What, str | None]] = field(default_factory=dict)
    streams: frozenset[tuple[str, str]] = frozenset()


@dataclass(slots=True)
class Words:
    """What is looked for while an erasure goes on, sealed in the vault until it is done.

    gone: refs of what goes; about: refs and ids of what speaks of them.
    """

    values: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def strong(self) -> list[str]:
        """Addresses and numbers: they are this person's alone."""
        return [one for one in self.values if "@" in one or one.startswith("+")]

    @property
    def names(self) -> list[str]:
        """Names: others may be called so, too."""
        return [one for one in self.values if one not in self.strong]


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure as it stands; met: how often sources brought something of it since."""

    id: str
    kind: EntityKind
    entities: tuple[str, ...]
    state: Literal["asked", "cut", "done", "lifted"]
    reason: str
    author: str
    asked_at: str
    done_at: str | None
    receipt: dict[str, int]
    streams: tuple[tuple[str, str], ...]
    marks: int
    met: int
    met_at: str | None
    lifted_at: str | None = None
    lifted_by: str | None = None
    lift_reason: str | None = None
