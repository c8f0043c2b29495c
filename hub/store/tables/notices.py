"""Tables of what people do about alerts, of who was told what, and of what waits to be sent."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata

alert_handling = Table(
    "alert_handling",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("owner", Text),
    Column("until", Text),  # the acknowledgement ends then
    Column("reason", Text),
    Column("feedback", Text),
    Column("acknowledged_at", Text),  # the first time, for the time it took
    Column("updated_at", Text, nullable=False),
)

alert_actions = Table(
    "alert_actions",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=True),
    Column("alert_id", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
)

silences = Table(
    "silences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rule", Text),  # null matches every one; so do the other four
    Column("subject_kind", Text),
    Column("subject", Ref),
    Column("customer", Text),
    Column("severity", Text),
    Column("starts_at", Text, nullable=False),
    Column("until", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Index(None, "until"),
)

rule_states = Table(
    "rule_states",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("version", Text, nullable=False),  # of the rule when it last erred or was held
    Column("errors", sa.Integer, nullable=False),  # evaluations in a row that failed
    Column("erred_at", Text),
    Column("quarantined_at", Text),
    Column("held_at", Text),  # the storm brake
    Column("released_at", Text),
    Column("detail", Text, nullable=False),
)

alert_tellings = Table(
    "alert_tellings",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("target", Text, primary_key=True),
    Column("severity", Text, nullable=False),
    Column("told_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("repeats", sa.Integer, nullable=False),
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("state", Text, nullable=False),
    Column("because", Text),
    Column("until", Text),
)

notice_groups = Table(
    "notice_groups",
    metadata,
    Column("target", Text, primary_key=True),
    Column("key", Ref, primary_key=True),
    Column("waiting_since", Text),
    Column("flushed_at", Text),
)

announcements = Table(
    "announcements",
    metadata,
    Column("key", Ref, primary_key=True),  # what was told once and is never told again
    Column("at", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),  # due, sent, dead
    Column("created_at", Text, nullable=False),
    Column("due_at", Text, nullable=False),
    Column("attempts", sa.Integer, nullable=False),
    Column("claimed_until", Text),
    Column("sent_at", Text),
    Column("error", Text),
    Column("body", Text, nullable=False),  # JSON
    Index(None, "state", "target", "seq"),
)
