"""What is observed of one paper: lead, deal, quote, order, invoice, ticket, contract, campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.alerts.observation import Found, day, known, number, percent, status
from hub.model.money import base_amount
from hub.model.paper_status import OVER_INVOICE, UNTOLD

RANKS = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
GROUPS = {
    "open": "open",
    "waiting_customer": "open",
    "waiting_internal": "open",
    "solved": "closed",
    "closed": "closed",
}
STRUCTURED = {"xrechnung": True, "zugferd": True, "peppol": True, "pdf": False, "paper": False}


def lead(fields: Mapping[str, Any], customer: Mapping[str, Any] | None) -> Found:
    """customer: what is known of the organization the lead belongs to, None where of none."""
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "source": fields.get("source"),
            "owner": fields.get("owner"),
            "created_at": fields.get("created_at"),
            "first_touch_at": fields.get("first_touch_at"),
            "is_customer": bool(customer and is_customer(customer)),
            "customer_owner": customer.get("owner") if customer else None,
        }
    )


def is_customer(sums: Mapping[str, Any]) -> bool:
    """Say whether an organization has bought: by its standing, or by what hangs on it."""
    bought = ("won_deals", "active_contracts", "revenue_12m", "owed_invoices")
    return sums.get("lifecycle") == "customer" or any(sums.get(name) for name in bought)


def deal(fields: Mapping[str, Any], currency: str, *, orders: int, projects: int) -> Found:
    return known(
        {
            "number": fields.get("number"),
            "title": fields.get("name"),
            "status": status(fields),
            "stage": fields.get("stage"),
            "stage_order": number(fields, "stage_order"),
            "stage_changed_on": day(fields, "stage_changed_at"),
            "amount": base_amount(fields, "amount_minor", currency),
            "probability": number(fields, "probability"),
            "closes_on": day(fields, "expected_close"),
            "won_on": day(fields, "closed_on") if fields.get("status") == "won" else None,
            "owner": fields.get("owner"),
            "orders": orders,
            "projects": projects,
        }
    )


def quote(fields: Mapping[str, Any], currency: str) -> Found:
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "net": base_amount(fields, "net_minor", currency),
            "valid_until": day(fields, "valid_until"),
        }
    )


def order(fields: Mapping[str, Any], currency: str, invoiced: Mapping[str, Any]) -> Found:
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "net": base_amount(fields, "net_minor", currency),
            "delivered_pct": number(fields, "delivered_pct"),
            "invoiced_net": round(invoiced.get("invoiced_net") or 0),
            "invoiced_unclear": invoiced.get("invoiced_unclear") or None,
        }
    )


def invoice(
    fields: Mapping[str, Any],
    currency: str,
    *,
    credits: Mapping[str, Any],
    dunned: Mapping[str, Any],
    ordered_net: float | None,
    has_company: bool,
) -> Found:
    """A missing balance of what is not over is all of it, but not known where a part is paid; a
    stopped dunning waits for its day."""
    net = base_amount(fields, "net_minor", currency)
    over = fields.get("status") in OVER_INVOICE
    balance = base_amount(fields, "balance_minor", currency)
    if balance is None and "balance_minor" not in fields:
        gross = base_amount(fields, "gross_minor", currency)
        balance = 0 if over else (None if fields.get("status") in (*UNTOLD, None) else gross)
    credited = credits.get("credited_net") or 0
    level, next_on = _dunning(fields, dunned)
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "kind": fields.get("kind") or "receivable",
            "net": net,
            "balance": balance,
            "due_on": None if over else day(fields, "due_on"),
            "issued_on": day(fields, "issued_on"),
            "dunning_level": level,
            "next_dunning_on": next_on,
            "disputed": bool(fields.get("disputed")),
            "credit_note_pct": percent(credited, net),
            "credits_unclear": credits.get("credits_unclear") or None,
            "ordered_net": None if ordered_net is None else round(ordered_net),
            "structured": STRUCTURED.get(str(fields.get("format"))),
            "country": fields.get("recipient_country"),
            "business": True if has_company else None,
        }
    )


def _dunning(fields: Mapping[str, Any], dunned: Mapping[str, Any]) -> tuple[int, str | None]:
    """Return the level reached, by the invoice or by its reminders, and the day of the next."""
    level, next_on = fields.get("dunning_level") or 0, day(fields, "next_dunning_on")
    if dunned:
        level = max(level, dunned.get("dunned_level") or 0)
        next_on = max(next_on or "", dunned.get("stopped_until") or "") or None
    return int(level), next_on


def ticket(
    fields: Mapping[str, Any], links: Mapping[str, Sequence[str]], worked: Mapping[str, Any]
) -> Found:
    """worked: hours booked on it, where somebody books hours at all."""
    group = GROUPS.get(str(fields.get("status")))
    if group is None and fields.get("closed_at"):
        group = "closed"
    reopened = fields.get("reopened_count")
    hours = number(fields, "hours")
    billable = fields.get("billable")
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "group": group,
            "rank": RANKS.get(str(fields.get("priority"))),
            "priority_unclear": 1 if fields.get("priority") == "unknown" else None,
            "kind": fields.get("kind"),
            "opened_at": fields.get("opened_at"),
            "due_at": fields.get("resolution_due_at") if group == "open" else None,
            "reopened": int(reopened)
            if reopened is not None
            else int(bool(fields.get("reopened"))),
            "contract": next(iter(links.get("contract", ())), None),
            "project": next(iter(links.get("project", ())), None),
            "invoice": next(iter(links.get("invoice", ())), None),
            "hours": hours,
            "booked": float(worked.get("hours") or 0),
            "billable": billable if isinstance(billable, bool) else None,
            "booked_billable": bool(worked.get("billable")),
        }
    )


def contract(fields: Mapping[str, Any], currency: str, worked: Mapping[str, Any]) -> Found:
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "floor": RANKS.get(str(fields.get("sla_priority_floor"))),
            "notice_on": day(fields, "notice_on"),
            "ends_on": day(fields, "ends_on"),
            "auto_renew": fields.get("auto_renew"),
            "annual_value": base_amount(fields, "annual_value_minor", currency),
            "hours_included": number(fields, "hours_included"),
            "hours_used": number(fields, "hours_used"),
            "booked": float(worked.get("hours") or 0),
            "period_from": day(fields, "period_starts_on"),
            "period_to": day(fields, "period_ends_on"),
        }
    )


def campaign(fields: Mapping[str, Any], audience: Mapping[str, int] | None) -> Found:
    """audience: of the persons it is meant for: all, those without consent, with an open complaint,
    in dunning; None where nobody says whom it is meant for."""
    return known(
        {
            "number": fields.get("number"),
            "title": fields.get("name"),
            "status": status(fields),
            "starts_at": fields.get("starts_at"),
            "audience": fields.get("audience", audience and audience["all"]),
            **({name: audience[name] for name in AUDIENCE} if audience else {}),
        }
    )


AUDIENCE = ("no_consent", "complaint", "dunned")
