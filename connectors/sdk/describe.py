"""A declared connector in words for its users, as Markdown."""

from collections.abc import Iterator

from pydantic import SecretStr

from connectors.sdk.conformance.snapshot import StreamShape, snapshot_of
from connectors.sdk.connector import Connector
from connectors.sdk.streams import Stream


def described(connector: Connector) -> Iterator[str]:
    """Yield the lines of a page about a connector."""
    shapes = snapshot_of(connector).streams
    yield f"# {connector.name} {connector.version}"
    yield ""
    needed = connector.auth.needs().items()
    words = [f"`{name}`{' (secret)' if kind is SecretStr else ''}" for name, kind in needed]
    yield f"Options: {', '.join(['`base_url`', *words])}."
    if connector.rate is not None:
        yield f"Asks at most {connector.rate.requests} times in {connector.rate.seconds:g} s."
    for stream in connector.declared:
        yield ""
        yield from _of_stream(stream, shapes[stream.name])


def _of_stream(stream: Stream, shape: StreamShape) -> Iterator[str]:
    spec = stream.spec
    yield f"## {stream.name}"
    yield ""
    place = f"`{spec.method} {spec.path}`" if spec.path else "its author's code"
    yield f"Read by {place}; a record is named by {_listed(spec.key)}."
    for line in _habits(stream):
        yield f"- {line}"
    if shape.fields:
        yield ""
        yield "| field | type |"
        yield "| --- | --- |"
        yield from (f"| `{name}` | {word} |" for name, word in shape.fields.items())


def _habits(stream: Stream) -> Iterator[str]:
    spec = stream.spec
    if stream.parent is not None:
        yield f"below each record of `{stream.parent.name}`"
    if spec.since is not None and spec.cursor is not None:
        yield f"later runs ask for what changed, by `{spec.cursor.path or 'its times'}`"
    else:
        yield "every run lists everything"
    if spec.full_every is not None:
        yield f"listed whole every {spec.full_every}, which shows what is gone"
    if spec.tombstone is not None:
        yield f"`{spec.tombstone}` says that a record is deleted"
    if spec.deletes is not None:
        yield f"`{spec.deletes.path}` lists what was deleted"
    if spec.webhook is not None:
        yield f"webhooks of {_listed(spec.webhook.events)} are taken in"
    if spec.maps_to is not None:
        yield f"meant as: {spec.maps_to}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
