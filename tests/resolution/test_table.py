"""Any table: schemas, clusters, and errors that say what to change."""

from typing import Any

import pytest

from hub.resolution.schema import SchemaError, profiles_of, schema_from
from tests.resolution.whole_table import resolve_table

PLAN: dict[str, Any] = {
    "kind": "organization",
    "id": "id",
    "source": "source",
    "fields": {"name": "org_name", "vat": "vat", "mail": "email"},
}
SCHEMA = schema_from(PLAN)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "firm"}, "kind is 'firm'; one of organization, person, thing"),
        ({"fields": {"name": "company"}}, "unknown type 'company'; types are org_name person_name"),
        ({"fields": {}}, "`fields` maps columns to types"),
        ({"id": None}, "`id` names the key column"),
        ({"field": {}}, "unknown key 'field'"),
    ],
)
def test_a_schema_that_says_something_else_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SchemaError, match="schema") as caught:
        schema_from(PLAN | change)
    assert said in str(caught.value)


def test_a_schema_is_a_mapping() -> None:
    with pytest.raises(SchemaError, match="kind, id, fields"):
        schema_from(["name"])


def test_doubled_keys_are_named() -> None:
    rows = [{"id": "1", "name": "a", "source": "s", "vat": "", "mail": ""}] * 2
    with pytest.raises(SchemaError, match="more than once: 1"):
        profiles_of(rows, SCHEMA)


def test_a_row_without_key_is_numbered() -> None:
    with pytest.raises(SchemaError, match="record 2 has no value in the key column 'id'"):
        profiles_of([{"id": "1"}, {"id": " "}], schema_from(PLAN | {"source": None}))


def test_a_column_that_is_nowhere_is_named() -> None:
    with pytest.raises(SchemaError, match="no row has the column 'vat'"):
        profiles_of([{"id": "1", "name": "a", "mail": "", "source": "x"}], SCHEMA)


def test_columns_may_be_missing_in_half_the_rows() -> None:
    rows = [{"id": 1, "name": "A", "source": "x"}, {"id": 2.0, "vat": "DE1", "mail": None}]
    found = profiles_of(rows, SCHEMA)
    assert [(each.ref, dict(each.features)) for each in found] == [
        ("1", {"org_name": ("A",)}),
        ("2", {"vat": ("DE1",)}),
    ]


@pytest.mark.parametrize("columns", [("y", "m", "d"), ("d", "m", "y")])
def test_a_date_in_three_columns_is_one_date(columns: tuple[str, ...]) -> None:
    plan = {"kind": "person", "id": "id", "fields": dict.fromkeys(columns, "date_of_birth")}
    row = {"id": "1", "y": "1967", "m": "9", "d": "27"}
    assert profiles_of([row], schema_from(plan))[0].features == {"date_of_birth": ("1967-09-27",)}


def test_values_of_a_label_are_not_mixed_with_another() -> None:
    plan = {"kind": "thing", "id": "id", "fields": {"a": "number", "b": "number", "c": "org_name"}}
    found = profiles_of([{"id": "1", "a": "5", "b": "7", "c": ["x", "y"]}], schema_from(plan))
    assert found[0].features == {"number:a": ("5",), "number:b": ("7",), "org_name": ("x", "y")}


def test_a_table_falls_into_clusters() -> None:
    rows = [
        {"id": "1", "source": "crm", "name": "Weber Logistik GmbH", "vat": "DE111111111"},
        {"id": "2", "source": "erp", "name": "Weber Logistik", "vat": "DE 111111111"},
        {"id": "3", "source": "erp", "name": "Nordlicht AG", "mail": "info@nordlicht.de"},
    ]
    assert resolve_table(rows, SCHEMA).clusters == [("1", "2"), ("3",)]


@pytest.mark.parametrize("kind", ["organization", "person", "thing"])
def test_an_empty_table_has_no_clusters(kind: str) -> None:
    schema = schema_from({"kind": kind, "id": "id", "fields": {"name": "text"}})
    assert resolve_table([], schema).clusters == []
