"""Connectors as declarations, and the connection that one becomes with options and credentials."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, create_model

from connectors.sdk.answers import Endpoint, Lister
from connectors.sdk.api import Api
from connectors.sdk.client import ATTEMPTS, Client
from connectors.sdk.code_reading import CodeStream, Parents, child_path
from connectors.sdk.connection_options import Options
from connectors.sdk.contract import Stream as ReadStream
from connectors.sdk.credentials import Auth, NoAuth
from connectors.sdk.cursors import Value, reader_of
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.keeping import ALL, Kept
from connectors.sdk.model import field_type, free_text_fields, is_nullable, seen_as
from connectors.sdk.pacing import RateLimit, rate_limit
from connectors.sdk.paths import steps_of
from connectors.sdk.reading import DeclaredStream
from connectors.sdk.rows import RowReader, names_of
from connectors.sdk.streams import Stream, in_order
from connectors.sdk.surroundings import Surroundings
from connectors.sdk.version import version_of
from connectors.sdk.webhooks import decoded_body

CHECK_TIMEOUT_S = 8.0
DEFAULT_SURROUNDINGS = Surroundings()
FIRST_VERSION = "1.0.0"


class Connector:
    """A product as its author declares it: what the registry holds and the hub opens.

    config: options of its own, a subclass of Options; made from what `auth` needs where it is not
    given. base_url: the product's address where all customers share one. rate: what the product
    allows; a connection may say less. check: a path that answers whoever has good credentials.
    error: where a 200 holds an error, for all streams that do not say otherwise. version: of the
    declaration, MAJOR.MINOR.PATCH: a new MAJOR where a stream or field goes or means another type.
    """

    def __init__(
        self,
        name: str,
        *,
        streams: Sequence[Stream],
        auth: Auth | None = None,
        config: type[Options] | None = None,
        base_url: str | None = None,
        rate: str | None = None,
        check: str | None = None,
        headers: Mapping[str, str] | None = None,
        error: str | None = None,
        version: str = FIRST_VERSION,
    ) -> None:
        version_of(version)
        self.name = name
        self.version = version
        self.auth = auth or NoAuth()
        self.declared = in_order(streams)
        self.config_model: type[BaseModel] = _options_model(name, config, self.auth, base_url)
        self.rate: RateLimit | None = rate_limit(rate) if rate else None
        self.check_path = check
        self.headers = dict(headers or {})
        self.error = error

    def __call__(
        self,
        name: str,
        config: Any,
        *,
        base_dir: Path,
        surroundings: Surroundings = DEFAULT_SURROUNDINGS,
    ) -> "Connection":
        """Open the connection `name`."""
        if config.ca_file is not None:
            config = config.model_copy(update={"ca_file": base_dir / config.ca_file})
        return Connection(self, name, config, surroundings)

    def stream(self, name: str) -> Stream | None:
        """Return a declared stream by its name."""
        return next((stream for stream in self.declared if stream.name == name), None)


class Connection:
    """One account of a declared connector."""

    def __init__(
        self, connector: Connector, name: str, options: Options, surroundings: Surroundings
    ) -> None:
        self.name = name
        self.connector = connector
        self._options = options
        self._surroundings = surroundings
        self._client = self._opened(surroundings, options)
        self._streams = [self._stream(stream) for stream in self._chosen()]

    def check(self) -> None:
        """Ask once, with little patience: the check path, else the first page of a list."""
        patient = self._options.timeout_s
        options = self._options.model_copy(update={"timeout_s": min(CHECK_TIMEOUT_S, patient)})
        client = self._opened(self._surroundings, options, attempts=1)
        try:
            if self.connector.check_path is not None:
                client.get(self.connector.check_path)
                return
            chosen = self._chosen()
            plain = [one.parent or one for one in chosen if one.reader is None or one.parent]
            if plain:
                endpoint = self._endpoint(plain[0])
                Lister(client, endpoint).page(endpoint.pages.first(), _everything(plain[0]))
                return
            for _ in self._rows_of(chosen[0], client)(None, None, None):
                return
        finally:
            client.close()

    def streams(self) -> Sequence[ReadStream]:
        return self._streams

    def links(self) -> dict[str, str]:
        """Return stream -> the address of a record's page, `{key}` in place of its key."""
        base = self._options.base_url.rstrip("/")
        return {one.name: f"{base}{link}" for one in self._chosen() if (link := one.spec.link)}

    def hints(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> dict[str, list[str]] | None:
        """Return the keys a webhook's body names, by stream; None unless it is the source's."""
        given = self._options.webhook_secret
        if given is None or not given.get_secret_value():
            return None
        hooks = {one.name: hook for one in self._chosen() if (hook := one.spec.webhook)}
        secret = given.get_secret_value()
        proven = [
            name for name, hook in hooks.items() if hook.verify.holds(secret, headers, body, now)
        ]
        if not proven:
            return None
        said = decoded_body(body)
        found = {name: hooks[name].keys(headers, said) for name in proven}
        return {name: keys for name, keys in found.items() if keys}

    def close(self) -> None:
        self._client.close()

    def _opened(
        self, surroundings: Surroundings, options: Options, attempts: int = ATTEMPTS
    ) -> Client:
        connector = self.connector
        return Client(
            options,
            connector.auth.opened(options),
            surroundings,
            rate=connector.rate,
            headers=connector.headers,
            attempts=attempts,
        )

    def _chosen(self) -> list[Stream]:
        names = self._options.streams
        if names is None:
            return self.connector.declared
        known = {stream.name for stream in self.connector.declared}
        if unknown := [name for name in names if name not in known]:
            raise ConnectionBrokenError(
                f"connection {self.name}: streams: there is no stream {unknown[0]!r}; "
                f"known are: {', '.join(sorted(known))}"
            )
        return [stream for stream in self.connector.declared if stream.name in names]

    def _stream(self, stream: Stream) -> ReadStream:
        if stream.reader is None and stream.parent is None:
            return self._listed(stream)
        parents = None
        if stream.parent is not None:
            model = stream.parent.model
            parents = Parents(
                self._listed(stream.parent),
                (lambda data: seen_as(model, data)) if stream.reader else (lambda _: None),
            )
        return CodeStream(
            stream.name,
            stream.spec,
            self._client,
            self._rows(stream),
            self._rows_of(stream, self._client),
            parents,
        )

    def _listed(self, stream: Stream) -> DeclaredStream:
        since = stream.spec.since
        zone = getattr(self._options, since.zone_option) if since and since.zone_option else None
        return DeclaredStream(
            stream.name,
            stream.spec,
            self._client,
            self._rows(stream),
            self._endpoint(stream),
            zone,
        )

    def _rows_of(
        self, stream: Stream, client: Client
    ) -> Callable[[str | None, Any, Value | None], Iterator[Any]]:
        spec = stream.spec
        error = spec.error or self.connector.error
        reader = stream.reader
        if reader is not None:
            api = Api(client, pages=spec.pages, items=spec.items, error=error)
            if stream.parent is None:
                return lambda key, parent, since: reader(api, since)
            return lambda key, parent, since: reader(api, parent, since)

        def rows(key: str | None, parent: Any, since: Value | None) -> Iterator[Any]:
            assert key is not None
            endpoint = replace(self._endpoint(stream), path=child_path(spec.path, key))
            params = spec.since.params(since) if spec.since else {}
            for listed in Lister(client, endpoint).pages(params):
                yield listed.rows

        return rows

    def _endpoint(self, stream: Stream) -> Endpoint:
        spec = stream.spec
        return Endpoint(
            spec.path,
            spec.pages,
            spec.items,
            spec.params,
            spec.method,
            spec.body,
            spec.error or self.connector.error,
        )

    def _rows(self, stream: Stream) -> RowReader:
        spec, model = stream.spec, stream.model
        nulls = frozenset(spec.nulls)
        cursor = None
        if spec.cursor is not None:
            path = spec.cursor.path
            cursor = reader_of(
                spec.cursor,
                field_type(model, path),
                nullable=is_nullable(model, path) and bool(model.model_fields),
                nulls=nulls,
            )
        return RowReader(
            stream=stream.name,
            model=model,
            key=spec.key,
            each=steps_of(spec.each),
            cursor_path=steps_of(spec.cursor.path) if spec.cursor else None,
            cursor=cursor,
            tombstone=steps_of(spec.tombstone) if spec.tombstone else None,
            nulls=nulls,
            volatile=spec.volatile,
            kept=self._kept(stream),
            max_record_bytes=self._options.max_record_bytes,
            cursor_as=spec.cursor.model_dump_json() if spec.cursor else "",
            reads=spec.reads,
            watch=bool(model.model_fields),
        )

    def _kept(self, stream: Stream) -> Kept:
        """Return what to keep: what the connection says, else what the mapping reads."""
        spec, name = stream.spec, stream.name
        said = self._options.fields.get(name, self._surroundings.fields.get(name))
        free = {*free_text_fields(stream.model), *spec.free_text}
        without = free - set(self._options.free_text.get(name, ()))
        if said is None or ALL in said:
            return Kept(None, without)
        parent = [spec.parent_field] if spec.parent_field else []
        asked = self._options.free_text.get(name, ())
        return Kept([*said, *asked, *names_of(stream), *parent], without)


def _everything(stream: Stream) -> dict[str, Any]:
    return stream.spec.since.params(None) if stream.spec.since else {}


def _options_model(
    name: str, config: type[Options] | None, auth: Auth, base_url: str | None
) -> type[Options]:
    model = config or Options
    missing: dict[str, Any] = {
        option: (kind, ...)
        for option, kind in auth.needs().items()
        if option not in model.model_fields
    }
    if base_url is not None:
        missing["base_url"] = (str, base_url)
    if not missing:
        return model
    made: type[Options] = create_model(f"{name} options", __base__=model, **missing)
    return made
