"""Whether anything waits to be resolved: asked before what resolves is loaded."""

from collections.abc import Mapping

import sqlalchemy as sa

from hub.store import work
from hub.store.database import Tx
from hub.store.tables import resolution_bases

_STAGES = ("resolve", "reweigh", "rescore")


def is_due(tx: Tx, models: Mapping[str, str], edition: int) -> bool:
    """Say whether records or weights are due, or a kind was scored otherwise than today.

    models: kind -> the model's name. edition: that of tokens.
    """
    if any(work.take(tx, stage, 1) for stage in _STAGES):
        return True
    c = resolution_bases.c
    scored = tx.execute(sa.select(c.kind, c.model, c.edition).where(c.profiles > 0))
    return any(
        kind in models and (models[kind], edition) != (name, read) for kind, name, read in scored
    )
