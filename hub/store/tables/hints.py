"""What sources said by themselves and nobody has read yet."""

import sqlalchemy as sa
from sqlalchemy import Column, Table, Text

from hub.store.tables.columns import Ref, metadata

# times: how often a record was named since it was read last, so that a hint that comes while the
# record is being read is not struck with it.
hints = Table(
    "hints",
    metadata,
    Column("connection", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("key", Ref, primary_key=True),
    Column("times", sa.Integer, nullable=False),
    Column("tries", sa.Integer, nullable=False),  # that failed: who fails waits behind the others
    Column("first_at", Text, nullable=False),
)
