"""Pages of a source are known again by their bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_pages",
        sa.Column("connection", sa.Text, nullable=False),
        sa.Column("stream", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("cursors", sa.Text, nullable=False),
        sa.Column("ids", sa.Text, nullable=False),
        sa.Column("held", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("connection", "stream", "digest", name="pk_known_pages"),
    )


def downgrade() -> None:
    op.drop_table("known_pages")
