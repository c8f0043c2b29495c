"""What a listing has shown is known to the run that reads it, not written beside each record."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("source_records", "seen_run")


def downgrade() -> None:
    op.add_column(
        "source_records",
        sa.Column(
            "seen_run",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
            server_default="0",
        ),
    )
