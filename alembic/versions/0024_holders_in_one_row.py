"""One row for each token tells how many profiles hold it and, where it proposes somebody, which.

An index of edges that nothing asked is gone: each change wrote to it. Each kind tells the edition
of its tokens: none is known of those that stand, so they are read anew.
"""

import struct
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOST = 255
_STREAMED = {"stream_results": True, "yield_per": 10_000}
_HOLDERS = sa.table("token_holders", *map(sa.column, ("kind", "token", "holders", "ids")))
_COUNTS = sa.table("token_counts", *map(sa.column, ("kind", "token", "holders")))
_TOKENS = sa.table("profile_tokens", *map(sa.column, ("token", "profile_id", "kind")))


def upgrade() -> None:
    op.create_table(
        "token_holders",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("holders", sa.Integer(), nullable=False),
        sa.Column("ids", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("kind", "token", name=op.f("pk_token_holders")),
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    counts = {(kind, token): count for kind, token, count in bind.execute(sa.select(*_COUNTS.c))}
    held = bind.execute(sa.select(*_TOKENS.c).order_by(*_TOKENS.c), execution_options=_STREAMED)
    _put(bind, _HOLDERS, _listed(held, counts))
    unlisted = (
        {"kind": kind, "token": token, "holders": count, "ids": None}
        for (kind, token), count in counts.items()
    )
    _put(bind, _HOLDERS, unlisted)
    op.drop_table("profile_tokens")
    op.drop_table("token_counts")
    op.drop_index("ix_edges_kind_bits", table_name="edges")
    edition = sa.Column("edition", sa.Integer(), server_default="0", nullable=False)
    op.add_column("resolution_bases", edition)


def _listed(held: Any, counts: dict[tuple[str, int], int]) -> Iterator[dict[str, Any]]:
    """Yield rows of the tokens all of whose holders are known, and take them out of `counts`."""
    for token, rows in groupby(held, lambda row: row[0]):
        of: dict[str, list[int]] = {}
        for _, one, kind in rows:
            of.setdefault(kind, []).append(one)
        for kind, ids in of.items():
            if counts.get((kind, token)) == len(ids) <= MOST:
                packed = struct.pack(f"<{len(ids)}q", *ids)
                yield {"kind": kind, "token": token, "holders": len(ids), "ids": packed}
                del counts[kind, token]


def downgrade() -> None:
    op.create_table(
        "profile_tokens",
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token", "profile_id", "kind", name=op.f("pk_profile_tokens")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token_counts",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("token", sa.BigInteger(), nullable=False),
        sa.Column("holders", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "token", name=op.f("pk_token_counts")),
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    bind.execute(
        sa.insert(_COUNTS).from_select(
            ["kind", "token", "holders"],
            sa.select(_HOLDERS.c.kind, _HOLDERS.c.token, _HOLDERS.c.holders),
        )
    )
    listed = bind.execute(
        sa.select(*_HOLDERS.c).where(_HOLDERS.c.ids.is_not(None)), execution_options=_STREAMED
    )
    rows = (
        {"token": token, "profile_id": one, "kind": kind}
        for kind, token, _, ids in listed
        for (one,) in struct.iter_unpack("<q", bytes(ids))
    )
    _put(bind, _TOKENS, rows)
    op.drop_table("token_holders")
    op.create_index("ix_edges_kind_bits", "edges", ["kind", "bits"])
    op.drop_column("resolution_bases", "edition")


def _put(bind: sa.Connection, table: sa.TableClause, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, 10_000)):
        bind.execute(sa.insert(table), some)
