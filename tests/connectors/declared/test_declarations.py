"""Connectors in YAML: the same models as in Python, and every mistake with its line."""

from pathlib import Path

import pytest

from connectors.registry import open_connector
from connectors.sdk import ConnectionBrokenError, Connector, Model, Stream, Surroundings, auth
from connectors.sdk.declarations import load_connector
from tests.connectors.declared import acme
from tests.connectors.declared.opening import opened, rows
from tests.connectors.dumping import dumped
from tests.connectors.emulator import Emulator, Reply, numbered
from tests.connectors.reading import read_stream

TEXT = """\
connector: acme-crm
auth: {type: api_key, header: X-Key}
rate: 100/min
check: /v1/ping
streams:
  items:
    path: /items
    fields: {id: int, name: optional text, updated_at: optional moment, notes: free_text}
    items: data
    cursor: updated_at
    since: updated_since
    ordered: true
    lookback: 5m
    nulls: [1970-01-01T00:00:00Z]
    pages: {type: number, size: [per_page, 3], more: meta.has_more, total: meta.total}
  notes:
    path: /items/{key}/notes
    parent: items
    parent_field: item
    fields: {id: int}
"""


def test_a_file_reads_as_its_python_would(
    source: Emulator, surroundings: Surroundings, tmp_path: Path
) -> None:
    (tmp_path / "acme.yaml").write_text(TEXT)
    held = rows(7)
    held[0] |= {"notes": "privat", "updated_at": "1970-01-01T00:00:00Z"}
    source.routes["/items"] = numbered(held, size=3)
    for n in range(1, 8):
        source.routes[f"/items/{n}/notes"] = lambda asked: Reply([{"id": 70 + len(asked.path)}])
    connection = open_connector(
        "acme.yaml",
        name="crm",
        config={"base_url": source.url, "api_key": "k"},
        base_dir=tmp_path,
        surroundings=surroundings,
    )
    opened.append(connection)  # type: ignore[arg-type]
    items, notes = connection.streams()
    outcome = read_stream(items)
    assert outcome.keys == [str(n) for n in range(1, 8)]
    assert "notes" not in outcome.data[0]
    assert not any(page.drift for page in outcome.pages)
    assert source.asked[0].headers["x-key"] == "k"
    below = read_stream(notes)
    assert [record.data["item"] for record in below.records] == [str(n) for n in range(1, 8)]
    assert below.end.complete


def test_a_version_is_said_and_dumped(tmp_path: Path) -> None:
    path = tmp_path / "acme.yaml"
    path.write_text(TEXT.replace("connector: acme-crm\n", "connector: acme-crm\nversion: 2.1.0\n"))
    connector = load_connector(path)
    assert connector.version == "2.1.0"
    assert "\nversion: 2.1.0\n" in dumped(connector)
    path.write_text("connector: acme-crm\nversion: two\nstreams: {items: {path: /items}}\n")
    with pytest.raises(ConnectionBrokenError, match=r"acme\.yaml:2: version: 'two' is no version"):
        load_connector(path)


@pytest.mark.parametrize("connector", [acme.connector])
def test_what_is_dumped_reads_back_the_same(connector: Connector, tmp_path: Path) -> None:
    text = dumped(connector)
    (tmp_path / "dump.yaml").write_text(text)
    again = load_connector(tmp_path / "dump.yaml")
    assert dumped(again) == text
    assert [stream.spec for stream in again.declared] == [s.spec for s in connector.declared]
    assert again.auth == connector.auth


def test_a_whole_file_survives_the_round(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(TEXT)
    first = load_connector(tmp_path / "a.yaml")
    (tmp_path / "b.yaml").write_text(dumped(first))
    second = load_connector(tmp_path / "b.yaml")
    assert [stream.spec for stream in second.declared] == [s.spec for s in first.declared]
    assert second.rate == first.rate


def test_code_has_no_yaml() -> None:
    coded = Stream.code(Model, name="coded")(lambda api, since: iter([[{"id": 1}]]))
    connector = Connector("acme", auth=auth.NoAuth(), streams=[coded])
    with pytest.raises(ValueError, match="holds code"):
        dumped(connector)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("path: /items\n", "pth: /items\n", ":7: streams.items.pth: there is no such key"),
        ("id: int, name", "id: integer, name", ":8: streams.items.fields.id: no type 'integer'"),
        ("lookback: 5m", "lookback: soon", ":13: streams.items.lookback: expected a time as 30s"),
        (
            "type: api_key, ",
            "type: api_ky, ",
            ":2: auth: no type 'api_ky'; known are: none, bearer",
        ),
        ("    items: data\n", "    field: data\n", "there is no such key; is 'fields' meant?"),
        ("100/min", "often", ":3: rate: expected a rate as 5/s"),
        ("type: number", "type: numbr", ":15: streams.items.pages: "),
        ("parent: items", "parent: itms", "streams.notes.parent: no stream 'itms' before it"),
        ("streams:\n", "streams: [\n", ": "),
        ("connector: acme-crm", "connector: Ä b", ":1: connector: "),
        ("items: data", "items: .data", ":9: streams.items.items"),
        (
            "    items: data\n",
            "    items: data\n    items: rows\n",
            ":10: streams.items.items: stands twice",
        ),
        ("id: int, name", "id: int, id: text, name", ":8: streams.items.fields.id: stands twice"),
    ],
)
def test_mistakes_name_file_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in TEXT
    path = tmp_path / "acme.yaml"
    path.write_text(TEXT.replace(old, new, 1))
    with pytest.raises(ConnectionBrokenError) as caught:
        load_connector(path)
    assert str(path) in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConnectionBrokenError, match=r"none\.yaml: cannot be read"):
        load_connector(tmp_path / "none.yaml")
