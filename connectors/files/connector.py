"""The `files` source: each stream is one file, or several of a folder read as one."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from connectors.files.config import FilesConfig, FileStreamConfig, Format
from connectors.files.csv_rows import csv_batches
from connectors.files.json_rows import json_batches, jsonl_batches
from connectors.files.source import SourceFile, find_files, format_of, unchanged
from connectors.files.xlsx_rows import xlsx_batches
from connectors.sdk.contract import Stream
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.listing import Batch, ListingRules, pages
from connectors.sdk.record import End, Page
from connectors.sdk.surroundings import Surroundings

Reader = Callable[[SourceFile, FileStreamConfig, int], Iterator[Batch]]

READERS: dict[Format, Reader] = {
    "csv": csv_batches,
    "json": json_batches,
    "jsonl": jsonl_batches,
    "xlsx": xlsx_batches,
}


class FilesConnector:
    """One file or folder of exports."""

    config_model = FilesConfig

    def __init__(
        self,
        name: str,
        config: FilesConfig,
        *,
        base_dir: Path,
        surroundings: Surroundings | None = None,
    ) -> None:
        self.name = name
        self._surroundings = surroundings or Surroundings()
        self._end = base_dir / config.path / config.access_ends if config.access_ends else None
        self._streams = [
            FileStream(stream_name, stream, base_dir / config.path, config.max_record_bytes)
            for stream_name, stream in config.streams.items()
        ]

    def check(self) -> None:
        """Read the first page of each stream, which meets its header, key and encoding."""
        self._tell_end()
        for stream in self._streams:
            with closing(stream.read(None)) as pages_read:
                next(pages_read)

    def streams(self) -> Sequence[Stream]:
        self._tell_end()
        return self._streams

    def _tell_end(self) -> None:
        if self._end is not None:
            self._surroundings.credential_ends(access_end(self._end))

    def close(self) -> None:
        """Nothing to give back: a file is open only while its stream is read."""


def access_end(path: Path) -> datetime | None:
    """Return the end of the day a file names as 2026-12-31 or 31.12.2026; None without a file.

    Raises ConnectionBrokenError where it names no day: nobody would be warned.
    """
    try:
        text = path.read_text("utf-8-sig").strip()
    except OSError:
        return None
    except UnicodeDecodeError:
        text = ""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(text, pattern).replace(hour=23, minute=59, tzinfo=UTC)
    raise ConnectionBrokenError(
        f"{path} ought to name the day access ends, like 2026-12-31; it holds {text[:40]!r}"
    )


class FileStream:
    """The rows of one or several files."""

    def __init__(
        self, name: str, config: FileStreamConfig, root: Path, max_record_bytes: int
    ) -> None:
        self.name = name
        self._config = config
        self._root = root
        self._max_record_bytes = max_record_bytes

    def read(self, since: str | None) -> Generator[Page | End, None, None]:
        """Yield all rows whatever `since` is: only a whole file shows which rows are gone.

        An unchanged row costs the hub one comparison of hashes.
        """
        rules = ListingRules(
            key=self._config.key,
            cursor=self._config.cursor,
            complete=self._config.complete,
            max_record_bytes=self._max_record_bytes,
        )
        return pages(self._batches(), rules)

    def _batches(self) -> Iterator[Batch]:
        for file in find_files(self._root, self._config):
            reader = READERS[format_of(file, self._config)]
            with unchanged(file):
                yield from reader(file, self._config, self._max_record_bytes)
