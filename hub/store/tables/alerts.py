"""Tables of alerts and what became of them."""

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("generation", sa.Integer, nullable=False),  # 1 for the first alert of its fingerprint
    Column("rule", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject", Ref, nullable=False),
    Column("entity_id", Text, index=True),  # the customer concerned, where there is one
    Column("condition", Text, nullable=False),
    Column("resume", Text),  # the condition to go on with once facts are fresh again
    Column("severity", Text, nullable=False),
    Column("since", Text, nullable=False),  # of the present condition
    Column("true_since", Text),
    Column("false_since", Text),
    Column("opened_at", Text, nullable=False),
    Column("fired_at", Text),
    Column("resolved_at", Text),
    Column("updated_at", Text, nullable=False),
    Column("reopened", sa.Integer, nullable=False),
    Column("ending", Text),  # what ended it
    Column("rearm_at", Text),  # closed by hand: until then it stays closed while nothing new joins
    Column("moved_to", Text, index=True),  # the alert that carries it on
    Column(
        "doubted_source", Text
    ),  # the connection that makes it unknown; of a source: itself, while it is
    Column("evidence", Text, nullable=False),  # JSON: first, worst, current
    Column("texts", Text, nullable=False),  # JSON: the rule's name and what clears it, by language
    sa.UniqueConstraint("fingerprint", "generation"),
    Index(None, "opened_at", "id"),
    Index(None, "subject"),
    Index(None, "condition", "rule"),
)

alert_events = Table(
    "alert_events",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=True),
    Column("alert_id", Text, nullable=False, index=True),
    Column("at", Text, nullable=False),
    Column("before", Text),
    Column("after", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("reason", Text, nullable=False),  # what made it change
    Column("evidence", Text, nullable=False),  # JSON
)
