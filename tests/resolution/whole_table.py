"""A table that stands in memory, resolved as a file is."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.model.resolution import Judgement
from hub.resolution.model import Model
from hub.resolution.schema import Schema
from hub.resolution.spread import Spread, at_once
from hub.resolution.table import Resolved, base_of_table, resolve_base


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
    known = list(rows)
    base = base_of_table(lambda start, stop: known[start:stop], len(known), schema, spread)
    return resolve_base(base, schema, model=model, judgements=judgements, spread=spread)
