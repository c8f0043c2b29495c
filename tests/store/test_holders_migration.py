"""Holders of tokens, a row for each, become one row for each token, and that the other way."""

import struct
from typing import Any

import sqlalchemy as sa
from alembic import command

from hub.store.database import Database, Tx
from hub.store.schema import scripts
from tests.store.undone import undone

COMPANY, PERSON = "organization", "person"
COUNTS = [(COMPANY, -5, 2), (COMPANY, 7, 1), (COMPANY, 9, 255), (COMPANY, 11, 300), (PERSON, 7, 1)]
HELD = [(-5, 1, COMPANY), (-5, 2, COMPANY), (7, 2, COMPANY), (7, 1 << 62, PERSON)]
LEFT_OVER = [(9, 1, COMPANY)]
"""What came since token 9 is generic no more: the others are not listed yet."""


def rows(tx: Tx, table: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in tx.execute(sa.text(f"SELECT * FROM {table}")))


def test_who_holds_a_token_is_told_in_one_row(lent: Database) -> None:
    with undone(lent) as tx:
        command.downgrade(scripts(tx), "0023")
        for table, stored in (("token_counts", COUNTS), ("profile_tokens", HELD + LEFT_OVER)):
            for one, two, three in stored:
                values = {"one": one, "two": two, "three": three}
                tx.execute(sa.text(f"INSERT INTO {table} VALUES (:one, :two, :three)"), values)
        command.upgrade(scripts(tx), "0024")
        assert rows(tx, "token_holders") == [
            (COMPANY, -5, 2, struct.pack("<2q", 1, 2)),
            (COMPANY, 7, 1, struct.pack("<q", 2)),
            (COMPANY, 9, 255, None),
            (COMPANY, 11, 300, None),
            (PERSON, 7, 1, struct.pack("<q", 1 << 62)),
        ]
        command.downgrade(scripts(tx), "0023")
        assert rows(tx, "token_counts") == COUNTS
        assert rows(tx, "profile_tokens") == HELD
