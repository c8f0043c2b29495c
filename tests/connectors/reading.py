"""Reads a stream to its end and lays out what came."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.registry import open_connector
from connectors.sdk.contract import Stream
from connectors.sdk.options import MAX_RECORD_BYTES
from connectors.sdk.record import End, Page, Record, Rejected


@dataclass(frozen=True)
class Outcome:
    pages: list[Page]
    end: End

    @property
    def records(self) -> list[Record]:
        return [record for page in self.pages for record in page.records]

    @property
    def rejected(self) -> list[Rejected]:
        return [item for page in self.pages for item in page.rejected]

    @property
    def keys(self) -> list[str]:
        return [record.key for record in self.records]

    @property
    def data(self) -> list[dict[str, Any]]:
        return [record.data for record in self.records]

    @property
    def reasons(self) -> list[str]:
        return [item.reason for item in self.rejected]


def read_stream(stream: Stream, since: str | None = None) -> Outcome:
    items = list(stream.read(since))
    *pages, end = items
    assert isinstance(end, End)
    assert all(isinstance(page, Page) for page in pages)
    return Outcome([page for page in pages if isinstance(page, Page)], end)


def file_stream(path: Path, max_record_bytes: int = MAX_RECORD_BYTES, **options: Any) -> Stream:
    """Return the stream of one file; the key is `id` unless said otherwise."""
    config = {
        "path": path.name,
        "streams": {"rows": {"key": "id", **options}},
        "max_record_bytes": max_record_bytes,
    }
    connector = open_connector("files", name="exports", config=config, base_dir=path.parent)
    return connector.streams()[0]


def read_bytes(folder: Path, name: str, content: bytes, **options: Any) -> Outcome:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content)
    return read_stream(file_stream(path, **options))


def sql_stream(url: str, **options: Any) -> Stream:
    """Return one stream of a database; the key is `id` unless said otherwise."""
    config = {"url": url, "streams": {"rows": {"key": "id", **options}}}
    connector = open_connector("sql", name="erp", config=config, base_dir=Path("/"))
    return connector.streams()[0]
