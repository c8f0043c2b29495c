"""Tables of who was erased: what was asked and done, and the marks by which it stays away."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata

# Nothing here tells who it was: ids of the hub's own, counts, and marks made with a key.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # person | organization
    Column("entities", Text, nullable=False),  # JSON: ids that stand for nobody any more
    Column("state", Text, nullable=False),  # asked | cut | done | lifted
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("done_at", Text),
    Column("receipt", Text, nullable=False),  # JSON: store -> rows
    Column("streams", Text, nullable=False),  # JSON: [connection, stream] that told of it
    Column("lifted_at", Text),
    Column("lifted_by", Text),
    Column("lift_reason", Text),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("mark", Ref, primary_key=True),  # HMAC-SHA256 of a normalised identifier, 128 bits
    Column("erasure_id", Text, ForeignKey("erasures.id"), primary_key=True),
    Column("what", Text, nullable=False),  # record | paper | kept | email | phone | name
    Column("until", Text),  # of what the law keeps: the last day
    Column("met", sa.Integer, nullable=False),  # how often a source brought it since
    Column("met_at", Text),
)

# Papers of somebody erased that the law keeps: nothing is made of them, and nobody reads them.
kept_records = Table(
    "kept_records",
    metadata,
    Column(
        "record_id",
        BigInt,
        ForeignKey("source_records.id"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("erasure_id", Text, ForeignKey("erasures.id"), nullable=False),
    Column("until", Text, nullable=False),  # the last day
)
