"""Marking records as seen moves no index; what a listing lacked is found by one walk at its end."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INDEX = "ix_source_records_connection_stream_seen_run"


def upgrade() -> None:
    op.drop_index(INDEX, "source_records")


def downgrade() -> None:
    op.create_index(INDEX, "source_records", ["connection", "stream", "seen_run"])
