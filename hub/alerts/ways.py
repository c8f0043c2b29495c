"""How each fact comes of an observation: a table by subject."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.alerts.moment import (
    Moment,
    clock_hours_until,
    days_since,
    days_until,
    hours_since,
    hours_until,
    minutes_since,
)
from hub.model.fact import FactValue

How = Callable[[Any, Moment], FactValue | None]


def by_month(count: int, _: Moment) -> float:
    """Return what half a year comes to in a month."""
    return count / 6


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
        "oldest_overdue_days": Way("oldest_due", 0, days_since, ("invoice",), ("due_unclear",)),
        **_counted("invoice", "dunning_level"),
        "days_to_pay_median_180d": Way("days_to_pay_lately", 0.0, kinds=("invoice",)),
        "days_to_pay_median_prev_180d": Way("days_to_pay_before", 0.0, kinds=("invoice",)),
        **_counted("ticket", "open_tickets", "open_complaints", unclear=_TICKETS),
        **_counted("ticket", "open_high_tickets", unclear=(*_TICKETS, "priority_unclear")),
        "oldest_open_high_ticket_bh": Way(
            "oldest_open_high", None, hours_since, ("ticket",), ("high_undated",)
        ),
        **_counted("ticket", "tickets_30d", unclear=("tickets_undated",)),
        "tickets_30d_baseline": Way(
            "tickets_before",
            0,
            by_month,
            ("ticket",),
            ("tickets_undated",),
        ),
        **_counted("ticket", "sla_breaches_90d"),
        **_counted("deal", "open_deals_amount", unclear=("deals_unclear",)),
        **_counted(
            "deal", "forecast_open_amount", unclear=("deals_unclear", "probability_unclear")
        ),
        **_counted("contract", "active_contracts", unclear=("contracts_unclear",)),
        "days_since_human_contact": Way("contact_at", None, days_since),
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
        "age_bh": Way("created_at", None, hours_since),
        "first_touch_bh": Way("answered_bh"),
        "matches_existing_customer": Way("is_customer", kinds=("organization",)),
        "owner_id": Way("owner"),
        "customer_owner_id": Way("customer_owner"),
    },
    "deal": {
        **_plain("id", "status", "stage", "stage_order", "amount", "probability"),
        "days_in_stage": Way("stage_changed_on", None, days_since),
        "days_to_close": Way("closes_on", None, days_until),
        "days_since_won": Way("won_on", None, days_since),
        "orders": Way("orders", 0, kinds=("order",)),
        "projects": Way("projects", 0, kinds=("project",)),
        "owner_id": Way("owner"),
    },
    "quote": {
        **_plain("id", "status"),
        "total_net": Way("net"),
        "days_to_expiry": Way("valid_until", None, days_until),
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
        "days_past_planned_end": Way("planned_end", None, days_since),
        "slip_days_30d": Way("slipped", 0),
        "unbilled_net": Way("unbilled_net", 0, None, ("invoice",), ("unbilled_unclear",)),
        "oldest_unbilled_days": Way("unbilled_since", 0, days_since, ("invoice",)),
        "completed_days_ago": Way("completed_on", None, days_since),
        "anomaly_score": Way("anomaly_score", 0.0, kinds=("time_entry",)),
        "anomaly_days_ago": Way("anomaly_on", None, days_since, ("time_entry",)),
        "next_invoice_in_days": Way("next_invoice_on", None, days_until),
        "next_invoice_net": Way("next_invoice_net"),
        "open_change_requests": Way("requests", 0),
    },
    "invoice": {
        **_plain("id", "status", "kind", "balance", "disputed", "ordered_net"),
        "total_net": Way("net"),
        "days_overdue": Way("due_on", None, days_since),
        "dunning_level": Way("dunning_level", 0),
        "next_dunning_in_days": Way("next_dunning_on", None, days_until),
        "credit_note_pct": Way("credit_note_pct", None, unclear=("credits_unclear",)),
        "days_since_issue": Way("issued_on", None, days_since),
        "structured_format": Way("structured"),
        "recipient_country": Way("country"),
        "recipient_is_business": Way("business"),
    },
    "ticket": {
        **_plain("id", "status", "kind", "reopened"),
        "status_group": Way("group"),
        "priority_rank": Way("rank"),
        "age_bh": Way("opened_at", None, hours_since),
        "sla_remaining_bh": Way("due_at", None, hours_until),
        "contract_id": Way("contract"),
        "project_id": Way("project"),
        "invoice_id": Way("invoice"),
        "handled_hours": Way("hours"),
        "billable": Way("billable"),
    },
    "contract": {
        **_plain("id", "status", "auto_renew", "annual_value", "hours_included", "hours_used"),
        "sla_priority_floor": Way("floor"),
        "days_to_notice_deadline": Way("notice_on", None, days_until),
        "days_to_end": Way("ends_on", None, days_until),
        "days_since_end": Way("ends_on", None, days_since),
        "period_elapsed_pct": Way("period_elapsed"),
    },
    "campaign": {
        **_plain("id", "audience"),
        "starts_in_hours": Way("starts_at", None, clock_hours_until),
        "audience_open_complaint": Way("complaint", None, kinds=("ticket",)),
        "audience_in_dunning": Way("dunned", None, kinds=("invoice",)),
        "audience_no_consent": Way("no_consent", None, kinds=("consent",)),
    },
    "vorgang": {
        **_plain("id", "phase", "value", "quote_net", "order_net"),
        **_plain("phase_p90_days", "missing_links", "departments"),
        "invoiced_net": Way("invoiced_net", kinds=("invoice",)),
        "credited_net": Way("credited_net", kinds=("invoice",)),
        "paid_net": Way("paid_net", kinds=("payment",)),
        "days_since_last_event": Way("last_event_on", None, days_since),
        "open_high_tickets": Way("open_high_tickets", 0, kinds=("ticket",)),
    },
    "deviation": {
        **_plain("id", "metric", "deviation_pct", "deviation_net", "robust_z"),
        "age_days": Way("ended_on", None, days_since),
    },
    "conflict": {
        **_plain("id", "field", "systems"),
        "age_days": Way("since_on", None, days_since),
        "changed_days_ago": Way("changed_on", None, days_since),
        "has_open_invoice": Way("has_open_invoice", kinds=("invoice",)),
        "payment_due_in_days": Way("payment_due_on", None, days_until, ("invoice",)),
    },
    "source": {
        **_plain("id", "system", "expected_interval_minutes", "consecutive_errors", "delete_ratio"),
        **_plain("records_last", "records_median", "feeds_rules"),
        "minutes_since_success": Way("succeeded_at", None, minutes_since),
        "auth_expires_days": Way("auth_expires_on", None, days_until),
    },
}
"""Subject -> fact -> how it comes of an observation."""
