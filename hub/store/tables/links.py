"""Tables of links and of the document numbers they are found by."""

from sqlalchemy import Boolean, Column, Float, Index, Table, Text

from hub.store.tables.columns import Ref, metadata

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

# Document numbers, reduced to letters and digits, and marks they are cited by: a record's own ones,
# and those its texts name.
number_tokens = Table(
    "number_tokens",
    metadata,
    Column("token", Ref, primary_key=True),
    Column("own", Boolean, primary_key=True),
    Column("ref", Ref, primary_key=True),
    Column("field", Text, nullable=False),  # where it stands
    # Of a record's own number: what the record is worth, in minor units, parted by blanks.
    Column("amounts", Text, nullable=False, server_default=""),
    Index(None, "ref"),
    sqlite_with_rowid=False,
)
