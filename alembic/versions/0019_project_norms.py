"""What is usual of projects that are alike is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project_norms",
        sa.Column("peers", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("members", sa.Integer, nullable=False),
        sa.Column("middle", sa.Float, nullable=False),
        sa.Column("spread", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("peers", "measure", name="pk_project_norms"),
    )


def downgrade() -> None:
    op.drop_table("project_norms")
