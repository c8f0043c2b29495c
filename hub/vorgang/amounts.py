"""What a case was offered, ordered, billed and paid for: sums in one currency, by share, and in
the company's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from hub.model.vorgang import Amounts
from hub.vorgang.paper import PRICE, Paper

LIVING_QUOTE = ("sent", "accepted", "converted", "unknown", None)
LOST_DEAL = ("lost", "abandoned")
NO_ORDER = ("draft", "cancelled")
NO_INVOICE = ("draft", "void")
_SUMMED = ("deal", "quote", "order", "invoice", "credit_note", "payment", "refund")


def amounts(papers: Sequence[Paper], company_currency: str) -> Amounts:
    """Return the sums of a case: in its papers' one currency, else in the company's."""
    if not any(paper.fields.get("currency") for paper in papers):
        return Amounts()
    own, in_base = shared_currency(papers, company_currency), _sums(papers, company_currency)
    sums = in_base if own == company_currency else _sums(papers, own)
    return replace(sums, base=in_base)


def shared_currency(papers: Iterable[Paper], company_currency: str) -> str:
    """Return the currency that papers can be held against one another in: the one that all of them
    are in, else the company's."""
    said = {str(own) for paper in papers if (own := paper.fields.get("currency"))}
    return min(said) if len(said) == 1 else company_currency


def without_rate(papers: Iterable[Paper], company_currency: str) -> list[str]:
    """Return the currencies that papers have amounts in and name no rate for."""
    return sorted(
        {
            str(paper.fields.get("currency"))
            for paper in papers
            if paper.minor(*PRICE) is not None and paper.worth(company_currency, *PRICE) is None
        }
    )


def _sums(papers: Sequence[Paper], currency: str) -> Amounts:
    purse = _Purse(currency)
    of = {kind: [one for one in papers if one.kind == kind] for kind in _SUMMED}
    return Amounts(
        currency=purse.currency,
        deal=purse.total(
            (one for one in of["deal"] if one.status not in LOST_DEAL), "amount_minor"
        ),
        quoted=purse.total(_binding_quotes(of["quote"]), "net_minor"),
        ordered=purse.total(filter(is_order, of["order"]), "net_minor"),
        invoiced=purse.total(filter(is_invoice, of["invoice"]), "net_minor"),
        credited=purse.total(filter(is_invoice, of["credit_note"]), "net_minor"),
        paid=purse.total(filter(is_payment, of["payment"] + of["refund"]), "amount_minor"),
        without_rate=tuple(sorted(purse.without_rate)),
    )


def is_order(paper: Paper) -> bool:
    """Say whether an order stands."""
    return paper.kind == "order" and paper.status not in NO_ORDER


def is_invoice(paper: Paper) -> bool:
    """Say whether an invoice or credit note stands."""
    return paper.kind in ("invoice", "credit_note") and paper.status not in NO_INVOICE


def is_payment(paper: Paper) -> bool:
    """Say whether a payment came and stayed, or one that was given back did."""
    return paper.kind in ("payment", "refund") and not paper.fields.get("returned")


def signed(paper: Paper, amount: int) -> int:
    """Return what a paper comes to: some tools write credit notes negative, some do not; what was
    given back is less that came."""
    if paper.kind == "credit_note":
        return abs(amount)
    return -abs(amount) if paper.kind == "refund" else amount


def _binding_quotes(quotes: Iterable[Paper]) -> list[Paper]:
    """Return the quotes that were accepted, else the latest that stands; drafts are none."""
    standing = [one for one in quotes if one.status in LIVING_QUOTE]
    accepted = [one for one in standing if one.status in ("accepted", "converted")]
    return accepted or sorted(standing, key=lambda one: (one.day("issued_on") or "", one.ref))[-1:]


@dataclass(slots=True)
class _Purse:
    """Sums amounts in one currency."""

    currency: str
    without_rate: set[str] = field(default_factory=set)

    def total(self, papers: Iterable[Paper], name: str) -> int | None:
        """Return the sum of a field by share, None without papers or where one is not known."""
        amounts = [self._amount(paper, name) for paper in papers]
        known = [amount for amount in amounts if amount is not None]
        return sum(known) if known and len(known) == len(amounts) else None

    def _amount(self, paper: Paper, name: str) -> int | None:
        amount = paper.worth(self.currency, name)
        if amount is None:
            if paper.minor(name) is not None:
                self.without_rate.add(str(paper.fields.get("currency")))
            return None
        return round(signed(paper, amount) * paper.share_pct / 100)
