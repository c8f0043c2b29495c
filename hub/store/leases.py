"""Leases: who alone may do a piece of work, also across processes; one that expires is free."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.store.database import Tx, insert_new
from hub.store.prepared import Prepared
from hub.store.tables import leases

_renew = Prepared(
    sa.update(leases)
    .where(leases.c.name == sa.bindparam("lease"), leases.c.holder == sa.bindparam("holds"))
    .values(expires_at=sa.bindparam("until"))
    .returning(leases.c.name)
)


def acquire(tx: Tx, name: str, holder: str, now: str, expires_at: str) -> str | None:
    """Take the lease where it is free, expired or ours; return its holder otherwise.

    now, expires_at: instants as text. None means that it is ours.
    """
    wanted = {"name": name, "holder": holder, "expires_at": expires_at}
    stands = sa.select(leases.c.holder, leases.c.expires_at).where(leases.c.name == name)
    row = None
    while row is None:  # it may be given back between the two statements
        insert_new(tx, leases, [wanted])
        row = tx.execute(stands.with_for_update()).one_or_none()
    if row.holder != holder and row.expires_at > now:
        return str(row.holder)
    tx.execute(
        sa.update(leases).where(leases.c.name == name).values(holder=holder, expires_at=expires_at)
    )
    return None


def holders(tx: Tx, names: Collection[str], now: str) -> dict[str, str]:
    """Return name -> its holder, of these leases that have not expired."""
    wanted = sa.select(leases.c.name, leases.c.holder).where(
        leases.c.name.in_(sorted(names)), leases.c.expires_at > now
    )
    return {row.name: row.holder for row in tx.execute(wanted)}


def renew(tx: Tx, name: str, holder: str, expires_at: str) -> bool:
    """Hold the lease for longer; False where somebody else has taken it meanwhile."""
    return bool(_renew(tx, lease=name, holds=holder, until=expires_at))


def release(tx: Tx, name: str, holder: str) -> None:
    """Give the lease back, if it is still ours."""
    tx.execute(sa.delete(leases).where(leases.c.name == name, leases.c.holder == holder))
