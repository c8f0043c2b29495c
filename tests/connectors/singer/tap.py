"""Builds connections to the tap under the test's hand."""

import json
import sys
from pathlib import Path
from typing import Any

from connectors.registry import open_connector
from connectors.sdk.contract import Connector
from connectors.sdk.errors import ConnectorError
from connectors.sdk.record import End, Page

TAP = Path(__file__).with_name("hand_tap.py")
SECRET = "s3cr3t/with+signs"

CATALOG = {
    "streams": [
        {
            "tap_stream_id": "orders",
            "stream": "orders",
            "key_properties": ["id"],
            "schema": {"properties": {"id": {"type": "integer"}, "text": {}, "note": {}}},
            "metadata": [
                {"breadcrumb": [], "metadata": {"inclusion": "available"}},
                {"breadcrumb": ["properties", "id"], "metadata": {"inclusion": "automatic"}},
                {"breadcrumb": ["properties", "note"], "metadata": {"inclusion": "unsupported"}},
            ],
        },
        {"tap_stream_id": "customers", "schema": {"properties": {"id": {}}}},
    ]
}


def line(kind: str, **fields: Any) -> dict[str, str]:
    return {"line": json.dumps({"type": kind, **fields}) + "\n"}


def schema(*key: str, stream: str = "orders") -> dict[str, str]:
    return line("SCHEMA", stream=stream, schema={}, key_properties=list(key))


def record(stream: str = "orders", **data: Any) -> dict[str, str]:
    return line("RECORD", stream=stream, record=data, time_extracted="2026-11-23T10:00:00Z")


def state(value: Any) -> dict[str, str]:
    return line("STATE", value=value)


def connection(folder: Path, *script: dict[str, Any], **options: Any) -> Connector:
    """Return a connection whose tap follows `script`; options are those of the connection."""
    command = folder / "hand-tap"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{TAP}" "$@"\n')
    command.chmod(0o755)
    config = {
        "command": str(command),
        "settings": {"catalog": CATALOG, "script": script, "notes": str(folder / "notes")},
        "secrets": {"credentials.token": SECRET},
        "streams": {"orders": {}},
        **options,
    }
    return open_connector("singer", name="shop", config=config, base_dir=folder)


def read(
    folder: Path, *script: dict[str, Any], since: str | None = None, **options: Any
) -> tuple[list[Page], End | None, ConnectorError | None]:
    """Return the pages, the end and the error that a script leads to."""
    pages: list[Page] = []
    end: End | None = None
    try:
        for item in connection(folder, *script, **options).streams()[0].read(since):
            if isinstance(item, Page):
                pages.append(item)
            else:
                end = item
    except ConnectorError as error:
        return pages, end, error
    return pages, end, None


def note(folder: Path, name: str) -> Any:
    return json.loads((folder / f"notes--{name}").read_text())
