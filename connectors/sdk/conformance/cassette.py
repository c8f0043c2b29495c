"""What a tape holds of the real product: read as the connector declares, and handed to the kit."""

from collections.abc import Mapping
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import msgspec

from connectors.sdk.answers import Endpoint
from connectors.sdk.conformance.seam import Clock, Row, require
from connectors.sdk.connector import Connector
from connectors.sdk.credentials import NoAuth
from connectors.sdk.errors import ConnectorError
from connectors.sdk.paths import steps_of, value_at
from connectors.sdk.record import End, Page
from connectors.sdk.rows import rows_in
from connectors.sdk.streams import Stream
from connectors.sdk.surroundings import Surroundings
from connectors.sdk.tape import NotRecordedError, replaying
from connectors.sdk.transport import EXPECTS

BASE_URL = "https://tape.test"
MOST_TEMPLATES = 1_000


@dataclass
class _Listener(httpx.BaseTransport):
    """Hears what a tape answers to lists."""

    tape: httpx.BaseTransport
    heard: list[tuple[Endpoint, Any]] = field(default_factory=list)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self.tape.handle_request(request)
        expected = request.extensions.get(EXPECTS)
        if isinstance(expected, Endpoint) and answer.status_code == 200:
            with suppress(msgspec.DecodeError):  # the reader says so
                self.heard.append((expected, msgspec.json.decode(answer.read())))
        return answer


@dataclass
class Taped:
    """One stream on a tape. records: how many there are; faults: what does not hold."""

    records: int = 0
    faults: list[str] = field(default_factory=list)


class Cassette:
    """The tape of one connector. rows, envelopes: by stream, for the emulator to play."""

    def __init__(self, folder: Path, connector: Connector, options: Mapping[str, Any]) -> None:
        self._folder, self._connector, self._options = folder, copy(connector), options
        self._connector.auth = NoAuth()  # nothing secret is on a tape
        self.rows: dict[str, list[Row]] = {}
        self.envelopes: dict[str, Any] = {}
        self.streams: dict[str, Taped | None] = {
            stream.name: self._played(stream) for stream in connector.declared
        }
        require(
            any(self.streams.values()),
            f"{folder}: holds nothing that {connector.name} asks for on a first read; record one "
            "with `hub run CONNECTION --record DIR --full`",
        )

    def _played(self, stream: Stream) -> Taped | None:
        """Return what is on tape of a stream, None where nothing is."""
        listener = _Listener(replaying(self._folder)(httpx.BaseTransport(), ()))
        clock = Clock()
        surroundings = Surroundings(
            clock=clock.now,
            monotonic=clock.monotonic,
            sleep=clock.sleep,
            transport=lambda _, _secrets: listener,
            at_once=1,
        )
        said = {
            **self._options,
            "base_url": BASE_URL,
            "streams": (stream.name,),
            "fields": {stream.name: ("*",)},
        }
        config = self._connector.config_model.model_validate(said)
        opened = self._connector("tape", config, base_dir=Path(), surroundings=surroundings)
        taped, keys = Taped(), dict[str, Row]()
        ended = False
        try:
            for item in opened.streams()[0].read(None):
                if isinstance(item, End):
                    ended = True
                else:
                    self._take(taped, item, keys)
        except NotRecordedError as error:
            if not listener.heard:
                return None
            taped.faults.append(f"the tape does not go to the end: {error}")
        except ConnectorError as error:
            taped.faults.append(str(error))
        finally:
            opened.close()
        if not ended and not taped.faults:
            taped.faults.append("its end is not stated")
        self._keep(stream, listener.heard)
        return taped

    def _take(self, taped: Taped, page: Page, keys: dict[str, Row]) -> None:
        taped.records += len(page.records)
        taped.faults += [f"a row was rejected: {one.reason}" for one in page.rejected]
        taped.faults += [f"{name}: {text}" for name, text in page.drift.items()]
        for record in page.records:
            if keys.setdefault(record.key, record.data) != record.data:
                taped.faults.append("two rows that differ have one key")

    def _keep(self, stream: Stream, heard: list[tuple[Endpoint, Any]]) -> None:
        """Keep rows and one whole answer, where nothing but the declaration reads them."""
        spec, parent = stream.spec, stream.parent
        deletes = spec.deletes.path if spec.deletes else None
        own = [
            (endpoint, body)
            for endpoint, body in heard
            if endpoint.path != deletes and (parent is None or endpoint.path != parent.spec.path)
        ]
        if not own or spec.reads is not None:
            return
        found: list[Row] = []
        for endpoint, body in own:
            for item in rows_in(body, map(steps_of, endpoint.items)) or ():
                row = value_at(item, steps_of(spec.each)) if spec.each else item
                if isinstance(row, dict) and len(found) < MOST_TEMPLATES:
                    found.append(row)
        if found:
            self.rows[stream.name] = found
        self.envelopes[stream.name] = own[0][1]
