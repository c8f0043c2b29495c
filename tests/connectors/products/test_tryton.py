"""Tryton's typed JSON and its stamps, on plain values."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.tryton.changes import changed_since, last_change
from connectors.tryton.values import encoded, plain, typed


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"__class__": "Decimal", "decimal": "142.80"}, "142.80"),
        ({"__class__": "date", "year": 2026, "month": 1, "day": 9}, "2026-01-09"),
        ({"__class__": "timedelta", "seconds": 5400.0}, 1.5),
        (
            [{"__name__": "party.party", "id": 1}, None, 0],
            [{"__name__": "party.party", "id": 1}, None, 0],
        ),
    ],
)
def test_values_become_plain(sent: object, expected: object) -> None:
    assert plain({"a": {"b": sent}}) == {"a": {"b": expected}}


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_survives_both_ways(at: datetime) -> None:
    assert datetime.fromisoformat(plain(typed(at))) == at


def test_the_last_change_is_that_of_a_relation_too() -> None:
    read = last_change(["addresses"])
    row = {
        "create_date": "2026-01-01T00:00:00.000000Z",
        "write_date": None,
        "addresses": [
            {"create_date": "2026-01-01T00:00:00Z", "write_date": "2026-03-01T00:00:00Z"}
        ],
    }
    assert read(row) == datetime(2026, 3, 1, tzinfo=UTC)
    assert read({**row, "addresses": []}) == datetime(2026, 1, 1, tzinfo=UTC)
    assert last_change([])({"create_date": None, "write_date": None}) is None


def test_changes_are_asked_for_by_both_stamps_of_all_relations() -> None:
    at = datetime(2026, 11, 23, 10, 0, 0, 314021, tzinfo=UTC)
    text = changed_since([["active", "in", [True, False]]], ["addresses"])(at)
    base, (word, *clauses) = json.loads(urlsafe_b64decode(text))
    assert (base, word) == (["active", "in", [True, False]], "OR")
    assert [name for name, _, _ in clauses] == [
        "create_date",
        "write_date",
        "addresses.create_date",
        "addresses.write_date",
    ]
    assert all(sign == ">=" and value == typed(at) for _, sign, value in clauses)
    assert json.loads(urlsafe_b64decode(encoded([]))) == []
