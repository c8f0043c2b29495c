"""Links that wait for a person: too weak to stand, too good to forget."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.link import Link, LinkMethod, link_id
from hub.store.database import Row, Tx, among, chunks, upsert
from hub.store.tables import link_candidates

_c = link_candidates.c
_evidence = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link that waits. party: the customer both ends are of, or that the invoice is of."""

    id: str
    from_ref: str
    role: str
    target: str
    party: str
    method: LinkMethod
    score: float
    evidence: dict[str, Any]

    @property
    def link(self) -> Link:
        """Return the link it would be."""
        return Link(self.from_ref, self.role, self.target, self.method, self.score, self.evidence)


def replace(tx: Tx, parties: Collection[str], links: Iterable[tuple[str, Link]]) -> None:
    """Let these, each with its customer, be all that waits at these customers."""
    for chunk in chunks(parties):
        tx.execute(sa.delete(link_candidates).where(among(_c.party, chunk)))
    rows = {
        link.id: {
            "from_ref": link.from_ref,
            "role": link.role,
            "target": link.target,
            "id": link_id(link.from_ref, link.role, link.target),
            "party": party,
            "method": link.method,
            "score": link.score,
            "evidence": _encode(link.evidence).decode(),
        }
        for party, link in links
    }
    upsert(tx, link_candidates, list(rows.values()))


def page(
    tx: Tx, *, after: tuple[float, str] | None = None, party: str | None = None, limit: int = 50
) -> list[Candidate]:
    """Return up to `limit` links that wait, the strongest first. after: score and id."""
    query = sa.select(link_candidates)
    if party is not None:
        query = query.where(_c.party == party)
    if after is not None:
        score, last = after
        query = query.where((_c.score < score) | ((_c.score == score) & (_c.id > last)))
    rows = tx.execute(query.order_by(_c.score.desc(), _c.id).limit(limit))
    return [_candidate(row) for row in rows]


def get(tx: Tx, candidate_id: str) -> Candidate | None:
    """Return what waits under an id, or None."""
    row = tx.execute(sa.select(link_candidates).where(_c.id == candidate_id)).one_or_none()
    return _candidate(row) if row else None


def _candidate(row: Row) -> Candidate:
    return Candidate(
        row.id,
        row.from_ref,
        row.role,
        row.target,
        row.party,
        row.method,
        row.score,
        _evidence(row.evidence),
    )
