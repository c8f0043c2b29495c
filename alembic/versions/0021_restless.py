"""It is kept of whom a rule may tell something before the day is over, and indexed what is due."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restless",
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", name="pk_restless"),
    )
    # Of most subjects the records never tell anything else: no index need hold them.
    op.drop_index("ix_facts_changes_at", "facts")
    dated = sa.text("changes_at IS NOT NULL")
    op.create_index(
        "ix_facts_changes_at",
        "facts",
        ["changes_at"],
        postgresql_where=dated,
        sqlite_where=dated,
    )
    op.add_column("fact_days", sa.Column("sieve", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("fact_days", "sieve")
    op.drop_index("ix_facts_changes_at", "facts")
    op.create_index("ix_facts_changes_at", "facts", ["changes_at"])
    op.drop_table("restless")
