"""Tables of who is who: profiles, edges, judgements, entities, the crosswalk."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, Index, LargeBinary, Table, Text

from hub.store.tables.columns import BigInt, Ref, metadata, row_id

# Records that say the same share one profile; scores and clusters are reckoned over profiles.
profiles = Table(
    "profiles",
    metadata,
    Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("features", Text, nullable=False),  # JSON: type -> values
    Column("facets", Text, nullable=False),  # JSON: what comparisons read out of the features
    Column("tokens", LargeBinary, nullable=False),  # 8 bytes each, ascending
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

token_holders = Table(
    "token_holders",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("token", sa.BigInteger, primary_key=True),
    Column("holders", sa.Integer, nullable=False),
    # Profiles, 8 bytes each, ascending; NULL where so many hold it that it proposes nobody.
    Column("ids", LargeBinary),
    sqlite_with_rowid=False,
)

# What all of a kind was last scored with: another model, or a base of another step, rescores all;
# tokens of another edition are read anew first.
resolution_bases = Table(
    "resolution_bases",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("model", Text, nullable=False),
    Column("profiles", sa.Integer, nullable=False),
    Column("edition", sa.Integer, nullable=False, server_default="0"),
)

edges = Table(
    "edges",
    metadata,
    Column("left_id", sa.BigInteger, primary_key=True),
    Column("right_id", sa.BigInteger, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("bits", Float, nullable=False),
    Index(None, "right_id"),
    sqlite_with_rowid=False,
)

judgements = Table(
    "judgements",
    metadata,
    row_id(),
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
    Column("kind", Text, nullable=False),
    Column("left_id", sa.BigInteger, nullable=False, index=True),
    Column("right_id", sa.BigInteger, nullable=False, index=True),
    Column("bits", Float, nullable=False),
    Column("doubt", sa.Integer, nullable=False),  # thousandths of a bit that an answer would tell
    Column("moved", sa.Integer),  # records of the smaller side of a split
    # Kept beside, so that the queue is read by its index alone: whom both stand for, and how much
    # hangs on them.
    Column("left_entity", Text, nullable=False, index=True),
    Column("right_entity", Text, nullable=False, index=True),
    Column("left_records", sa.Integer, nullable=False),
    Column("right_records", sa.Integer, nullable=False),
    Column("left_documents", sa.Integer, nullable=False),
    Column("right_documents", sa.Integer, nullable=False),
    Column("place", BigInt, nullable=False),  # the rank, negative: the weightiest comes first
    Index(None, "kind", "place", "left_ref", "right_ref", "task"),
)

entities = Table(
    "entities",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("merged_into", Text, index=True),
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
    row_id(),
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
