"""A hub that reads real servers: its configuration, runs, and what it stored."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import yaml

from hub.model.run import Run
from hub.runtime import Runtime, opened
from hub.store import checkpoints, staging
from tests.conftest import ROOT

MOST_RECORDS = 100_000


@dataclass(frozen=True)
class Account:
    """One connection: its source, the department's kind, and its options."""

    source: str
    system: str
    config: Mapping[str, Any]


@dataclass(frozen=True)
class Hub:
    runtime: Runtime

    def sync(self, name: str) -> Run:
        """Read a connection; every stream must end well."""
        run = self.runtime.sync(name)
        assert run.state == "succeeded", {k: v.error for k, v in run.streams.items()} or run.error
        return run

    def list_whole(self, name: str, *streams: str) -> Run:
        """Read a connection as on a new day: streams that ask for changes are listed whole."""
        with self.runtime.database.transaction() as tx:
            checkpoints.forget(tx, name, list(streams))
        return self.sync(name)

    def stored(self, connection: str, stream: str) -> dict[str, dict[str, Any]]:
        """Return the records that stand, by key."""
        with self.runtime.database.reading() as tx:
            found = staging.sample(tx, connection, stream, MOST_RECORDS)
        return {row.key: msgspec.json.decode(row.payload) for row in found}


def page_shows(of: Hub, ref: str) -> None:
    """A record's page is there: it is shown, or whoever comes is asked to log in."""
    link = of.runtime.deep_links.of(ref)
    assert link is not None
    answer = httpx.get(link, follow_redirects=True)
    assert answer.status_code in (200, 401, 403), (link, answer.status_code)
    nowhere = httpx.get(link.rsplit("/", 1)[0] + "/nowhere-at-all", follow_redirects=True)
    assert (answer.status_code, answer.text) != (nowhere.status_code, nowhere.text)


def is_part(kept: Any, sent: Any) -> bool:
    """Return whether what was kept is what was sent, but for fields that were left out."""
    if isinstance(kept, dict) and isinstance(sent, dict):
        return all(name in sent and is_part(value, sent[name]) for name, value in kept.items())
    if isinstance(kept, list) and isinstance(sent, list):
        return len(kept) == len(sent) and all(map(is_part, kept, sent))
    return bool(kept == sent)


@contextmanager
def hub(folder: Path, url: str, accounts: Mapping[str, Account]) -> Iterator[Hub]:
    """Open a hub of these connections, with the mappings that are shipped."""
    config = {
        "home": ".",
        "connections": {
            name: {
                "source": account.source,
                "system": account.system,
                "mapping": str(ROOT / "configs" / "mappings" / f"{account.source}.yaml"),
                "config": dict(account.config),
            }
            for name, account in accounts.items()
        },
    }
    (folder / "rules").mkdir(exist_ok=True)
    path = folder / "hub.yaml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True))
    with opened(path, {"HUB_DATABASE_URL": url}) as runtime:
        yield Hub(runtime)
