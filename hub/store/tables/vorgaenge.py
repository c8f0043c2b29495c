"""Tables of business cases (Vorgänge): what they are, who belongs to them, what is missing."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, Index, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata, row_id

vorgaenge = Table(
    "vorgaenge",
    metadata,
    Column("id", Text, primary_key=True),  # a ULID that lasts
    Column("state", Text, nullable=False),  # living | merged | ended
    Column("kind", Text, nullable=False),  # new_business | renewal | project | service_case | ...
    Column("title", Text, nullable=False),
    Column("party", Text, index=True),  # the organization's entity id
    Column("phase", Text, nullable=False),  # attracted | qualified | offered | ordered | ...
    Column("phase_since", Text),  # a date
    # Amounts are net, in minor units of `currency`, an invoice's by its share in this Vorgang; null
    # where nothing of the kind is known or not all of it can be put in that currency.
    Column("currency", Text),
    Column("value_minor", BigInt),
    Column("quoted_minor", BigInt),
    Column("ordered_minor", BigInt),
    Column("invoiced_minor", BigInt),
    Column("credited_minor", BigInt),
    Column("paid_minor", BigInt),  # gross, as payments are
    # The same in the company's currency; null also where a rate is not known.
    Column("value_base_minor", BigInt),
    Column("quoted_base_minor", BigInt),
    Column("ordered_base_minor", BigInt),
    Column("invoiced_base_minor", BigInt),
    Column("credited_base_minor", BigInt),
    Column("paid_base_minor", BigInt),
    Column("opened_at", Text),  # dates
    Column("last_event_at", Text),
    Column("closed_at", Text),
    Column("departments", Text, nullable=False),  # JSON: names
    Column("gaps", Text, nullable=False),  # JSON: as in vorgang_gaps, with what they rest on
    Column("contradictions", Text, nullable=False),  # JSON
    Column("confidence", Float, nullable=False),  # of the weakest link that holds it together
    Column("members", sa.Integer, nullable=False),
    Column("merged_into", Text),
    Column("split_from", Text),
    Column("created_at", Text, nullable=False),  # instants of the hub
    Column("changed_at", Text, nullable=False),
    Column("ended_at", Text),
    Index(None, "state", "last_event_at", "id"),
)

vorgang_members = Table(
    "vorgang_members",
    metadata,
    Column("vorgang_id", Text, primary_key=True),
    Column("ref", Ref, primary_key=True),  # a document's ref or a project's entity id
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),  # trunk | branch
    Column("share_pct", Float, nullable=False),  # those of one ref over all Vorgänge sum to 100
    Column("via", Text),  # the flow link that holds it; null for what founds the Vorgang
    Column("score", Float, nullable=False),
    Column("valid_from", Text, nullable=False),
    Index(None, "ref"),
)

vorgang_member_history = Table(
    "vorgang_member_history",
    metadata,
    row_id(),
    Column("vorgang_id", Text, nullable=False, index=True),
    Column("ref", Ref, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("share_pct", Float, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
)

vorgang_phases = Table(
    "vorgang_phases",
    metadata,
    Column("vorgang_id", Text, primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("kind", Text, nullable=False),  # the Vorgang's
    Column("entered_at", Text, nullable=False),  # dates
    Column("left_at", Text),
    Column("days", sa.Integer),  # from entering to leaving
    Index(None, "kind", "phase", "days"),
)

# How long Vorgänge of a kind stayed in a phase that they have left.
vorgang_dwells = Table(
    "vorgang_dwells",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("phase", Text, primary_key=True),
    Column("p90_days", sa.Integer, nullable=False),
    Column("vorgaenge", sa.Integer, nullable=False),
)

vorgang_gaps = Table(
    "vorgang_gaps",
    metadata,
    Column("vorgang_id", Text, primary_key=True),
    Column("gap", Text, primary_key=True),  # won_without_order | order_without_project | ...
    Column("department", Text, nullable=False),  # that owns the next step
    Column("since", Text, nullable=False),  # a date; where it is still to come, no gap yet
    Index(None, "gap", "department", "since"),
)

vorgang_departments = Table(
    "vorgang_departments",
    metadata,
    Column("department", Text, primary_key=True),
    Column("vorgang_id", Text, primary_key=True),
    Index(None, "vorgang_id"),
)

vorgang_events = Table(
    "vorgang_events",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=True),
    Column("vorgang_id", Text, nullable=False, index=True),
    Column("type", Text, nullable=False),  # created | merged | split | changed | ended
    Column("at", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
)

# Links that somebody should look at: too weak to stand, too good to forget.
link_candidates = Table(
    "link_candidates",
    metadata,
    Column("from_ref", Ref, primary_key=True),
    Column("role", Text, primary_key=True),
    Column("target", Ref, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("party", Text, nullable=False, index=True),  # whom both, or the invoice, are of
    Column("method", Text, nullable=False),  # amount | single
    Column("score", Float, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON
    Index(None, "target"),
    Index(None, "score", "id"),
)

link_decisions = Table(
    "link_decisions",
    metadata,
    row_id(),
    Column("from_ref", Ref, nullable=False),
    Column("role", Text, nullable=False),
    Column("target_ref", Ref, nullable=False),  # a record: entities come and go
    Column("verdict", Text, nullable=False),  # link | no_link
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("deleted_at", Text),
    Index(None, "from_ref"),
    Index(None, "target_ref"),
)
