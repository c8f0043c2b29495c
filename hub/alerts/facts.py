"""Facts from observations: what the clock, and what the hub can know at all, make of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any, NamedTuple

from hub.alerts.business_time import BusinessTime
from hub.alerts.model import MOST_TEXT, SUBJECTS, TYPES
from hub.alerts.observation import Found
from hub.model.fact import Fact, FactValue
from hub.model.run import Run
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
    "dunning",
)


@dataclass(frozen=True)
class Knowledge:
    """What the hub can know at all.

    sources: kind of record -> the connections it comes from; a kind is left out while one of them
    has never been read in full, or none is configured: then a count of zero would be a guess.
    """

    sources: Mapping[str, tuple[str, ...]]

    def of(self, *kinds: str) -> tuple[str, ...] | None:
        """Return the connections of all these kinds, None where one is not known."""
        if any(kind not in self.sources for kind in kinds):
            return None
        return tuple(sorted({name for kind in kinds for name in self.sources[kind]}))

    @cached_property
    def plans(self) -> Mapping[str, "_Plan"]:
        """What can be told of each subject, in the order it is worked out."""
        return {
            subject: [
                (name, way, TYPES[SUBJECTS[subject][name]])
                for name, way in ways.items()
                if all(kind in self.sources for kind in way.kinds)
            ]
            for subject, ways in WAYS.items()
        }


def knowledge(
    connections: Sequence[ConnectionInfo], successes: Mapping[str, datetime]
) -> Knowledge:
    """Return which kinds of records are known, from who gives them and who was ever read."""
    by_kind: dict[str, tuple[str, ...]] = {}
    for kind in KINDS:
        names = sorted(one.name for one in connections if one.gives(kind))
        if names and all(name in successes for name in names):
            by_kind[kind] = tuple(names)
    return Knowledge(by_kind)


class Moment(NamedTuple):
    """When facts are asked for, on which calendar."""

    now: datetime
    today: date
    clock: BusinessTime


def moment(now: datetime, clock: BusinessTime) -> Moment:
    """Return an instant with its day on the company's calendar."""
    return Moment(now, clock.today(now), clock)


How = Callable[[Any, Moment], FactValue | None]


@dataclass(frozen=True, slots=True)
class Way:
    """How a fact comes of an observation.

    of: the part it is made of; otherwise: what it is where that part is not there; how: what time
    makes of it; kinds: the records counted, without which it is not known; unclear: parts that
    leave it undecided.
    """

    of: str
    otherwise: FactValue | None = None
    how: How | None = None
    kinds: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()


_Plan = list[tuple[str, Way, type]]


def _days_since(value: Any, at: Moment) -> int | None:
    on = _date(value)
    return (at.today - on).days if on else None


def _days_until(value: Any, at: Moment) -> int | None:
    on = _date(value)
    return (on - at.today).days if on else None


def _hours_since(value: Any, at: Moment) -> int | None:
    start = _instant(value)
    return at.clock.hours_between(start, at.now) if start else None


def _hours_until(value: Any, at: Moment) -> int | None:
    """Business hours left; below zero, those gone by since."""
    end = _instant(value)
    if end is None:
        return None
    left = at.clock.hours_between(at.now, end)
    return left if end >= at.now else -at.clock.hours_between(end, at.now)


def _clock_hours_until(value: Any, at: Moment) -> int | None:
    end = _instant(value)
    return (end - at.now) // timedelta(hours=1) if end else None


def _minutes_since(value: Any, at: Moment) -> int | None:
    start = _instant(value)
    return max(0, (at.now - start) // timedelta(minutes=1)) if start else None


def _is_past(value: Any, at: Moment) -> bool | None:
    on = _date(value)
    return on < at.today if on else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _counted(kind: str, *names: str, unclear: tuple[str, ...] = ()) -> dict[str, Way]:
    return {name: Way(name, 0, kinds=(kind,), unclear=unclear) for name in names}


def _plain(*names: str) -> dict[str, Way]:
    return {name: Way(name) for name in names}


_AR = ("ar_unclear",)
_TICKETS = ("tickets_unclear",)

WAYS: Mapping[str, Mapping[str, Way]] = {
    "customer": {
        **_plain("id", "name", "lifecycle", "segment", "credit_limit", "match_confidence"),
        "kind": Way("entity", "organization"),
        **_counted("invoice", "revenue_12m", unclear=("revenue_unclear",)),
        **_counted("invoice", "open_ar", unclear=_AR),
        **_counted("invoice", "overdue_ar", unclear=(*_AR, "due_unclear")),
        "oldest_overdue_days": Way("oldest_due", 0, _days_since, ("invoice",), ("due_unclear",)),
        **_counted("invoice", "dunning_level"),
        "days_to_pay_median_180d": Way("days_to_pay_lately", 0.0, kinds=("invoice",)),
        "days_to_pay_median_prev_180d": Way("days_to_pay_before", 0.0, kinds=("invoice",)),
        **_counted("ticket", "open_tickets", "open_complaints", unclear=_TICKETS),
        **_counted("ticket", "open_high_tickets", unclear=(*_TICKETS, "priority_unclear")),
        "oldest_open_high_ticket_bh": Way(
            "oldest_open_high", None, _hours_since, ("ticket",), ("high_undated",)
        ),
        **_counted("ticket", "tickets_30d", unclear=("tickets_undated",)),
        "tickets_30d_baseline": Way(
            "tickets_before",
            0,
            lambda count, _: count / 6,
            ("ticket",),
            ("tickets_undated",),
        ),
        **_counted("ticket", "sla_breaches_90d"),
        **_counted("deal", "open_deals_amount", unclear=("deals_unclear",)),
        **_counted(
            "deal", "forecast_open_amount", unclear=("deals_unclear", "probability_unclear")
        ),
        **_counted("contract", "active_contracts", unclear=("contracts_unclear",)),
        "days_since_human_contact": Way("contact_at", None, _days_since),
        "open_match_candidates": Way("questions", 0, kinds=("organization",)),
    },
    "contact": {
        **_plain("id", "role", "is_primary"),
        "left_company": Way("left"),
        "hard_bounced": Way("bounced"),
        "open_deals": Way("open_deals", 0, kinds=("deal",)),
        "active_contracts": Way("active_contracts", 0, kinds=("contract",)),
        "open_projects": Way("open_projects", 0, kinds=("project",)),
    },
    "lead": {
        **_plain("id", "status", "source"),
        "age_bh": Way("created_at", None, _hours_since),
        "first_touch_bh": Way("answered_bh"),
        "matches_existing_customer": Way("is_customer", kinds=("organization",)),
        "owner_id": Way("owner"),
        "customer_owner_id": Way("customer_owner"),
    },
    "deal": {
        **_plain("id", "status", "stage", "stage_order", "amount", "probability"),
        "days_in_stage": Way("stage_changed_on", None, _days_since),
        "days_to_close": Way("closes_on", None, _days_until),
        "days_since_won": Way("won_on", None, _days_since),
        "orders": Way("orders", 0, kinds=("order",)),
        "projects": Way("projects", 0, kinds=("project",)),
        "owner_id": Way("owner"),
    },
    "quote": {
        **_plain("id", "status"),
        "total_net": Way("net"),
        "days_to_expiry": Way("valid_until", None, _days_until),
    },
    "order": {
        **_plain("id", "status", "delivered_pct"),
        "total_net": Way("net"),
        "invoiced_net": Way("invoiced_net", 0, kinds=("invoice",), unclear=("invoiced_unclear",)),
    },
    "project": {
        **_plain("id", "status", "billing", "budget", "hours_planned", "hours_actual"),
        **_plain("progress_pct", "burn_pct"),
        "cost_actual": Way("cost"),
        "days_past_planned_end": Way("planned_end", None, _days_since),
        "slip_days_30d": Way("slipped", 0),
        "unbilled_net": Way("unbilled_net", 0, None, ("invoice",), ("unbilled_unclear",)),
        "oldest_unbilled_days": Way("unbilled_since", 0, _days_since, ("invoice",)),
        "completed_days_ago": Way("completed_on", None, _days_since),
        "anomaly_score": Way("anomaly_score", 0.0, kinds=("time_entry",)),
        "anomaly_days_ago": Way("anomaly_on", None, _days_since, ("time_entry",)),
        "next_invoice_in_days": Way("next_invoice_on", None, _days_until),
        "next_invoice_net": Way("next_invoice_net"),
        "open_change_requests": Way("requests", 0),
    },
    "invoice": {
        **_plain("id", "status", "kind", "balance", "disputed", "ordered_net"),
        "total_net": Way("net"),
        "days_overdue": Way("due_on", None, _days_since),
        "dunning_level": Way("dunning_level", 0),
        "next_dunning_in_days": Way("next_dunning_on", None, _days_until),
        "credit_note_pct": Way("credit_note_pct", None, unclear=("credits_unclear",)),
        "days_since_issue": Way("issued_on", None, _days_since),
        "structured_format": Way("structured"),
        "recipient_country": Way("country"),
        "recipient_is_business": Way("business"),
    },
    "ticket": {
        **_plain("id", "status", "kind", "reopened"),
        "status_group": Way("group"),
        "priority_rank": Way("rank"),
        "age_bh": Way("opened_at", None, _hours_since),
        "sla_remaining_bh": Way("due_at", None, _hours_until),
        "contract_id": Way("contract"),
        "project_id": Way("project"),
        "invoice_id": Way("invoice"),
        "handled_hours": Way("hours"),
        "billable": Way("billable"),
    },
    "contract": {
        **_plain("id", "status", "auto_renew", "annual_value", "hours_included", "hours_used"),
        "sla_priority_floor": Way("floor"),
        "days_to_notice_deadline": Way("notice_on", None, _days_until),
        "days_to_end": Way("ends_on", None, _days_until),
        "days_since_end": Way("ends_on", None, _days_since),
        "period_elapsed_pct": Way("period_elapsed"),
    },
    "campaign": {
        **_plain("id", "audience"),
        "starts_in_hours": Way("starts_at", None, _clock_hours_until),
        "audience_open_complaint": Way("complaint", None, kinds=("ticket",)),
        "audience_in_dunning": Way("dunned", None, kinds=("invoice",)),
        "audience_no_consent": Way("no_consent", None, kinds=("consent",)),
    },
    "vorgang": {
        **_plain("id", "phase", "value", "quote_net", "order_net", "invoiced_net", "paid_net"),
        **_plain("credited_net", "phase_p90_days", "missing_links", "departments"),
        "days_since_last_event": Way("last_event_on", None, _days_since),
        "open_high_tickets": Way("open_high_tickets", 0, kinds=("ticket",)),
    },
    "deviation": {
        **_plain("id", "metric", "deviation_pct", "deviation_net", "robust_z"),
        "age_days": Way("ended_on", None, _days_since),
    },
    "conflict": {
        **_plain("id", "field", "systems"),
        "age_days": Way("since_on", None, _days_since),
        "changed_days_ago": Way("changed_on", None, _days_since),
        "has_open_invoice": Way("has_open_invoice", kinds=("invoice",)),
        "payment_due_in_days": Way("payment_due_on", None, _days_until, ("invoice",)),
    },
    "source": {
        **_plain("id", "system", "expected_interval_minutes", "consecutive_errors", "delete_ratio"),
        **_plain("records_last", "records_median", "feeds_rules"),
        "minutes_since_success": Way("succeeded_at", None, _minutes_since),
        "auth_expires_days": Way("auth_expires_on", None, _days_until),
    },
}
"""Subject -> fact -> how it comes of an observation."""


def derive(
    subject: str, name: str, found: Found, known: Knowledge, at: Moment
) -> dict[str, FactValue]:
    """Return what is known of a subject at a moment, in the types rules read."""
    values: dict[str, FactValue] = {"id": name}
    filled = _FILLED.get(subject)
    if filled is not None:
        found = filled(found, known, at)
    for fact, way, kind in known.plans[subject]:
        value = found.get(way.of, way.otherwise)
        if value is None or (way.unclear and any(found.get(part) for part in way.unclear)):
            continue
        if way.how is not None and way.of in found:
            value = way.how(value, at)
            if value is None:
                continue
        made = kind(value)
        if kind is str:
            values[fact] = made[:MOST_TEXT]
        elif kind is not int or -MOST <= made <= MOST:
            values[fact] = made
    return values


def _contact(found: Found, known: Knowledge, at: Moment) -> Found:
    """Nobody has left of whom nobody says so; a role that has ended is left, too."""
    if "person" not in known.sources:
        return found
    ended = _is_past(found.get("left_on"), at) or False
    return {**found, "left": bool(found.get("left")) or ended}


def _lead(found: Found, known: Knowledge, at: Moment) -> Found:
    created, touched = _instant(found.get("created_at")), _instant(found.get("first_touch_at"))
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
    start, end = _date(found.get("period_from")), _date(found.get("period_to"))
    if start and end and end > start:
        share = 100.0 * (at.today - start).days / (end - start).days
        more["period_elapsed"] = min(100.0, max(0.0, share))
    return {**more, **found}


def _project(found: Found, known: Knowledge, at: Moment) -> Found:
    """A slip counts while it is recent: the end expected 30 days ago against today's."""
    ends = found.get("ends")
    if not ends:
        return found
    cutoff = (at.today - timedelta(days=30)).isoformat()
    then = [end for since, end in ends if since <= cutoff] or [ends[0][1]]
    before, now = _date(then[-1]), _date(found.get("expected_end"))
    return {**found, "slipped": (now - before).days if before and now else 0}


_FILLED: Mapping[str, Callable[[Found, Knowledge, Moment], Found]] = {
    "contact": _contact,
    "lead": _lead,
    "ticket": _ticket,
    "contract": _contract,
    "project": _project,
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
    counted = {
        "customer": ("organization",),
        "contact": ("person",),
        "project": ("project",),
        "deviation": ("invoice",),
        "conflict": ("organization",),
    }
    return known.of(*counted.get(subject, ())) or ()


def source_observation(
    connection: ConnectionInfo, history: Sequence[Run], living: int | None, feeds: int = 0
) -> Found:
    """Return how reliable a connection is, from its finished runs, newest first.

    living: its records that are not deleted, None where nobody counted; feeds: how many rules read
    it.
    """
    finished = [run for run in history if run.state not in ("running", "cancelled")]
    good = [run for run in finished if run.state == "succeeded"]
    errors = next((i for i, run in enumerate(finished) if run.state == "succeeded"), len(finished))
    counts = [count for run in good if (count := _stated_total(run)) is not None]
    expected = connection.expected_every
    found: dict[str, Any] = {
        "system": connection.system,
        "succeeded_at": good[0].started_at if good else None,
        "expected_interval_minutes": max(1, expected // timedelta(minutes=1)) if expected else None,
        "consecutive_errors": errors if finished else None,
        "records_last": counts[0] if counts else None,
        "records_median": float(median(counts[1:])) if len(counts) > 1 else None,
        "delete_ratio": _delete_ratio(finished[0], living) if finished else None,
        "feeds_rules": feeds,
    }
    return {name: value for name, value in found.items() if value is not None}


def _stated_total(run: Run) -> int | None:
    """Return how many records the source said it holds; None where a stream did not say."""
    totals = [stream.total for stream in run.streams.values()]
    return sum(total for total in totals if total is not None) if None not in totals else None


def _delete_ratio(run: Run, living: int | None) -> float | None:
    """Return the share of records the last run took away, or would have, held back for a person."""
    deleted, held = run.total("deleted"), run.total("held")
    if not deleted and not held:
        return 0.0
    return (deleted + held) / max(1, living + deleted) if living is not None else None
