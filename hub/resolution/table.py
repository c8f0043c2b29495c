"""Resolution of any table, with nothing but the table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from hub.model.resolution import Judgement
from hub.resolution.batch import (
    Base,
    Divided,
    Scored,
    base_from,
    partition_all,
    score_all,
    score_table,
)
from hub.resolution.columns import told_by
from hub.resolution.frame import one_each
from hub.resolution.model import Model, default_model
from hub.resolution.reading import Reading, part_of
from hub.resolution.schema import Schema, check, read_rows
from hub.resolution.spread import Spread, at_once
from hub.resolution.told import ids_of


@dataclass(frozen=True, slots=True)
class Resolved:
    """A resolved table. clusters: of keys, each sorted, sorted by first key."""

    base: Base
    scored: Scored
    divided: Divided
    model: Model

    @property
    def clusters(self) -> list[tuple[str, ...]]:
        """Return the clusters of keys."""
        return self.divided.clusters


def base_of_table(
    rows: Callable[[int, int], Iterable[Mapping[str, Any]]],
    size: int,
    schema: Schema,
    spread: Spread = at_once,
) -> Base:
    """Return the base of a table; SchemaError where table and schema disagree.

    rows: gives those of a slice (start, stop), wherever the work on it is done.
    """

    def read(start: int, stop: int) -> tuple[Reading, set[str]]:
        found = read_rows(rows(start, stop), schema, first=start + 1)
        count = len(found.keys)
        ids = np.fromiter(ids_of(schema.kind, found.told, count), np.int64, count)
        part = part_of(schema.kind, found.told, count)
        return Reading(found.keys, ids, one_each(found.sources), part), found.columns

    parts = spread(read, size)
    keys = list(chain.from_iterable(each.refs for each, _ in parts))
    check(keys, set().union(*(columns for _, columns in parts)), schema)
    return base_from([each for each, _ in parts])


def resolve_base(
    base: Base,
    schema: Schema,
    *,
    model: Model | None = None,
    judgements: Iterable[Judgement] = (),
    spread: Spread = at_once,
) -> Resolved:
    """Return the same of a table that is read."""
    if model:
        used, scored = model, score_all(base, model, spread)
    else:
        start = told_by(default_model(schema.kind), schema.fields.values())
        used, scored = score_table(base, start, spread)
    return Resolved(base, scored, partition_all(base, scored, judgements, used), used)
