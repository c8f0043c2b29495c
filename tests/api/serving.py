"""A real server on a free loopback port."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from hub.app import create_app
from hub.cli.serving import listening_socket
from hub.config import load_config
from hub.model.access import Scope
from hub.runtime import Runtime
from hub.store import (
    api_keys,
)
from hub.store.database import Database, Tx
from tests.api.seeding import NOW

HUB_YAML = """\
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/crm.yaml
    schedule: {every: 15m}
    config:
      path: exports
      streams:
        accounts: {path: accounts.jsonl, key: id}
        tickets: {path: tickets.jsonl, key: id}
  broken:
    source: files
    system: ticketing
    mapping: mappings/broken.yaml
    config: {pth: exports}
"""
FILES = {
    "hub.yaml": HUB_YAML,
    "rules/.keep": "",
    "mappings/crm.yaml": "streams: {accounts: [{kind: organization, fields: {name: name}}]}",
    "mappings/broken.yaml": "streams: {tickets: [{kind: ticket, fields: {subject: subject}}]}",
    "exports/accounts.jsonl": (
        '{"id": "A-1", "name": "Weber GmbH"}\n{"id": "A-2", "name": "Bär AG"}\n{"id"'
    ),
    "exports/tickets.jsonl": '{"id": "T-1", "subject": "Export"}\n',
}


@dataclass
class Clock:
    """Stands still."""

    at: datetime = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Hub:
    """A running server, its runtime and a key for every scope."""

    url: str
    runtime: Runtime
    app: FastAPI
    keys: dict[str, str]

    def client(self, scope: str = "admin") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.keys[scope]}"} if scope else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=20, verify=False)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """Serve `app` by uvicorn in a thread; yield its address."""
    with closing(listening_socket("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(app, log_config=None, access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def running_hub(folder: Path, url: str, seed: Callable[[Tx], None]) -> Iterator[Hub]:
    """Serve a hub configured in `folder` over the database at `url`."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    database = Database(url)
    runtime = Runtime(load_config(folder / "hub.yaml", {}), database, Clock(), {})
    with database.transaction() as tx:
        seed(tx)
        keys = {
            scope.value: api_keys.create(tx, f"the {scope} key", [scope], NOW)[1] for scope in Scope
        }
    app = create_app(runtime)
    with served(app) as address:
        yield Hub(address, runtime, app, keys)
    database.close()
