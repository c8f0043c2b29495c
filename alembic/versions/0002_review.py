"""What waits for a person's word."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

COLUMNS = ("kind", "left_id", "right_id")


def upgrade() -> None:
    ref = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "review_pairs",
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("left_ref", ref, nullable=False),
        sa.Column("right_ref", ref, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("left_id", sa.BigInteger(), nullable=False),
        sa.Column("right_id", sa.BigInteger(), nullable=False),
        sa.Column("bits", sa.Float(), nullable=False),
        sa.Column("doubt", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("task", "left_ref", "right_ref", name=op.f("pk_review_pairs")),
    )
    for column in COLUMNS:
        op.create_index(op.f(f"ix_review_pairs_{column}"), "review_pairs", [column], unique=False)
    # What is resolved already is looked over once.
    op.execute("INSERT INTO work (stage, item) SELECT 'review', kind || ':*' FROM resolution_bases")


def downgrade() -> None:
    op.execute("DELETE FROM work WHERE stage = 'review'")
    for column in reversed(COLUMNS):
        op.drop_index(op.f(f"ix_review_pairs_{column}"), table_name="review_pairs")
    op.drop_table("review_pairs")
