"""Tables of who may ask."""

from sqlalchemy import Column, LargeBinary, Table, Text

from hub.store.tables.columns import metadata

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
