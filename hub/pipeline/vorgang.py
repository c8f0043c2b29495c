"""Tells business cases anew around the records that changed, and says who must hear of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec

from hub.clock import instant_text
from hub.model.resolution import Assignment
from hub.model.vorgang import PHASES, Vorgang
from hub.pipeline.papers import Read, begins_at, read
from hub.resolution import lasting
from hub.store import changes, flow, vorgaenge, work
from hub.store.database import Database, Row, Tx
from hub.vorgang.amounts import shared_currency
from hub.vorgang.case import Cover, Ground, vorgang
from hub.vorgang.flow import KINDS, OF_FIELDS, PARTY, flows, may_flow, rank
from hub.vorgang.links import KEY
from hub.vorgang.paper import PRICE, Paper
from hub.vorgang.threads import FlowLink, Thread, threads

BATCH = 2000
ROLES = frozenset(KINDS) - OF_FIELDS
REALM = "vorgang"
"""A case begins with a record, as the entity does that this record may stand for."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Telling:
    """What cases are told by, beside their records. contracts_known: whether any source tells of
    contracts: without one, nobody can say that service has none."""

    company_currency: str = "EUR"
    contracts_known: bool = True


@dataclass(slots=True)
class _Around:
    """Whole neighbourhoods of records along flow links, and the cases they were."""

    nodes: set[str] = field(default_factory=set)
    links: dict[str, Row] = field(default_factory=dict)
    old: list[Row] = field(default_factory=list)
    read: Read = field(default_factory=Read)

    @property
    def papers(self) -> dict[str, Paper]:
        """Return the records of the flow."""
        return self.read.papers


def tell(db: Database, now: datetime, telling: Telling, limit: int = BATCH) -> int:
    """Tell the cases around one batch of records that are due; return how many those were."""
    with db.transaction() as tx:
        items = work.take(tx, "vorgang", limit)
        if items:
            told = _tell(tx, items, telling, instant_text(now))
            work.done(tx, "vorgang", {*items, *told})  # a neighbourhood is told once
    return len(items)


def _tell(tx: Tx, items: Collection[str], telling: Telling, now: str) -> set[str]:
    """Tell the whole neighbourhoods of these; return all that is in them."""
    around = _around(tx, items)
    around.read = read(tx, around.nodes)
    papers = around.papers
    links = _flow_links(around)
    worth = _worth(papers.values(), telling.company_currency)
    found = threads({ref: paper.kind for ref, paper in papers.items()}, links, worth)
    _name_invoices(papers, links)
    assignment = _assign(tx, found, around)
    ground = _ground(tx, papers, telling)
    told = {
        assignment.entity_of[thread.own[0]]: vorgang(thread, papers, ground) for thread in found
    }
    before = vorgaenge.rows(tx, {*told, *(row.vorgang_id for row in around.old)})
    changed = vorgaenge.replace(tx, told, before, around.old, now)
    vorgaenge.apply_events(tx, assignment.events, assignment.redirects, now)
    changes.note(tx, "vorgang", changed, now)
    ended = {*assignment.redirects, *(e.entity for e in assignment.events if e.kind == "emptied")}
    changes.note(tx, "vorgang", ended, now, op="removed")
    _announce(tx, told, before, changed, now)
    return around.nodes


def _around(tx: Tx, items: Iterable[str]) -> _Around:
    """Return all that is reached from these along flow links, and by the cases they were in."""
    around = _Around()
    parties = [item[len(PARTY) :] for item in items if item.startswith(PARTY)]
    held = vorgaenge.of_parties(tx, parties)
    fringe = {item for item in items if not item.startswith(PARTY)}
    fringe |= {row.ref for row in vorgaenge.members(tx, held)}
    known: set[str] = set()
    while fringe:
        _spread(tx, around, fringe)
        ids = vorgaenge.of_members(tx, around.nodes) - known
        known |= ids
        old = vorgaenge.members(tx, ids)
        around.old += old
        fringe = {row.ref for row in old} - around.nodes
    return around


def _spread(tx: Tx, around: _Around, fringe: set[str]) -> None:
    while fringe:
        around.nodes |= fringe
        reached: set[str] = set()
        for row in flow.links_at(tx, fringe, ROLES):
            if row.from_kind == "line" or may_flow(row.from_kind, row.role):
                around.links[row.id] = row
                reached |= {begins_at(row), row.target}
        fringe = reached - around.nodes


def _flow_links(around: _Around) -> list[FlowLink]:
    """Return the flow links there are, and those that lines make between what they name."""
    found: list[FlowLink] = []
    lines: dict[str, list[Row]] = {}
    for row in around.links.values():
        if row.from_kind == "line":
            lines.setdefault(row.from_ref, []).append(row)
        else:
            found += _directed(around.papers, row.id, row.score, begins_at(row), row.target)
    for ref, rows in lines.items():
        found += _of_line(around, around.read.line_minor.get(ref), rows)
    return found


def _directed(
    papers: Mapping[str, Paper],
    link_id: str,
    score: float,
    *ends: str,
    weight: int | None = None,
) -> Iterable[FlowLink]:
    known = [papers[end] for end in ends if end in papers]
    upper, lower = min(known, key=_rank, default=None), max(known, key=_rank, default=None)
    if not (upper and lower and len(known) > 1 and flows(upper.kind, lower.kind)):
        return
    # Suppliers number their invoices as we do ours: what we pay by a number alone is no refund.
    if lower.kind != "refund" or score == KEY or upper.parties & lower.parties:
        yield FlowLink(link_id, upper.ref, lower.ref, score, weight)


def _rank(paper: Paper) -> int:
    return rank(paper.kind)


def _of_line(around: _Around, minor: int | None, rows: Sequence[Row]) -> Iterable[FlowLink]:
    """Yield what a line says: its document, the latest of the flow, follows from all it names."""
    known = sorted(
        (row for row in rows if row.target in around.papers),
        key=lambda row: (-_rank(around.papers[row.target]), row.id),
    )
    for row in known[1:]:
        score = min(row.score, known[0].score)
        ends = (row.target, known[0].target)
        yield from _directed(around.papers, row.id, score, *ends, weight=minor)


def _worth(papers: Collection[Paper], company_currency: str) -> dict[str, int]:
    """Return what papers are worth, in one currency; what is not known in it is left out."""
    currency = shared_currency(papers, company_currency)
    return {one.ref: amount for one in papers if (amount := one.worth(currency, *PRICE))}


def _name_invoices(papers: dict[str, Paper], links: Iterable[FlowLink]) -> None:
    """Tell payments, credit notes and reminders which invoices they are about."""
    named: dict[str, set[str]] = {}
    for link in links:
        if papers[link.upper].kind == "invoice":
            named.setdefault(link.lower, set()).add(link.upper)
    for ref, invoices in named.items():
        papers[ref] = replace(papers[ref], invoices=frozenset(invoices))


def _assign(tx: Tx, found: Sequence[Thread], around: _Around) -> Assignment:
    """Return which case each thread's own members are, by the members it had."""
    before = {row.ref: row.vorgang_id for row in around.old if row.share_pct == 100}
    own = [list(thread.own) for thread in found]
    seen = dict(around.read.first_seen)
    at = {ref: number for number, refs in enumerate(own) for ref in refs}
    # A project that was merged into another brings its case along.
    gone = [ref for ref in before if ref not in at and ":" not in ref]
    for ref, into in flow.merged_into(tx, gone).items():
        if into in at:
            own[at[into]].append(ref)
            seen[ref] = 1 << 47
    oldest = [min(refs, key=lambda ref: (seen[ref], ref)) for refs in own]
    new = [
        lasting.entity_id(ref, seen[ref], salt, realm=REALM) for ref in oldest for salt in range(3)
    ]
    created = {one: row.created_at for one, row in vorgaenge.rows(tx, set(before.values())).items()}
    return lasting.assign(
        own,
        before=before,
        first_seen_ms=seen,
        created=created,
        taken=frozenset(vorgaenge.taken(tx, new)),
        realm=REALM,
    )


def _ground(tx: Tx, papers: Mapping[str, Paper], telling: Telling) -> Ground:
    refs = {ref for paper in papers.values() for ref in paper.contracts}
    tickets = [paper for paper in papers.values() if paper.kind == "ticket"]
    parties = {party for paper in tickets for party in paper.parties}
    contracts: dict[str, Cover] = {}
    covers: dict[str, list[Cover]] = {}
    for row in flow.contracts(tx, refs, parties):
        fields = _decode(row.fields)
        cover = Cover(*(_day(fields.get(name)) for name in ("starts_on", "ends_on")))
        contracts[row.ref] = cover
        if row.party:
            covers.setdefault(row.party, []).append(cover)
    return Ground(telling.company_currency, contracts, covers, telling.contracts_known)


def _day(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _announce(
    tx: Tx,
    told: Mapping[str, Vorgang],
    before: Mapping[str, Row],
    changed: Collection[str],
    now: str,
) -> None:
    """Make due the alerts and the customers of cases that changed; note what came of them."""
    events = []
    parties = set()
    for one in sorted(changed):
        was, now_told = before.get(one), told.get(one)
        parties |= {side.party for side in (was, now_told) if side is not None and side.party}
        if was is None or now_told is None or was.phase == now_told.phase:
            continue
        back = PHASES.index(now_told.phase) < PHASES.index(was.phase)
        detail = {"before": was.phase, "after": now_told.phase}
        events.append((one, "reopened" if back else "phase", detail))
    vorgaenge.note(tx, events, now)
    work.add(tx, "alert", [f"vorgang:{one}" for one in sorted(changed)])
    work.add(tx, "render", sorted(parties))
    kinds = {told[one].kind for one in changed & told.keys()}
    kinds |= {before[one].kind for one in changed if one in before}
    if kinds:
        vorgaenge.refresh_dwells(tx, kinds)
