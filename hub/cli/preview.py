"""`hub preview`: shows the first records of a stream as they come, and stores nothing."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from connectors.sdk.contract import Stream
from connectors.sdk.record import Page, Record, Rejected
from hub.cli.opening import Config, runtime_of
from hub.errors import NotFoundError
from hub.runtime import Runtime

Shown = Record | Rejected | tuple[str, str]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("preview")(preview)


def preview(
    connection: Annotated[str, typer.Argument(help="The connection.")],
    stream: Annotated[str, typer.Argument(help="One of its streams.")],
    count: Annotated[int, typer.Option("-n", min=1, max=1000, help="How many records.")] = 5,
    config: Config = None,
) -> None:
    """Show the first records of a stream, storing nothing.

    As they would be stored: with the fields the mapping reads, without free text.
    """
    with runtime_of(config) as runtime:
        left = count
        for item in _items(runtime, connection, stream):
            print(_line(item))
            left -= not isinstance(item, tuple)
            if not left:
                break


def _items(runtime: Runtime, connection: str, name: str) -> Iterator[Shown]:
    connector = runtime.open(connection)
    try:
        streams = {stream.name: stream for stream in connector.streams()}
        if name not in streams:
            raise NotFoundError(
                f"connection {connection} has no stream {name!r}; it has: {', '.join(streams)}"
            )
        yield from _read(streams[name])
    finally:
        connector.close()


def _read(stream: Stream) -> Iterator[Shown]:
    for page in stream.read(None):
        if isinstance(page, Page):
            yield from page.drift.items()
            yield from page.records
            yield from page.rejected


def _line(item: Shown) -> str:
    if isinstance(item, Record):
        mark = {"deleted": True} if item.deleted else {}
        return msgspec.json.encode({"key": item.key, **mark, "data": item.data}).decode()
    if isinstance(item, Rejected):
        return f"to quarantine: {item.where}: {item.reason}"
    return f"differs: {item[0]}: {item[1]}"
