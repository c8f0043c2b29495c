"""Tells a business case from its papers: kind, customer, phase, sums, gaps and contradictions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hub.model.vorgang import Vorgang, VorgangKind
from hub.vorgang.amounts import amounts
from hub.vorgang.contradictions import contradictions
from hub.vorgang.flow import TRUNK
from hub.vorgang.gaps import gaps
from hub.vorgang.paper import DEPARTMENT, Paper
from hub.vorgang.phases import Papers, entries
from hub.vorgang.threads import Thread

_TITLED = ("deal", "quote", "order", "project", "lead", "ticket", "invoice", "delivery", "payment")
"""Kinds by how well their titles tell what a case is about."""
TITLE = 200


@dataclass(frozen=True, slots=True)
class Cover:
    """The days a contract covers. starts_on, ends_on: dates, None if open."""

    starts_on: str | None
    ends_on: str | None


@dataclass(frozen=True, slots=True)
class Ground:
    """What a case is told by beside its papers. contracts: by ref, those papers rest on; covers:
    customer -> contracts that are or were in force; contracts_known: whether any source tells of
    contracts at all."""

    company_currency: str = "EUR"
    contracts: Mapping[str, Cover] = field(default_factory=dict)
    covers: Mapping[str, Sequence[Cover]] = field(default_factory=dict)
    contracts_known: bool = True


def vorgang(thread: Thread, papers: Mapping[str, Paper], ground: Ground) -> Vorgang:
    """Return what a thread's papers come to. papers: by ref, each as a whole."""
    own = [replace(papers[member.ref], share_pct=member.share_pct) for member in thread.members]
    named = {ref: papers[ref] for one in own for ref in one.invoices if ref in papers}
    told = Papers(own, amounts(own, ground.company_currency), named)
    phases = tuple(entries(told))
    days = sorted({at[:10] for paper in own for at, _ in paper.happenings()})
    found = gaps(
        told, closed=phases[-1].phase == "closed", covered=lambda one: _covered(one, ground)
    )
    return Vorgang(
        kind=_kind(own, days[0] if days else None, ground),
        title=_title(own),
        party=_party(own),
        entries=phases,
        amounts=told.amounts,
        opened_at=days[0] if days else None,
        last_event_at=days[-1] if days else None,
        departments=tuple(sorted({DEPARTMENT[paper.kind] for paper in own})),
        gaps=tuple(found),
        contradictions=tuple(contradictions(told)),
        confidence=thread.confidence,
        members=thread.members,
    )


def _kind(papers: Sequence[Paper], opened: str | None, ground: Ground) -> VorgangKind:
    kinds = {paper.kind for paper in papers}
    if not kinds - {"ticket", "message", "task", "time_entry"}:
        complaint = any(paper.fields.get("kind") == "complaint" for paper in papers)
        return "complaint" if complaint else "service_case"
    if kinds & TRUNK == {"project"}:
        return "project"
    renewed = any(paper.fields.get("is_renewal") is True for paper in papers)
    return "renewal" if renewed or _under_contract(papers, opened, ground) else "new_business"


def _under_contract(papers: Sequence[Paper], opened: str | None, ground: Ground) -> bool:
    """Say whether a paper rests on a contract that was there before the case."""
    refs = {ref for paper in papers if paper.kind != "ticket" for ref in paper.contracts}
    known = [ground.contracts[ref] for ref in refs if ref in ground.contracts]
    return any((one.starts_on or "") < (opened or "") for one in known)


def _covered(ticket: Paper, ground: Ground) -> bool:
    """Say whether a contract covers a ticket, or nobody can know."""
    day = ticket.day("opened_at")
    if ticket.contracts or not ground.contracts_known or not ticket.parties or day is None:
        return True
    return any(
        (cover.starts_on or "") <= day <= (cover.ends_on or "9999")
        for party in ticket.parties
        for cover in ground.covers.get(party, ())
    )


def _title(papers: Sequence[Paper]) -> str:
    for kind in _TITLED:
        for paper in papers:
            if paper.kind == kind and (paper.title or paper.number):
                return str(paper.title or paper.number)[:TITLE]
    return papers[0].ref


def _party(papers: Sequence[Paper]) -> str | None:
    """Return the customer that the earliest paper of the flow names, best if it names but one."""
    named = [paper for paper in papers if paper.parties]
    clear = [paper for paper in named if len(paper.parties) == 1]
    return min((clear or named)[0].parties) if named else None
