"""A small hub in a folder of its own, used as its users do: by command and over HTTP."""

import csv
import io
import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from hub.app import create_app
from hub.model.access import Scope
from hub.runtime import opened
from hub.store import api_keys
from hub.store.database import Database
from tests.api.serving import served
from tests.cli.running import Said, hub, start

CONFIG = """\
home: ..
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    config: {path: exports, streams: {accounts: {STREAM, key: id}}}
"""
MAPPING = """\
streams:
  accounts:
    - kind: organization
      fields: {name: name, city: city}
"""
NOW = "2026-11-23T10:00:00.000Z"
DEADLINE_S = 60.0


@dataclass(frozen=True)
class HubFolder:
    """A configured hub; url: its database's."""

    path: Path
    url: str

    @property
    def env(self) -> dict[str, str]:
        return {"HUB_DATABASE_URL": self.url}

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file below the folder."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def stream(self, options: str) -> None:
        """Let the one stream be read with these options."""
        self.write("configs/hub.yaml", CONFIG.replace("STREAM", options))

    def hub(self, *arguments: str, **env: str) -> Said:
        """Run a command to its end; it may fail, but never by a traceback."""
        said = hub(*arguments, folder=self.path, **{**self.env, **env})
        assert "Traceback" not in said.stdout + said.stderr
        return said

    def start(self, *arguments: str, **env: str) -> "subprocess.Popen[str]":
        """Start a command in a process of its own."""
        return start(*arguments, folder=self.path, **{**self.env, **env})

    def key(self, scope: Scope = Scope.ADMIN) -> str:
        """Make an API key and return its token."""
        database = Database(self.url)
        with database.transaction() as tx:
            _, token = api_keys.create(tx, f"the {scope} key", [scope], NOW)
        database.close()
        return token

    @contextmanager
    def api(self, scope: Scope = Scope.ADMIN) -> Iterator[httpx.Client]:
        """Serve the hub on loopback; yield a client with a key."""
        headers = {"Authorization": f"Bearer {self.key(scope)}"}
        with (
            opened(self.path / "configs/hub.yaml", self.env) as runtime,
            served(create_app(runtime)) as address,
            httpx.Client(base_url=address, headers=headers, timeout=30, verify=False) as client,
        ):
            yield client

    @contextmanager
    def serving(self, *arguments: str, **env: str) -> Iterator["tuple[httpx.Client, list[str]]"]:
        """Serve by `hub serve` in a process of its own; the list gets its log at the end."""
        log: list[str] = []
        process = self.start("serve", "--port", "0", *arguments, **env)
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("serving on "), process.communicate()
            headers = {"Authorization": f"Bearer {self.key()}"}
            address = line.removeprefix("serving on ").strip()
            with httpx.Client(
                base_url=address, headers=headers, timeout=30, verify=False
            ) as client:
                yield client, log
        finally:
            process.terminate()
            out, noted = process.communicate(timeout=30)
            log += [*out.splitlines(), *noted.splitlines()]

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Read the hub's own tables."""
        database = Database(self.url)
        try:
            with database.reading() as tx:
                return [tuple(row) for row in tx.exec_driver_sql(statement)]
        finally:
            database.close()

    def keys_alive(self) -> list[str]:
        """Return the keys of the records that stand, in order."""
        found = self.rows("SELECT key FROM source_records WHERE NOT deleted ORDER BY key")
        return [str(key) for (key,) in found]

    def customers(self) -> list[str]:
        """Return what `hub export` says of all customers, without their ids."""
        said = self.hub("export", "customers")
        assert said.returncode == 0, said.stderr
        return sorted(",".join(row[1:]) for row in csv.reader(io.StringIO(said.stdout)))

    def quarantine(self, client: httpx.Client) -> dict[str, dict[str, str]]:
        """Return by place what `hub status` counts and the API lists as waiting."""
        state = json.loads(self.hub("status", "--json").stdout)
        listed = client.get("/v1/connections/crm/quarantine?limit=200").json()["items"]
        assert state["connections"][0]["quarantined"] == len(listed)
        return {entry["place"]: entry for entry in listed}


def until(holds: Callable[[], bool], what: str, deadline_s: float = DEADLINE_S) -> None:
    """Wait until something holds; fail where it does not come to hold."""
    end = time.monotonic() + deadline_s
    while not holds():
        assert time.monotonic() < end, f"waited {deadline_s:.0f} s in vain: {what}"
        time.sleep(0.005)


def one_line(said: Said, *words: str) -> None:
    """Insist that a command failed in few words, these among them."""
    text = said.stdout + said.stderr
    for word in words:
        assert re.search(word, text), text
    assert len(said.stderr.splitlines()) <= 3, said.stderr
