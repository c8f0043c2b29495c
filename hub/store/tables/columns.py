"""What all tables share: the metadata, its naming, and the types of columns.

Instants are text of fixed width (`2026-11-23T10:15:00.000Z`), so that they sort and read alike in
both databases; JSON is text, written and read by msgspec.
"""

import sqlalchemy as sa
from sqlalchemy import Column, Text

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


def row_id() -> Column[int]:
    return Column("id", BigInt, primary_key=True, autoincrement=True)
