"""What is observed of a project, a contact and a customer, each made of several records."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hub.alerts.course import anomaly
from hub.alerts.observation import Found, day, known, number, percent, status
from hub.model.money import base_amount


def project(fields: Mapping[str, Any], currency: str, hanging: Mapping[str, Any]) -> Found:
    """fields: the golden record's; hanging: what hours, milestones and invoices add up to."""
    budget = base_amount(fields, "budget_minor", currency)
    cost = base_amount(fields, "cost_actual_minor", currency)
    planned, actual = number(fields, "hours_planned"), number(fields, "hours_actual")
    if actual is None and hanging.get("booked"):
        actual = float(hanging["booked"])
    over = fields.get("status") == "completed"
    burn = percent(cost, budget)
    if burn is None:
        burn = percent(actual, planned)
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
            "completed_on": day(fields, "ended_on") if over else None,
            **unbilled(fields, currency, hanging),
            "next_invoice_on": day(fields, "next_invoice_on") or hanging.get("milestone_on"),
            "next_invoice_net": base_amount(fields, "next_invoice_minor", currency),
            "requests": fields.get("change_requests_open", hanging.get("requests", 0)),
            **anomaly(
                hanging.get("days") or {},
                hanging.get("asked"),
                hanging.get("costs") or (),
                day(fields, "starts_on"),
            ),
        }
    )


def unbilled(fields: Mapping[str, Any], currency: str, hanging: Mapping[str, Any]) -> Found:
    """Return what was done and not invoiced: as the source states it, else hours unless the price
    is fixed, and milestones.

    A finished project with a fixed price and no milestones owes an invoice of the rest of its
    order. unbilled_unclear: something done has no amount.
    """
    billing = fields.get("billing")
    if billing == "non_billable":
        return {"unbilled_net": 0}
    if "unbilled_minor" in fields:
        stated = base_amount(fields, "unbilled_minor", currency)
        return {
            "unbilled_net": stated,
            "unbilled_since": day(fields, "unbilled_since"),
            "unbilled_unclear": 1 if stated is None else None,
        }
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
    """Return an organization's sums with what its own records say.

    The strictest limit counts; where one is in a currency without a rate, nobody can say which.
    score: the least sure of the records that make it up.
    """
    standings = {row.get("lifecycle") for row in records}
    stated = [row for row in records if row.get("credit_limit_minor")]
    limits = [base_amount(row, "credit_limit_minor", currency) for row in stated]
    known = [limit for limit in limits if limit is not None]
    levels = (sums.get("dunning_level"), sums.get("dunned_level"))
    spoken: list[str] = []
    found: dict[str, Any] = {}
    for name, value in sums.items():
        if name in _SPOKEN:
            if value:
                spoken.append(value)
        elif isinstance(value, float) and not name.startswith("days_to"):
            found[name] = round(value)
        else:
            found[name] = value
    found |= {
        "name": _mostly(records, "name"),
        "segment": _mostly(records, "segment"),
        "lifecycle": next((one for one in STANDING if one in standings), None),
        "owner": next((row["owner"] for row in records if row.get("owner")), None),
        "credit_limit": min(known, default=None) if len(known) == len(limits) else None,
        "match_confidence": score,
        "dunning_level": int(max((level for level in levels if level), default=0)),
        "contact_at": max(spoken, default=None),
    }
    found.pop("dunned_level", None)
    return {name: value for name, value in found.items() if value is not None and value != 0}


def _mostly(records: Sequence[Mapping[str, Any]], name: str) -> str | None:
    """Return the value that most records have, the first by letters among several."""
    values: list[str] = [value for row in records if (value := row.get(name))]
    if len(values) < 2:
        return values[0] if values else None
    counts = Counter(values)
    return min(counts, key=lambda one: (-counts[one], one))


_SPOKEN = ("touched_at", "written_at", "messaged_at")
