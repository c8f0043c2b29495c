"""Links: who relates to whom, by which method, with what evidence."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.link import Link
from hub.store import review
from hub.store.database import Row, Tx, among, chunks, upsert
from hub.store.tables import links

_evidence = msgspec.json.Decoder(dict[str, Any])
_encode = msgspec.json.Encoder(order="sorted").encode


def get(tx: Tx, link_id: str) -> Link | None:
    """Return one link by its public id, or None."""
    row = tx.execute(sa.select(links).where(links.c.id == link_id)).one_or_none()
    return _link(row) if row else None


def of_records(tx: Tx, refs: Collection[str]) -> dict[str, list[Link]]:
    """Return the links that start at each record, by role; one without is absent."""
    found: dict[str, list[Link]] = {}
    order = (links.c.from_ref, links.c.role, links.c.target)
    for chunk in chunks(refs):
        where = among(links.c.from_ref, chunk)
        for row in tx.execute(sa.select(links).where(where).order_by(*order)):
            found.setdefault(row.from_ref, []).append(_link(row))
    return found


def replace(tx: Tx, gone: Collection[Link], new: Iterable[Link]) -> None:
    """Remove the links `gone` and write `new`, over what stands at the same ends.

    How much hangs on an entity decides how weighty the questions about it are.
    """
    new = list(new)
    for chunk in chunks(link.id for link in gone):
        tx.execute(sa.delete(links).where(among(links.c.id, chunk)))
    upsert(tx, links, [_row(link) for link in new])
    review.make_due(tx, {link.target for link in (*gone, *new) if ":" not in link.target})


def _row(link: Link) -> dict[str, Any]:
    return {
        "from_ref": link.from_ref,
        "role": link.role,
        "target": link.target,
        "id": link.id,
        "method": link.method,
        "score": link.score,
        "evidence": _encode(link.evidence).decode(),
    }


def _link(row: Row) -> Link:
    evidence = _evidence.decode(row.evidence)
    return Link(row.from_ref, row.role, row.target, row.method, row.score, evidence)
