"""API keys: what is stored of them, whom they let in, how they end."""

import pytest
import sqlalchemy as sa

from hub.errors import NotFoundError
from hub.model.access import Scope, covered, key_id_in, token_hash
from hub.store import api_keys
from hub.store.database import Database
from hub.store.tables import api_keys as table

NOW, LATER = "2026-11-23T10:00:00.000Z", "2026-11-23T11:00:00.000Z"


def _made(db: Database, *scopes: Scope) -> str:
    with db.transaction() as tx:
        return api_keys.create(tx, "excel", list(scopes) or [Scope.READ], NOW)[1]


def test_a_key_is_found_by_its_token_and_by_nothing_near_it(database: Database) -> None:
    token = _made(database, Scope.WRITE, Scope.READ, Scope.WRITE)
    other = _made(database)
    mixed = token[:15] + other[15:]
    with database.reading() as tx:
        found = api_keys.find(tx, token)
        assert found is not None
        assert (found.name, found.scopes) == ("excel", (Scope.READ, Scope.WRITE))
        wrong = ["", token[:-1], token + "A", token.upper(), mixed, "vbd__", "Bearer x", "\0"]
        assert [api_keys.find(tx, text) for text in wrong] == [None] * len(wrong)


def test_the_token_itself_is_not_in_the_database(database: Database) -> None:
    token = _made(database)
    with database.reading() as tx:
        row = tx.execute(sa.select(table)).one()
    assert token[15:] not in str(tuple(row))
    assert row.hash == token_hash(token)


def test_a_revoked_key_opens_nothing_and_ends_once(database: Database) -> None:
    token = _made(database)
    key_id = key_id_in(token) or ""
    with database.transaction() as tx:
        assert api_keys.revoke(tx, key_id, LATER).revoked_at == LATER
        assert api_keys.find(tx, token) is None
        with pytest.raises(NotFoundError, match="revoked already"):
            api_keys.revoke(tx, key_id, "2026-11-23T12:00:00.000Z")
        with pytest.raises(NotFoundError, match="does not exist"):
            api_keys.revoke(tx, "nobody", LATER)
        assert [key.revoked_at for key in api_keys.everyone(tx)] == [LATER]


def test_tokens_are_never_alike(database: Database) -> None:
    assert len({_made(database) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("scopes", "needed", "enough"),
    [
        ([Scope.READ], Scope.READ, True),
        ([Scope.READ], Scope.WRITE, False),
        ([Scope.WRITE], Scope.READ, True),
        ([Scope.WRITE], Scope.ADMIN, False),
        ([Scope.ADMIN], Scope.WRITE, True),
        ([], Scope.READ, False),
    ],
)
def test_a_scope_holds_those_before_it(scopes: list[Scope], needed: Scope, enough: bool) -> None:
    assert covered(scopes, needed) is enough
