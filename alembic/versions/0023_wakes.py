"""Who is at rest is known for days ahead: the list is made anew at the next sweep."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("restless")
    op.create_table(
        "restless",
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("wakes_on", sa.Text, nullable=False),
        sa.Column("noted", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", name="pk_restless"),
    )
    op.create_index("ix_restless_wakes_on", "restless", ["wakes_on"])
    op.execute("UPDATE fact_days SET sieve = ''")


def downgrade() -> None:
    op.drop_table("restless")
    op.create_table(
        "restless",
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", name="pk_restless"),
    )
    op.execute("UPDATE fact_days SET sieve = ''")
