"""The table of the vault: secrets sealed by a key that the database does not hold."""

from sqlalchemy import Column, LargeBinary, Table, Text

from hub.store.tables.columns import Ref, metadata

secrets = Table(
    "secrets",
    metadata,
    Column("name", Ref, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("saved_at", Text, nullable=False),
)
