"""`hub check`: everything that is wrong with a configuration, at once, in words."""

import os
from collections.abc import Iterator
from typing import Annotated

import typer

from connectors.sdk.errors import ConnectorError
from hub.assembly import open_connection, read_mapping
from hub.cli.counting import counted
from hub.cli.ending import Exit
from hub.cli.opening import Config, config_path, init_command
from hub.clock import system_clock
from hub.config import Loaded, missing_variables, read_config, vault_entries
from hub.errors import ConfigError, HubError
from hub.post import build_post
from hub.rule_files import read_rules
from hub.runtime import Runtime
from hub.store.database import Database
from hub.store.migrations import require_current
from hub.store.place import read_url
from hub.vault import KEY, KEY_FILE, keys_in
from mapping.problems import MappingError, Place, suggestion


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    connect: Annotated[
        bool, typer.Option("--connect", help="Try the database and every source, too.")
    ] = False,
    config: Config = None,
) -> None:
    """Say what is wrong with the configuration.

    Every problem at once, none of them twice, with file, line and key.
    """
    path = config_path(config)
    loaded, problems = read_config(path, os.environ)
    found = [str(problem) for problem in problems]
    if loaded is not None:
        found += dict.fromkeys(_all(loaded, connect=connect))
    for problem in found:
        print(problem)
    if found:
        print(counted(len(found), "problem"))
        raise typer.Exit(Exit.CONFIG)
    assert loaded is not None
    connections, rules = len(loaded.config.connections), len(read_rules(loaded)[0])
    their = "their mappings" if connections != 1 else "its mapping"
    held = f"{counted(connections, 'connection')} with {their}, {counted(rules, 'rule')}"
    print(f"{path}: {held}: all fine{', and all answer' if connect else ''}")


def _all(loaded: Loaded, *, connect: bool) -> Iterator[str]:
    yield from _variables(loaded)
    for name in loaded.config.connections:
        yield from _connection(loaded, name, connect=connect)
        try:
            read_mapping(loaded, name, os.environ)
        except MappingError as error:
            yield from str(error).splitlines()
    yield from map(str, read_rules(loaded)[1])
    yield from _targets(loaded)
    if connect:
        yield from _database(loaded)


def _variables(loaded: Loaded) -> Iterator[str]:
    try:
        read_url(loaded.database_url(os.environ))
    except ConfigError as error:
        yield str(error)
    for name, connection in loaded.config.connections.items():
        for place, variable in missing_variables(connection.config, os.environ):
            at: Place = ("connections", name, "config", *place)
            text = f"the environment variable {variable} is not set"
            yield str(loaded.document.problem(at, text))
    yield from _vault(loaded)


def _vault(loaded: Loaded) -> Iterator[str]:
    """Yield where the vault is named though it has no key; what it holds only its database says."""
    try:
        if keys_in(os.environ):
            return
    except ConfigError as error:
        yield str(error)
        return
    for name, connection in loaded.config.connections.items():
        for place, entry in vault_entries(connection.config):
            at: Place = ("connections", name, "config", *place)
            text = f"the vault has no key to open {entry!r} with: set {KEY} or {KEY_FILE}"
            yield str(loaded.document.problem(at, text))


def _targets(loaded: Loaded) -> Iterator[str]:
    """Yield what is wrong with where notices go, the first such thing."""
    try:
        build_post(loaded, os.environ)
    except ConfigError as error:
        yield str(loaded.document.problem(("notify",), str(error)))


def _connection(loaded: Loaded, name: str, *, connect: bool) -> Iterator[str]:
    """Yield what is wrong with a connection's own part; a missing variable was said before."""
    connection = loaded.config.connections[name]
    if any(missing_variables(connection.config, os.environ)):
        return
    at: Place = ("connections", name)
    try:
        connector = open_connection(loaded, name, os.environ)
        try:
            streams = [stream.name for stream in connector.streams()]
        finally:
            connector.close()
    except ConnectorError as error:
        yield str(loaded.document.problem((*at, "config"), str(error)))
        return
    for stream in connection.links:
        if stream not in streams:
            message = f"there is no stream {stream!r}{suggestion(stream, streams)}"
            yield str(loaded.document.problem((*at, "links", stream), message))
    if connect and connection.enabled:
        try:
            _ask(loaded, name)
        except (ConnectorError, HubError) as error:
            yield str(loaded.document.problem(at, str(error)))


def _ask(loaded: Loaded, name: str) -> None:
    """Ask a connection's source, with the secrets it really has."""
    database = Database(loaded.database_url(os.environ))
    try:
        runtime = Runtime(loaded, database, system_clock, os.environ)
        connector = runtime.open(name, whole=True)
        try:
            connector.check()
        finally:
            connector.close()
    finally:
        database.close()


def _database(loaded: Loaded) -> Iterator[str]:
    try:
        database = Database(loaded.database_url(os.environ))
        try:
            require_current(database, init_command(loaded.path))
        finally:
            database.close()
    except HubError as error:
        yield str(error)
