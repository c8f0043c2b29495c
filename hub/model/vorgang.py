"""A business case (Vorgang): its members, how far it has come, what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

VorgangKind = Literal["new_business", "renewal", "project", "service_case", "complaint"]
Phase = Literal[
    "attracted",
    "qualified",
    "offered",
    "ordered",
    "delivering",
    "delivered",
    "invoiced",
    "paid",
    "in_service",
    "closed",
]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""In the order of the flow."""
GapType = Literal[
    "lead_without_owner",
    "quote_expired_deal_open",
    "won_without_order",
    "order_without_project",
    "delivered_not_invoiced",
    "invoiced_without_order",
    "paid_without_invoice",
    "service_without_contract",
    "value_drift",
]
Role = Literal["trunk", "branch"]


@dataclass(frozen=True, slots=True)
class Membership:
    """A record's place in a case. via: the link that holds it, None for the one that founds it;
    share_pct: those of one record over all cases sum to 100."""

    ref: str
    kind: str
    role: Role
    share_pct: float
    via: str | None
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A phase a case entered, and when: a date, None where no paper tells.

    dated: False where its own day is not known and the phase before it lends its day.
    """

    phase: Phase
    since: str | None
    dated: bool = True


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing. since: a date, from which on it is a gap, "" where no paper tells of any
    day; refs: what it rests on."""

    type: GapType
    department: str
    since: str
    refs: tuple[str, ...]
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Papers of one case that cannot all be right. refs: which they are."""

    type: str
    refs: tuple[str, ...]


_BY_WEIGHT = ("ordered", "quoted", "deal", "invoiced")


@dataclass(frozen=True, slots=True)
class Amounts:
    """Net sums in minor units of `currency` (paid: gross); None where nothing of the kind is
    known, or not all of it. without_rate: currencies that could not be put in it; base: the same
    sums in the company's currency, None where there are none at all."""

    currency: str | None = None
    deal: int | None = None
    quoted: int | None = None
    ordered: int | None = None
    invoiced: int | None = None
    credited: int | None = None
    paid: int | None = None
    without_rate: tuple[str, ...] = ()
    base: "Amounts | None" = None

    @property
    def value(self) -> int | None:
        """Return what the case is worth: as ordered, else as offered, hoped for or billed."""
        return self._of(self._telling)

    @property
    def value_base(self) -> int | None:
        """Return that very amount in the company's currency."""
        return self.base._of(self._telling) if self.base else None

    @property
    def _telling(self) -> str | None:
        known = (name for name in _BY_WEIGHT if getattr(self, name) is not None)
        return next(known, None)

    def _of(self, name: str | None) -> int | None:
        found: int | None = getattr(self, name) if name else None
        return found


@dataclass(frozen=True, slots=True)
class Dwell:
    """How long nine in ten cases of a kind stayed in a phase, and how many those were."""

    p90_days: int
    vorgaenge: int


@dataclass(frozen=True, slots=True)
class Vorgang:
    """One case as its papers tell it. party: an organization's id; days are dates."""

    kind: VorgangKind
    title: str
    party: str | None
    entries: tuple[Entry, ...]
    amounts: Amounts
    opened_at: str | None
    last_event_at: str | None
    departments: tuple[str, ...]
    gaps: tuple[Gap, ...]
    contradictions: tuple[Contradiction, ...]
    confidence: float
    members: tuple[Membership, ...]

    @property
    def phase(self) -> Phase:
        """Return the phase it is in."""
        return self.entries[-1].phase

    @property
    def phase_since(self) -> str | None:
        """Return the day it entered that."""
        return self.entries[-1].since

    @property
    def closed_at(self) -> str | None:
        """Return the day nothing was left to do."""
        return self.phase_since if self.phase == "closed" else None
