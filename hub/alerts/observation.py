"""What a record says that facts are made of: nothing in it moves as time alone passes.

An observation holds dates where a fact holds days, so that it is stored again only where a record
has changed. What is not known is left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

Found = dict[str, Any]
"""Name -> number, text, date or instant; `*_unclear` counts what leaves a sum undecided."""

FIRST_DAY, LAST_DAY = "1990-01-01", "2099-12-31"
"""A date outside stands for no date: software writes 1900 or 9999 where it knows none."""
LARGEST = 10**15
RANKS = {"low": 1, "normal": 2, "high": 3, "urgent": 4}
GROUPS = {
    "open": "open",
    "waiting_customer": "open",
    "waiting_internal": "open",
    "solved": "closed",
    "closed": "closed",
}
STRUCTURED = {"xrechnung": True, "zugferd": True, "peppol": True, "pdf": False, "paper": False}
Z_SCALE = 0.6745
"""Makes a MAD of a normal distribution worth one standard deviation."""
SMALLEST_SPREAD = 0.02
"""A MAD counts as at least this share of the median: a series without spread proves nothing."""


def known(found: Mapping[str, Any]) -> Found:
    """Return an observation without what is not known."""
    return {name: value for name, value in found.items() if value is not None}


def amount(fields: Mapping[str, Any], name: str, currency: str) -> int | None:
    """Return an amount in the company's currency; None where it is foreign and no rate is known."""
    value = fields.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool) or abs(value) >= LARGEST:
        return None
    if (fields.get("currency") or currency) == currency:
        return int(value)
    rate = fields.get("exchange_rate")
    return round(value * rate) if isinstance(rate, int | float) else None


def day(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a date; None where it stands for none."""
    value = str(fields.get(name) or "")[:10]
    return value if FIRST_DAY <= value <= LAST_DAY else None


def number(fields: Mapping[str, Any], name: str) -> float | None:
    """Return a number of sane size."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < LARGEST else None


def status(fields: Mapping[str, Any]) -> str | None:
    """Return the status, None where the source's own was not understood."""
    value = fields.get("status")
    return value if isinstance(value, str) and value != "unknown" else None


def robust_z(value: float, others: Sequence[float]) -> float:
    """Return 0.6745 (x - median) / MAD of `others`, of which there must be some."""
    middle = median(others)
    spread = median(abs(one - middle) for one in others)
    return Z_SCALE * (value - middle) / max(spread, SMALLEST_SPREAD * abs(middle), 1e-9)


# --- papers -------------------------------------------------------------------------------------


def lead(fields: Mapping[str, Any], customer: Mapping[str, Any] | None) -> Found:
    """customer: what is known of the organization the lead belongs to, None where of none."""
    return known(
        {
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
            "amount": amount(fields, "amount_minor", currency),
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
            "net": amount(fields, "net_minor", currency),
            "valid_until": day(fields, "valid_until"),
        }
    )


def order(fields: Mapping[str, Any], currency: str, invoiced: Mapping[str, Any]) -> Found:
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "net": amount(fields, "net_minor", currency),
            "delivered_pct": number(fields, "delivered_pct"),
            "invoiced_net": round(invoiced.get("invoiced_net") or 0),
            "invoiced_unclear": invoiced.get("invoiced_unclear") or None,
        }
    )


OVER_INVOICE = ("draft", "void", "paid", "written_off")


def invoice(
    fields: Mapping[str, Any],
    currency: str,
    *,
    credits: Mapping[str, Any],
    dunned: Mapping[str, Any],
    ordered_net: float | None,
    has_company: bool,
) -> Found:
    """A missing balance of what is not over is all of it; a stopped dunning waits for its day."""
    net = amount(fields, "net_minor", currency)
    over = fields.get("status") in OVER_INVOICE
    balance = amount(fields, "balance_minor", currency)
    if balance is None and "balance_minor" not in fields:
        gross = amount(fields, "gross_minor", currency)
        balance = 0 if over else (gross if status(fields) else None)
    credited = credits.get("credited_net") or 0
    levels = (fields.get("dunning_level"), dunned.get("dunned_level"))
    next_on = max(
        (one for one in (day(fields, "next_dunning_on"), dunned.get("stopped_until")) if one),
        default=None,
    )
    return known(
        {
            "number": fields.get("number"),
            "status": status(fields),
            "kind": fields.get("kind") or "receivable",
            "net": net,
            "balance": balance,
            "due_on": None if over else day(fields, "due_on"),
            "issued_on": day(fields, "issued_on"),
            "dunning_level": int(max((level for level in levels if level), default=0)),
            "next_dunning_on": next_on,
            "disputed": bool(fields.get("disputed")),
            "credit_note_pct": 100.0 * credited / net if net and net > 0 else None,
            "credits_unclear": credits.get("credits_unclear") or None,
            "ordered_net": None if ordered_net is None else round(ordered_net),
            "structured": STRUCTURED.get(str(fields.get("format"))),
            "country": fields.get("recipient_country"),
            "business": True if has_company else None,
        }
    )


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
            "annual_value": amount(fields, "annual_value_minor", currency),
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
            "status": status(fields),
            "starts_at": fields.get("starts_at"),
            "audience": fields.get("audience", audience and audience["all"]),
            **({name: audience[name] for name in AUDIENCE} if audience else {}),
        }
    )


AUDIENCE = ("no_consent", "complaint", "dunned")


# --- entities -----------------------------------------------------------------------------------


def project(fields: Mapping[str, Any], currency: str, hanging: Mapping[str, Any]) -> Found:
    """fields: the golden record's; hanging: what hours, milestones and invoices add up to."""
    budget, cost = amount(fields, "budget_minor", currency), None
    cost = amount(fields, "cost_actual_minor", currency)
    planned, actual = number(fields, "hours_planned"), number(fields, "hours_actual")
    if actual is None and hanging.get("booked"):
        actual = float(hanging["booked"])
    burn = None
    if budget and budget > 0 and cost is not None:
        burn = 100.0 * cost / budget
    elif planned and planned > 0 and actual is not None:
        burn = 100.0 * actual / planned
    return known(
        {
            "number": fields.get("number"),
            "title": fields.get("name"),
            "status": status(fields),
            "billing": fields.get("billing"),
            "budget": budget,
            "cost": cost,
            "hours_planned": planned,
            "hours_actual": actual,
            "progress_pct": number(fields, "progress_pct"),
            "burn_pct": burn,
            "planned_end": day(fields, "planned_end"),
            "expected_end": day(fields, "forecast_end") or day(fields, "planned_end"),
            "completed_on": day(fields, "ended_on")
            if fields.get("status") == "completed"
            else None,
            **unbilled(fields, currency, hanging),
            "next_invoice_on": day(fields, "next_invoice_on") or hanging.get("milestone_on"),
            "next_invoice_net": amount(fields, "next_invoice_minor", currency),
            "requests": fields.get("change_requests_open", hanging.get("requests", 0)),
            **anomaly(hanging.get("days") or {}),
        }
    )


def unbilled(fields: Mapping[str, Any], currency: str, hanging: Mapping[str, Any]) -> Found:
    """Return what was done and not invoiced: hours unless the price is fixed, and milestones.

    A finished project with a fixed price and no milestones owes an invoice of the rest of its
    order. unbilled_unclear: something done has no amount.
    """
    billing = fields.get("billing")
    if billing == "non_billable":
        return {"unbilled_net": 0}
    net, unclear, since = 0.0, 0, []
    kinds = ("milestone",) if billing == "fixed" else ("time_entry", "milestone")
    for kind in kinds:
        net += hanging.get(f"{kind}_net") or 0
        unclear += hanging.get(f"{kind}_unclear") or 0
        since += [hanging[f"{kind}_since"]] if hanging.get(f"{kind}_since") else []
    if (
        not any(hanging.get(f"{kind}_all") for kind in kinds)
        and fields.get("status") == "completed"
    ):
        value = hanging.get("ordered_net")
        ended = day(fields, "ended_on")
        if value is not None and billing == "fixed" and ended:
            net = max(0.0, value - (hanging.get("invoiced_net") or 0))
            unclear += hanging.get("invoiced_unclear") or 0
            since = [ended] if net else []
    return {
        "unbilled_net": round(net),
        "unbilled_since": min(since, default=None),
        "unbilled_unclear": unclear or None,
    }


FEWEST_WEEKS = 8
"""Weeks of work that a project's own course can be told from."""


def anomaly(days: Mapping[str, float]) -> Found:
    """Return how far a week of work strays from the project's first half, at most, and when.

    days: date -> hours. The score is the greatest robust z of a later week; anomaly_on: its Monday.
    """
    if not days:
        return {"anomaly_score": 0.0}
    weeks: Counter[date] = Counter()
    for text, hours in days.items():
        on = date.fromisoformat(text)
        weeks[on - timedelta(days=on.weekday())] += hours  # type: ignore[assignment]
    first, last = min(weeks), max(weeks)
    count = (last - first).days // 7 + 1
    if count < FEWEST_WEEKS:
        return {"anomaly_score": 0.0}
    series = [float(weeks[first + timedelta(weeks=at)]) for at in range(min(count, 520))]
    half = len(series) // 2
    scores = [robust_z(value, series[:half]) if any(series[:half]) else 0.0 for value in series]
    top = max(range(half, len(series)), key=lambda at: (scores[at], at))
    return {
        "anomaly_score": max(0.0, scores[top]),
        "anomaly_on": (first + timedelta(weeks=top)).isoformat(),
    }


def contact(
    members: Iterable[Mapping[str, Any]], own: Mapping[str, Any], nameless: Mapping[str, Any]
) -> Found:
    """Return what the records of a person tell of a contact.

    nameless: of the same organization, what names no person; it counts for its primary contact.
    """
    rows = list(members)
    primary = [row["is_primary"] for row in rows if isinstance(row.get("is_primary"), bool)]
    names = ("open_deals", "active_contracts", "open_projects")
    also = nameless if any(primary) else {}
    ends = [end for row in rows if (end := day(row, "valid_to"))]
    return known(
        {
            "role": next((row["role"] for row in rows if row.get("role")), None),
            "is_primary": any(primary) if primary else None,
            "left": any(row.get("left_company") for row in rows),
            "left_on": min(ends, default=None),
            "bounced": any(row.get("email_status") == "hard_bounce" for row in rows),
            **{name: int((own.get(name) or 0) + (also.get(name) or 0)) for name in names},
        }
    )


STANDING = ("customer", "former", "supplier", "prospect")


def customer(
    sums: Mapping[str, Any], records: Sequence[Mapping[str, Any]], score: float, currency: str
) -> Found:
    """Return an organization's sums with what its own records say; the strictest limit counts.

    score: the least sure of the records that make it up.
    """
    names = Counter(row["name"] for row in records if row.get("name"))
    segments = Counter(row["segment"] for row in records if row.get("segment"))
    standings = {row.get("lifecycle") for row in records}
    limits = [limit for row in records if (limit := amount(row, "credit_limit_minor", currency))]
    levels = (sums.get("dunning_level"), sums.get("dunned_level"))
    spoken = [sums[name] for name in _SPOKEN if sums.get(name)]
    found = {
        name: round(value) if isinstance(value, float) and not name.startswith("days_to") else value
        for name, value in sums.items()
        if name not in _SPOKEN
    }
    found |= {
        "name": min(names, key=lambda one: (-names[one], one), default=None),
        "segment": min(segments, key=lambda one: (-segments[one], one), default=None),
        "lifecycle": next((one for one in STANDING if one in standings), None),
        "owner": next((row["owner"] for row in records if row.get("owner")), None),
        "credit_limit": min(limits, default=None),
        "match_confidence": score,
        "dunning_level": int(max((level for level in levels if level), default=0)),
        "contact_at": max(spoken, default=None),
    }
    found.pop("dunned_level", None)
    return {name: value for name, value in found.items() if value is not None and value != 0}


_SPOKEN = ("touched_at", "written_at", "messaged_at")


# --- finance ------------------------------------------------------------------------------------

FEWEST_PERIODS = 6
NOTEWORTHY = 2.0
"""The robust z from which a month is a deviation at all; rules ask for more."""


def deviation(metric: str, months: Mapping[str, float], last: date) -> Found | None:
    """Return how the month that ends with `last` differs from the twelve before it, if it does.

    months: `2026-11` -> amount. A month without any counts as 0 from the first one on.
    """
    before, year, month = [], last.year, last.month
    first = min(months, default="")
    for _ in range(12):
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
        name = f"{year:04}-{month:02}"
        if name < first:
            break
        before.append(float(months.get(name, 0.0)))
    if len(before) < FEWEST_PERIODS or not median(before):
        return None
    value = float(months.get(f"{last.year:04}-{last.month:02}", 0.0))
    z = robust_z(value, before)
    if abs(z) < NOTEWORTHY:
        return None
    usual = median(before)
    return {
        "metric": metric,
        "deviation_pct": 100.0 * (value - usual) / abs(usual),
        "deviation_net": round(value - usual),
        "robust_z": z,
        "ended_on": last.isoformat(),
        "value": value,
        "usual": usual,
    }


# --- contradictions -----------------------------------------------------------------------------

COMPARED = ("iban", "vat_id", "legal_name", "billing_address", "leitweg_id")
"""What an invoice or a payment hangs on; of a telephone number two may be right."""


def compared(fields: Mapping[str, Any], name: str) -> str | None:
    """Return a record's value of a compared field, spelt so that what is alike is equal.

    Names are written in many ways by people who mean one firm: only another legal form makes
    another legal name.
    """
    if name == "legal_name":
        form = fields.get("legal_form")
        return str(form) if form else None
    if name == "billing_address":
        street, code = fields.get("street"), fields.get("postcode")
        if not street or not code:
            return None
        letters = "".join(one for one in str(street).casefold() if one.isalnum())
        letters = letters.replace("strasse", "str")
        return f"{code} {letters} {fields.get('house_number') or ''}".strip()
    value = fields.get(name)
    return str(value) if value else None
