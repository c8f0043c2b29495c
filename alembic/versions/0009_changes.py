"""The feed of changes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "change_counter",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_change_counter")),
    )
    op.create_table(
        "changes",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "id", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_changes")),
        sa.UniqueConstraint("place", name=op.f("uq_changes_place")),
    )
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.create_index(
            "ix_changes_unnumbered",
            ["at"],
            unique=False,
            sqlite_where=sa.text("place IS NULL"),
            postgresql_where=sa.text("place IS NULL"),
        )
    # Whoever begins to read the feed gets everything there is, once.
    op.execute(
        "INSERT INTO changes (kind, id, op, at) SELECT kind, id, 'changed', rendered_at FROM views"
    )
    op.execute(
        "INSERT INTO changes (kind, id, op, at) SELECT 'alert', id, 'changed', updated_at FROM alerts"
    )
    op.execute(
        "INSERT INTO changes (kind, id, op, at) SELECT 'vorgang', id, 'changed', changed_at"
        " FROM vorgaenge WHERE state = 'living'"
    )


def downgrade() -> None:
    with op.batch_alter_table("changes", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_changes_unnumbered",
            sqlite_where=sa.text("place IS NULL"),
            postgresql_where=sa.text("place IS NULL"),
        )

    op.drop_table("changes")
    op.drop_table("change_counter")
