"""The vault, what sources do other than declared, and runs that are asked to stop."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ref = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "secrets",
        sa.Column("name", ref, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "drift",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("field", ref, nullable=False),
        sa.Column("text", ref, nullable=False),
        sa.Column("first_seen_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "stream", "field", "text", name=op.f("pk_drift")),
    )
    with op.batch_alter_table("runs") as runs:
        runs.add_column(
            sa.Column("cancel_asked", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    with op.batch_alter_table("runs") as runs:
        runs.drop_column("cancel_asked")
    op.drop_table("drift")
    op.drop_table("secrets")
