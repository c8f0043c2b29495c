"""A list endpoint takes an author at most twelve lines, and reads completely."""

import inspect
from pathlib import Path

from connectors.sdk import Surroundings
from tests.connectors.declared import acme
from tests.connectors.emulator import Emulator, numbered
from tests.connectors.reading import read_stream


def test_a_list_endpoint_takes_twelve_lines() -> None:
    lines = inspect.getsource(acme).splitlines()
    assert len([line for line in lines if line.strip() and not line.startswith('"""')]) <= 12


def test_it_reads_all_pages_then_what_changed(source: Emulator, surroundings: Surroundings) -> None:
    rows = [
        {"id": n, "email": None, "updated_at": f"2026-11-{n % 20 + 1:02d}T10:00:00Z"}
        for n in range(250)
    ]
    source.routes["/v1/contacts"] = numbered(rows)
    config = acme.connector.config_model(base_url=source.url, token="s3cret")
    connection = acme.connector("crm", config, base_dir=Path("/"), surroundings=surroundings)
    (stream,) = connection.streams()
    first = read_stream(stream)
    assert sorted(first.keys, key=int) == [str(n) for n in range(250)]
    assert first.end.complete
    assert {asked.headers["authorization"] for asked in source.asked} == {"Bearer s3cret"}
    assert first.end.cursor == "2026-11-20T10:00:00.000000Z"
    rows[7]["updated_at"] = "2026-11-20T11:00:00Z"
    second = read_stream(stream, first.end.cursor)
    assert "7" in second.keys
    assert len(second.keys) == 13
    assert not second.end.complete
    connection.close()
