"""Proposes invoices that somebody else than their debtor has paid: a holding, a sister company.

That a payment names the number of another customer's invoice says little: `4711` is everybody's.
That no other invoice bears it, and the sum fits, is reason to ask.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from hub.vorgang.paper import Paper
from hub.vorgang.proposals import MOST, NAMED, WORTH, Proposal, Standing, left_open, proposal


class Cited(NamedTuple):
    """A payment's text names a number that an invoice bears. payment, invoice: refs."""

    payment: str
    number: str
    invoice: str


def paid_by_others(
    cited: Iterable[Cited],
    papers: Mapping[str, Paper],
    bearers: Mapping[str, Collection[str]],
    standing: Standing,
) -> list[Proposal]:
    """Return the proposals for payments that follow from nothing, the best of each first.

    bearers: number -> all invoices that bear it, whosever they are: where there are several, the
    number is said to mean none.
    """
    found: dict[str, dict[str, Proposal]] = {}
    for one in sorted(cited):
        if one.payment in standing.above or len(bearers.get(one.number, ())) != 1:
            continue
        new = _proposed(one, papers)
        if new and frozenset((new.lower, new.upper)) not in standing.barred:
            found.setdefault(new.lower, {}).setdefault(new.upper, new)
    return [
        one
        for some in found.values()
        for one in sorted(some.values(), key=lambda one: (-one.score, one.upper))[:MOST]
    ]


def _proposed(cited: Cited, papers: Mapping[str, Paper]) -> Proposal | None:
    payment, invoice = papers.get(cited.payment), papers.get(cited.invoice)
    if payment is None or invoice is None or payment.parties & invoice.parties:
        return None  # among one customer's papers a number links, or says nothing
    if (payment.kind, invoice.kind) != ("payment", "invoice"):
        return None
    left = left_open(payment, invoice)
    if left is None:
        return None
    score = WORTH if left else NAMED
    return proposal(payment, invoice, "amount", score, number=cited.number)
