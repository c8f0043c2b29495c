"""Who holds a token is kept of those tokens alone that propose somebody: 255 holders at most."""

import struct
from itertools import islice

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "DELETE FROM profile_tokens WHERE EXISTS (SELECT 1 FROM token_counts AS n"
        " WHERE n.token = profile_tokens.token AND n.kind = profile_tokens.kind"
        " AND n.holders > 255)"
    )


def downgrade() -> None:
    bind = op.get_bind()
    table = sa.table(
        "profile_tokens", sa.column("token"), sa.column("profile_id"), sa.column("kind")
    )
    bind.execute(sa.delete(table))
    held = bind.execute(sa.text("SELECT id, kind, tokens FROM profiles")).all()
    rows = (
        {"token": token, "profile_id": one, "kind": kind}
        for one, kind, packed in held
        for (token,) in struct.iter_unpack("<q", bytes(packed))
    )
    while some := list(islice(rows, 10_000)):
        bind.execute(sa.insert(table), some)
