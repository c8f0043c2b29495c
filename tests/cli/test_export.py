"""Golden records as rows: lists joined, formulas disarmed, read back as they were."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cli.ending import Exit
from hub.pipeline.export import EXPORTS, FORMULA, as_csv, row_of
from hub.pipeline.thread import thread
from hub.store.database import Database
from hub.vorgang.golden import OF_RECORD
from mapping.nouns import FIELDS
from tests.cli.running import hub
from tests.street_rows import Row, lay, work_off


def _written(kind: str, *rows: dict[str, Any]) -> list[dict[str, str]]:
    said = b"".join(as_csv(kind, iter([list(rows)])))  # type: ignore[arg-type]  # a kind as text
    return list(csv.DictReader(StringIO(said.decode("utf-8-sig"), newline="")))


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "hub.yaml").write_text("database: {url: 'sqlite:///hub.db'}\n")
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{tmp_path / 'hub.db'}")
    number = {"number": "AU-1", "net_minor": 120_000, "currency": "EUR"}
    lay(
        database,
        [
            Row("erp:customers:1", "organization", {"name": "Bär AG"}, entity="01A"),
            Row("erp:orders:1", "order", number, [("organization", "erp:customers:1")]),
        ],
    )
    work_off(database, "thread", lambda: thread(database))
    database.close()
    return tmp_path


def test_every_kind_is_written_in_every_form(folder: Path) -> None:
    for kind in EXPORTS:
        assert hub("export", kind, folder=folder).returncode == Exit.OK
    (row,) = csv.DictReader(StringIO(hub("export", "orders", folder=folder).stdout, newline=""))
    assert (row["ref"], row["customer"], row["net_minor"]) == ("erp:orders:1", "01A", "120000")
    assert hub("export", "orders", "-o", "orders.jsonl", folder=folder).returncode == Exit.OK
    assert json.loads((folder / "orders.jsonl").read_text())["number"] == "AU-1"
    assert hub("export", "orders", "-o", "orders.parquet", folder=folder).returncode == Exit.OK
    table = pq.read_table(folder / "orders.parquet")
    assert table.column("net_minor").to_pylist() == [120_000]
    assert hub("export", "orders", "-o", "orders.csv", folder=folder).returncode == Exit.OK
    assert (folder / "orders.csv").read_bytes().startswith(b"\xef\xbb\xbfref,")
    assert json.loads(hub("export", "ocel", folder=folder).stdout)["objectTypes"] is not None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("dogs",), "none of customers, organizations"),
        (("orders", "--format", "parquet"), "say --output FILE"),
        (("ocel", "--format", "csv"), "an event log is JSON"),
        (("orders", "--format", "xlsx"), "xlsx"),
    ],
)
def test_what_cannot_be_written(folder: Path, arguments: tuple[str, ...], why: str) -> None:
    said = hub("export", *arguments, folder=folder)
    assert said.returncode == Exit.CONFIG
    assert why in " ".join(said.stderr.replace("│", " ").split())


def test_a_view_becomes_a_row_of_its_best_values() -> None:
    view = {
        "id": "01J",
        "golden": {
            "name": {"value": "Bär AG", "sources": []},
            "emails": {"value": ["a", "b"]},
            "credit_limit_minor": {"value": 500_000, "base_minor": 500_000},
        },
        "records": [
            {"ref": "crm:a:1", "extensions": {"region": "Süd"}},
            {"ref": "erp:c:1", "extensions": {}},
        ],
        "deals": {"total": 3},
    }
    assert row_of(msgspec.json.encode(view).decode(), "EUR") == {
        "id": "01J",
        "name": "Bär AG",
        "emails": ["a", "b"],
        "credit_limit_minor": 500_000,
        "credit_limit_base_minor": 500_000,
        "base_currency": "EUR",
        "extensions": {"crm:a:1": {"region": "Süd"}},
    }


@pytest.mark.parametrize("kind", ["organization", "person", "project"])
def test_every_field_of_the_kind_is_a_column(kind: str) -> None:
    (row,) = _written(kind, {"id": "1"})
    fields = FIELDS[kind]  # type: ignore[index]  # its keys are the kinds
    own = ["id", *(name for name in fields if name not in OF_RECORD)]
    assert list(row)[: len(own)] == own
    beside = {name.replace("_minor", "_base_minor") for name in own if name.endswith("_minor")}
    assert {*list(row)[len(own) :]} == {
        *beside,
        *(["base_currency"] if beside else ()),
        "extensions",
    }


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        ("Bär; AG", "Bär; AG"),
        ('say "x"\nand y', 'say "x"\nand y'),
        (["a@x.example", "b@x.example"], "a@x.example; b@x.example"),
        ([], ""),
        (True, "True"),
        (1250, "1250"),
        ("+49 89 1", "'+49 89 1"),
        (["+49891", "+49892"], "+49891; +49892"),
        ("+49891", "+49891"),
        ("=1+1", "'=1+1"),
        ("-1", "'-1"),
        (-1, "-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        (["=1", "x"], "'=1; x"),
    ],
)
def test_cells(value: Any, cell: str) -> None:
    (row,) = _written("organization", {"id": "1", "name": value})
    assert row["name"] == cell


@given(st.text(max_size=30).filter(lambda text: "\0" not in text))
def test_no_text_begins_like_a_formula_and_none_is_lost(text: str) -> None:
    (row,) = _written("organization", {"id": "1", "name": text})
    cell = row["name"]
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text
    disarmed = not cell.startswith(FORMULA) or cell.replace("+", "").replace("; ", "").isdecimal()
    assert disarmed
