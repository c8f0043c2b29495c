"""Builds the street from the configuration: mappings compiled, models and rules read."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

from connectors.registry import open_connector
from connectors.sdk.contract import Connector, LinkingConnector
from connectors.sdk.errors import ConnectorError
from connectors.sdk.record import Record, Rejected
from connectors.sdk.surroundings import Surroundings
from hub.config import FromVault, Loaded, unopened, with_secrets
from hub.errors import ConfigError
from hub.model.deep_link import DeepLinks
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.alert import alert
from hub.pipeline.features import types_told
from hub.pipeline.insight import Insight
from hub.pipeline.marks import Marker
from hub.pipeline.model_file import marked, read_model
from hub.pipeline.render import render
from hub.pipeline.sieve import MarkSieve
from hub.pipeline.street import Street
from hub.pipeline.watch import Watch
from hub.resolution.columns import told_by
from hub.resolution.model import Model, default_model, shipped_text
from hub.rule_files import read_rules
from hub.store.database import Database, Tx
from hub.store.suppressions import NO_KEY, Sifted
from hub.vault import Vault, list_key
from mapping.apply import CompiledMapping
from mapping.compile import compile_spec
from mapping.coverage import read_fields
from mapping.document import read_document
from mapping.load import load_spec
from mapping.problems import MappingError, Problem
from mapping.spec import MappingSpec

RESOLVED_KINDS = ("organization", "person", "project")


def open_connection(
    loaded: Loaded,
    name: str,
    env: Mapping[str, str],
    surroundings: Surroundings | None = None,
    vault: FromVault = unopened,
) -> Connector:
    """Return the connector of a configured connection.

    surroundings, vault: what a connection that is really read is lent. Raises ConfigError for a
    secret that is not there, ConnectorError where its part does not hold.
    """
    connection = loaded.config.connections[name]
    config = with_secrets(connection.config, env, where=f"connection {name}", vault=vault)
    return open_connector(
        connection.source,
        name=name,
        config=config,
        base_dir=loaded.home,
        surroundings=surroundings,
    )


def fields_read(loaded: Loaded, name: str, env: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return, by stream, the paths a connection's mapping reads: what is kept of its records.

    Raises ConfigError where the mapping does not hold.
    """
    try:
        mapping = compile_spec(read_mapping(loaded, name, env))
    except MappingError as error:
        raise ConfigError(str(error)) from None
    streams = _stream_names(loaded, name, env) or list(mapping.streams)
    return {stream: read_fields(mapping, stream) for stream in streams}


def _stream_names(loaded: Loaded, name: str, env: Mapping[str, str]) -> list[str] | None:
    """Return the streams a connection declares, None where it cannot even be opened."""
    try:
        connector = open_connection(loaded, name, env)
    except (ConfigError, ConnectorError):
        return None
    try:
        return [stream.name for stream in connector.streams()]
    except ConnectorError:
        return None
    finally:
        connector.close()


def read_mapping(loaded: Loaded, name: str, env: Mapping[str, str]) -> MappingSpec:
    """Return a connection's checked mapping. Raises MappingError with all that is wrong."""
    path = loaded.beside(loaded.config.connections[name].mapping)
    text = _text(path, name)
    streams = _stream_names(loaded, name, env)
    if streams is None:  # what is wrong with the connection is said elsewhere
        data = read_document(text, str(path)).data
        declared = data.get("streams") if isinstance(data, dict) else None
        streams = list(declared) if isinstance(declared, dict) else []
    return load_spec(text, file=str(path), streams=streams)


def _text(path: Path, name: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        message = f"there is no such file; `hub map suggest {name} --write` makes one to start from"
        raise MappingError([Problem(str(path), 1, "", message)]) from None
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        raise MappingError([Problem(str(path), 1, "", message)]) from error
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: {error.reason}"
        raise MappingError([Problem(str(path), 1, "", message)]) from error


def build_street(loaded: Loaded, env: Mapping[str, str]) -> tuple[Street, Watch]:
    """Return the street of a configuration, and the watch its alerts are made by.

    Raises ConfigError with all that is wrong with mappings and rules.
    """
    rules, problems = read_rules(loaded)
    found = [str(problem) for problem in problems]
    mappings: dict[str, CompiledMapping] = {}
    for name in loaded.config.connections:
        try:
            mappings[name] = compile_spec(read_mapping(loaded, name, env))
        except MappingError as error:
            found += str(error).splitlines()
    if found:
        raise ConfigError("\n".join(dict.fromkeys(found)))
    watch = Watch(rules, _company(loaded), _connection_infos(loaded, mappings))

    insight, currency = Insight(watch.company, watch.connections), watch.company.currency

    def judge(db: Database, now: datetime) -> int:
        return alert(db, watch, now)

    def show(db: Database, now: datetime) -> int:
        return render(db, now, facts_of=insight.of, currency=currency)

    return Street(mappings, read_models(loaded, mappings.values()), judge, show, currency), watch


def deep_links(loaded: Loaded, env: Mapping[str, str]) -> DeepLinks:
    """Return where people see the records of each connection: as it is configured, else as its
    connector knows."""
    return DeepLinks({name: _links(loaded, name, env) for name in loaded.config.connections})


def _links(loaded: Loaded, name: str, env: Mapping[str, str]) -> Mapping[str, str]:
    configured = loaded.config.connections[name].links
    try:
        connector = open_connection(loaded, name, env)
    except (
        ConfigError,
        ConnectorError,
    ):  # what is wrong with it is said elsewhere
        return configured
    try:
        known = connector.links() if isinstance(connector, LinkingConnector) else {}
        return {**known, **configured}
    finally:
        connector.close()


def model_path(loaded: Loaded, kind: str) -> Path:
    """Return where the model of a kind stands once one was switched on."""
    return loaded.home / loaded.config.resolution.models / f"{kind}.json"


def read_models(loaded: Loaded, mappings: Collection[CompiledMapping] = ()) -> dict[str, Model]:
    """Return the model of each kind: the one switched on, else the shipped one.

    mappings: those of all connections. Raises ConfigError for a file that holds no model of its
    kind.
    """
    return {
        kind: _switched_on(model_path(loaded, kind), kind)
        or _as_shipped(kind, types_told(kind, mappings))
        for kind in RESOLVED_KINDS
    }


def shipped_model(kind: str, mappings: Collection[CompiledMapping]) -> Model:
    """Return the model shipped for a kind, as it is for what the mappings of a hub tell."""
    return _fitting(kind, types_told(kind, mappings))


@lru_cache(maxsize=32)
def _as_shipped(kind: str, types: frozenset[str]) -> Model:
    """Return the same under a name that tells its content: a release may bring another one."""
    return marked(_fitting(kind, types), shipped_text(kind))


@lru_cache(maxsize=32)
def _fitting(kind: str, types: frozenset[str]) -> Model:
    """Return one and the same model each time: what scoring derives from it hangs on it."""
    return told_by(default_model(kind), types)


def _switched_on(path: Path, kind: str) -> Model | None:
    try:
        state = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, kind, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=32)
def _read(path: Path, kind: str, mtime_ns: int, size: int) -> Model:
    """Read a model; its name tells its content, so that another one is noticed."""
    model = read_model(path)
    if model.kind != default_model(kind).kind:
        raise ConfigError(f"{path}: this is a model of {model.kind}, not of {kind}")
    return marked(model, path.read_bytes())


def _company(loaded: Loaded) -> Company:
    said = loaded.config.company
    return Company(said.time_zone, said.currency, said.country, said.state)


def kinds_given(loaded: Loaded, env: Mapping[str, str]) -> frozenset[str] | None:
    """Return the kinds of records that connections in use give; None while a mapping of theirs does
    not hold."""
    used = (name for name, one in loaded.config.connections.items() if one.enabled)
    try:
        specs = [read_mapping(loaded, name, env) for name in used]
    except MappingError:
        return None
    return frozenset(
        entry.kind for spec in specs for entries in spec.streams.values() for entry in entries
    )


def _connection_infos(
    loaded: Loaded, mappings: Mapping[str, CompiledMapping]
) -> list[ConnectionInfo]:
    return [
        ConnectionInfo(
            name,
            one.system,
            frozenset(_kinds(mappings[name])),
            one.expected_every,
            one.access_ends_on,
        )
        for name, one in loaded.config.connections.items()
        if one.enabled
    ]


def _kinds(mapping: CompiledMapping) -> Iterable[str]:
    return (entry.kind for entries in mapping.streams.values() for entry in entries)


@dataclass(frozen=True)
class HubSieve:
    """Opens the list of those who were erased when it is first needed: somebody may be put on it
    while a source is being read. Raises ConfigError then for want of the key, or of a mapping.

    Without a list, sources are read whatever is wrong with either.
    """

    mappings: Callable[[], Mapping[str, CompiledMapping]]
    vault: Callable[[], Vault | None]

    def require(self) -> None:
        """Raise ConfigError unless the list can be read."""
        _ = self._opened

    def records(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Record], now: str
    ) -> Sifted:
        """Say what becomes of records that are about to be stored."""
        return self._opened.records(tx, connection, stream, found, now)

    def rejected(
        self, tx: Tx, connection: str, stream: str, found: Sequence[Rejected]
    ) -> list[Rejected]:
        """Return the input that tells of nobody who was erased."""
        return self._opened.rejected(tx, connection, stream, found)

    @cached_property
    def _opened(self) -> MarkSieve:
        key = list_key(self.vault())
        if key is None:
            raise ConfigError(NO_KEY)
        return MarkSieve(Marker(key), self.mappings())
