"""A stream may have several positions: one a parent, one for what was deleted, and so on."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ref = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.execute("CREATE TABLE checkpoints_before AS SELECT * FROM checkpoints")
    op.drop_table("checkpoints")
    op.create_table(
        "checkpoints",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("partition", ref, nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "stream", "partition", name=op.f("pk_checkpoints")),
    )
    op.execute(
        "INSERT INTO checkpoints SELECT connection, stream, '', cursor, saved_at "
        "FROM checkpoints_before WHERE cursor IS NOT NULL"
    )
    op.drop_table("checkpoints_before")


def downgrade() -> None:
    op.execute("CREATE TABLE checkpoints_after AS SELECT * FROM checkpoints")
    op.drop_table("checkpoints")
    op.create_table(
        "checkpoints",
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("connection", "stream", name=op.f("pk_checkpoints")),
    )
    op.execute(
        "INSERT INTO checkpoints SELECT connection, stream, cursor, saved_at "
        "FROM checkpoints_after WHERE partition = ''"
    )
    op.drop_table("checkpoints_after")
