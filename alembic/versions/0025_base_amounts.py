"""Business cases tell their sums in the company's currency, too; all are told anew for it.

Views gained amounts in that currency: all are written anew. Numbers are found as people cite them,
and say what their paper is worth: all records are read anew for it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SUMS = ("value", "quoted", "ordered", "invoiced", "credited", "paid")


def upgrade() -> None:
    amount = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name in SUMS:
        op.add_column("vorgaenge", sa.Column(f"{name}_base_minor", amount, nullable=True))
    op.add_column(
        "number_tokens", sa.Column("amounts", sa.Text(), nullable=False, server_default="")
    )
    _make_due("thread", "SELECT ref AS item FROM canonical_records")
    _make_due("vorgang", "SELECT DISTINCT ref AS item FROM vorgang_members")
    _make_due("render", "SELECT id AS item FROM entities WHERE ended_at IS NULL")


def _make_due(stage: str, items: str) -> None:
    op.execute(
        f"INSERT INTO work (stage, item) SELECT '{stage}', item FROM ({items}) AS found"
        f" WHERE NOT EXISTS (SELECT 1 FROM work WHERE stage = '{stage}' AND work.item = found.item)"
    )


def downgrade() -> None:
    op.drop_column("number_tokens", "amounts")
    for name in SUMS:
        op.drop_column("vorgaenge", f"{name}_base_minor")
