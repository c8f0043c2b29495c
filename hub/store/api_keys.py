"""API keys: made once, found by id, believed by hash, revoked for good."""

import hmac
import json
import secrets

import sqlalchemy as sa

from hub.errors import NotFoundError
from hub.model.access import ApiKey, Scope, key_id_in, token_hash, token_of
from hub.store.database import Tx
from hub.store.tables import api_keys

_ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_NOBODY = token_hash("")


def create(tx: Tx, name: str, scopes: list[Scope], now: str) -> tuple[ApiKey, str]:
    """Store a new key and return it with its token, which is never to be had again."""
    key_id = "".join(secrets.choice(_ID_LETTERS) for _ in range(10))
    token = token_of(key_id, secrets.token_urlsafe(32))
    key = ApiKey(key_id, name, tuple(sorted(set(scopes), key=list(Scope).index)), now)
    row = {
        "id": key.id,
        "name": name,
        "hash": token_hash(token),
        "scopes": json.dumps(key.scopes),
        "created_at": now,
    }
    tx.execute(sa.insert(api_keys), [row])
    return key, token


def find(tx: Tx, token: str) -> ApiKey | None:
    """Return the living key this token belongs to, or None; the time taken tells nothing."""
    row = tx.execute(
        sa.select(api_keys).where(api_keys.c.id == (key_id_in(token) or ""))
    ).one_or_none()
    known = hmac.compare_digest(token_hash(token), row.hash if row else _NOBODY)
    return _key(row) if row and known and row.revoked_at is None else None


def everyone(tx: Tx) -> list[ApiKey]:
    """Return every key ever made, oldest first."""
    rows = tx.execute(sa.select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
    return [_key(row) for row in rows]


def revoke(tx: Tx, key_id: str, now: str) -> ApiKey:
    """End a key from now on. Raises NotFoundError for a key that is not there or has ended."""
    tx.execute(
        sa.update(api_keys)
        .where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    row = tx.execute(sa.select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    if row is None or row.revoked_at != now:
        state = "is revoked already" if row else "does not exist"
        raise NotFoundError(f"the API key {key_id} {state}; `hub keys list` shows all")
    return _key(row)


def _key(row: sa.Row[tuple[object, ...]]) -> ApiKey:
    scopes = tuple(Scope(name) for name in json.loads(row.scopes))
    return ApiKey(row.id, row.name, scopes, row.created_at, row.revoked_at)
