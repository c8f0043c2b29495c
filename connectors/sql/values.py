"""Turns a driver's rows into JSON values: decimals and times as text, NULL as null."""

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from connectors.sdk.listing import Batch, Fault, Row

_encode = msgspec.json.Encoder().encode


def batch_of(where: str, names: Sequence[str], rows: Iterable[Sequence[Any]], number: int) -> Batch:
    """Return rows, the first being number `number`, as a batch.

    Decimal, UUID, date and time become text (ISO 8601), bytes base64 text, anything else that
    JSON has no word for what `str` makes of it. A row whose text is not UTF-8 is a fault.
    """
    good: list[Row] = []
    faults: list[Fault] = []
    for place, row in enumerate(rows, number):
        data = json_values(dict(zip(names, row, strict=True)))
        try:
            raw = _encode(data)
        except UnicodeEncodeError:
            faults.append(_undecodable(place, data))
            continue
        if b"null" in raw:
            # JSON has no NaN and writes null for it, which would pass for a NULL.
            data = {name: _without_nan(value) for name, value in data.items()}
        good.append(Row(place, data, raw))
    return Batch(where, good, faults)


def json_values(data: dict[str, Any]) -> dict[str, Any]:
    """Return the values as JSON knows them."""
    converted: dict[str, Any] = msgspec.to_builtins(data, enc_hook=str)
    return converted


def _without_nan(value: Any) -> Any:
    match value:
        case float() if not math.isfinite(value):
            return str(value)
        case list() | tuple():
            return [_without_nan(item) for item in value]
        case dict():
            return {name: _without_nan(item) for name, item in value.items()}
    return value


def _undecodable(place: int, data: dict[str, Any]) -> Fault:
    raw = json.dumps(data, ensure_ascii=False).encode("utf-8", "surrogateescape")
    readable = {name: value for name, value in data.items() if _is_text(value)}
    return Fault(place, raw, "holds text that is not UTF-8", readable)


def _is_text(value: Any) -> bool:
    try:
        _encode(value)
    except UnicodeEncodeError:
        return False
    return True
