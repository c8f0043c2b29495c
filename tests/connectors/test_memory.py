"""Memory holds a page, however long the file or the table."""

import json
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.files.chunks import chunks
from connectors.sdk.contract import Stream
from connectors.sdk.record import Page
from tests.connectors.reading import file_stream, sql_stream


def rows(count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        yield {"id": f"K-{number}", "name": f"Müller {number}", "text": "x" * 60}


def stream_of(folder: Path, kind: str, count: int) -> Stream:
    path = folder / f"{count}.{kind}"
    match kind:
        case "csv":
            lines = (f'{row["id"]};"{row["name"]}";{row["text"]}\n' for row in rows(count))
            path.write_text("id;name;text\n" + "".join(lines))
        case "jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows(count)))
        case "json":
            path.write_text(json.dumps({"data": list(rows(count))}))
        case "db":
            with sqlite3.connect(path) as books:
                books.execute("CREATE TABLE t (id, name, text)")
                books.executemany("INSERT INTO t VALUES (:id, :name, :text)", rows(count))
            books.close()
            return sql_stream(f"sqlite:///{path}", table="t")
    return file_stream(path, items="data")


def peak_of_reading(stream: Stream) -> tuple[int, int]:
    """Return how many records came and the most bytes that were held on the way."""
    read = 0
    tracemalloc.start()
    for item in stream.read(None):
        read += len(item.records) if isinstance(item, Page) else 0
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return read, peak


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "db"])
def test_five_times_the_rows_need_no_more_memory(tmp_path: Path, kind: str) -> None:
    for _ in range(2):  # the first read pays for what is imported and compiled once
        read, few = peak_of_reading(stream_of(tmp_path, kind, 4_000))
        assert read == 4_000
        (tmp_path / f"4000.{kind}").unlink()
    read, many = peak_of_reading(stream_of(tmp_path, kind, 20_000))
    assert read == 20_000
    # Beside the page a key takes some 110 bytes: two numbers in a dict, of 131,072 keys at most.
    assert many < few * 1.2 + 16_000 * 110
    assert many < 8_000_000


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [
        ([], []),
        ([1], [1]),
        ([1] * 1000, [1000]),
        ([1] * 1001, [1000, 1]),
        ([600_000] * 5, [2, 2, 1]),
        ([5_000_000, 1, 1], [1, 2]),
    ],
)
def test_chunks_are_bounded_by_count_and_by_size(sizes: list[int], lengths: list[int]) -> None:
    found = list(chunks(iter(sizes), lambda size: size))
    assert [len(chunk) for chunk in found] == lengths
    assert [size for chunk in found for size in chunk] == sizes
