"""Makes due again what was derived from source records: all of it, or what holds amounts."""

import sqlalchemy as sa

from hub.store.database import Tx
from hub.store.tables import (
    canonical_records,
    crosswalk,
    edges,
    entities,
    link_candidates,
    links,
    mapped_connections,
    number_tokens,
    profile_records,
    profiles,
    resolution_bases,
    review_pairs,
    search_grams,
    search_items,
    search_tokens,
    token_holders,
    views,
    vorgaenge,
    vorgang_members,
    work,
)

DERIVED = (
    mapped_connections,
    profile_records,
    profiles,
    token_holders,
    resolution_bases,
    edges,
    review_pairs,
    links,
    link_candidates,
    number_tokens,
    search_grams,
    search_items,
    search_tokens,
)
"""Emptied. Canonical records, entities and cases with their ids, alerts and views stand until made
anew: ids last, and the API goes on answering meanwhile."""

STAGES = ("resolve", "thread", "propose", "vorgang", "render", "review")
BEGUN = ("reweigh", "rescore", "reread")
"""What is due of the index that is emptied here."""


def start_over(tx: Tx) -> int:
    """Let every record walk the whole street again; return how many canonical records those are."""
    for table in DERIVED:
        tx.execute(sa.delete(table))
    tx.execute(sa.update(views).values(etag=""))
    tx.execute(sa.update(vorgaenge).where(vorgaenge.c.state == "living").values(members=-1))
    tx.execute(sa.delete(work).where(work.c.stage.in_((*STAGES, *BEGUN))))
    refs = sa.select(canonical_records.c.ref)
    _make_due(tx, "resolve", sa.union(refs, sa.select(crosswalk.c.ref)))
    _make_due(tx, "thread", refs)
    _make_due(tx, "vorgang", sa.select(vorgang_members.c.ref).distinct())
    _make_due(tx, "render", sa.union(sa.select(entities.c.id), sa.select(views.c.id)))
    return tx.execute(sa.select(sa.func.count()).select_from(canonical_records)).scalar_one()


def value_anew(tx: Tx) -> None:
    """Let every business case and view be told again, as in another currency of the company."""
    _make_due(tx, "vorgang", sa.select(vorgang_members.c.ref).distinct())
    _make_due(tx, "render", sa.select(views.c.id))


def _make_due(tx: Tx, stage: str, items: sa.Select[tuple[str]] | sa.CompoundSelect[str]) -> None:
    found = items.subquery()
    item = next(iter(found.c))
    is_due = sa.exists().where(work.c.stage == stage, work.c.item == item)
    rows = sa.select(sa.literal(stage), item).where(~is_due)
    tx.execute(sa.insert(work).from_select(["stage", "item"], rows))
