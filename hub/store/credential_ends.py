"""When the credential of each connection runs out, as its source told last."""

from datetime import datetime

import sqlalchemy as sa

from hub.clock import instant_text
from hub.store.database import Tx, upsert
from hub.store.tables import credential_ends

_c = credential_ends.c


def note(tx: Tx, connection: str, ends_at: datetime | None, now: datetime) -> None:
    """Remember an end; None where there is none, or nobody says."""
    before = tx.execute(sa.select(_c.ends_at).where(_c.connection == connection)).scalar()
    ends = instant_text(ends_at) if ends_at else None
    if ends == before:
        return
    if ends is None:
        tx.execute(sa.delete(credential_ends).where(_c.connection == connection))
        return
    row = {"connection": connection, "ends_at": ends, "noted_at": instant_text(now)}
    upsert(tx, credential_ends, [row])


def all_of(tx: Tx) -> dict[str, str]:
    """Return connection -> when its credential ends, of those that say so."""
    return dict(tx.execute(sa.select(_c.connection, _c.ends_at)).all())
