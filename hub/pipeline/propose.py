"""Looks among the papers of customers for links that a person should decide about."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from hub.model.link import Link, LinkMethod
from hub.pipeline.papers import begins_at, read
from hub.store import flow, link_candidates, link_decisions, work
from hub.store.database import Database, Row, Tx
from hub.store.threads import carriers, cited_by_payments
from hub.vorgang.flow import KINDS as FLOW_KINDS
from hub.vorgang.flow import flows, rank
from hub.vorgang.paper import Paper
from hub.vorgang.payers import Cited, paid_by_others
from hub.vorgang.proposals import KINDS, Proposal, Standing, open_nodes, proposals

BATCH = 200


def propose(db: Database, limit: int = BATCH) -> int:
    """Look over one batch of customers that are due; return how many there were, 0 at the end."""
    with db.transaction() as tx:
        parties = work.take(tx, "propose", limit)
        if parties:
            link_candidates.replace(tx, parties, _proposed(tx, parties))
            work.done(tx, "propose", parties)
    return len(parties)


def _proposed(tx: Tx, parties: Iterable[str]) -> list[tuple[str, Link]]:
    of_party: dict[str, dict[str, str]] = {}
    for row in flow.nodes_of_parties(tx, list(parties), KINDS):
        of_party.setdefault(row.party, {})[row.node] = row.kind
    below, above = _settled(
        tx, {node: kind for some in of_party.values() for node, kind in some.items()}
    )
    # Most papers stand where they belong: what nothing is asked of need not be read.
    asked = {party: open_nodes(kinds, below, above) for party, kinds in of_party.items()}
    papers = read(tx, {node for some in asked.values() for node in some}).papers
    standing = Standing(below, above, _barred(tx, papers))
    first = flow.first_records(tx, [node for node in papers if ":" not in node])
    found = []
    for party, nodes in asked.items():
        own = [papers[node] for node in sorted(nodes) if node in papers]
        for one in proposals(own, standing):
            both = papers[one.lower].parties & papers[one.upper].parties
            if party == min(both):  # papers of two customers wait at one
                found.append((party, _link(one, papers, first)))
    return [*found, *_of_others(tx, of_party, below)]


def _of_others(
    tx: Tx, of_party: Mapping[str, Mapping[str, str]], below: Mapping[str, Collection[str]]
) -> Iterator[tuple[str, Link]]:
    """Yield what others may have paid of these customers' invoices, each at the debtor."""
    unpaid = {
        node
        for nodes in of_party.values()
        for node, kind in nodes.items()
        if kind == "invoice" and "payment" not in below.get(node, ())
    }
    cited = [Cited(*row) for row in cited_by_payments(tx, unpaid)]
    if not cited:
        return
    bearers: dict[str, set[str]] = {}
    for row in carriers(tx, {one.number for one in cited}):
        if row.kind == "invoice":
            bearers.setdefault(row.token, set()).add(row.ref)
    payments = {one.payment for one in cited}
    papers = read(tx, payments | {one.invoice for one in cited}).papers
    _, above = _settled(tx, dict.fromkeys(payments, "payment"))
    standing = Standing(above=above, barred=_barred(tx, papers))
    for one in paid_by_others(cited, papers, bearers, standing):
        party = min(papers[one.upper].parties)
        if party in of_party:  # an invoice of two customers waits at one
            yield party, _link(one, papers, {})


def _link(one: Proposal, papers: Mapping[str, Paper], first: Mapping[str, str]) -> Link:
    method: LinkMethod = "amount" if one.method == "amount" else "single"
    begin = first.get(one.lower, one.lower)
    return Link(begin, papers[one.upper].kind, one.upper, method, one.score, one.evidence)


def _settled(tx: Tx, kinds: Mapping[str, str]) -> tuple[dict[str, set[str]], set[str]]:
    """Return node -> kinds that follow from it, and the nodes that follow from something."""
    below: dict[str, set[str]] = {}
    above: set[str] = set()
    for row in flow.links_at(tx, kinds, FLOW_KINDS):
        ends = (begins_at(row), row.target)
        known = [kinds.get(end) or _role(row, end) for end in ends]
        if not flows(*known):
            continue
        upper, lower = sorted(zip(ends, known, strict=True), key=lambda end: rank(end[1]))
        below.setdefault(upper[0], set()).add(lower[1])
        above.add(lower[0])
    return below, above


def _barred(tx: Tx, nodes: Iterable[str]) -> set[frozenset[str]]:
    """Return the pairs that somebody has said no to."""
    refs = [node for node in nodes if ":" in node]
    refs += flow.records_of(tx, [node for node in nodes if ":" not in node])
    return {
        frozenset((_node(row, "from"), _node(row, "target")))
        for row in link_decisions.standing(tx, refs)
        if row.verdict == "no_link"
    }


def _role(row: Row, end: str) -> str:
    """Return what the other end of a link is, as far as the link tells."""
    kind: str = row.role if end == row.target else row.from_kind
    return kind


def _node(row: Row, end: str) -> str:
    kind, entity = getattr(row, f"{end}_kind"), getattr(row, f"{end}_entity")
    node: str = entity if kind == "project" else getattr(row, f"{end}_ref")
    return node
