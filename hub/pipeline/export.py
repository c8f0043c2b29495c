"""Streams golden records and documents out as CSV, JSON lines or Parquet, a page at a time."""

import csv
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from hub.model.money import MINOR, base_amounts, base_name
from hub.store import documents, golden
from hub.store.database import Database
from hub.vorgang.golden import OF_RECORD
from mapping.fields import Field
from mapping.nouns import FIELDS, KINDS, RESOLVED_KINDS, Kind

Row = Mapping[str, Any]

PAGE = 500
ROWS_OF_A_GROUP = 5_000
"""Rows of one Parquet row group: all that is held in memory at a time."""
BASE_CURRENCY, EXTENSIONS = "base_currency", "extensions"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run by a spreadsheet; an apostrophe in front keeps it a text."""

_IRREGULAR = {"time_entry": "time_entries", "delivery": "deliveries", "touch": "touches"}
EXPORTS: Final[Mapping[str, Kind]] = {_IRREGULAR.get(kind, f"{kind}s"): kind for kind in KINDS}
"""Plural -> kind."""

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def columns(kind: Kind) -> list[str]:
    """Return what a row of this kind has: its key, where it comes from, its fields, its amounts in
    the company's currency, and what the hub has no noun for."""
    priced = [base_name(name) for name, field in FIELDS[kind].items() if field.type == "money"]
    beside = [*priced, BASE_CURRENCY, EXTENSIONS] if priced else [EXTENSIONS]
    if kind in RESOLVED_KINDS:
        return ["id", *(name for name in FIELDS[kind] if name not in OF_RECORD), *beside]
    return ["ref", "connection", "customer", *FIELDS[kind], *beside]


def pages(db: Database, kind: Kind, currency: str) -> Iterator[list[Row]]:
    """Yield the rows of a kind in pages, each read on its own: a slow reader blocks nobody.

    currency: the company's.
    """
    after: tuple[str, str] = ("", "")
    ref = ""
    while True:
        with db.reading() as tx:
            if kind in RESOLVED_KINDS:
                found, after = golden.page(tx, kind, after, PAGE)
                rows: list[Row] = [row_of(document, currency) for document in found]
            else:
                read = documents.export_page(tx, kind, ref, PAGE)
                rows = [_document(one, currency) for one in read]
                ref = read[-1].ref if read else ref
        if rows:
            yield rows
        if len(rows) < PAGE:
            return


def row_of(document: str, currency: str) -> dict[str, Any]:
    """Return a stored view as one flat row: id and the golden value of every field.

    Extensions are of its records, so they stand by record.
    """
    view = _decode(document)
    fields = {name: one["value"] for name, one in view["golden"].items()}
    extensions = {one["ref"]: one[EXTENSIONS] for one in view["records"] if one[EXTENSIONS]}
    return {"id": view["id"], **fields, **_beside(fields, extensions, currency)}


def _document(read: Any, currency: str) -> dict[str, Any]:
    fields = _decode(read.fields)
    own = {"ref": read.ref, "connection": read.connection, "customer": read.customer}
    return {**fields, **own, **_beside(fields, _decode(read.extensions), currency)}


def _beside(fields: Row, extensions: Row, currency: str) -> dict[str, Any]:
    """Return what a row has beside its fields; what is unknown is absent."""
    known = {name: one for name, one in base_amounts(fields, currency).items() if one is not None}
    told: dict[str, Any] = {**known, BASE_CURRENCY: currency} if known else {}
    return {**told, EXTENSIONS: extensions} if extensions else told


def as_csv(kind: Kind, some: Iterator[list[Row]]) -> Iterator[bytes]:
    """Yield CSV as Excel takes it: UTF-8 with its mark, lists joined by `; `, formulas disarmed."""
    names = columns(kind)
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    writer.writerow(names)
    for rows in some:
        writer.writerows([cell(row.get(name)) for name in names] for row in rows)
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def as_jsonl(kind: Kind, some: Iterator[list[Row]]) -> Iterator[bytes]:
    """Yield one JSON object a line; what is unknown is absent."""
    names = columns(kind)
    for rows in some:
        lines = [{name: row[name] for name in names if name in row} for row in rows]
        yield b"".join(_encode(line) + b"\n" for line in lines)


def as_parquet(kind: Kind, some: Iterator[list[Row]]) -> Iterator[bytes]:
    """Yield a Parquet file; amounts are integers in minor units, dates and instants texts."""
    schema = _schema(kind)
    sink = _Sink()
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        held: list[Row] = []
        for rows in some:
            held += rows
            if len(held) >= ROWS_OF_A_GROUP:
                writer.write_table(_table(schema, kind, held))
                held = []
                yield sink.take()
        if held:
            writer.write_table(_table(schema, kind, held))
    yield sink.take()


FORMS: Final[Mapping[str, tuple[str, Callable[[Kind, Iterator[list[Row]]], Iterator[bytes]]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/x-ndjson", as_jsonl),
    "parquet": ("application/vnd.apache.parquet", as_parquet),
}
"""Suffix -> its media type, and what writes it."""


def cell(value: Any) -> Any:
    """Return a value as a cell that no spreadsheet runs."""
    if isinstance(value, list):
        value = "; ".join(map(str, value))
    if isinstance(value, dict):
        value = _encode(value).decode()
    if isinstance(value, str) and value.startswith(FORMULA) and not _is_phone(value):
        return f"'{value}"
    return value


def _is_phone(text: str) -> bool:
    """A number in international form is no formula that could do harm."""
    return text.replace("; ", "").replace("+", "").isdecimal()


class _Sink:
    """A file that only goes forward: what was written is taken away at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._at = 0
        self.closed = False

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        self._at += len(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken

    def tell(self) -> int:
        return self._at

    def flush(self) -> None:
        return

    def close(self) -> None:
        self.closed = True


_ARROW: Final[Mapping[str, tuple[Any, tuple[type, ...]]]] = {
    "integer": (pa.int64(), (int,)),
    "money": (pa.int64(), (int,)),
    "number": (pa.float64(), (int, float)),
    "percent": (pa.float64(), (int, float)),
    "boolean": (pa.bool_(), (bool,)),
}
_TEXT = (pa.string(), (str,))
_LARGEST = 2**63 - 1


def _schema(kind: Kind) -> Any:
    return pa.schema([(name, _arrow_type(_field(kind, name))) for name in columns(kind)])


def _field(kind: Kind, name: str) -> Field:
    """Return what a column holds."""
    return FIELDS[kind].get(name) or Field("money" if name.endswith(MINOR) else "text", "")


def _arrow_type(field: Field) -> Any:
    one = _ARROW.get(field.type, _TEXT)[0]
    return pa.list_(one) if field.many else one


def _table(schema: Any, kind: Kind, rows: list[Row]) -> Any:
    arrays = [
        pa.array(
            [_typed(_field(kind, name), row.get(name)) for row in rows],
            type=schema.field(name).type,
        )
        for name in schema.names
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _typed(field: Field, value: Any) -> Any:
    """Return a value as its column takes it; what fits no number is null, never guessed."""
    if field.many:
        listed = value if isinstance(value, list) else [value] if value is not None else None
        return listed and [one for one in (_one(field, each) for each in listed) if one is not None]
    return _one(field, value)


def _one(field: Field, value: Any) -> Any:
    kind, types = _ARROW.get(field.type, _TEXT)
    if value is None:
        return None
    if types == (str,):
        return value if isinstance(value, str) else _encode(value).decode()
    if type(value) not in types:
        return None
    if kind == pa.float64():
        return float(value)
    return value if abs(value) <= _LARGEST else None
