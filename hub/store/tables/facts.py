"""Tables of facts: what was observed about each subject, now and before."""

from sqlalchemy import Column, Float, Index, Integer, Table, Text, text

from hub.store.tables.columns import Ref, metadata, row_id

# One row a subject, whatever the number of its facts. Ages and deadlines stand as dates, so that a
# row is written again only where a record has changed, not because time has passed.
facts = Table(
    "facts",
    metadata,
    Column("subject_kind", Text, primary_key=True),  # customer | deal | ticket | source ...
    Column("subject", Ref, primary_key=True),
    Column("customer", Text),  # the organization it belongs to; a customer's own id
    Column("connection", Text),  # of the one record it is; null where it is made of several
    Column("found", Text, nullable=False),  # JSON: name -> number, text, date ...
    Column("since", Text, nullable=False),  # JSON: name -> since when; "" for all others
    Column("valid_from", Text, nullable=False),
    # The day or instant from which the same records tell something else; null: never.
    Column("changes_at", Text),
    # PostgreSQL's is partial, too, by its migration; to say so here loads its dialect: 60 ms.
    Index("ix_facts_changes_at", "changes_at", sqlite_where=text("changes_at IS NOT NULL")),
    Index(None, "customer", "subject_kind"),
)

fact_history = Table(
    "fact_history",
    metadata,
    row_id(),
    Column("subject_kind", Text, nullable=False),
    Column("subject", Ref, nullable=False),
    Column("customer", Text),
    Column("connection", Text),
    Column("found", Text, nullable=False),
    Column("since", Text, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Index(None, "subject_kind", "subject", "valid_to"),
    Index(None, "customer", "valid_to"),
)

# Which connections a kind of record could be known from, and since when.
fact_sources = Table(
    "fact_sources",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("valid_from", Text, primary_key=True),
    Column("connections", Text, nullable=False),  # JSON list; empty while the kind is not known
)

# The day for which windows of time ("in 30 days") were last counted, by which look, and by which
# sieve it was found who is at rest; "" where that is not known of all.
fact_days = Table(
    "fact_days",
    metadata,
    Column("day", Text, primary_key=True),
    Column("look", Text, nullable=False, server_default=""),
    Column("sieve", Text, nullable=False, server_default=""),
)

# Until when nobody need be asked whether a rule tells something of a subject; a customer with all
# that is its own. Who is not on it is at rest until a record changes.
restless = Table(
    "restless",
    metadata,
    Column("subject_kind", Text, primary_key=True),
    Column("subject", Ref, primary_key=True),
    Column("wakes_on", Text, nullable=False, index=True),  # the day; "" for any
    Column("noted", Text, nullable=False),  # another one each time it is put on
)

# What is usual of projects that are billed and planned alike, as of the last look at all of them.
project_norms = Table(
    "project_norms",
    metadata,
    Column("peers", Text, primary_key=True),  # fixed hours 320
    Column("measure", Text, primary_key=True),  # hours | cost | scope
    Column("members", Integer, nullable=False),
    Column("middle", Float, nullable=False),
    Column("spread", Float, nullable=False),
)
