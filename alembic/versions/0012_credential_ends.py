"""A connection's credential has an end that people hear of before it comes."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credential_ends",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection", name=op.f("pk_credential_ends")),
    )


def downgrade() -> None:
    op.drop_table("credential_ends")
