"""What rules see: the facts of a subject, of its customer, and of what lies one hop beside it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hub.alerts.facts import Facts, Knowledge, Told, derive, sources_of
from hub.alerts.model import LISTS, MOST_ELEMENTS
from hub.alerts.moment import Moment
from hub.alerts.rules import CompiledRule
from hub.alerts.ways import WAYS
from hub.model.fact import Fact, FactValue, Subject
from hub.model.paper_status import IN_FORCE
from hub.store import runs
from hub.store.database import Tx
from hub.store.facts import Stored

Values = Mapping[str, FactValue]
SHOWN = (
    "number",
    "title",
    "status",
    "net",
    "amount",
    "balance",
    "due_on",
    "closes_on",
    "planned_end",
    "ends_on",
    "notice_on",
    "opened_at",
    "anomaly",
)
"""What evidence names of the subject itself, where it has it."""
IN_PLAY: Mapping[str, tuple[str, Collection[str]]] = {
    "ticket": ("status_group", ("open",)),
    "project": ("status", ("active",)),
    "contract": ("status", IN_FORCE),
    "deal": ("status", ("open",)),
    "invoice": ("status", ("open",)),
}
"""Which elements of a list stand first: where it is cut, what is over is left out."""


MOST_DEALS = 10
"""Open deals that evidence of a forecast names."""


def successes(tx: Tx) -> dict[str, datetime]:
    """Return when each connection last began a run that succeeded."""
    return {name: datetime.fromisoformat(at) for name, at in runs.last_success(tx).items()}


def fields_read(rule: CompiledRule) -> dict[str, list[str]]:
    """Return variable -> the facts of it that a rule looks at."""
    reads = set(rule.condition.reads)
    if rule.escalation is not None:
        reads |= rule.escalation.reads
    found: dict[str, list[str]] = {}
    for read in sorted(reads):
        variable, _, name = read.partition(".")
        if variable != "params":
            found.setdefault(variable, [])
            if name:
                found[variable].append(name)
    return found


@dataclass(slots=True)
class Scene:
    """All that is known of some customers and what belongs to them, at one moment.

    records: a subject as evidence names it, where somebody asked for it.
    """

    known: Knowledge
    at: Moment
    stored: dict[Subject, Stored]
    records: dict[Subject, Mapping[str, Any]] = field(default_factory=dict)
    _values: dict[Subject, Values] = field(default_factory=dict)
    _beside: dict[str | None, dict[str, list[Subject]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for subject, one in self.stored.items():
            self._beside.setdefault(one.customer, {}).setdefault(subject.kind, []).append(subject)

    def values(self, subject: Subject) -> Values | None:
        """Return the facts of a subject; None where there is no such subject any more."""
        found = self._values.get(subject)
        if found is None and subject in self.stored:
            one = self.stored[subject]
            found = derive(subject.kind, subject.id, one.found, self.known, self.at)
            self._values[subject] = found
        return found

    def told(self, subject: Subject) -> Told | None:
        """Return the facts of a subject, each worked out when asked for; None where it is gone."""
        one = self.stored.get(subject)
        return one and Told(subject.kind, subject.id, one.found, self.known, self.at)

    def customer_of(self, subject: Subject) -> str | None:
        """Return the customer a subject belongs to; itself where it is one."""
        one = self.stored.get(subject)
        return one.customer if one else None

    def seen_by(self, subject: Subject, reads: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return variable -> facts as a rule about the subject sees them, only those it reads.

        A list of a kind that is not known is left out: it is not empty.
        """
        found: dict[str, Any] = {}
        for variable, names in reads.items():
            meant = self.meant(subject, variable)
            if variable in LISTS:
                if LISTS[variable] in self.known.sources:
                    found[variable] = [_only(self.values(one) or {}, names) for one in meant]
            elif meant:
                found[variable] = _only(self.values(meant[0]) or {}, names)
            elif self._known_to_lack(subject, variable):
                found[variable] = {}
        return found

    def meant(self, subject: Subject, variable: str) -> Sequence[Subject]:
        """Return what a variable of a rule about the subject stands for: elements, or one."""
        return (
            self._listed(subject, variable) if variable in LISTS else self._one(subject, variable)
        )

    def has_any(self, subject: Subject, parts: Iterable[tuple[str, str]]) -> bool:
        """Say whether anything is observed of these (variable, part), as a rule about the subject
        means them."""
        return subject in self.stored and any(
            part in self.stored[one].found
            for variable, part in parts
            for one in self.meant(subject, variable)
        )

    def _one(self, subject: Subject, variable: str) -> list[Subject]:
        customer = self.customer_of(subject)
        named = self.stored[subject].found.get(variable)
        if variable == subject.kind:
            one = subject
        elif variable == "customer" and customer is not None:
            one = Subject("customer", customer)
        elif isinstance(named, str) and variable != "customer":
            one = Subject(variable, named)
        elif variable == "contract":
            return self._only_contract(customer)
        else:
            return []
        return [one] if one in self.stored else []

    def _known_to_lack(self, subject: Subject, variable: str) -> bool:
        """Say whether it is known that there is none, where there is none."""
        if variable == "customer":
            return self.customer_of(subject) is None and "organization" in self.known.sources
        return variable != subject.kind and variable in self.known.sources

    def _only_contract(self, customer: str | None) -> list[Subject]:
        """Return the contract that is meant where a customer has just one and nothing names it."""
        subjects = self._beside.get(customer, {}).get("contract", []) if customer else []
        running = [one for one in subjects if (self.values(one) or {}).get("status") in IN_FORCE]
        return running if len(running) == 1 else []

    def _listed(self, subject: Subject, variable: str) -> list[Subject]:
        kind = LISTS[variable]
        found = self.stored[subject].found
        if variable == "projects" and subject.kind in ("invoice", "ticket"):
            # What a paper names is meant; only a ticket that names none may mean any.
            named = found.get("projects") or ([found["project"]] if "project" in found else [])
            if named or subject.kind == "invoice":
                return [one for name in named if (one := Subject(kind, name)) in self.stored]
        customer = self.customer_of(subject)
        every = self._beside.get(customer, {}).get(kind, []) if customer else []
        if len(every) > MOST_ELEMENTS:
            name, in_play = IN_PLAY[kind]
            every = sorted(every, key=lambda one: (self.values(one) or {}).get(name) not in in_play)
        return every[:MOST_ELEMENTS]

    def open_deals(self, subject: Subject) -> list[Mapping[str, Any]]:
        """Return the open deals of a subject's customer as evidence names them, largest first."""
        customer = self.customer_of(subject)
        deals = self._beside.get(customer, {}).get("deal", []) if customer else []
        opened = [one for one in deals if (self.values(one) or {}).get("status") == "open"]
        opened.sort(key=lambda one: (-int(self.stored[one].found.get("amount") or 0), one.id))
        return [self.show(one) for one in opened[:MOST_DEALS]]

    def facts(self, subject: Subject) -> Facts:
        """Return a subject's facts with their sources and since when they are so."""
        values = self.values(subject)
        if values is None:
            return {}
        return facts_of(self.stored[subject], values, self.known)

    def show(self, subject: Subject) -> Mapping[str, Any]:
        """Return the subject as evidence names it; by what is known of it where nobody said how."""
        if subject not in self.records:
            one = self.stored[subject]
            shown = {name: one.found[name] for name in SHOWN if name in one.found}
            self.records[subject] = {"ref" if ":" in subject.id else "id": subject.id, **shown}
        return self.records[subject]


def facts_of(one: Stored, values: Values, known: Knowledge) -> Facts:
    """Return derived values with their sources and since when they are so."""
    ways = WAYS[one.subject.kind]
    return {
        name: Fact(
            name,
            value,
            sources_of(one.subject.kind, name, known, one.connection),
            one.known_since(ways[name].of if name in ways else name),
        )
        for name, value in values.items()
    }


def scene_of(known: Knowledge, at: Moment, stored: Iterable[Stored]) -> Scene:
    """Return the scene that these observations make."""
    return Scene(known, at, {one.subject: one for one in stored})


def _only(values: Values, names: Sequence[str]) -> dict[str, FactValue]:
    return {name: values[name] for name in names if name in values}
