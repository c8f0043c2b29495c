"""What can be worked out again from source records and people's decisions alone."""

import sqlalchemy as sa

from hub.store import tables
from hub.store.database import Tx

DERIVED = (
    tables.views,
    tables.search_items,
    tables.search_tokens,
    tables.search_grams,
    tables.links,
    tables.number_tokens,
    tables.facts,
    tables.edges,
    tables.token_counts,
    tables.profile_tokens,
    tables.profile_records,
    tables.profiles,
    tables.resolution_bases,
    tables.canonical_issues,
    tables.canonical_refs,
    tables.canonical_records,
    tables.work,
)
"""Not among them: the crosswalk and entities, whose ids last, and alerts, whose clocks run on."""


def forget(tx: Tx) -> int:
    """Remove all that is derived and make every source record due; return how many there are."""
    for table in DERIVED:
        tx.execute(sa.delete(table))
    s, c = tables.source_records.c, tables.crosswalk.c
    columns = ["stage", "item"]
    records = sa.select(sa.literal("canonicalize"), sa.cast(s.id, sa.Text))
    tx.execute(sa.insert(tables.work).from_select(columns, records))
    # A record whose mapping no longer makes it must lose its entity, too.
    standing = sa.select(sa.literal("resolve"), c.ref)
    tx.execute(sa.insert(tables.work).from_select(columns, standing))
    return tx.execute(sa.select(sa.func.count()).select_from(tables.source_records)).scalar_one()
