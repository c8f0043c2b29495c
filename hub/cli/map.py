"""`hub map`: suggests a mapping to start from, and shows what one makes of a source's records."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from connectors.sdk.contract import Connector, Stream
from connectors.sdk.errors import ConnectorError
from connectors.sdk.record import Page, Record, RecordKey, Rejected
from hub.cli.opening import Config, runtime_of
from hub.errors import ConfigError, NotFoundError
from hub.runtime import Runtime
from mapping.apply import CompiledMapping, apply
from mapping.canonical import CanonicalRecord
from mapping.coverage import absent_paths, unmapped_paths
from mapping.normalize.registry import Options
from mapping.suggestion.sample import Sample, sample_of
from mapping.suggestion.suggest import suggest


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Suggest and try a mapping.", no_args_is_help=True)
    group.command("suggest")(suggest_mapping)
    group.command("try")(try_mapping)
    app.add_typer(group, name="map")


def suggest_mapping(
    connection: Annotated[str, typer.Argument(help="The connection to read from.")],
    write: Annotated[
        bool, typer.Option("--write", help="Write the connection's mapping file, if there is none.")
    ] = False,
    limit: Annotated[
        int,
        typer.Option(
            "-n", "--limit", min=1, max=10_000, help="How many records of each stream to look at."
        ),
    ] = 500,
    config: Config = None,
) -> None:
    """Suggest a mapping file, by the names and values of a source's columns.

    Nothing is stored, and no record's values stand in the file but the words of its statuses. Read
    it line by line: it is to start from. `hub map try` shows what it makes of the records.
    """
    with runtime_of(config) as runtime:
        path = runtime.loaded.beside(runtime.connection(connection).mapping)
        if write and path.exists():
            raise ConfigError(f"{path} is there already; leave out --write to see a suggestion")
        company = runtime.loaded.config.company
        zone = company.time_zone
        habits = Options(
            country=company.country, currency=company.currency, time_zone=ZoneInfo(zone)
        )
        samples = _samples(runtime, connection, limit)
        if write and not any(sample.records for sample in samples):
            raise NotFoundError(f"{connection}: no record was read; {path} is not written")
        text = suggest(samples, habits, time_zone=zone)
    if not write:
        typer.echo(text, nl=False)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    typer.echo(f"wrote {path}; read it, then `hub check` and `hub map try {connection} STREAM`")


def _samples(runtime: Runtime, connection: str, limit: int) -> list[Sample]:
    """Return the first records of each stream; of one that cannot be read, what was read."""
    connector = runtime.open(connection, whole=True)
    samples = []
    try:
        for stream in connector.streams():
            read: list[Record | Rejected] = []
            try:
                read.extend(islice(_read(stream), limit))
            except ConnectorError as error:
                typer.echo(f"{connection}: {stream.name}: {error}", err=True)
            records = [(one.key, one.data) for one in read if isinstance(one, Record)]
            samples.append(sample_of(stream.name, records))
    finally:
        connector.close()
    return samples


def try_mapping(
    connection: Annotated[str, typer.Argument(help="The connection to read from.")],
    stream: Annotated[str, typer.Argument(help="One of its streams.")],
    limit: Annotated[
        int, typer.Option("-n", "--limit", min=1, max=1000, help="How many records.")
    ] = 5,
    config: Config = None,
) -> None:
    """Show the first records of a stream as they come, beside what the mapping makes of them.

    Nothing is stored.
    """
    console = Console()
    with runtime_of(config) as runtime:
        runtime.connection(connection)
        mapping = runtime.street.mappings[connection]
        unread: dict[str, None] = {}
        absent: list[set[str]] = []
        for record in _records(runtime, connection, stream, limit):
            if isinstance(record, Rejected):
                console.print(escape(f"to quarantine: {record.where}: {record.reason}"))
                continue
            key = RecordKey(connection, stream, record.key)
            console.print(_beside(record, key, apply(mapping, key, record)))
            unread.update(dict.fromkeys(unmapped_paths(mapping, stream, record)))
            absent.append(set(absent_paths(mapping, stream, record)))
    _summary(console, mapping, stream, list(unread), absent)


def _records(
    runtime: Runtime, connection: str, stream: str, limit: int
) -> Iterator[Record | Rejected]:
    connector = runtime.open(connection, whole=True)
    try:
        yield from islice(_read(_stream(connector, connection, stream)), limit)
    finally:
        connector.close()


def _stream(connector: Connector, connection: str, name: str) -> Stream:
    streams = {stream.name: stream for stream in connector.streams()}
    if name not in streams:
        known = ", ".join(streams)
        raise NotFoundError(f"connection {connection} has no stream {name!r}; it has: {known}")
    return streams[name]


def _read(stream: Stream) -> Iterator[Record | Rejected]:
    for item in stream.read(None):
        if isinstance(item, Page):
            yield from item.records
            yield from item.rejected


def _beside(record: Record, key: RecordKey, made: list[CanonicalRecord]) -> Table:
    table = Table(title=escape(key.ref()), title_justify="left", expand=True)
    table.add_column("as sent", ratio=1, overflow="fold")
    table.add_column("in the hub's nouns", ratio=1, overflow="fold")
    canonical = "\n\n".join(map(_canonical, made)) or "nothing: no entry of the mapping fits"
    table.add_row(escape(_pretty(record.data)), escape(canonical))
    return table


def _canonical(one: CanonicalRecord) -> str:
    part = f" #{one.part}" if one.part else ""
    lines = [f"{one.kind}{part}", _pretty(dict(one.fields))]
    lines += [f"+ {name}: {value!r}" for name, value in one.extensions.items()]
    lines += [f"{reference.role} -> {reference.target}" for reference in one.refs]
    lines += [f"! {issue.field}: {issue.reason}: {issue.value!r}" for issue in one.issues]
    return "\n".join(lines)


def _pretty(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def _summary(
    console: Console,
    mapping: CompiledMapping,
    stream: str,
    unread: list[str],
    absent: list[set[str]],
) -> None:
    if not absent:
        console.print(f"the stream {stream} has no records")
        return
    if stream not in mapping.streams:
        console.print(f"the mapping says nothing of the stream {stream}")
    nowhere = sorted(set.intersection(*absent))
    console.print(escape(f"not mapped: {', '.join(unread) or 'nothing is left out'}"))
    if nowhere:
        console.print(escape(f"mapped, but in none of these records: {', '.join(nowhere)}"))
