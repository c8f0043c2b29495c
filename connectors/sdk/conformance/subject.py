"""A declared connector as the kit's subject: the emulator behind it, its options made up."""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.sdk.conformance.emulator import BASE_URL, PAGE_ROWS, Emulator
from connectors.sdk.conformance.samples import flat_key, sample_row, set_at
from connectors.sdk.conformance.seam import Clock, Facts, Row
from connectors.sdk.connector import Connector
from connectors.sdk.contract import Connector as OpenConnector
from connectors.sdk.listing import key_of
from connectors.sdk.paths import steps_of
from connectors.sdk.streams import Stream


class DeclaredSubject:
    """A connector served by an emulator of its own declaration.

    options: what its configuration needs beyond an address and credentials. emulator: a kind of
    Emulator that answers as the product does where that differs from what is declared, or where the
    declaration leaves it to code. leave_out: streams that nobody can serve, and why. home: the
    folder the connector lies in, where the snapshot of its last release is kept.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        options: Mapping[str, Any] | None = None,
        emulator: type[Emulator] = Emulator,
        leave_out: Mapping[str, str] | None = None,
        home: Path | None = None,
    ) -> None:
        self.home = home
        self.connector = connector = _with_small_pages(connector)
        self.name = connector.name
        self.left_out = {**_left_out(connector, emulator), **(leave_out or {})}
        self._served = {
            one.name: one for one in connector.declared if one.name not in self.left_out
        }
        needed = connector.auth.needs()
        secrets = {
            name: f"canary-{name}-5up3r" for name, kind in needed.items() if kind is SecretStr
        }
        plain = {name: f"given-{name}" for name, kind in needed.items() if kind is not SecretStr}
        self.secrets = secrets
        self._options = {"base_url": BASE_URL, **plain, **secrets, **(options or {})}
        self.emulator = emulator(
            Clock(), self._served, list(secrets.values()), connector.check_path
        )

    def streams(self) -> Sequence[Facts]:
        """Return the streams the emulator can serve."""
        return [_facts(stream) for stream in self._served.values()]

    def stream(self, name: str) -> Stream:
        """Return the declaration of a stream."""
        return self._served[name]

    def row(self, stream: str, number: int, at: datetime) -> Row:
        """Return an invented row."""
        return sample_row(self._served[stream], number, at)

    def key(self, stream: str, row: Row) -> str:
        """Return the key of a row."""
        columns = self._served[stream].spec.key
        return key_of(flat_key(row, columns), columns)

    def spoiled(self, stream: str, row: Row, how: str) -> Row:
        """Return the row with a fault."""
        spec = self._served[stream].spec
        row = dict(row)
        match how:
            case "key":
                set_at(row, steps_of(spec.key[0]), None)
            case "cursor":
                assert spec.cursor is not None
                for path in [spec.cursor.path] if spec.cursor.path else self.emulator.cursor_fields:
                    set_at(row, steps_of(path), "garbage")
            case "type":
                taken = {*spec.key, spec.cursor.path if spec.cursor else "", spec.tombstone}
                taken.update(self.emulator.cursor_fields)
                other = [name for name in row if name not in taken]
                row[other[0] if other else "field_of_no_type"] = {"was": "something else"}
            case "new":
                row["field_nobody_declared"] = 1
            case "large":
                row["field_of_a_megabyte"] = "x" * 1_000_000
        return row

    def put(self, stream: str, rows: Sequence[Row], gone: Sequence[Row] = ()) -> None:
        """Let the emulator hold rows; what is gone is told as the declaration says."""
        spec = self._served[stream].spec
        kept = list(rows)
        if spec.tombstone is not None:
            for row in gone:
                marked = dict(row)
                set_at(marked, steps_of(spec.tombstone), True)
                kept.append(marked)
        self.emulator.rows[stream] = kept
        if spec.deletes is not None:
            self.emulator.gone[stream] = [
                _deleted(spec.deletes.key, self, stream, row) for row in gone
            ]

    def open(self, stream: str, clock: Clock, **options: Any) -> OpenConnector:
        """Open a connection that reads one stream from the emulator."""
        self.emulator.clock = clock
        self.emulator.listed = 0
        surroundings = replace(clock.surroundings(), transport=lambda _, _secrets: self.emulator)
        said = {**self._options, "streams": (stream,), "fields": {stream: ("*",)}, **options}
        config = self.connector.config_model.model_validate(said)
        return self.connector("contract", config, base_dir=Path(), surroundings=surroundings)

    def close(self) -> None:
        """Nothing to give back: the emulator lives in this process."""


def _deleted(columns: tuple[str, ...], subject: DeclaredSubject, stream: str, row: Row) -> Row:
    own = subject.stream(stream).spec.key
    found: Row = dict(row)
    for path, name in zip(columns, own, strict=False):
        set_at(found, steps_of(path), flat_key(row, own)[name])
    return found


def _with_small_pages(connector: Connector) -> Connector:
    """Return the connector with pages of few rows, so that three of them are read quickly.

    A first read in slices is the hub's own affair: here one read brings everything.
    """
    small = copy(connector)
    small.declared = []
    for stream in connector.declared:
        spec, pages = stream.spec.model_copy(update={"backfill": None}), stream.spec.pages
        if pages.size is not None:
            size = (pages.size[0], min(pages.size[1], PAGE_ROWS))
            spec = spec.model_copy(update={"pages": pages.model_copy(update={"size": size})})
        small.declared.append(copy(stream))
        small.declared[-1].spec = spec
    return small


def _left_out(connector: Connector, emulator: type[Emulator]) -> dict[str, str]:
    """Return the streams a declaration alone cannot be served from, and why."""
    found = {}
    for stream in connector.declared:
        if stream.reader is not None:
            found[stream.name] = "it is read by code: only an emulator of its author's can serve it"
        elif stream.parent is not None:
            found[stream.name] = (
                "it lies below a parent: only an emulator of its author's can serve it"
            )
        elif _reads_by_code(stream) and not emulator.cursor_fields:
            found[stream.name] = (
                "its cursor is read or asked for by code: only an emulator of its author's can "
                "serve it"
            )
    return found


def _reads_by_code(stream: Stream) -> bool:
    cursor, since = stream.spec.cursor, stream.spec.since
    return (cursor is not None and not cursor.path) or (
        since is not None and since.write is not None
    )


def _facts(stream: Stream) -> Facts:
    spec = stream.spec
    size = spec.pages.size[1] if spec.pages.size else PAGE_ROWS
    seen = spec.tombstone is not None or spec.deletes is not None
    whole = spec.complete and (spec.since is None or spec.full_every is not None)
    ordered = spec.ordered and spec.cursor is not None
    return Facts(stream.name, size, spec.cursor is not None, ordered, seen or whole)
