"""What is missing in a case, and which department owns the next step."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from hub.model.vorgang import Gap, GapType
from hub.vorgang.paper import Paper
from hub.vorgang.phases import Papers, delivered_on, is_delivered

DRIFT_PCT = 5
"""Two sums along a case may differ by so many percent before it is a drift."""


OWNER: Mapping[GapType, str] = {
    "lead_without_owner": "marketing",
    "quote_expired_deal_open": "sales",
    "won_without_order": "sales",
    "order_without_project": "delivery",
    "delivered_not_invoiced": "finance",
    "invoiced_without_order": "sales",
    "paid_without_invoice": "finance",
    "service_without_contract": "sales",
    "value_drift": "finance",
}
"""Each type of gap with the department that owns the next step."""

_Found = tuple[str, Sequence[Paper]]
"""The day from which on it is a gap, "" where that is not known, and the papers it rests on."""
_Rule = Callable[[Papers], _Found | None]


def gaps(papers: Papers, *, closed: bool, covered: Callable[[Paper], bool]) -> list[Gap]:
    """Return the gaps of a case, each once, in the order of the flow.

    covered: says whether a ticket's customer had a contract on its day.
    """
    found = []
    for kind, rule in _RULES.items():
        hit = rule(papers)
        if hit is not None:
            since, some = hit
            found.append(_gap(kind, since or _lent(papers, some), some))
    tickets = [one for one in papers.of("ticket") if _on_its_own(papers) and not covered(one)]
    if tickets:
        found.append(_gap("service_without_contract", _first(tickets, "opened_at"), tickets))
    found += [_drift(papers, detail) for detail in _drifts(papers, closed=closed)][:1]
    return found


def _gap(
    kind: GapType, since: str, papers: Sequence[Paper], detail: Mapping[str, Any] | None = None
) -> Gap:
    refs = tuple(sorted(paper.ref for paper in papers))
    return Gap(kind, OWNER[kind], since, refs, detail or {})


def _first(papers: Sequence[Paper], *names: str) -> str:
    return min((day for one in papers if (day := one.day(*names))), default="")


def _lent(papers: Papers, some: Sequence[Paper]) -> str:
    """Return the last day the papers of a gap tell of, or those of its case, where its own day
    is not known: a tool may say that an order is delivered, and not when. "" where none does."""
    for group in (some, papers.all):
        days = [at[:10] for paper in group for at, _ in paper.happenings()]
        if days:
            return max(days)
    return ""


def _lead_without_owner(papers: Papers) -> _Found | None:
    open_ = ("new", "contacted", "qualified", "unknown", None)
    leads = [one for one in papers.of("lead") if one.status in open_]
    lost = [one for one in leads if not one.fields.get("owner")]
    if not lost or papers.of("deal"):
        return None
    return _first(lost, "created_at", "first_touch_at"), lost


def _quote_expired(papers: Papers) -> _Found | None:
    """Return the deals whose every quote has run out, or will on a day to come."""
    deals = [one for one in papers.of("deal") if one.status == "open"]
    quotes = [one for one in papers.of("quote") if one.status not in ("rejected", "draft")]
    if not deals or not quotes or papers.orders:
        return None
    ends = [one.day("valid_until") for one in quotes]
    if any(one.status in ("accepted", "converted") for one in quotes) or None in ends:
        return None
    last = max(day for day in ends if day)
    since = (date.fromisoformat(last) + timedelta(days=1)).isoformat()
    return since, [*deals, *quotes]


def _won_without_order(papers: Papers) -> _Found | None:
    won = [one for one in papers.of("deal") if one.status == "won"]
    if not won or papers.work or papers.invoices or papers.of("delivery"):
        return None
    return _first(won, "closed_on", "updated_at"), won


def _order_without_project(papers: Papers) -> _Found | None:
    running = [one for one in papers.orders if not is_delivered(one)]
    followed = papers.of("project", "delivery") or papers.invoices
    return None if not running or followed else (_first(running, "ordered_on"), running)


def _delivered_not_invoiced(papers: Papers) -> _Found | None:
    day = delivered_on(papers)
    billed = papers.invoices
    work = [one for one in papers.work if one.fields.get("billing") != "non_billable"]
    if day is None or billed or (papers.work and not work) or papers.amounts.ordered == 0:
        return None
    return day, work or papers.of("delivery")


def _invoiced_without_order(papers: Papers) -> _Found | None:
    bare = [one for one in papers.invoices if not one.contracts]
    if not bare or papers.work or papers.of("milestone"):
        return None
    return _first(bare, "issued_on"), bare


def _paid_without_invoice(papers: Papers) -> _Found | None:
    if papers.of("invoice", "credit_note") or not papers.receipts:
        return None
    return _first(papers.receipts, "booked_on"), papers.receipts


def _on_its_own(papers: Papers) -> bool:
    """Say whether a case is service alone: work for an order or project is covered by that."""
    return all(one.kind in ("ticket", "message", "task", "time_entry") for one in papers.all)


def _drifts(papers: Papers, *, closed: bool) -> Iterator[dict[str, Any]]:
    sums = papers.amounts
    ordered, quoted, invoiced = sums.ordered, sums.quoted, sums.invoiced
    if not ordered or ordered < 0:
        return
    if quoted and _apart(ordered, quoted):
        yield {"ordered_minor": ordered, "quoted_minor": quoted}
    if invoiced is not None:
        kept = invoiced - (sums.credited or 0)
        too_much = kept * 100 > ordered * (100 + DRIFT_PCT)
        if too_much or (closed and kept * 100 < ordered * (100 - DRIFT_PCT)):
            yield {"ordered_minor": ordered, "invoiced_minor": kept}


def _apart(one: int, other: int) -> bool:
    return abs(one - other) * 100 > other * DRIFT_PCT


def _drift(papers: Papers, detail: Mapping[str, Any]) -> Gap:
    some = [*papers.orders, *papers.of("quote"), *papers.invoices]
    days = [day for one in some if (day := one.day("issued_on", "ordered_on"))]
    shown = {**detail, "currency": papers.amounts.currency}
    return _gap("value_drift", max(days) if days else _lent(papers, some), some, shown)


_RULES: Mapping[GapType, _Rule] = {
    "lead_without_owner": _lead_without_owner,
    "quote_expired_deal_open": _quote_expired,
    "won_without_order": _won_without_order,
    "order_without_project": _order_without_project,
    "delivered_not_invoiced": _delivered_not_invoiced,
    "invoiced_without_order": _invoiced_without_order,
    "paid_without_invoice": _paid_without_invoice,
}
