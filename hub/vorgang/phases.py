"""Says how far a case has come, and since when: from its papers alone, never by hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from hub.model.vorgang import PHASES, Amounts, Entry, Phase
from hub.vorgang.amounts import LOST_DEAL, is_invoice, is_order, is_payment, shared_currency, signed
from hub.vorgang.paper import Paper

NEARLY = 95
"""Percent of the order that must be billed, and of an invoice that must be paid, to count as all:
early-payment discount and small remainders leave the rest."""

TICKET_DONE = ("solved", "closed")
_UNDATED = ""
_BEGINNING: dict[str, Phase] = {
    "quote": "qualified",
    "order": "offered",
    "project": "ordered",
    "delivery": "delivering",
    "invoice": "delivered",
    "credit_note": "invoiced",
    "payment": "paid",
}
"""Where a case stands that has entered no phase by its rule: a draft, a plan, a lone payment."""


@dataclass(frozen=True)
class Papers:
    """The papers of a case, by kind. named: invoices that its payments and credit notes name, of
    other cases, too."""

    all: Sequence[Paper]
    amounts: Amounts
    named: Mapping[str, Paper] = field(default_factory=dict)

    @cached_property
    def _by_kind(self) -> dict[str, list[Paper]]:
        found: dict[str, list[Paper]] = {}
        for paper in self.all:
            found.setdefault(paper.kind, []).append(paper)
        return found

    def of(self, *kinds: str) -> list[Paper]:
        """Return those of some kinds."""
        return [paper for kind in kinds for paper in self._by_kind.get(kind, ())]

    @cached_property
    def orders(self) -> list[Paper]:
        """Return the orders that stand."""
        return [paper for paper in self.of("order") if is_order(paper)]

    @cached_property
    def invoices(self) -> list[Paper]:
        """Return the invoices to the customer that stand, by their day."""
        some = [paper for paper in self.of("invoice") if is_invoice(paper)]
        return sorted(some, key=lambda one: (one.day("issued_on") or _UNDATED, one.ref))

    @cached_property
    def payments(self) -> list[Paper]:
        """Return the payments that came and stayed, and what of them was given back."""
        return [paper for paper in self.of("payment", "refund") if is_payment(paper)]

    @cached_property
    def receipts(self) -> list[Paper]:
        """Return the payments that came and stayed, unless all of them was given back."""
        came = [one for one in self.payments if (one.minor("amount_minor") or 0) >= 0]
        kept = self.amounts.paid is None or self.amounts.paid > 0
        return [one for one in came if one.kind == "payment"] if kept else []

    def paying(self, invoice: Paper) -> list[Paper]:
        """Return the payments that name this invoice alone."""
        return [one for one in self.payments if one.invoices == {invoice.ref}]

    def naming(self, invoice: Paper) -> dict[frozenset[str], list[Paper]]:
        """Return the payments and credit notes that name an invoice, by all invoices they name."""
        found: dict[frozenset[str], list[Paper]] = {}
        for one in (*self.payments, *filter(is_invoice, self.of("credit_note"))):
            if invoice.ref in one.invoices:
                found.setdefault(one.invoices, []).append(one)
        return found

    def against(self, invoices: Sequence[Paper], others: Sequence[Paper]) -> tuple[int, int]:
        """Return what invoices ask for and what payments or credit notes come to at least, in one
        currency; an amount that is not known asks for nothing."""
        base = self.amounts.base
        currency = shared_currency([*invoices, *others], (base and base.currency) or "")
        asked, came = (
            [one.worth(currency, "gross_minor", "net_minor", "amount_minor") or 0 for one in some]
            for some in (invoices, others)
        )
        return sum(asked) if all(asked) else 0, sum(
            signed(one, amount) for one, amount in zip(others, came, strict=True)
        )

    @cached_property
    def work(self) -> list[Paper]:
        """Return what is to be delivered: orders and projects that were not called off."""
        projects = [one for one in self.of("project") if one.status != "cancelled"]
        return [*self.orders, *projects]


def entries(papers: Papers) -> list[Entry]:
    """Return the phases a case has entered, in their order, with days that never go back.

    A phase may be passed over. What reopens a case (a late invoice, a ticket) takes the phases
    away again that no longer hold, the last of them by their own rule.
    """
    found: list[Entry] = []
    for phase in PHASES:
        since = _RULES[phase](papers, {one.phase: one.since for one in found})
        if since is None:
            continue
        days = [day for day in (since, *(one.since for one in found[-1:])) if day]
        found.append(Entry(phase, max(days, default=None), bool(since)))
    return found or [Entry(_BEGINNING.get(papers.all[0].kind, PHASES[0]), _first(papers.all))]


_Reached = dict[str, str | None]
_Rule = Callable[[Papers, _Reached], str | None]
"""Returns the day a phase began, "" where only the day is not known, None where it has not."""


def _first(papers: Iterable[Paper]) -> str | None:
    days = (at[:10] for paper in papers for at, _ in paper.happenings())
    return min(days, default=None)


def _earliest(papers: Sequence[Paper], *names: str) -> str | None:
    """Return the first day these papers name, "" without any; None where there are no papers."""
    if not papers:
        return None
    return min((day for one in papers if (day := one.day(*names))), default=_UNDATED)


def _latest(papers: Sequence[Paper], *names: str) -> str:
    return max((day for one in papers if (day := one.day(*names))), default=_UNDATED)


def _attracted(papers: Papers, _: _Reached) -> str | None:
    return _earliest(papers.of("lead"), "first_touch_at", "created_at")


def _qualified(papers: Papers, _: _Reached) -> str | None:
    deals = papers.of("deal")
    if deals:
        return _earliest(deals, "created_at")
    ready = [one for one in papers.of("lead") if one.status in ("qualified", "converted")]
    return _earliest(ready, "converted_at", "updated_at")


def _offered(papers: Papers, _: _Reached) -> str | None:
    quotes = [one for one in papers.of("quote") if one.status != "draft"]
    won = [one for one in papers.of("deal") if one.status == "won"]
    return _earliest(quotes, "issued_on") if quotes else _earliest(won, "closed_on")


def _ordered(papers: Papers, _: _Reached) -> str | None:
    return _earliest(papers.orders, "ordered_on", "confirmed_on")


def _delivering(papers: Papers, _: _Reached) -> str | None:
    begun = [one for one in papers.of("project") if one.status not in ("planned", "cancelled")]
    shipped = [one for one in papers.of("delivery") if one.status not in ("planned", "rejected")]
    running = [one for one in papers.orders if one.status == "in_progress"]
    if begun:
        return _earliest(begun, "starts_on")
    if shipped:
        return _earliest(shipped, "delivered_on", "accepted_on")
    return _earliest(running, "ordered_on", "confirmed_on")


def delivered_on(papers: Papers) -> str | None:
    """Return the day everything was delivered, "" where it is not known, None before that.

    Orders count by what they say themselves; where none of them says anything, a delivery or an
    ended project beside them does, unless another delivery is still to come.
    """
    projects = [one for one in papers.work if one.kind == "project"]
    ended = [one for one in projects if one.status == "completed"]
    shipped = [one for one in papers.of("delivery") if one.status in ("delivered", "accepted")]
    done = [one for one in papers.orders if is_delivered(one)]
    if len(ended) < len(projects) or not (ended or shipped or done):
        return None
    if len(done) < len(papers.orders) and (done or _more_to_come(papers)):
        return None
    return _latest([*ended, *shipped, *done], "accepted_on", "delivered_on", "ended_on")


def is_delivered(order: Paper) -> bool:
    """Say whether an order was delivered whole, as it says itself."""
    return order.status in ("delivered", "closed") or order.fields.get("delivered_pct") == 100


def _more_to_come(papers: Papers) -> bool:
    """Say whether an order tells of a part, or a delivery is planned or on its way."""
    told = (one.fields.get("delivered_pct") for one in papers.orders)
    coming = (one.status in ("planned", "shipped") for one in papers.of("delivery"))
    return any(pct is not None and pct < 100 for pct in told) or any(coming)


def _delivered(papers: Papers, _: _Reached) -> str | None:
    return delivered_on(papers)


def _invoiced(papers: Papers, reached: _Reached) -> str | None:
    """Return the day most of the order was billed; a down payment is not that."""
    invoices, ordered = papers.invoices, papers.amounts.ordered
    if not invoices:
        return None
    if not ordered or papers.amounts.invoiced is None:
        return _earliest(invoices, "issued_on")
    billed, currency = 0.0, papers.amounts.currency or ""
    for invoice in invoices:
        billed += (invoice.worth(currency, "net_minor") or 0) * invoice.share_pct / 100
        if billed * 100 >= ordered * NEARLY:
            return invoice.day("issued_on") or _UNDATED
    return _latest(invoices, "issued_on") if "delivered" in reached else None


def _is_settled(invoice: Paper, papers: Papers) -> bool:
    """Say whether an invoice is paid: by its own word, or by the payments and credit notes that
    name it. Those that name several settle them where they come to all that these ask for."""
    if invoice.status in ("paid", "written_off") or invoice.minor("balance_minor") == 0:
        return True
    for refs, others in papers.naming(invoice).items():
        named = [invoice if ref == invoice.ref else papers.named.get(ref) for ref in refs]
        known = [one for one in named if one is not None]
        gross, came = papers.against([one for one in known if is_invoice(one)], others)
        if len(known) == len(named) and gross > 0 and came * 100 >= gross * NEARLY:
            return True
    return False


def _paid(papers: Papers, reached: _Reached) -> str | None:
    invoices = papers.invoices
    if "invoiced" not in reached or not all(_is_settled(one, papers) for one in invoices):
        return None
    return max(_latest(invoices, "paid_on"), _latest(papers.receipts, "booked_on"))


def _in_service(papers: Papers, reached: _Reached) -> str | None:
    """Return the day of the first ticket after delivery, or of any where nothing is delivered."""
    tickets = papers.of("ticket")
    handed_over = next(
        (reached[phase] for phase in ("delivered", "invoiced", "paid") if phase in reached), None
    )
    if handed_over is not None:
        tickets = [one for one in tickets if (one.day("opened_at") or _UNDATED) >= handed_over]
    elif papers.work:
        return None
    return _earliest(tickets, "opened_at")


def _closed(papers: Papers, reached: _Reached) -> str | None:
    """Return the day nothing was left to do: all paid and answered, or all given up."""
    if any(one.status not in TICKET_DONE for one in papers.of("ticket")):
        return None
    if papers.work and "delivered" not in reached:
        return None
    tickets = _latest(papers.of("ticket"), "closed_at", "last_message_at")
    if "paid" in reached:
        return max(tickets, reached["paid"] or _UNDATED)
    if papers.invoices or papers.receipts or papers.of("delivery", "credit_note"):
        return None
    if not papers.work:
        return _given_up(papers, tickets)
    unpaid = all(one.fields.get("billing") == "non_billable" for one in papers.work)
    return max(tickets, reached["delivered"] or _UNDATED) if unpaid else None


def _given_up(papers: Papers, tickets: str) -> str | None:
    """Return the day the last hope went of a case that nothing is delivered for."""
    deals, orders, leads = (papers.of(kind) for kind in ("deal", "order", "lead"))
    if any(one.status not in LOST_DEAL for one in deals):
        return None
    if any(one.status != "cancelled" for one in orders):
        return None
    if not deals and any(one.status != "disqualified" for one in leads):
        return None
    if not deals and any(one.status not in ("rejected", "expired") for one in papers.of("quote")):
        return None
    ended = _latest(deals, "closed_on", "updated_at")
    others = [*leads, *orders, *papers.of("project", "quote")]
    return max(tickets, ended, _latest(others, "updated_at", "ended_on", "ordered_on", "issued_on"))


_RULES: dict[Phase, _Rule] = {
    "attracted": _attracted,
    "qualified": _qualified,
    "offered": _offered,
    "ordered": _ordered,
    "delivering": _delivering,
    "delivered": _delivered,
    "invoiced": _invoiced,
    "paid": _paid,
    "in_service": _in_service,
    "closed": _closed,
}
