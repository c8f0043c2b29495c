"""The wiring place: configuration, database and clock, and what is built from them."""

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path

from connectors.registry import is_declared
from connectors.sdk.contract import Connector, DatedStream, HintedConnector, Stream
from connectors.sdk.errors import ConnectorError, RetryableError
from connectors.sdk.surroundings import Surroundings, nobody_asks
from connectors.sdk.transport import Transport
from hub import erased_list
from hub.assembly import (
    HubSieve,
    build_street,
    deep_links,
    fields_read,
    open_connection,
    read_models,
)
from hub.clock import Clock, instant_text, system_clock
from hub.config import Connection, Loaded, load_config
from hub.errors import ConfigError, NotFoundError
from hub.model.deep_link import DeepLinks
from hub.model.notice import Routing
from hub.model.run import Run
from hub.notify.send import Post
from hub.pipeline.alert import evaluate
from hub.pipeline.announce import Announced, announce
from hub.pipeline.deliver import deliver
from hub.pipeline.erase import let_go
from hub.pipeline.foresee import Foresight
from hub.pipeline.refuse import refuse_run
from hub.pipeline.replay import replay_quarantine
from hub.pipeline.reread import reread_hinted
from hub.pipeline.street import OnProgress as OnWalk
from hub.pipeline.street import Street, WalkSummary, walk
from hub.pipeline.sync import sync_connection
from hub.pipeline.watch import Watch
from hub.post import build_post, build_routing
from hub.store import checkpoints, credential_ends, hints, quarantine, suppressions
from hub.store.database import Database
from hub.vault import Vault, open_vault, secret

log = logging.getLogger(__name__)

OnRun = Callable[[Run], None]


@dataclass(frozen=True, slots=True)
class Again:
    """What a run reads once more: these streams, all without any; all of them, or since when."""

    streams: Collection[str] = ()
    since: datetime | None = None


class _StoppedError(Exception):
    """Somebody asked for the walk to end."""


@dataclass(frozen=True)
class Runtime:
    """Everything that a command, a request or a job needs; made once a process."""

    loaded: Loaded
    database: Database
    clock: Clock
    env: Mapping[str, str]

    @cached_property
    def _built(self) -> tuple[Street, Watch]:
        return build_street(self.loaded, self.env)

    @cached_property
    def routing(self) -> Routing:
        """Who hears of which alerts."""
        watch = self._built[1]
        made = build_routing(self.loaded, watch.rules, watch.connections)
        return replace(made, deep_links=self.deep_links)

    @cached_property
    def deep_links(self) -> DeepLinks:
        """Where people see records in the tools they come from."""
        return deep_links(self.loaded, self.env)

    @cached_property
    def post(self) -> Post:
        """Where notices go. Raises ConfigError where a secret is missing."""
        return build_post(self.loaded, self.env)

    @property
    def street(self) -> Street:
        """The moves with all they need. Raises ConfigError with all that is wrong.

        A model that was switched on meanwhile, by another process too, is in it.
        """
        street = self._built[0]
        models_now = partial(read_models, self.loaded, street.mappings.values())
        return replace(street, models=models_now(), models_now=models_now)

    @property
    def currency(self) -> str:
        """The company's."""
        return self.loaded.config.company.currency

    @property
    def connections(self) -> Mapping[str, Connection]:
        """The configured connections by name."""
        return self.loaded.config.connections

    @property
    def watch(self) -> Watch:
        """The rules with all they need. Raises ConfigError with all that is wrong."""
        return self._built[1]

    @property
    def foresight(self) -> Foresight:
        """Who judges what may come. Raises ConfigError with all that is wrong."""
        allowed = self.loaded.config.foresight.natural_persons
        return Foresight(self.watch.company, tuple(self.watch.connections), allowed)

    def require_street(self) -> None:
        """Raise ConfigError, now and not at the first change, if mappings, rules or targets are
        wrong."""
        _ = self._built, self.post, self.routing
        self.require_list()

    @property
    def erased_list(self) -> Path | None:
        """Where the list of who was erased is kept apart from the database, if it is."""
        place = self.loaded.config.erasing.list
        return self.loaded.home / place if place else None

    def require_list(self) -> None:
        """Raise ConfigError where the database is older than the list of who was erased."""
        if self.erased_list is not None:
            with self.database.reading() as tx:
                erased_list.require(tx, self.erased_list)

    def connection(self, name: str) -> Connection:
        """Return one connection. Raises NotFoundError that names those there are."""
        found = self.connections.get(name)
        if found is None:
            known = ", ".join(self.connections) or "none yet; hub.yaml lists `connections`"
            raise NotFoundError(f"there is no connection {name!r}; configured are: {known}")
        return found

    @cached_property
    def vault(self) -> Vault | None:
        """The vault, None without a key for it. Raises ConfigError where that is no key."""
        return open_vault(self.database, self.clock, self.env)

    @cached_property
    def sieve(self) -> HubSieve:
        """What knows again who was erased."""
        return HubSieve(lambda: self._built[0].mappings, lambda: self.vault)

    def open(
        self,
        name: str,
        *,
        cancel: threading.Event | None = None,
        transport: Transport | None = None,
        whole: bool = False,
        on_credential_end: Callable[[datetime | None], None] = nobody_asks,
    ) -> Connector:
        """Return a connection ready to be read, with its secrets and the mapping's fields.

        cancel: ends its waiting for the source, too. whole: records come with all their fields.
        on_credential_end: is told when its credential runs out.
        Raises ConfigError or ConnectorError.
        """
        stop = cancel or threading.Event()

        def pause(seconds: float) -> None:
            if stop.wait(seconds):
                raise RetryableError("stopped while waiting for the source")

        source = self.connection(name).source
        vault = self.vault
        cut = not whole and is_declared(source, self.loaded.home)
        surroundings = Surroundings(
            clock=self.clock,
            sleep=pause,
            vault=vault.of(name) if vault else None,
            transport=transport,
            fields=fields_read(self.loaded, name, self.env) if cut else {},
            credential_ends=on_credential_end,
        )
        where = f"connection {name}"

        def reveal(entry: str) -> str:
            return secret(vault, entry, where=where)

        return open_connection(self.loaded, name, self.env, surroundings, reveal)

    def sync(
        self,
        name: str,
        *,
        accept_deletes: bool = False,
        reread: bool = False,
        again: Again | None = None,
        on_progress: OnRun | None = None,
        cancel: threading.Event | None = None,
        transport: Transport | None = None,
    ) -> Run:
        """Read one connection and return its run, also one that failed.

        reread: what is in quarantine is tried again, and streams where something stays are read
        from the beginning. transport: records or plays back what is exchanged. Raises BusyError
        while another run reads it, NotFoundError, ConfigError where `again` fits no stream.
        """
        self.connection(name)
        cancel = cancel or threading.Event()
        try:
            connector = self._ready(name, cancel, transport)
        except (ConfigError, ConnectorError) as error:
            return refuse_run(self.database, self.clock, name, str(error))
        try:
            go_back = self._chosen(name, connector, again) if again else {}
            go_back |= dict.fromkeys(self._read_again(name, connector, quarantined=reread), "")
            return sync_connection(
                self.database,
                self.clock,
                name=name,
                connector=connector,
                max_delete_share=self.connection(name).max_delete_share,
                accept_deletes=accept_deletes,
                go_back=go_back,
                on_progress=on_progress,
                cancel=cancel,
                sieve=self.sieve,
            )
        finally:
            connector.close()

    def _ready(self, name: str, cancel: threading.Event, transport: Transport | None) -> Connector:
        """Return a connector for a run, once whoever was erased can be kept out.

        Raises ConfigError, ConnectorError.
        """

        def note_end(ends_at: datetime | None) -> None:
            with self.database.transaction() as tx:
                credential_ends.note(tx, name, ends_at, self.clock())

        self.require_list()
        with self.database.reading() as tx:
            if suppressions.is_used(tx):
                self.sieve.require()
        return self.open(name, cancel=cancel, transport=transport, on_credential_end=note_end)

    def _chosen(self, name: str, connector: Connector, again: Again) -> dict[str, str]:
        """Return the position to go back to of each stream named, else of all with one.

        Raises NotFoundError, ConfigError; a source that is away says so to the run.
        """
        found = dict.fromkeys(again.streams, "")
        if not found:
            with self.database.reading() as tx:
                found = dict.fromkeys(checkpoints.load(tx, name), "")
        with suppress(ConnectorError):
            known = {stream.name: stream for stream in connector.streams()}
            for one in found:
                if one not in known:
                    listed = ", ".join(known)
                    raise NotFoundError(
                        f"connection {name} has no stream {one!r}; it has: {listed}"
                    )
                if again.since is not None:
                    found[one] = _position(name, known[one], again.since)
        return found

    def _read_again(self, name: str, connector: Connector, *, quarantined: bool) -> set[str]:
        """Read what is hinted at, and before it what is in quarantine, where that is asked for.

        Return the streams where something of that stays in quarantine.
        """
        db, clock, sieve = self.database, self.clock, self.sieve
        left: set[str] = set()
        if quarantined:
            replay_quarantine(db, clock, name=name, connector=connector, sieve=sieve)
            with db.reading() as tx:
                left = set(quarantine.streams_with_open(tx, name))
        with suppress(ConnectorError):  # a source that is away says so to the run, too
            reread_hinted(db, clock, name=name, connector=connector, sieve=sieve)
        return left

    def hint(self, name: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take in what a source says by itself, and return how many records it named.

        headers: by name in lower case. Raises NotFoundError, of one text, where there is no such
        connection, where it takes no webhooks, and where nothing proves that the source sent it.
        """
        now, found = self.clock(), None
        if name in self.connections:
            try:
                connector = self.open(name, whole=True)
            except (ConfigError, ConnectorError) as error:
                log.warning("webhook not taken connection=%s: %s", name, error)
            else:
                if isinstance(connector, HintedConnector):
                    found = connector.hints(headers, body, now)
                connector.close()
        if found is None:
            raise NotFoundError("There is no such hook, or nothing proves who sent this.")
        with self.database.transaction() as tx:
            hints.add(tx, name, found, instant_text(now))
        return sum(map(len, found.values()))

    def reread(self, name: str, *, cancel: threading.Event | None = None) -> int:
        """Read what a connection's source named by itself, and return how many records.

        Raises BusyError while a run reads the connection, else a ConfigError or ConnectorError.
        """
        self.require_list()
        connector = self.open(name, cancel=cancel)
        try:
            return reread_hinted(
                self.database, self.clock, name=name, connector=connector, sieve=self.sieve
            )
        finally:
            connector.close()

    def walk(
        self, *, on_progress: OnWalk | None = None, cancel: threading.Event | None = None
    ) -> WalkSummary:
        """Let all that is due walk the street, until `cancel` is set; the rest stays due."""
        latest = WalkSummary()

        def go_on(summary: WalkSummary, due: Mapping[str, int]) -> None:
            nonlocal latest
            latest = summary
            if on_progress is not None:
                on_progress(summary, due)
            if cancel is not None and cancel.is_set():
                raise _StoppedError

        try:
            return walk(self.database, self.clock, self.street, on_progress=go_on)
        except _StoppedError:
            return latest

    def sweep(self, *, cancel: threading.Event | None = None) -> WalkSummary:
        """Let the rules look at everything again, as time alone makes some of them true.

        What the law kept until yesterday goes.
        """
        let_go(self.database, self.clock())
        evaluate(self.database, self._built[1], self.clock())
        return self.walk(cancel=cancel)

    def announce(self) -> Announced:
        """Write to the outbox what is to be told of alerts as they stand now."""
        company = self._built[1].company
        return announce(self.database, self.routing, company, self.clock())

    def deliver(self) -> int:
        """Send what lies in the outbox and is due; return how many notices arrived."""
        return deliver(self.database, self.post, self.clock)


def _position(name: str, stream: Stream, since: datetime) -> str:
    """Return the position of an instant. Raises ConfigError where the stream has none."""
    position = stream.position_at(since) if isinstance(stream, DatedStream) else None
    if position is None:
        raise ConfigError(
            f"connection {name}: stream {stream.name} does not go on by time; "
            "leave --since out to read all of it"
        )
    return position


@contextmanager
def opened(path: Path, env: Mapping[str, str], clock: Clock = system_clock) -> Iterator[Runtime]:
    """Read the configuration at `path` and open its database for as long as it is needed."""
    loaded = load_config(path, env)
    database = Database(loaded.database_url(env))
    try:
        yield Runtime(loaded, database, clock, env)
    finally:
        database.close()
