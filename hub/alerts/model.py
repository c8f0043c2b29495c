"""The facts a rule may read, by subject, with their types.

Money is in minor units of the company's currency; *_days are whole days, *_bh business hours; a
fact that is not known is absent, which is neither 0 nor "".
"""

from collections.abc import Mapping
from typing import Any, Final

from hub.model.fact import FactValue

TYPES: Final[Mapping[str, type]] = {"s": str, "i": int, "d": float, "b": bool}


def _fields(**by_type: str) -> dict[str, str]:
    """Return field -> type letter, from one text of names for each type."""
    return {name: letter for letter, names in by_type.items() for name in names.split()}


SUBJECTS: Final[Mapping[str, Mapping[str, str]]] = {
    "customer": _fields(
        s="id name kind lifecycle segment",
        i="revenue_12m open_ar overdue_ar oldest_overdue_days credit_limit dunning_level "
        "open_tickets open_high_tickets oldest_open_high_ticket_bh tickets_30d open_complaints "
        "sla_breaches_90d open_deals_amount active_contracts days_since_human_contact "
        "open_match_candidates forecast_open_amount",
        d="days_to_pay_median_180d days_to_pay_median_prev_180d tickets_30d_baseline "
        "match_confidence",
    ),
    "contact": _fields(
        s="id role",
        b="is_primary left_company hard_bounced",
        i="open_deals active_contracts open_projects",
    ),
    "lead": _fields(
        s="id status source owner_id customer_owner_id",
        i="age_bh first_touch_bh",
        b="matches_existing_customer",
    ),
    "deal": _fields(
        s="id status stage owner_id",
        i="stage_order amount days_in_stage days_to_close days_since_won orders projects",
        d="probability",
    ),
    "quote": _fields(s="id status", i="total_net days_to_expiry"),
    "order": _fields(s="id status", i="total_net invoiced_net", d="delivered_pct"),
    "project": _fields(
        s="id status billing",
        i="budget cost_actual days_past_planned_end slip_days_30d unbilled_net "
        "oldest_unbilled_days completed_days_ago anomaly_days_ago next_invoice_in_days "
        "next_invoice_net open_change_requests",
        d="hours_planned hours_actual progress_pct burn_pct anomaly_score",
    ),
    "invoice": _fields(
        s="id status kind recipient_country",
        i="total_net balance days_overdue dunning_level next_dunning_in_days days_since_issue "
        "ordered_net",
        d="credit_note_pct",
        b="disputed structured_format recipient_is_business",
    ),
    "ticket": _fields(
        s="id status status_group kind contract_id project_id invoice_id",
        i="priority_rank age_bh sla_remaining_bh reopened",
        d="handled_hours",
        b="billable",
    ),
    "contract": _fields(
        s="id status",
        i="sla_priority_floor days_to_notice_deadline days_to_end days_since_end annual_value",
        d="hours_included hours_used period_elapsed_pct",
        b="auto_renew",
    ),
    "campaign": _fields(
        s="id",
        i="starts_in_hours audience audience_open_complaint audience_in_dunning "
        "audience_no_consent",
    ),
    "vorgang": _fields(
        s="id phase",
        i="value quote_net order_net invoiced_net paid_net credited_net days_since_last_event "
        "open_high_tickets missing_links departments",
        d="phase_p90_days",
    ),
    "deviation": _fields(s="id metric", i="deviation_net age_days", d="deviation_pct robust_z"),
    "conflict": _fields(
        s="id field",
        i="systems age_days changed_days_ago payment_due_in_days",
        b="has_open_invoice",
    ),
    "source": _fields(
        s="id system",
        i="minutes_since_success expected_interval_minutes consecutive_errors records_last "
        "auth_expires_days feeds_rules",
        d="records_median delete_ratio",
    ),
}
"""Variable of a rule -> field -> type letter (s text, i whole number, d number, b yes or no)."""

LISTS: Final[Mapping[str, str]] = {
    "tickets": "ticket",
    "projects": "project",
    "invoices": "invoice",
    "contracts": "contract",
    "deals": "deal",
}
"""Variables that are lists, and what their elements are."""

MOST_ELEMENTS = 200
MOST_TEXT = 2_000


def typed(subject: str, facts: Mapping[str, Any]) -> dict[str, FactValue]:
    """Return facts in the types the model gives them, long texts cut; unset ones left out."""
    fields = SUBJECTS[subject]
    found: dict[str, FactValue] = {}
    for name, value in facts.items():
        if value is None or name not in fields:
            continue
        made = TYPES[fields[name]](value)
        found[name] = made[:MOST_TEXT] if isinstance(made, str) else made
    return found
