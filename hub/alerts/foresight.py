"""What may come: deals at risk, priorities, payments, customers' health. Each with its reasons.

More trouble never makes a judgement milder; what is not known counts as neither good nor bad and
is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp

from hub.alerts import signs
from hub.alerts.foresight_weights import PaymentWeights, RiskWeights, TicketLimits, Weights
from hub.alerts.foresight_words import Words, told
from hub.alerts.signs import Beside, Evidence, Sign, Told

RANKS = ("low", "normal", "high", "urgent")
NORMAL, HIGH, URGENT = 2, 3, 4
QUANTILES = (0.1, 0.5, 0.9)
FEWEST_PAYMENTS = 5
"""Payments, of anybody, from which a date can be told at all."""
LEAST_KNOWN = 0.5
"""Share of the points that must be known for a health to be told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why. effect: log-odds, days, points or a rank, as its judgement says."""

    name: str
    department: str
    effect: float
    text: Words
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Risk:
    """probability: that the deal is lost; alone: the same by what sales itself knows."""

    probability: float
    alone: float
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """A priority proposed, with the ranks it is the highest of; alone: by the ticket itself."""

    proposed: str
    alone: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """When an invoice is paid, most likely, and between which days eight of ten would be."""

    expected_on: date
    earliest_on: date
    latest_on: date
    alone_on: date
    own_invoices: int
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a customer's health. points: reached, None where not known."""

    name: str
    department: str
    points: float | None
    of: float
    text: Words | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Health:
    """score: 0 to 100, the points of the known parts for each hundred of theirs."""

    score: int | None
    parts: tuple[Part, ...]
    unknown: tuple[str, ...]


# --- deals --------------------------------------------------------------------------------------


def deal_risk(deal: Told, beside: Beside, weights: Weights) -> Risk:
    """Return how likely an open deal is lost, in the effects of its signs in log-odds."""
    found = [*signs.deal_signs(deal, beside.customer), *signs.customer_signs(beside)]
    reasons = [
        _reason(sign, _effect(sign, weights.deal))
        for sign in found
        if sign.amount is not None and sign.name in weights.deal.weight
    ]
    return Risk(
        probability=lost_probability(found, weights.deal),
        alone=lost_probability(found, weights.deal_alone),
        reasons=_strongest(reasons),
        unknown=_unknown(found),
    )


def lost_probability(found: Sequence[Sign], weights: RiskWeights) -> float:
    """Return 1 / (1 + e^-z), z = bias + sum of w (x - mean) over the signs that are known."""
    z = weights.bias + sum(_effect(sign, weights) for sign in found)
    return 1 / (1 + exp(-z))


def _effect(sign: Sign, weights: RiskWeights) -> float:
    weight = weights.weight.get(sign.name)
    if weight is None or sign.amount is None:
        return 0.0
    return weight * (sign.amount - weights.mean[sign.name])


# --- tickets ------------------------------------------------------------------------------------


def ticket_priority(ticket: Told, beside: Beside, limits: TicketLimits) -> Priority:
    """Return the highest rank that anything asks for; never below the contract's floor."""
    own = [*_as_filed(ticket), *_deadline(ticket, limits)]
    other = [
        *_floor(ticket, beside),
        *_go_live(ticket, beside, limits),
        *_closing(ticket, beside, limits),
    ]
    rank = max((reason.effect for reason in (*own, *other)), default=NORMAL)
    alone = max((reason.effect for reason in own), default=NORMAL)
    reasons = _strongest([*own, *other])
    return Priority(RANKS[int(rank) - 1], RANKS[int(alone) - 1], reasons)


def _ask(name: str, department: str, rank: float, source: Told, *facts: str) -> tuple[Reason, ...]:
    evidence = source.evidence(*facts)
    rank = min(float(URGENT), max(1.0, rank))
    return (Reason(name, department, rank, told(name, _values(evidence)), evidence),)


def _as_filed(ticket: Told) -> tuple[Reason, ...]:
    rank = ticket.number("priority_rank")
    return () if rank is None else _ask("as_filed", "service", rank, ticket, "priority_rank")


def _deadline(ticket: Told, limits: TicketLimits) -> tuple[Reason, ...]:
    left = ticket.number("sla_remaining_bh")
    if left is None or left > limits.sla_soon_bh:
        return ()
    return _ask("sla", "service", URGENT if left < 0 else HIGH, ticket, "sla_remaining_bh")


def _floor(ticket: Told, beside: Beside) -> tuple[Reason, ...]:
    """The contract the ticket names; where it names none, the customer's only active one."""
    active = [one for one in beside.contracts if one.text("status") == "active"]
    named = [one for one in active if one.subject.id == ticket.text("contract_id")]
    for one in named or (active if len(active) == 1 else ()):
        floor = one.number("sla_priority_floor")
        if floor is not None:
            return _ask("contract", "contracts", floor, one, "sla_priority_floor")
    return ()


def _go_live(ticket: Told, beside: Beside, limits: TicketLimits) -> tuple[Reason, ...]:
    """What fails while a project is about to go live, or should have: the go-live waits for it."""
    if ticket.text("kind") not in ("incident", "complaint"):
        return ()
    for one in beside.projects:
        past = one.number("days_past_planned_end")
        if one.subject.id != ticket.text("project_id") or one.text("status") != "active":
            continue
        if past is not None and past >= -limits.go_live_days:
            return _ask("go_live", "delivery", HIGH, one, "days_past_planned_end")
    return ()


def _closing(ticket: Told, beside: Beside, limits: TicketLimits) -> tuple[Reason, ...]:
    """What fails while the customer is about to sign."""
    if ticket.text("kind") not in ("incident", "complaint"):
        return ()
    for one in beside.deals:
        left = one.number("days_to_close")
        if one.text("status") == "open" and left is not None and 0 <= left <= limits.closing_days:
            return _ask("closing", "sales", HIGH, one, "days_to_close")
    return ()


# --- payments -----------------------------------------------------------------------------------


def payment_day(
    invoice: Told,
    beside: Beside,
    own_days: Sequence[int],
    all_days: Sequence[int],
    *,
    today: date,
    weights: Weights,
) -> Payment | None:
    """Return when an open invoice is paid, None where too little is known, or none was so late.

    own_days, all_days: days from due to paid, of this customer's invoices and of everybody's. They
    are weighed together, everybody's as some few of its own; what it has outlived no longer counts.
    """
    overdue = invoice.number("days_overdue")
    if overdue is None or len(all_days) + len(own_days) < FEWEST_PAYMENTS:
        return None
    found = payment_signs(invoice, beside)
    days = expected_days(own_days, all_days, overdue, found, weights.payment)
    alone = expected_days(own_days, all_days, overdue, found, weights.payment_alone)
    if days is None or alone is None:
        return None
    due = today - timedelta(days=int(overdue))
    early, middle, late = (due + timedelta(days=round(day)) for day in days)
    reasons = [
        _reason(sign, shift)
        for sign in found
        if (shift := _shift(sign, weights.payment)) and sign.amount is not None
    ]
    return Payment(
        middle,
        early,
        late,
        due + timedelta(days=round(alone[1])),
        len(own_days),
        (*_strongest(reasons), *_histories(invoice, own_days, all_days)),
        _unknown(found),
    )


def payment_signs(invoice: Told, beside: Beside) -> list[Sign]:
    """Return what may hold up the payment of an invoice."""
    disputed = invoice.number("disputed")
    level = signs.share(invoice.number("dunning_level"), 3)
    others = (
        sign
        for sign in signs.customer_signs(beside)
        if sign.name in ("complaints", "high_tickets", "late_projects")
    )
    return [
        Sign("disputed", "billing", disputed, invoice.evidence("disputed")),
        Sign("dunning", "billing", level, invoice.evidence("dunning_level")),
        *others,
    ]


def expected_days(
    own: Sequence[int],
    everybody: Sequence[int],
    overdue: float,
    found: Sequence[Sign],
    weights: PaymentWeights,
) -> tuple[float, float, float] | None:
    """Return the days after due at 10, 50 and 90 %, None where none was ever paid so late.

    Trouble comes on top of the days that are left: it never makes a payment sooner.
    """
    mass: dict[int, float] = {}
    for some, weight in ((own, float(len(own))), (everybody, weights.pool)):
        for day in some:
            if day >= overdue:
                mass[day] = mass.get(day, 0.0) + weight / len(some)
    if not mass:
        return None
    shift = sum(_shift(sign, weights) for sign in found)
    low, middle, high = (_quantile(mass, share) + shift for share in QUANTILES)
    return max(overdue, low - weights.early_days), middle, high + weights.late_days


def _quantile(mass: Mapping[int, float], share: float) -> float:
    wanted, reached = share * sum(mass.values()), 0.0
    for day in sorted(mass):
        reached += mass[day]
        if reached >= wanted:
            return float(day)
    return float(max(mass))


def _shift(sign: Sign, weights: PaymentWeights) -> float:
    return weights.shift_days.get(sign.name, 0.0) * (sign.amount or 0.0)


def _histories(invoice: Told, own: Sequence[int], everybody: Sequence[int]) -> list[Reason]:
    overdue = invoice.evidence("days_overdue")
    told_days = [("history", own), ("everybody", everybody)]
    found = [
        Reason(name, "billing", _middle(days), told(name, (len(days),)), ())
        for name, days in told_days
        if days
    ]
    open_days = max(0.0, invoice.number("days_overdue") or 0)
    if open_days:
        text = told("still_open", _values(overdue))
        found.append(Reason("still_open", "billing", open_days, text, overdue))
    return found


def _middle(days: Sequence[int]) -> float:
    return _quantile(dict.fromkeys(days, 0.0) | {day: float(days.count(day)) for day in days}, 0.5)


# --- customers ----------------------------------------------------------------------------------


def customer_health(beside: Beside, points: Mapping[str, float]) -> Health:
    """Return a customer's health: the sum of its parts, each less by how much trouble there is."""
    found = [signs.silence(beside.customer), *signs.customer_signs(beside)]
    parts = tuple(_part(sign, points[sign.name]) for sign in found if points.get(sign.name))
    known = [part for part in parts if part.points is not None]
    possible, whole = sum(part.of for part in known), sum(part.of for part in parts)
    score = None
    if possible >= LEAST_KNOWN * whole:
        reached = sum(part.points or 0.0 for part in known)
        score = round(100 * reached / possible) if possible else None
    return Health(score, parts, tuple(part.name for part in parts if part.points is None))


def _part(sign: Sign, of: float) -> Part:
    points = None if sign.amount is None else of * (1 - sign.amount)
    text = told(sign.name, _values(sign.evidence)) if sign.evidence else None
    return Part(sign.name, sign.department, points, of, text, sign.evidence)


# --- reasons ------------------------------------------------------------------------------------


def _reason(sign: Sign, effect: float) -> Reason:
    values = _values(sign.evidence) or (0,)
    return Reason(sign.name, sign.department, effect, told(sign.name, values), sign.evidence)


def _values(evidence: Sequence[Evidence]) -> tuple[object, ...]:
    return tuple(one.value for one in evidence)


def _strongest(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    return tuple(sorted(reasons, key=lambda one: (-abs(one.effect), one.name)))


def _unknown(found: Sequence[Sign]) -> tuple[str, ...]:
    return tuple(sign.name for sign in found if sign.amount is None)
