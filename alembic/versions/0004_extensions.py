"""What a source says beyond the hub's nouns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("extensions", sa.Text(), nullable=False, server_default="{}")
    op.add_column("canonical_records", column)


def downgrade() -> None:
    op.drop_column("canonical_records", "extensions")
