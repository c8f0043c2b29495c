"""Facts from observations: what the clock, and what the hub can know at all, make of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from hub.alerts.model import MOST_TEXT, SUBJECTS, TYPES
from hub.alerts.moment import Moment, date_of, instant_of, is_past
from hub.alerts.observation import Found
from hub.alerts.pace import SLIP_OVER, holds
from hub.alerts.ways import WAYS, Way
from hub.model.fact import Fact, FactValue
from hub.model.setting import ConnectionInfo

Facts = dict[str, Fact]
MOST = 2**63 - 1
KINDS = (
    "organization",
    "person",
    "consent",
    "campaign",
    "touch",
    "lead",
    "deal",
    "quote",
    "order",
    "contract",
    "project",
    "milestone",
    "task",
    "time_entry",
    "ticket",
    "message",
    "invoice",
    "payment",
    "dunning",
)

PAPERS = ("lead", "deal", "quote", "order", "project", "time_entry", "ticket", "invoice")
"""Kinds whose records make up a business case."""


@dataclass(frozen=True)
class Knowledge:
    """What the hub can know at all.

    sources: kind of record -> the connections it comes from; a kind is left out while one of them
    has never been read in full, or none is configured: then a count of zero would be a guess.
    partly: those of such a kind that were read: what there is of it comes from them.
    """

    sources: Mapping[str, tuple[str, ...]]
    partly: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, *kinds: str) -> tuple[str, ...] | None:
        """Return the connections of all these kinds, None where one is not known."""
        if kinds not in self._of:
            names = {name for kind in kinds for name in self.sources.get(kind, ())}
            are_known = all(kind in self.sources for kind in kinds)
            self._of[kinds] = tuple(sorted(names)) if are_known else None
        return self._of[kinds]

    def givers(self, kind: str) -> tuple[str, ...]:
        """Return the connections that what there is of a kind comes from, though not all is."""
        return self.sources.get(kind) or self.partly.get(kind, ())

    @cached_property
    def _of(self) -> dict[tuple[str, ...], tuple[str, ...] | None]:
        """What was asked for before: each fact that evidence names asks for it."""
        return {}

    @cached_property
    def plans(self) -> Mapping[str, "_Plan"]:
        """What can be told of each subject, in the order it is worked out."""
        return {
            subject: {
                name: _READERS[subject][name]
                for name, way in ways.items()
                if all(kind in self.sources for kind in way.kinds)
            }
            for subject, ways in WAYS.items()
        }


def knowledge(
    connections: Sequence[ConnectionInfo], successes: Mapping[str, datetime]
) -> Knowledge:
    """Return which kinds of records are known, from who gives them and who was ever read."""
    by_kind: dict[str, tuple[str, ...]] = {}
    partly: dict[str, tuple[str, ...]] = {}
    for kind in KINDS:
        names = sorted(one.name for one in connections if one.gives(kind))
        read = tuple(name for name in names if name in successes)
        if read:
            (by_kind if len(read) == len(names) else partly)[kind] = read
    return Knowledge(by_kind, partly)


_Reader = Callable[[Found, Moment], FactValue | None]
_Plan = Mapping[str, tuple[_Reader, bool]]
"""Fact -> how it is read from an observation, and whether that has to be filled in before."""


def derive(
    subject: str, name: str, found: Found, known: Knowledge, at: Moment
) -> dict[str, FactValue]:
    """Return what is known of a subject at a moment, in the types rules read."""
    values: dict[str, FactValue] = {"id": name}
    filled = FILLED.get(subject)
    if filled is not None:
        found = filled(found, known, at)
    for fact, (read, _) in known.plans[subject].items():
        value = read(found, at)
        if value is not None:
            values[fact] = value
    return values


def _reader(way: Way, kind: type) -> _Reader:
    """Return what reads one fact: made once, since a sweep reads many of each."""
    of, otherwise, how, unclear = way.of, way.otherwise, way.how, way.unclear

    def read(found: Found, at: Moment) -> FactValue | None:
        value: Any = found.get(of, otherwise)
        if value is None:
            return None
        for part in unclear:
            if found.get(part):
                return None
        if how is not None and of in found:
            value = how(value, at)
            if value is None:
                return None
        if type(value) is not kind:
            value = kind(value)
        made: FactValue = value
        if isinstance(made, str):
            return made[:MOST_TEXT]
        return None if kind is int and not -MOST <= made <= MOST else made

    return read


class Told(dict[str, FactValue | None]):
    """What `derive` gives, one fact at a time as it is asked for; None for what is not known."""

    __slots__ = ("_at", "_fill", "_found", "_known", "_plan", "_subject")

    def __init__(self, subject: str, name: str, found: Found, known: Knowledge, at: Moment) -> None:
        self["id"] = name
        self._subject, self._found, self._fill = subject, found, FILLED.get(subject)
        self._plan, self._known, self._at = known.plans[subject], known, at

    def __missing__(self, fact: str) -> FactValue | None:
        value = None
        way = self._plan.get(fact)
        if way is not None:
            read, is_filled = way
            if is_filled and self._fill is not None:
                self._found = self._fill(self._found, self._known, self._at)
                self._fill = None
            value = read(self._found, self._at)
        self[fact] = value
        return value

    def holds(self, *facts: str) -> float:
        """Return for how many days, today among them, facts stay as they are at the least; less
        than one where that is not known of all of today."""
        return min(holds(self._subject, fact, self._found, self._at) for fact in facts)


def _contact(found: Found, known: Knowledge, at: Moment) -> Found:
    """A role that has ended is left, too. Of whom nobody says so, nobody has left or bounced, once
    all who tell of persons were read."""
    left = found.get("left") or is_past(found.get("left_on"), at)
    flags = {"left": bool(left), "bounced": bool(found.get("bounced"))}
    if "person" in known.sources:
        return {**found, **flags}
    return {**found, **{name: flag or None for name, flag in flags.items()}}


def _lead(found: Found, known: Knowledge, at: Moment) -> Found:
    created, touched = instant_of(found.get("created_at")), instant_of(found.get("first_touch_at"))
    if created is None or touched is None:
        return found
    return {**found, "answered_bh": at.clock.hours_between(created, touched)}


def _ticket(found: Found, known: Knowledge, at: Moment) -> Found:
    """Where hours are booked apart from the ticket, they say what it took."""
    if "time_entry" not in known.sources:
        return found
    booked = {"hours": found.get("booked", 0.0), "billable": found.get("booked_billable", False)}
    return {**booked, **found}


def _contract(found: Found, known: Knowledge, at: Moment) -> Found:
    more: Found = {}
    if "time_entry" in known.sources:
        more["hours_used"] = found.get("booked", 0.0)
    start, end = date_of(found.get("period_from")), date_of(found.get("period_to"))
    if start and end and end > start:
        share = 100.0 * (at.today - start).days / (end - start).days
        more["period_elapsed"] = min(100.0, max(0.0, share))
    return {**more, **found}


def _project(found: Found, known: Knowledge, at: Moment) -> Found:
    """A slip counts while it is recent: the end expected so long ago against today's."""
    ends = found.get("ends")
    if not ends:
        return found
    cutoff = (at.today - timedelta(days=SLIP_OVER)).isoformat()
    then = [end for since, end in ends if since <= cutoff] or [ends[0][1]]
    before, now = date_of(then[-1]), date_of(found.get("expected_end"))
    return {**found, "slipped": (now - before).days if before and now else 0}


FILLED: Mapping[str, Callable[[Found, Knowledge, Moment], Found]] = {
    "contact": _contact,
    "lead": _lead,
    "ticket": _ticket,
    "contract": _contract,
    "project": _project,
}

_FILLS = frozenset({"left", "bounced", "answered_bh", "hours", "billable", "hours_used"})
_FILLS |= {"period_elapsed", "slipped"}
"""The parts of observations that these fill in."""


_READERS: Mapping[str, _Plan] = {
    subject: {
        name: (_reader(way, TYPES[SUBJECTS[subject][name]]), way.of in _FILLS)
        for name, way in ways.items()
    }
    for subject, ways in WAYS.items()
}


def sources_of(
    subject: str, fact: str, known: Knowledge, connection: str | None
) -> tuple[str, ...]:
    """Return the connections a fact comes from."""
    way = WAYS[subject].get(fact)
    if way is not None and way.kinds:
        return known.of(*way.kinds) or ()
    if connection:
        return (connection,)
    if subject == "vorgang":
        return tuple(sorted({name for kind in PAPERS for name in known.sources.get(kind, ())}))
    kind = _MADE_OF.get(subject)
    return known.givers(kind) if kind else ()


_MADE_OF: Mapping[str, str] = {
    "customer": "organization",
    "contact": "person",
    "project": "project",
    "deviation": "invoice",
    "conflict": "organization",
}
"""The kind of records that subjects are made of which are none themselves."""
