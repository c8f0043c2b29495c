"""Tables of the feed of changes: what moved, each thing once, in the order of its last move."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata

changes = Table(
    "changes",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("id", Ref, primary_key=True),
    Column("op", Text, nullable=False),  # changed, removed, erased
    Column("at", Text, nullable=False),
    Column("place", BigInt, unique=True),  # null until it is numbered, after its commit
    # PostgreSQL's is partial, too, by its migration; to say so here loads its dialect: 60 ms.
    Index("ix_changes_unnumbered", "at", sqlite_where=sa.text("place IS NULL")),
)

change_counter = Table(
    "change_counter",
    metadata,
    Column("only", sa.Integer, primary_key=True, autoincrement=False),  # 1: there is one row
    Column("last", BigInt, nullable=False),
)
