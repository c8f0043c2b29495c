"""Resolution of any table, with nothing but the table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.model.resolution import Judgement
from hub.resolution.batch import (
    Base,
    Divided,
    Scored,
    base_of,
    partition_all,
    score_all,
    score_table,
)
from hub.resolution.model import Model, default_model
from hub.resolution.schema import Schema, profiles_of
from hub.resolution.spread import Spread, at_once


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


def resolve_table(
    rows: Iterable[Mapping[str, Any]],
    schema: Schema,
    *,
    model: Model | None = None,
    judgements: Iterable[Judgement] = (),
    spread: Spread = at_once,
) -> Resolved:
    """Return which rows of a table mean the same; SchemaError where table and schema disagree.

    Without a model, the shipped one is fitted to the table first. spread: see `batch.base_of`.
    """
    base = base_of(profiles_of(rows, schema), spread)
    if model:
        used, scored = model, score_all(base, model, spread)
    else:
        used, scored = score_table(base, default_model(schema.kind), spread)
    return Resolved(base, scored, partition_all(base, scored, judgements, used), used)
