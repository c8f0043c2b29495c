"""Proposes links that are too weak to stand: same customer, same worth, a plausible order in time.

A record is asked for that follows from nothing yet; what it may follow from is asked for among the
papers of its customer that nothing of its kind follows from. An order that is billed again and
again, by the same sum and name, is the one that may have more of them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hub.vorgang.amounts import LOST_DEAL, NO_INVOICE, NO_ORDER
from hub.vorgang.paper import PRICE, Paper

NAMED, WORTH, SINGLE = 0.8, 0.7, 0.6
"""Scores: the same worth and the same order number, project name or (of a payment) sum to pay; the
same worth alone, and only here; nothing else is open."""
LEAST = 0.6
WINDOW_DAYS = 400
SLACK_DAYS = 7
"""How much earlier than what it follows from a paper may be dated: clerks file late."""
NEAR_PCT = 1
DISCOUNT_PCT = 3
"""What a customer may take off for paying early."""
MOST = 3
"""Proposals of one record."""
TOGETHER = 10
"""Open invoices, the latest ones, of which a payment may settle several."""

WANTED: Mapping[str, tuple[str, ...]] = {
    "deal": ("lead",),
    "quote": ("deal",),
    "order": ("quote", "deal"),
    "project": ("order", "quote", "deal"),
    "delivery": ("order", "project"),
    "invoice": ("order", "project", "delivery"),
    "payment": ("invoice",),
}
"""Kind -> what it may be proposed to follow from, the nearest first."""
KINDS = frozenset(WANTED) | {"lead"}
REPEATED = ("order", "invoice")
"""Upper and lower kind of which one may have several, each worth as much as itself."""

_DAY: Mapping[str, tuple[str, ...]] = {
    "lead": ("created_at", "first_touch_at"),
    "deal": ("created_at", "closed_on"),
    "quote": ("issued_on",),
    "order": ("ordered_on", "confirmed_on"),
    "project": ("starts_on",),
    "delivery": ("delivered_on", "accepted_on"),
    "invoice": ("issued_on",),
    "payment": ("booked_on",),
}
_OVER = {
    "lead": ("disqualified",),
    "deal": LOST_DEAL,
    "quote": ("rejected", "draft"),
    "order": NO_ORDER,
    "project": ("cancelled",),
    "invoice": NO_INVOICE,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A link somebody should look at. lower follows from upper, or may; method: amount, single."""

    lower: str
    upper: str
    method: str
    score: float
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is settled already. below: record -> kinds that follow from it; above: records that
    follow from something; barred: pairs somebody has said no to."""

    below: Mapping[str, Collection[str]] = field(default_factory=dict)
    above: Collection[str] = ()
    barred: Collection[frozenset[str]] = ()


def open_nodes(
    kinds: Mapping[str, str], below: Mapping[str, Collection[str]], above: Collection[str]
) -> set[str]:
    """Return those of one customer's papers that a proposal may be about. kinds: ref -> kind.

    They follow from nothing yet, or may be what one of these follows from.
    """
    lower = {ref: kind for ref, kind in kinds.items() if kind in WANTED and ref not in above}
    wanted = {(kind, upper) for kind in set(lower.values()) for upper in WANTED[kind]}
    found = set(lower)
    for ref, kind in kinds.items():
        taken = below.get(ref, ())
        if any(
            upper == kind and (one not in taken or (upper, one) == REPEATED)
            for one, upper in wanted
        ):
            found.add(ref)
    return found


def proposals(papers: Sequence[Paper], standing: Standing) -> list[Proposal]:
    """Return the proposals among one customer's papers, the best of each record first."""
    shelves: dict[tuple[str, str], _Shelf] = {}
    found: list[Proposal] = []
    for paper in sorted(papers, key=lambda one: one.ref):
        if paper.kind not in WANTED or paper.ref in standing.above or _needs_nothing(paper):
            continue
        for kind in WANTED[paper.kind]:
            place = (kind, paper.kind)
            if place not in shelves:
                shelves[place] = _shelf(papers, *place, standing)
            some = [
                one
                for one in _proposed(paper, shelves[place])
                if frozenset((one.lower, one.upper)) not in standing.barred
            ]
            if some:
                found += sorted(some, key=lambda one: (-one.score, one.upper))[:MOST]
                break
    return found


def _needs_nothing(paper: Paper) -> bool:
    """Say whether a paper rests on a contract, or never came to anything."""
    return bool(paper.contracts) or paper.status in _OVER.get(paper.kind, ())


def _shelf(papers: Iterable[Paper], upper: str, lower: str, standing: Standing) -> "_Shelf":
    """Return the papers of one kind that one of another may follow from."""
    some = [one for one in papers if one.kind == upper and one.status not in _OVER.get(upper, ())]
    taken = [one for one in some if lower in standing.below.get(one.ref, ())]
    free = [one for one in some if lower not in standing.below.get(one.ref, ())]
    return _Shelf(free, _Shelf(taken) if (upper, lower) == REPEATED else None)


class _Shelf:
    """Papers of one kind by worth, by day, by order number and by name. taken: those that
    something of the kind that is asked for follows from already."""

    def __init__(self, papers: Iterable[Paper], taken: "_Shelf | None" = None) -> None:
        self.taken = taken
        dated = [(day, one) for one in papers if (day := one.day(*_DAY[one.kind]))]
        self.by_day = sorted(dated, key=lambda pair: (pair[0], pair[1].ref))
        worth = [(worth, one) for _, one in dated if (worth := _worth(one)) is not None]
        self.by_worth = sorted(worth, key=lambda pair: (pair[0], pair[1].ref))

    def within(self, first: str, last: str) -> list[Paper]:
        """Return those dated from `first` to `last`."""
        begin = bisect_left(self.by_day, first, key=lambda pair: pair[0])
        end = bisect_right(self.by_day, last, key=lambda pair: pair[0])
        return [one for _, one in self.by_day[begin:end]]

    def worth(self, least: float, most: float) -> list[Paper]:
        """Return those worth from `least` to `most`."""
        begin = bisect_left(self.by_worth, least, key=lambda pair: pair[0])
        end = bisect_right(self.by_worth, most, key=lambda pair: pair[0])
        return [one for _, one in self.by_worth[begin:end]]


def _worth(paper: Paper) -> int | None:
    if paper.kind == "invoice":
        return paper.minor("gross_minor", "net_minor")
    return paper.minor(*PRICE)


def _net(paper: Paper) -> int | None:
    return paper.minor(*PRICE)


def _proposed(paper: Paper, shelf: _Shelf) -> Iterator[Proposal]:
    day = paper.day(*_DAY[paper.kind])
    if day is None:
        return
    window = _window(day)
    worth = _worth(paper) if paper.kind == "payment" else _net(paper)
    alike = [one for one in _worth_as(paper.kind, worth, shelf) if _fits(paper, one, window)]
    named = [one for one in alike if paper.kind == "payment" or _same_name(paper, one)]
    if not alike and shelf.taken is not None:
        again = [
            one for one in _worth_as(paper.kind, worth, shelf.taken) if _fits(paper, one, window)
        ]
        named = [one for one in again if _same_name(paper, one)]
    best = named or alike
    for one in best:
        score = NAMED if named else WORTH
        yield proposal(paper, one, "amount", score if len(best) == 1 else SINGLE)
    if best:
        return
    open_ = [one for one in shelf.within(*window) if _fits(paper, one, window)]
    if paper.kind == "payment":
        yield from _several(paper, worth, open_)
        open_ = [one for one in open_ if 0 < (worth or 0) < (_worth(one) or 0)]  # a part of it
    if len(open_) == 1:
        yield proposal(paper, open_[0], "single", SINGLE)


def _window(day: str) -> tuple[str, str]:
    at = date.fromisoformat(day)
    first, last = at - timedelta(days=WINDOW_DAYS), at + timedelta(days=SLACK_DAYS)
    return first.isoformat(), last.isoformat()


def _worth_as(kind: str, worth: int | None, shelf: _Shelf) -> list[Paper]:
    if not worth or worth < 0:
        return []
    if kind == "payment":  # what came may be less than what was asked for, by the discount
        return shelf.worth(worth, worth * 100 / (100 - DISCOUNT_PCT))
    return shelf.worth(worth * (100 - NEAR_PCT) / 100, worth * (100 + NEAR_PCT) / 100)


def _fits(paper: Paper, other: Paper, window: tuple[str, str]) -> bool:
    day = other.day(*_DAY[other.kind]) or ""
    ours, theirs = paper.fields.get("currency"), other.fields.get("currency")
    return window[0] <= day <= window[1] and (ours == theirs or None in (ours, theirs))


def _same_name(paper: Paper, other: Paper) -> bool:
    po = paper.fields.get("customer_po_number")
    if po and po == other.fields.get("customer_po_number"):
        return True
    ours, theirs = _words(paper), _words(other)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _words(paper: Paper) -> frozenset[str]:
    """Return the words of a title that are no numbers."""
    words = (paper.title or "").casefold().replace("(", " ").replace(")", " ").split()
    return frozenset(word for word in words if not any(letter.isdigit() for letter in word))


def left_open(payment: Paper, invoice: Paper) -> int | None:
    """Return what a payment leaves open of an invoice that it pays, whole or by the discount; None
    where sum, currency or day say that it pays another."""
    day, paid = payment.day(*_DAY["payment"]), _worth(payment)
    if day is None or invoice.status in NO_INVOICE or not _fits(payment, invoice, _window(day)):
        return None
    asked = _worth(invoice)
    if not paid or not asked or not paid <= asked <= paid * 100 / (100 - DISCOUNT_PCT):
        return None
    return asked - paid


def _several(paper: Paper, worth: int | None, open_: Sequence[Paper]) -> Iterator[Proposal]:
    """Yield the open invoices that together come to a payment, if but one choice of them does."""
    latest = open_[-TOGETHER:]
    sums = [
        some
        for count in (2, 3)
        for some in combinations(latest, count)
        if worth and sum(_worth(one) or 0 for one in some) == worth
    ]
    if len(sums) == 1:
        for one in sums[0]:
            yield proposal(paper, one, "amount", WORTH, together=[each.ref for each in sums[0]])


def proposal(paper: Paper, other: Paper, method: str, score: float, **more: Any) -> Proposal:
    """Return the proposal that a paper follows from another, with what speaks for it."""
    evidence = {
        "amounts_minor": [_worth(other) if paper.kind == "payment" else _net(other), _net(paper)],
        "days": [other.day(*_DAY[other.kind]), paper.day(*_DAY[paper.kind])],
        "same_name": _same_name(paper, other),
        **more,
    }
    return Proposal(paper.ref, other.ref, method, score, evidence)
