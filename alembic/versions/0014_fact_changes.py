"""A subject says from when the same records tell something else of it: a new day asks only those."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facts", sa.Column("changes_at", sa.Text(), nullable=True))
    op.create_index(op.f("ix_facts_changes_at"), "facts", ["changes_at"])
    op.add_column("fact_days", sa.Column("look", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("fact_days", "look")
    op.drop_index(op.f("ix_facts_changes_at"), "facts")
    op.drop_column("facts", "changes_at")
