"""Tables of records in the hub's nouns."""

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata, row_id

canonical_records = Table(
    "canonical_records",
    metadata,
    row_id(),
    Column("ref", Ref, nullable=False, unique=True),
    Column("source_id", BigInt, ForeignKey("source_records.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    Column("raw", Text, nullable=False),  # JSON: the source's value where it differs
    Column("extensions", Text, nullable=False, server_default="{}"),  # JSON, as sent
    Column("version", sa.Integer, nullable=False),  # of the source record it was made from
    Column("first_seen_at", Text, nullable=False),
    Column("fetched_at", Text, nullable=False),
    # What lists and timelines sort and filter by, taken out of `fields`.
    Column("at", Text),
    Column("number", Text),
    Column("status", Text),
    Column("title", Text),
    Index(None, "kind", "number"),
    Index(None, "connection", "stream"),
)

# Which mapping a connection's records went through last: another version sends all of them again.
mapped_connections = Table(
    "mapped_connections",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("mapping_version", Text, nullable=False),
)

canonical_refs = Table(
    "canonical_refs",
    metadata,
    Column("from_ref", Ref, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("target_ref", Ref, primary_key=True),
    Index(None, "target_ref"),
)

canonical_issues = Table(
    "canonical_issues",
    metadata,
    Column("ref", Ref, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Index(None, "connection", "stream", "field"),
)
