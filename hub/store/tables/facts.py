"""Tables of facts."""

from sqlalchemy import Column, Table, Text

from hub.store.tables.columns import Ref, metadata

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
