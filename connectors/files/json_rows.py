"""Reads the objects of JSON documents and of JSON lines, and sets aside what is none."""

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from connectors.files.chunks import chunks
from connectors.files.config import FileStreamConfig
from connectors.files.encoding import open_text, utf8_lines
from connectors.files.json_text import JsonText, list_elements
from connectors.files.source import SourceFile
from connectors.sdk.errors import SourceContractError
from connectors.sdk.listing import Batch, Fault, Row

Raw = str | bytes
_decode = msgspec.json.Decoder().decode


def json_batches(
    file: SourceFile, stream: FileStreamConfig, max_record_bytes: int
) -> Iterator[Batch]:
    """Yield the elements of the document's list: of the document itself, or at `items`.

    Memory holds one element at a time, however large the list; what stands beside the list is
    read over value by value. Raises SourceContractError where the document does not close, or
    is malformed between the elements.
    """
    with open_text(file, stream.encoding) as text:
        name = str(file.path)
        document = JsonText(text.read, limit=16 * max_record_bytes, name=name)
        path = stream.items.split(".") if stream.items else []
        try:
            elements = list_elements(document, path, name)
            yield from _batches(file, "item", enumerate(elements, 1))
            document.end()
        except UnicodeError as error:
            raise SourceContractError(f"{name} cannot be read: {error}") from error


def jsonl_batches(
    file: SourceFile, stream: FileStreamConfig, max_record_bytes: int
) -> Iterator[Batch]:
    """Yield one row a line; blank lines are passed over.

    Raises SourceContractError for a line of more than 16 times `max_record_bytes`.
    """
    limit = 16 * max_record_bytes
    lines = enumerate(utf8_lines(file, stream.encoding, limit), 1)
    filled = ((number, line.rstrip(b"\r\n")) for number, line in lines if not line.isspace())
    try:
        yield from _batches(file, "line", filled)
    except UnicodeError as error:
        raise SourceContractError(f"{file.path} cannot be read: {error}") from error


def _batches(file: SourceFile, unit: str, raws: Iterator[tuple[int, Raw]]) -> Iterator[Batch]:
    for chunk in chunks(raws, lambda numbered: len(numbered[1])):
        rows: list[Row] = []
        faults: list[Fault] = []
        for number, raw in chunk:
            row = _row(number, raw)
            if isinstance(row, Row):
                rows.append(row)
            else:
                faults.append(row)
        yield Batch(f"{file.label} {unit}", rows, faults)


def _row(number: int, raw: Raw) -> Row | Fault:
    try:
        data = _decode(raw)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        return Fault(number, raw, f"no JSON: {error}", _lenient_object(raw))
    if type(data) is not dict:
        return Fault(number, raw, "no JSON object")
    return Row(number, data, raw)


def _lenient_object(raw: Raw) -> dict[str, Any] | None:
    """Return an object that is JSON but for a NaN or the like: good enough to read its key."""
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
