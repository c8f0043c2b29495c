"""One row of facts a subject, with their history."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REF = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.drop_table("facts")  # made anew by the first sweep
    op.create_table(
        "facts",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", REF, nullable=False),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("connection", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", name=op.f("pk_facts")),
    )
    op.create_index(op.f("ix_facts_customer_subject_kind"), "facts", ["customer", "subject_kind"])
    op.create_table(
        "fact_history",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", REF, nullable=False),
        sa.Column("customer", sa.Text(), nullable=True),
        sa.Column("connection", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("valid_to", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact_history")),
    )
    op.create_index(
        op.f("ix_fact_history_subject_kind_subject_valid_to"),
        "fact_history",
        ["subject_kind", "subject", "valid_to"],
    )
    op.create_index(
        op.f("ix_fact_history_customer_valid_to"), "fact_history", ["customer", "valid_to"]
    )
    op.create_table(
        "fact_sources",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=False),
        sa.Column("connections", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "valid_from", name=op.f("pk_fact_sources")),
    )
    op.create_table(
        "fact_days",
        sa.Column("day", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_fact_days")),
    )


def downgrade() -> None:
    for name in ("fact_days", "fact_sources", "fact_history", "facts"):
        op.drop_table(name)
    op.create_table(
        "facts",
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", REF, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject_kind", "subject", "name", name=op.f("pk_facts")),
    )
