"""Sets rows aside whose cursor is not of the kind the others are: it would lead past later rows.

A column of text, or any column of SQLite, may hold anything. A word among times sorts behind them
all, and as a position it would hide every row that changes from then on.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from connectors.sdk.listing import Batch, Fault, Row

Kind = Literal["number", "moment", "text"]

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


def kind_of(value: Any) -> Kind:
    """Return what a cursor is, however it is written."""
    if not isinstance(value, str):
        return "number"
    if _NUMBER.fullmatch(value):
        return "number"
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "text"
    return "moment"


def of_one_kind(batches: Iterable[Batch], cursor: str, since: str | None) -> Iterator[Batch]:
    """Yield the batches; a row whose cursor is of another kind becomes a fault.

    The kind is that of `since`, else of most rows of the first batch with a cursor.
    """
    kind = None if since is None else kind_of(since)
    for batch in batches:
        if kind is None:
            kind = _most(batch, cursor)
        yield batch if kind is None else _sifted(batch, cursor, kind)


def _most(batch: Batch, cursor: str) -> Kind | None:
    kinds = Counter(
        kind_of(row.data.get(cursor)) for row in batch.rows if row.data.get(cursor) is not None
    )
    return kinds.most_common(1)[0][0] if kinds else None


def _sifted(batch: Batch, cursor: str, kind: Kind) -> Batch:
    good: list[Row] = []
    faults = list(batch.faults)
    for row in batch.rows:
        value = row.data.get(cursor)
        if value is None or kind_of(value) == kind:
            good.append(row)
        else:
            reason = f"its cursor {cursor!r} is no {kind}, as those of the other rows are"
            faults.append(Fault(row.place, row.raw, reason, row.data))
    return batch if len(good) == len(batch.rows) else replace(batch, rows=good, faults=faults)
