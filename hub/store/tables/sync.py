"""Tables of runs, checkpoints and records as they were sent."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata, row_id

runs = Table(
    "runs",
    metadata,
    row_id(),
    Column("connection", Text, nullable=False),
    Column("state", Text, nullable=False),  # running | succeeded | partial | failed | cancelled
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("progress", Text, nullable=False),  # JSON: stream -> counts
    Column("error_kind", Text),  # config | broken | transient | contract | bug
    Column("error", Text),
    Column("cancel_asked", Boolean, nullable=False, server_default=sa.false()),
    Index(None, "connection", "id"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)

credential_ends = Table(
    "credential_ends",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("ends_at", Text, nullable=False),
    Column("noted_at", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("partition", Ref, primary_key=True),  # "" for the stream as a whole
    Column("cursor", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
)

source_records = Table(
    "source_records",
    metadata,
    row_id(),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("key", Ref, nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Column("fetched_at", Text, nullable=False),
    sa.UniqueConstraint("connection", "stream", "key"),
)

source_versions = Table(
    "source_versions",
    metadata,
    Column("record_id", BigInt, ForeignKey("source_records.id"), primary_key=True),
    Column("version", sa.Integer, primary_key=True),
    Column("payload", Text, nullable=False),  # JSON as sent; the last one seen where deleted
    Column("hash", LargeBinary, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("fetched_at", Text, nullable=False),
)

known_pages = Table(
    "known_pages",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),  # of its bytes and how they are read
    Column("cursors", Text, nullable=False),  # JSON: what places it in its listing
    Column("ids", Text, nullable=False),  # of its records: 17-516, else a JSON list
    Column("held", LargeBinary, nullable=False),  # digest of its records as they were stored
)

quarantine = Table(
    "quarantine",
    metadata,
    row_id(),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("key", Text),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("state", Text, nullable=False),  # open | replayed | gone
    Column("first_seen_at", Text, nullable=False),
    Column("seen_run", BigInt, nullable=False),
    sa.UniqueConstraint("connection", "stream", "fingerprint"),
)

# How records differ from what their connector declares; first_seen_at: of this very difference.
drift = Table(
    "drift",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("field", Ref, primary_key=True),
    Column("text", Ref, primary_key=True),
    Column("first_seen_at", Text, nullable=False),
)

# What still has to walk on: written in the transaction that makes it due, removed in the one that
# does it. stage: canonicalize | resolve | thread | alert | render; item: the record's, entity's id.
work = Table(
    "work",
    metadata,
    Column("stage", Text, primary_key=True),
    Column("item", Ref, primary_key=True),
)
