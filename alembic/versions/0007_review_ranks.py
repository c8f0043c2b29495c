"""The review queue ranks its entries when they are written, and is read by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INDEX = "ix_review_pairs_kind_place_left_ref_right_ref_task"
COUNTED = (
    "left_records",
    "right_records",
    "left_documents",
    "right_documents",
)


def upgrade() -> None:
    op.execute("DELETE FROM review_pairs")
    with op.batch_alter_table("review_pairs") as table:
        for side in ("left_entity", "right_entity"):
            table.add_column(sa.Column(side, sa.Text(), nullable=False))
        for name in COUNTED:
            table.add_column(sa.Column(name, sa.Integer(), nullable=False))
        place = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
        table.add_column(sa.Column("place", place, nullable=False))
    for side in ("left_entity", "right_entity"):
        op.create_index(op.f(f"ix_review_pairs_{side}"), "review_pairs", [side])
    op.drop_index(op.f("ix_review_pairs_kind"), "review_pairs")
    op.create_index(INDEX, "review_pairs", ["kind", "place", "left_ref", "right_ref", "task"])
    _look_over_all()


def downgrade() -> None:
    op.execute("DELETE FROM review_pairs")
    op.drop_index(INDEX, "review_pairs")
    op.create_index(op.f("ix_review_pairs_kind"), "review_pairs", ["kind"])
    for side in ("right_entity", "left_entity"):
        op.drop_index(op.f(f"ix_review_pairs_{side}"), "review_pairs")
    with op.batch_alter_table("review_pairs") as table:
        for name in ("place", *reversed(COUNTED), "right_entity", "left_entity"):
            table.drop_column(name)
    op.execute("DELETE FROM work WHERE stage = 'review' AND item LIKE 'entity:%'")
    _look_over_all()


def _look_over_all() -> None:
    op.execute(
        "INSERT INTO work (stage, item) SELECT 'review', kind || ':*' FROM resolution_bases"
        " WHERE NOT EXISTS (SELECT 1 FROM work WHERE stage = 'review' AND item = kind || ':*')"
    )
