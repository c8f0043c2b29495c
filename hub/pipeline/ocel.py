"""Streams all business cases out as OCEL 2.0, in batches, without holding them."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from hub.pipeline.papers import begins_at, read
from hub.store import flow, views, vorgaenge, vorgang_lists
from hub.store.database import Tx
from hub.vorgang import ocel
from hub.vorgang.flow import KINDS, may_flow
from hub.vorgang.paper import Paper

BATCH = 1000
_encode = msgspec.json.Encoder().encode


def stream(tx: Tx, currency: str) -> Iterator[bytes]:
    """Yield the log piece by piece; together they are one JSON document.

    currency: the company's.
    """
    yield b'{"objectTypes":' + _encode(ocel.object_types())
    yield b',"eventTypes":' + _encode(ocel.event_types())
    yield from _listed(b',"objects":[', _objects(tx, currency))
    yield from _listed(b'],"events":[', _events(tx))
    yield b"]}\n"


def _listed(opening: bytes, items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    yield opening
    comma = b""
    for item in items:
        yield comma + _encode(item)
        comma = b","


def _objects(tx: Tx, currency: str) -> Iterator[dict[str, Any]]:
    """Yield papers, then cases, then the customers that any of these name."""
    parties: set[str] = set()
    for papers, cases in _batches(tx):
        beside = _linked(tx, papers)
        for ref, paper in papers.items():
            parties |= paper.parties
            yield ocel.paper_object(paper, cases[ref], beside.get(ref, ()), currency)
    for rows in vorgang_lists.batches(tx, BATCH):
        for row in rows:
            parties |= {row.party} if row.party else set()
            yield ocel.case_object(row.id, row._asdict(), row.party)
    names = views.names(tx, parties)
    for party in sorted(parties):
        yield ocel.party_object(party, names.get(party))


def _events(tx: Tx) -> Iterator[dict[str, Any]]:
    for papers, cases in _batches(tx):
        for ref, paper in papers.items():
            yield from ocel.events(paper, cases[ref])


def _batches(tx: Tx) -> Iterator[tuple[dict[str, Paper], dict[str, list[str]]]]:
    """Yield papers by ref with the cases each belongs to."""
    after = ""
    while found := vorgaenge.cases_of(tx, after=after, limit=BATCH):
        yield read(tx, found).papers, found
        after = max(found)


def _linked(tx: Tx, papers: dict[str, Paper]) -> dict[str, list[tuple[str, str]]]:
    """Return what these papers point at along the flow, of what is in any case."""
    rows = [
        row
        for row in flow.links_at(tx, papers, KINDS)
        if begins_at(row) in papers and may_flow(row.from_kind, row.role)
    ]
    inside = vorgaenge.members_among(tx, {row.target for row in rows})
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if row.target in inside:
            found.setdefault(begins_at(row), []).append((row.target, row.role))
    return found
