"""Who was erased stays away: erasures, their marks, and what the law keeps."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "erasures",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("entities", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("done_at", sa.Text),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("streams", sa.Text, nullable=False),
        sa.Column("lifted_at", sa.Text),
        sa.Column("lifted_by", sa.Text),
        sa.Column("lift_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_table(
        "suppressions",
        sa.Column("mark", _REF, nullable=False),
        sa.Column("erasure_id", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("until", sa.Text),
        sa.Column("met", sa.Integer, nullable=False),
        sa.Column("met_at", sa.Text),
        sa.PrimaryKeyConstraint("mark", "erasure_id", name="pk_suppressions"),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name="fk_suppressions_erasure_id"),
    )
    op.create_table(
        "kept_records",
        sa.Column("record_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("erasure_id", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("record_id", name="pk_kept_records"),
        sa.ForeignKeyConstraint(
            ["record_id"], ["source_records.id"], name="fk_kept_records_record_id"
        ),
        sa.ForeignKeyConstraint(["erasure_id"], ["erasures.id"], name="fk_kept_records_erasure_id"),
    )


def downgrade() -> None:
    op.drop_table("kept_records")
    op.drop_table("suppressions")
    op.drop_table("erasures")
