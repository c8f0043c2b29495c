"""Signs of trouble, each from 0 to 1, read from facts: what foresight is made of."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log1p

from hub.alerts.facts import Facts
from hub.model.fact import Fact, FactValue, Subject

YEAR_IN_MONTHS = 12
NATURAL_FORMS = frozenset(
    {"e.K.", "e.U.", "Einzelunternehmen", "GbR", "eGbR", "PartG", "PartG mbB", "I/S", "V.O.F."}
)
"""Legal forms behind which one or a few people stand with their own name."""


@dataclass(frozen=True, slots=True)
class Told:
    """A subject with what is known of it."""

    subject: Subject
    facts: Facts

    def number(self, name: str) -> float | None:
        """Return a fact as a number, None where it is not known."""
        fact = self.facts.get(name)
        return float(fact.value) if fact and not isinstance(fact.value, str) else None

    def text(self, name: str) -> str | None:
        """Return a fact as a text, None where it is not known."""
        fact = self.facts.get(name)
        return str(fact.value) if fact else None

    def evidence(self, *names: str) -> tuple["Evidence", ...]:
        """Return those of these facts that are known, as evidence."""
        found = (self.facts.get(name) for name in names)
        return tuple(Evidence.of(self.subject, fact) for fact in found if fact)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact that something rests on. as_of: since when it is so."""

    subject: Subject
    fact: str
    value: FactValue
    sources: tuple[str, ...]
    as_of: str

    @classmethod
    def of(cls, subject: Subject, fact: Fact) -> "Evidence":
        return cls(subject, fact.name, fact.value, fact.sources, fact.as_of)


@dataclass(frozen=True, slots=True)
class Sign:
    """amount: from 0 (no trouble) to 1; None where it is not known."""

    name: str
    department: str
    amount: float | None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Beside:
    """A customer and what belongs to it, as other departments know it."""

    customer: Told
    projects: Sequence[Told] = ()
    deals: Sequence[Told] = ()
    contracts: Sequence[Told] = ()


def is_natural(legal_forms: Iterable[str | None]) -> bool:
    """Say whether a customer may be a person, from the legal forms its records name.

    One without any form may be: only a form that people do not stand behind says it is none.
    """
    forms = {form for form in legal_forms if form}
    return not forms or bool(forms & NATURAL_FORMS)


def share(value: float | None, full: float) -> float | None:
    """Return value / full within 0 and 1."""
    return None if value is None else min(1.0, max(0.0, value / full))


def months(days: float | None, month: float = 30.0) -> float | None:
    """Return days on a scale that grows ever more slowly: 0 at 0, 1 after twelve months."""
    if days is None:
        return None
    return min(1.0, log1p(max(0.0, days) / month) / log1p(YEAR_IN_MONTHS))


def customer_signs(beside: Beside) -> list[Sign]:
    """Return what service, billing and delivery know of a customer's trouble."""
    c = beside.customer
    return [
        _sign(c, "complaints", "service", "open_complaints", lambda n: share(n, 3)),
        _sign(c, "high_tickets", "service", "open_high_tickets", lambda n: share(n, 3)),
        _sign(c, "sla_breaches", "service", "sla_breaches_90d", lambda n: share(n, 5)),
        _sign(c, "overdue", "billing", "oldest_overdue_days", months),
        _sign(c, "dunning", "billing", "dunning_level", lambda n: share(n, 3)),
        _slower(c),
        _late_projects(beside.projects),
    ]


def deal_signs(deal: Told, customer: Told | None) -> list[Sign]:
    """Return what sales itself knows of a deal."""
    stage = deal.number("probability")
    named = "probability" if stage is not None else "stage_order"
    early = share(stage, 100) if stage is not None else share(deal.number("stage_order"), 6)
    return [
        Sign("early", "sales", None if early is None else 1 - early, deal.evidence(named)),
        _sign(deal, "stuck", "sales", "days_in_stage", months),
        _sign(deal, "past_close", "sales", "days_to_close", lambda days: months(-days, 14.0)),
        silence(customer),
    ]


def silence(customer: Told | None) -> Sign:
    """Return how long nobody has spoken with a customer."""
    if customer is None:
        return Sign("silence", "sales", None)
    return _sign(customer, "silence", "sales", "days_since_human_contact", months)


def _sign(
    told: Told, name: str, department: str, fact: str, scaled: Callable[[float], float | None]
) -> Sign:
    value = told.number(fact)
    amount = None if value is None else scaled(value)
    return Sign(name, department, amount, told.evidence(fact))


def _slower(customer: Told) -> Sign:
    """A customer who pays more slowly than half a year before; without both halves not known."""
    names = ("days_to_pay_median_180d", "days_to_pay_median_prev_180d")
    lately, before = (customer.number(name) for name in names)
    amount = share(lately - before, 30) if lately and before else None
    return Sign("slower", "billing", amount, customer.evidence(*names))


def _late_projects(projects: Sequence[Told]) -> Sign:
    active = [one for one in projects if one.text("status") == "active"]
    late = [one for one in active if (one.number("days_past_planned_end") or 0) > 0]
    evidence = tuple(one for told in late for one in told.evidence("days_past_planned_end"))
    return Sign("late_projects", "delivery", share(len(late), 3), evidence)
