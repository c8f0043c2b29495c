"""Reads a source for a hub in another process: `python -m connectors.serve`, over JSON lines.

One request comes on standard input, messages go to standard output. What the source itself prints
goes to standard error, so that it cannot break a line.
"""

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from connectors.registry import open_connector
from connectors.sdk.contract import Connector, PartitionedStream, Stream
from connectors.sdk.errors import (
    AuthError,
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.isolation.messages import (
    Complete,
    Delete,
    Error,
    ErrorClass,
    Message,
    Progress,
    Record,
    Refused,
    Request,
    Streams,
)
from connectors.sdk.isolation.wire import LentVault, Wire
from connectors.sdk.record import End, Page
from connectors.sdk.surroundings import Surroundings, Vault


def main() -> None:
    """Answer the one request on standard input."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)
        request = msgspec.json.decode(sys.stdin.buffer.readline(), type=Request)
        wire = Wire(out, sys.stdin.buffer)
        for message in answers(request, LentVault(wire) if request.vault else None):
            wire.say(message)


def answers(request: Request, vault: Vault | None = None) -> Iterator[Message]:
    """Yield the messages that answer a request; whatever goes wrong is one of them.

    vault: where tokens that rotate are stored, which is the hub's.
    """
    try:
        connector = open_connector(
            request.source,
            name=request.connection,
            config=request.options,
            base_dir=Path(request.base_dir),
            surroundings=Surroundings(vault=vault),
        )
        try:
            yield from _WORK[request.work](connector, request)
        finally:
            connector.close()
    except ConnectorError as error:
        yield error_message(error)
    except Exception as error:  # noqa: BLE001  # the author's code: its text may hold anything
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        yield Error("bug", f"unforeseen {type(error).__name__} at {place}")


def _check(connector: Connector, request: Request) -> Iterator[Message]:
    connector.check()
    yield from _streams(connector, request)


def _streams(connector: Connector, request: Request) -> Iterator[Message]:
    yield Streams([stream.name for stream in connector.streams()])


def _read(connector: Connector, request: Request) -> Iterator[Message]:
    found = [stream for stream in connector.streams() if stream.name == request.stream]
    if not found:
        raise ConnectionBrokenError(f"there is no stream {request.stream!r}")
    for item in _items(found[0], request):
        yield from _page(request.stream, item) if isinstance(item, Page) else [_end(request, item)]


def _items(stream: Stream, request: Request) -> Iterator[Page | End]:
    if isinstance(stream, PartitionedStream):
        return stream.read_from(request.positions)
    return stream.read(request.since)


def _page(stream: str, page: Page) -> Iterator[Message]:
    for record in page.records:
        if record.deleted:
            yield Delete(stream, record.key, record.data, record.cursor)
        else:
            yield Record(stream, record.data, record.key, record.cursor)
    for item in page.rejected:
        yield Refused(stream, item.raw, item.reason, item.where, item.key)
    yield Progress(stream, page.cursor, page.partition)


def _end(request: Request, end: End) -> Message:
    positions = dict(end.positions)
    return Complete(
        request.stream, end.complete, end.total, end.cursor, end.note, positions, end.shifting
    )


_WORK: dict[str, Callable[[Connector, Request], Iterator[Message]]] = {
    "check": _check,
    "streams": _streams,
    "read": _read,
}


def error_message(error: ConnectorError) -> Error:
    """Return an error as a message, by what the hub should do next."""
    kinds: list[tuple[type[ConnectorError], ErrorClass]] = [
        (RetryableError, "transient"),
        (SourceContractError, "contract"),
        (AuthError, "auth"),
        (ConnectionBrokenError, "broken"),
    ]
    kind: ErrorClass = "bug"
    for one, name in kinds:
        if isinstance(error, one):
            kind = name
            break
    wait = error.retry_after_s if isinstance(error, RetryableError) else None
    return Error(kind, str(error), wait)


if __name__ == "__main__":
    main()
