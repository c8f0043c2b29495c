"""What the hub asks of a source: a class per product, a connector per account, streams in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from pydantic import BaseModel

from connectors.sdk.record import End, Page, Recalled, Record


class Memory(Protocol):
    """What the hub keeps of the pages of one stream that it has stored."""

    def recall(self, digest: bytes) -> Recalled | None:
        """Return the page of this digest, if all its records stand as it held them."""


class Stream(Protocol):
    """One kind of object in one account."""

    @property
    def name(self) -> str:
        """How the stream is called in the configuration and in record refs."""

    def read(self, since: str | None) -> Iterator[Page | End]:
        """Yield pages from the position `since` on, inclusive, and an `End` as the very last.

        `since` is a cursor this stream handed out before; None asks for everything. A record
        read twice is harmless, a record lost is not. A read that stops without an `End` failed.
        Raises a ConnectorError; pages yielded before it are good and may be stored.
        """


@runtime_checkable
class PartitionedStream(Stream, Protocol):
    """A stream with several positions: one a parent, one for what was deleted, and so on."""

    def read_from(self, positions: Mapping[str, str]) -> Iterator[Page | End]:
        """Read as `read` does, from all positions handed out before, by partition."""


@runtime_checkable
class RecallingStream(Stream, Protocol):
    """A stream that knows pages again by their bytes, and then does not take them apart."""

    def read_recalling(self, positions: Mapping[str, str], memory: Memory) -> Iterator[Page | End]:
        """Read as `read_from` does; a page that `memory` recalls comes as a `Recalled`."""


@runtime_checkable
class DatedStream(Stream, Protocol):
    """A stream that may know how to read what changed since an instant."""

    def position_at(self, instant: datetime) -> str | None:
        """Return the position from which that is read, None where positions are no times.

        Positions of one stream sort as texts.
        """


@runtime_checkable
class ReplayableStream(Stream, Protocol):
    """A stream that can read again what it rejected before, without asking its source."""

    def replayed(self, raw: str) -> Record | None:
        """Return the record in a rejected raw text, None where it still is none."""


@runtime_checkable
class LookupStream(Stream, Protocol):
    """A stream whose records can be read one by one."""

    @property
    def can_look_up(self) -> bool:
        """Return whether the source has a way to."""

    def look_up(self, key: str) -> Page:
        """Return what the source holds under a key now: one record, deleted where there is none.

        A page without a record says nothing. Raises a ConnectorError.
        """


@runtime_checkable
class HintedConnector(Protocol):
    """An account whose source tells by itself what has changed."""

    def hints(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Mapping[str, Sequence[str]] | None:
        """Return the keys a webhook's body names, by stream.

        None unless it is proven to be the source's. headers: by name in lower case.
        """


@runtime_checkable
class LinkingConnector(Protocol):
    """An account whose records have pages that people look at."""

    def links(self) -> Mapping[str, str]:
        """Return stream -> the address of a record's page, `{key}` in place of its key."""


class Connector(Protocol):
    """One account of a source."""

    def check(self) -> None:
        """Raise a ConnectorError that a person can act on unless every stream can be read."""

    def streams(self) -> Sequence[Stream]:
        """Return the configured streams, in the order of the configuration."""

    def close(self) -> None:
        """Give back connections and files; may be called twice."""


class ConnectorClass(Protocol):
    """What stands in the registry; its `config_model` is frozen and forbids unknown keys."""

    @property
    def config_model(self) -> type[BaseModel]:
        """The shape of a connection's options."""

    def __call__(self, name: str, config: Any, *, base_dir: Path) -> Connector:
        """Build the connection `name`; relative paths in `config` are meant from `base_dir`."""
