"""Sealed secrets by name; what is in them only the vault can tell."""

import sqlalchemy as sa

from hub.store.database import Tx, upsert
from hub.store.tables import secrets


def load(tx: Tx, name: str) -> bytes | None:
    """Return a sealed secret, None where there is none."""
    found = tx.execute(sa.select(secrets.c.sealed).where(secrets.c.name == name)).scalar()
    return None if found is None else bytes(found)


def save(tx: Tx, name: str, sealed: bytes, now: str) -> None:
    """Store a sealed secret in place of the one before."""
    upsert(tx, secrets, [{"name": name, "sealed": sealed, "saved_at": now}])


def remove(tx: Tx, name: str) -> bool:
    """Forget a secret; False where there was none."""
    return tx.execute(sa.delete(secrets).where(secrets.c.name == name)).rowcount == 1


def names(tx: Tx) -> list[tuple[str, str]]:
    """Return each secret's name and when it was saved, by name."""
    rows = tx.execute(sa.select(secrets.c.name, secrets.c.saved_at).order_by(secrets.c.name))
    return [(name, saved_at) for name, saved_at in rows]
