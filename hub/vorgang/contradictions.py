"""What the papers of a case say against each other: shown as it is, decided for nobody."""

from collections.abc import Iterator

from hub.model.vorgang import Contradiction
from hub.vorgang.amounts import LOST_DEAL, is_invoice
from hub.vorgang.paper import HAPPENINGS, Paper, plausible
from hub.vorgang.phases import Papers

OVER_PCT = 102
"""Percent of an invoice from which payments are more than it asks for."""


def contradictions(papers: Papers) -> list[Contradiction]:
    """Return every contradiction of a case, each once."""
    found = {
        (kind, tuple(sorted({paper.ref for paper in some})))
        for rule in (_statuses, _money, _parties, _days)
        for kind, some in rule(papers)
    }
    if papers.amounts.without_rate:
        foreign = papers.amounts.without_rate
        refs = sorted(one.ref for one in papers.all if one.fields.get("currency") in foreign)
        found.add(("currency_without_rate", tuple(refs)))
    return [Contradiction(kind, refs) for kind, refs in sorted(found)]


_Found = Iterator[tuple[str, list[Paper]]]


def _statuses(papers: Papers) -> _Found:
    lost = [one for one in papers.of("deal") if one.status in LOST_DEAL]
    if lost and papers.orders and len(lost) == len(papers.of("deal")):
        yield "lost_but_ordered", [*lost, *papers.orders]
    cancelled = [one for one in papers.of("order") if one.status == "cancelled"]
    if cancelled and not papers.orders and papers.invoices:
        yield "cancelled_but_invoiced", [*cancelled, *papers.invoices]
    for invoice in papers.invoices:
        balance = invoice.minor("balance_minor")
        if invoice.status == "paid" and balance and balance > 0:
            yield "paid_but_open_balance", [invoice]
        if invoice.status == "open" and balance == 0 and invoice.minor("gross_minor"):
            yield "open_without_balance", [invoice]


def _money(papers: Papers) -> _Found:
    """Compare whole invoices with the payments and credit notes that name them alone."""
    credits = [one for one in papers.of("credit_note") if is_invoice(one)]
    for invoice in papers.invoices:
        paid = papers.paying(invoice)
        gross, came = papers.against([invoice], paid)
        if gross > 0 and came * 100 > gross * OVER_PCT:
            often = sum(one.kind == "payment" for one in paid) > 1
            yield "paid_more_than_once" if often else "paid_too_much", [invoice, *paid]
        credited = [one for one in credits if invoice.ref in one.invoices]
        gross, total = papers.against([invoice], credited)
        if 0 < gross < total:
            yield "credited_more_than_invoiced", [invoice, *credited]


def _parties(papers: Papers) -> _Found:
    named = [one for one in papers.all if one.parties]
    if len({party for one in named for party in one.parties}) > 1:
        yield "different_customers", named
    projects = papers.of("project")
    if projects and not named:
        yield "project_without_customer", projects


def _days(papers: Papers) -> _Found:
    for paper in papers.all:
        for name, _ in HAPPENINGS[paper.kind]:
            value = paper.fields.get(name)
            if value is not None and plausible(value) is None:
                yield "implausible_day", [paper]
