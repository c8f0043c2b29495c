"""Scores all of a kind at once: reckoned beside whoever writes, then written where it still holds.

Reckoning takes most of the time. SQLite lets one transaction write: everybody else, a sync's page
or a judgement, would wait for it, and after a minute fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import compress

import numpy as np

from hub.clock import instant_text
from hub.pipeline.review import items as review_items
from hub.pipeline.reweigh import forget
from hub.pipeline.scores import list_again
from hub.pipeline.settle import Settled, Told, settled_whole, write
from hub.resolution import batch
from hub.resolution.edition import EDITION
from hub.resolution.model import Model
from hub.store import profiles as index
from hub.store import work
from hub.store.database import Tx
from hub.store.profiles import Base


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a kind as a model judges it. exclusive: values that are stored otherwise."""

    kind: str
    model: Model
    base: batch.Base
    scored: batch.Scored
    settled: Settled
    exclusive: Mapping[int, frozenset[str]]


def stored_base(tx: Tx, kind: str) -> batch.Base:
    """Return all stored profiles of a kind with their records; who is gone is none of them."""
    gone, records = index.gone(tx, kind), index.records_of_kind(tx, kind)
    ids, facets, tokens = index.everything(tx, kind)
    refs = [[ref for ref in records.get(one, ()) if ref not in gone] for one in ids]
    if not all(refs):
        held = [bool(own) for own in refs]
        ids, refs = list(compress(ids, held)), list(compress(refs, held))
        facets, tokens = list(compress(facets, held)), list(compress(tokens, held))
    return batch.indexed_base(ids, refs, facets, tokens)


def reckon(tx: Tx, kind: str, model: Model) -> Whole:
    """Return what a model makes of all that is stored of a kind; nothing is written."""
    base = stored_base(tx, kind)
    scored = batch.score_all(base, model)
    settled = settled_whole(tx, kind, base, scored, model)
    told = batch.exclusive_values(base, model)
    now = {one: told.get(at, frozenset()) for at, one in enumerate(base.ids)}
    before = index.exclusive_of_kind(tx, kind)
    other = {one: values for one, values in now.items() if before.get(one) != values}
    return Whole(kind, model, base, scored, settled, other)


def take_over(tx: Tx, whole: Whole, now: datetime) -> bool:
    """Write what was reckoned; False, and nothing is written, where records are others since, or
    one of them is gone."""
    kind, base, scored = whole.kind, whole.base, whole.scored
    stored = {one: tuple(refs) for one, refs in index.records_of_kind(tx, kind).items()}
    if stored != dict(zip(base.ids, base.refs, strict=True)) or index.gone(tx, kind):
        return False
    list_again(tx, kind)
    index.drop_all_edges(tx, kind)
    kept = np.flatnonzero(scored.bits >= whole.model.keep)
    at = np.array(base.ids, dtype=np.int64)
    index.save_edge_columns(
        tx, kind, at[scored.left[kept]], at[scored.right[kept]], scored.bits[kept]
    )
    index.save_itself(tx, dict(zip(base.ids, scored.itself.tolist(), strict=True)))
    index.save_exclusive(tx, whole.exclusive)
    index.save_base(tx, kind, Base(whole.model.name, len(base.ids), EDITION))
    work.add(tx, "review", review_items(kind, None))
    write(tx, Told(kind, (), (), instant_text(now)), whole.settled)
    forget(tx, kind)
    return True
