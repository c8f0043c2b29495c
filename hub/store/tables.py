"""Every table of the hub, in the order a record walks the street.

Instants are text of fixed width (`2026-11-23T10:15:00.000Z`), so that they sort and read alike in
both databases; JSON is text, written and read by msgspec.
"""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, LargeBinary, Table, Text

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows up by itself for INTEGER alone; PostgreSQL wants 64 bits.
BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Refs are compared byte by byte in both databases, so that both sort alike.
Ref = Text().with_variant(Text(collation="C"), "postgresql")


def _row_id() -> Column[int]:
    return Column("id", BigInt, primary_key=True, autoincrement=True)


# --- sync ---------------------------------------------------------------------------------------

runs = Table(
    "runs",
    metadata,
    _row_id(),
    Column("connection", Text, nullable=False),
    Column("state", Text, nullable=False),  # running | succeeded | partial | failed | cancelled
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("progress", Text, nullable=False),  # JSON: stream -> counts
    Column("error_kind", Text),  # config | broken | transient | contract | bug
    Column("error", Text),
    Index(None, "connection", "id"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("cursor", Text),
    Column("saved_at", Text, nullable=False),
)

source_records = Table(
    "source_records",
    metadata,
    _row_id(),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("key", Ref, nullable=False),
    Column("version", sa.Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Column("fetched_at", Text, nullable=False),
    Column("seen_run", BigInt, nullable=False),
    sa.UniqueConstraint("connection", "stream", "key"),
    Index(None, "connection", "stream", "seen_run"),
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

quarantine = Table(
    "quarantine",
    metadata,
    _row_id(),
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

# What still has to walk on: written in the transaction that makes it due, removed in the one that
# does it. stage: canonicalize | resolve | thread | alert | render; item: the record's, entity's id.
work = Table(
    "work",
    metadata,
    Column("stage", Text, primary_key=True),
    Column("item", Ref, primary_key=True),
)

# --- canonical records --------------------------------------------------------------------------

canonical_records = Table(
    "canonical_records",
    metadata,
    _row_id(),
    Column("ref", Ref, nullable=False, unique=True),
    Column("source_id", BigInt, ForeignKey("source_records.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("fields", Text, nullable=False),  # JSON
    Column("raw", Text, nullable=False),  # JSON: the source's value where it differs
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

# --- resolution ---------------------------------------------------------------------------------

# Records that say the same share one profile; scores and clusters are reckoned over profiles.
profiles = Table(
    "profiles",
    metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("features", Text, nullable=False),  # JSON: type -> values
    Column("facets", Text, nullable=False),  # JSON: what comparisons read out of the features
    Column("tokens", sa.LargeBinary, nullable=False),  # 8 bytes each, ascending
    Column("exclusive", Text, nullable=False),  # JSON: values of which an entity has one only
    Column("itself", Float, nullable=False),  # bits that two records with this profile match
    Index(None, "kind", "id"),
)

profile_records = Table(
    "profile_records",
    metadata,
    Column("ref", Ref, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("profile_id", sa.BigInteger, nullable=False, index=True),
)

profile_tokens = Table(
    "profile_tokens",
    metadata,
    Column("token", sa.BigInteger, primary_key=True),
    Column("profile_id", sa.BigInteger, primary_key=True),
    Column("kind", Text, primary_key=True),
    sqlite_with_rowid=False,
)

token_counts = Table(
    "token_counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("token", sa.BigInteger, primary_key=True),
    Column("holders", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)

# What all of a kind was last scored with: another model, or a base of another step, rescores all.
resolution_bases = Table(
    "resolution_bases",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("profiles", sa.Integer, nullable=False),
)

edges = Table(
    "edges",
    metadata,
    Column("left_id", sa.BigInteger, primary_key=True),
    Column("right_id", sa.BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("bits", Float, nullable=False),
    Index(None, "right_id"),
    Index(None, "kind", "bits"),
    sqlite_with_rowid=False,
)

judgements = Table(
    "judgements",
    metadata,
    _row_id(),
    Column("left_ref", Ref, nullable=False),
    Column("right_ref", Ref, nullable=False),
    Column("verdict", Text, nullable=False),  # same | different | unsure
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("deleted_at", Text),
    Index(None, "left_ref"),
    Index(None, "right_ref"),
)

# Pairs of records that a person's word would settle: of two entities that may be one (merge), of
# one entity that was only just joined (split).
review_pairs = Table(
    "review_pairs",
    metadata,
    Column("task", Text, primary_key=True),  # merge | split
    Column("left_ref", Ref, primary_key=True),
    Column("right_ref", Ref, primary_key=True),
    Column("kind", Text, nullable=False, index=True),
    Column("left_id", sa.BigInteger, nullable=False, index=True),
    Column("right_id", sa.BigInteger, nullable=False, index=True),
    Column("bits", Float, nullable=False),
    Column("doubt", sa.Integer, nullable=False),  # thousandths of a bit that an answer would tell
    Column("moved", sa.Integer),  # records of the smaller side of a split
)

entities = Table(
    "entities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("merged_into", Text),
    Column("split_from", Text),
)

crosswalk = Table(
    "crosswalk",
    metadata,
    Column("ref", Ref, primary_key=True),
    Column("entity_id", Text, nullable=False, index=True),
    Column("method", Text, nullable=False),  # single | model | judgement
    Column("score", Float),  # probability that the record belongs; null for a single record
    Column("valid_from", Text, nullable=False),
)

crosswalk_history = Table(
    "crosswalk_history",
    metadata,
    _row_id(),
    Column("ref", Ref, nullable=False, index=True),
    Column("entity_id", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("score", Float),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
)

entity_events = Table(
    "entity_events",
    metadata,
    Column("seq", BigInt, primary_key=True, autoincrement=True),
    Column("entity_id", Text, nullable=False, index=True),
    Column("type", Text, nullable=False),  # created | merged | split | changed | ended
    Column("at", Text, nullable=False),
    Column("detail", Text, nullable=False),  # JSON
)

# --- links, facts, alerts, views ----------------------------------------------------------------

links = Table(
    "links",
    metadata,
    Column("from_ref", Ref, primary_key=True),
    Column("role", Text, primary_key=True),  # organization | person | project | order | invoice ...
    Column("target", Ref, primary_key=True),  # an entity's id or a document's ref
    Column("id", Text, nullable=False, unique=True),
    Column("method", Text, nullable=False),  # key | document | number | contact
    Column("score", Float, nullable=False),
    Column("evidence", Text, nullable=False),  # JSON
    Index(None, "target", "role"),
)

# Document numbers, reduced to letters and digits: a record's own one, and those its texts name.
number_tokens = Table(
    "number_tokens",
    metadata,
    Column("token", Ref, primary_key=True),
    Column("own", Boolean, primary_key=True),
    Column("ref", Ref, primary_key=True),
    Column("field", Text, nullable=False),  # where it stands
    Index(None, "ref"),
    sqlite_with_rowid=False,
)

facts = Table(
    "facts",
    metadata,
    Column("subject_kind", Text, primary_key=True),  # customer | deal | ticket | source ...
    Column("subject", Ref, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),  # JSON scalar
    Column("as_of", Text, nullable=False),
    Column("sources", Text, nullable=False),  # JSON list of connections
)

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
    Column("evidence", Text, nullable=False),  # JSON: first, current
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

views = Table(
    "views",
    metadata,
    Column("id", Text, primary_key=True),  # the entity's
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("sort_name", Ref, nullable=False),
    Column("country", Text),
    Column("city", Text),
    Column("firing", sa.Integer, nullable=False),  # alerts that fire
    Column("etag", Text, nullable=False),
    Column("document", Text, nullable=False),  # JSON, served as it is
    Column("rendered_at", Text, nullable=False),
    Index(None, "kind", "sort_name", "id"),
)

# Words of what can be found; the letter triples of each distinct word lead a misspelt one there.
search_tokens = Table(
    "search_tokens",
    metadata,
    Column("token", Ref, primary_key=True),
    Column("item", Ref, primary_key=True),  # an entity's id or a document's ref
    Column("kind", Text, nullable=False),
    Index(None, "item"),
    sqlite_with_rowid=False,
)

search_grams = Table(
    "search_grams",
    metadata,
    Column("gram", Ref, primary_key=True),
    Column("token", Ref, primary_key=True),
    sqlite_with_rowid=False,
)

search_items = Table(
    "search_items",
    metadata,
    Column("item", Ref, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),  # folded: what tokens were made of
)

# --- access -------------------------------------------------------------------------------------

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("scopes", Text, nullable=False),  # JSON list
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)
