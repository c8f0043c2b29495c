"""Golden records as rows: lists joined, formulas disarmed, read back as they were."""

import csv
from io import StringIO
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cli.export import write_csv
from hub.pipeline.export import FORMULA, row_of
from mapping.nouns import FIELDS


def _written(kind: str, *rows: dict[str, Any]) -> list[dict[str, str]]:
    out = StringIO(newline="")
    write_csv(out, kind, rows)
    return list(csv.DictReader(StringIO(out.getvalue(), newline="")))


def test_a_view_becomes_a_row_of_its_best_values() -> None:
    view = {
        "id": "01J",
        "golden": {"name": {"value": "Bär AG", "sources": []}, "emails": {"value": ["a", "b"]}},
        "deals": {"total": 3},
    }
    document = msgspec.json.encode(view).decode()
    assert row_of(document) == {"id": "01J", "name": "Bär AG", "emails": ["a", "b"]}


@pytest.mark.parametrize("kind", ["organization", "person", "project"])
def test_every_field_of_the_kind_is_a_column(kind: str) -> None:
    (row,) = _written(kind, {"id": "1"})
    assert list(row) == ["id", *FIELDS[kind]]  # type: ignore[index]  # its keys are the kinds


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
