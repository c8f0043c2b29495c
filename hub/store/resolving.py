"""Whether anything waits to be resolved: asked before what resolves is loaded."""

from collections.abc import Mapping

import sqlalchemy as sa

from hub.store import work
from hub.store.database import Tx
from hub.store.tables import resolution_bases

_STAGES = ("resolve", "reweigh")


def is_due(tx: Tx, models: Mapping[str, str]) -> bool:
    """Say whether records or weights are due, or a kind was scored with another model than today's.

    models: kind -> the model's name.
    """
    if any(work.take(tx, stage, 1) for stage in _STAGES):
        return True
    c = resolution_bases.c
    scored = tx.execute(sa.select(c.kind, c.model).where(c.profiles > 0))
    return any(models.get(kind, name) != name for kind, name in scored)
