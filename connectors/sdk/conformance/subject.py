"""A declared connector as the kit's subject: the emulator behind it, its options made up."""

from collections.abc import Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.sdk.conformance.authority import Authority, invented
from connectors.sdk.conformance.cassette import Cassette
from connectors.sdk.conformance.emulator import BASE_URL, PAGE_ROWS, Emulator, shortened
from connectors.sdk.conformance.family import FIRST_NUMBER, PARENTS, Family
from connectors.sdk.conformance.samples import cursor_value, flat_key, sample_row, set_at
from connectors.sdk.conformance.seam import Clock, Facts, Row
from connectors.sdk.connector import Connector
from connectors.sdk.contract import Connector as OpenConnector
from connectors.sdk.listing import key_of
from connectors.sdk.model import field_type
from connectors.sdk.paths import steps_of
from connectors.sdk.record import Page
from connectors.sdk.streams import Stream
from connectors.sdk.surroundings import MemoryVault

PARENTS_MADE_AT = datetime(2026, 10, 1, 10, 0, tzinfo=UTC)


class DeclaredSubject:
    """A connector served by an emulator of its own declaration.

    options: what its configuration needs beyond an address and credentials. emulator: a kind of
    Emulator that answers as the product does where that differs from what is declared, or where the
    declaration leaves it to code. leave_out: streams that nobody can serve, and why. home: the
    folder the connector lies in, where the snapshot of its last release is kept. cassette: what
    `hub run --record` kept of the real product; its rows and envelopes are then played.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        options: Mapping[str, Any] | None = None,
        emulator: type[Emulator] = Emulator,
        leave_out: Mapping[str, str] | None = None,
        home: Path | None = None,
        cassette: Path | None = None,
    ) -> None:
        self.home = home
        self.declared = connector
        self.connector = connector = _with_small_pages(connector)
        self.name = connector.name
        needed = connector.auth.needs()
        plain = {name: f"given-{name}" for name, kind in needed.items() if kind is not SecretStr}
        self.secrets = invented(connector.auth)
        self._options = {"base_url": BASE_URL, **plain, **self.secrets, **(options or {})}
        self.vault = MemoryVault()
        self.authority = Authority(connector.auth, self._options, self.vault)
        self.left_out = {**_left_out(connector, emulator), **(leave_out or {})}
        self._served = {
            one.name: one for one in connector.declared if one.name not in self.left_out
        }
        self._families = {
            one.name: _family(one, one.parent)
            for one in self._served.values()
            if one.parent is not None
        }
        self.emulator = emulator(Clock(), self._served, self.authority, connector.check_path)
        self.cassette: Cassette | None = None
        if cassette is not None:
            self.play(cassette)
        for name in [one.name for one in self._served.values() if one.reader is not None]:
            why = self._unplayable(name)
            if why is not None:
                self.left_out[name] = why
                del self._served[name]

    def play(self, cassette: Path) -> None:
        """Play rows and envelopes of the real product from now on.

        Raises ConnectionBrokenError where the folder is no cassette, BreachError where it holds
        nothing of this connector.
        """
        self.cassette = Cassette(cassette, self.declared, self._options)
        self.emulator.envelopes = self.cassette.envelopes

    def streams(self) -> Sequence[Facts]:
        """Return the streams the emulator can serve."""
        return [_facts(stream) for stream in self._served.values()]

    def stream(self, name: str) -> Stream:
        """Return the declaration of a stream."""
        return self._served[name]

    def row(self, stream: str, number: int, at: datetime) -> Row:
        """Return an invented row, or one from the tape with a key and a cursor of its own."""
        taped = self.cassette.rows.get(stream) if self.cassette is not None else None
        template = taped[number % len(taped)] if taped else None
        row = sample_row(self._served[stream], number, at, template)
        field = self._served[stream].spec.parent_field
        if field is not None:
            row[field] = self._families[stream].parent_of(row)
        return row

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
                own = [path for path in spec.key if path != spec.parent_field]
                set_at(row, steps_of(own[0]), None)
            case "cursor":
                assert spec.cursor is not None
                for path in [spec.cursor.path] if spec.cursor.path else self.emulator.cursor_fields:
                    set_at(row, steps_of(path), "garbage")
            case "type":
                taken = {*spec.key, spec.parent_field, spec.tombstone}
                taken.add(spec.cursor.path if spec.cursor else "")
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
            kept += [self._marked(stream, row, spec.tombstone) for row in gone]
        self.emulator.rows[stream] = kept
        if spec.deletes is not None:
            self.emulator.gone[stream] = [
                _deleted(spec.deletes.key, self, stream, row) for row in gone
            ]

    def _marked(self, stream: str, row: Row, tombstone: str) -> Row:
        """Return a row as it is after its deletion, which is a change like any other."""
        marked, spec = deepcopy(row), self._served[stream].spec
        set_at(marked, steps_of(tombstone), True)
        if spec.cursor is not None and spec.cursor.path:
            kind = field_type(self._served[stream].model, spec.cursor.path)
            value = cursor_value(spec.cursor, kind, self.emulator.clock.now())
            set_at(marked, steps_of(spec.cursor.path), value)
        return marked

    def open(
        self, stream: str, clock: Clock, *, sliced: bool = False, **options: Any
    ) -> OpenConnector:
        """Open a connection that reads one stream from the emulator.

        sliced: a first read takes one page a run, as `backfill` has it; else it comes in one go.
        """
        self.emulator.begin(clock, stream, self._families.get(stream))
        surroundings = replace(
            clock.surroundings(),
            transport=lambda _, _secrets: self.emulator,
            vault=self.vault,
            at_once=1,
        )
        said = {**self._options, "streams": (stream,), "fields": {stream: ("*",)}, **options}
        connector = _in_slices(self.connector, stream) if sliced else self.connector
        config = connector.config_model.model_validate(said)
        return connector("contract", config, base_dir=Path(), surroundings=surroundings)

    def slices(self, stream: str) -> bool:
        """Return whether a long first read comes in slices."""
        declared = self.declared.stream(stream)
        return declared is not None and declared.spec.backfill is not None

    def _unplayable(self, stream: str) -> str | None:
        """Return why nobody can play a stream that code reads; None where its rows arrive.

        Code that fails at lists it asks for as such is its author's fault, and stays in.
        """
        clock = Clock()
        self.put(stream, [self.row(stream, number, PARENTS_MADE_AT) for number in (1, 2, 3)])
        connector, came = self.open(stream, clock), 0
        why = "it came to nothing"
        try:
            for item in connector.streams()[0].read(None):
                came += len(item.records) if isinstance(item, Page) else 0
        except Exception as error:  # noqa: BLE001  # the author's code, asked for what may not be there
            why = f"{type(error).__name__}: {error}"
        finally:
            connector.close()
            self.put(stream, [])
        if came == 3 or not self.emulator.unknown:
            return None
        return (
            f"its code asks for {self.emulator.unknown[0]} by other means than api.pages ({why}): "
            "only an emulator of its author's can serve it"
        )

    def close(self) -> None:
        """Nothing to give back: the emulator lives in this process."""


def _deleted(columns: tuple[str, ...], subject: DeclaredSubject, stream: str, row: Row) -> Row:
    own = subject.stream(stream).spec.key
    found: Row = dict(row)
    for path, name in zip(columns, own, strict=False):
        set_at(found, steps_of(path), flat_key(row, own)[name])
    return found


def _family(stream: Stream, parent: Stream) -> Family:
    numbers = range(FIRST_NUMBER, FIRST_NUMBER + PARENTS)
    return Family(parent, stream, [sample_row(parent, n, PARENTS_MADE_AT) for n in numbers])


def _in_slices(connector: Connector, name: str) -> Connector:
    """Return the connector with a first read that takes one page a run."""
    sliced = copy(connector)
    sliced.declared = [copy(stream) for stream in connector.declared]
    for stream in sliced.declared:
        if stream.name == name:
            stream.spec = stream.spec.model_copy(update={"backfill": 1})
    return sliced


def _with_small_pages(connector: Connector) -> Connector:
    """Return the connector with pages of few rows, so that three of them are read quickly.

    A first read in slices is the hub's own affair: here one read brings everything.
    """
    small = copy(connector)
    small.declared = []
    for stream in connector.declared:
        changed = {"backfill": None, "pages": shortened(stream.spec.pages)}
        small.declared.append(copy(stream))
        small.declared[-1].spec = stream.spec.model_copy(update=changed)
    return small


def _left_out(connector: Connector, emulator: type[Emulator]) -> dict[str, str]:
    """Return the streams a declaration alone cannot be served from, and why."""
    found = {}
    for stream in connector.declared:
        if _reads_by_code(stream) and not emulator.cursor_fields:
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
    by_code = stream.reader is not None or stream.parent is not None
    partial = spec.cursor if by_code else spec.since
    whole = spec.complete and (partial is None or spec.full_every is not None)
    ordered = spec.ordered and spec.cursor is not None and not by_code
    return Facts(
        stream.name,
        size,
        spec.cursor is not None,
        ordered,
        seen or whole,
        lists=PARENTS if stream.parent is not None else 1,
    )
