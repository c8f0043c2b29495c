"""Opens declared connectors on the emulated source."""

from pathlib import Path
from typing import Any

from connectors.sdk import Connector, Model, Options, Stream, Surroundings, auth, pages
from connectors.sdk.connector import Connection


class Item(Model):
    id: int
    name: str | None
    updated_at: str | None


opened: list[Connection] = []
"""What the present test has opened; closed behind it."""

PAGED = pages.Number(size=("per_page", 3), more="meta.has_more", total="meta.total")


def items(**said: Any) -> Stream:
    """Return the usual stream: three a page, incremental, unless said otherwise."""
    usual: dict[str, Any] = {
        "items": "data",
        "pages": PAGED,
        "cursor": {"path": "updated_at", "kind": "moment"},
        "since": "updated_since",
    }
    return Stream(Item, "/items", **{**usual, **said})


def connect(
    url: str,
    surroundings: Surroundings,
    *streams: Stream,
    options: dict[str, Any] | None = None,
    **said: Any,
) -> Connection:
    """Return a connection named crm to a connector of these streams."""
    said.setdefault("auth", auth.NoAuth())
    connector = Connector("acme", streams=streams or [items()], **said)
    config = connector.config_model.model_validate({"base_url": url, **(options or {})})
    assert isinstance(config, Options)
    connection = connector("crm", config, base_dir=Path("/"), surroundings=surroundings)
    opened.append(connection)
    return connection


def rows(count: int, day: int = 1) -> list[dict[str, Any]]:
    """Return rows changed one second after another."""
    return [
        {
            "id": n,
            "name": f"n{n}",
            "updated_at": f"2026-11-{day:02d}T10:{n // 60:02d}:{n % 60:02d}Z",
        }
        for n in range(1, count + 1)
    ]
