"""Views gained lists: all are written anew, a batch at a time, once the hub runs."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO work (stage, item) SELECT 'render', id FROM entities"
        " WHERE ended_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM work AS due WHERE due.stage = 'render' AND due.item = entities.id)"
    )


def downgrade() -> None:
    """Leave the views: a release that knows fewer lists reads none of the others."""
