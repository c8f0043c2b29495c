"""Rows of any table as profiles: types, labels, lists, odd cells, and dates in pieces."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.resolution import FEATURE_TYPES, Profile
from hub.resolution.facets import LABELLED
from hub.resolution.schema import KINDS, Schema, SchemaError, profiles_of, schema_from


def plan(**change: Any) -> dict[str, Any]:
    return {"kind": "thing", "id": "key", "fields": {"a": "text", "b": "number"}} | change


def features(value: Any, kind: str = "org_name") -> dict[str, tuple[str, ...]]:
    """Return what one cell of a column of a type makes."""
    schema = Schema("organization", "key", {"a": kind})
    (profile,) = profiles_of([{"key": "1", "a": value}], schema)
    return dict(profile.features)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("source", [None, "", "system"])
def test_a_schema_says_what_its_file_says(kind: str, source: str | None) -> None:
    found = schema_from(plan(kind=kind, source=source))
    assert (found.kind, found.id, found.source) == (kind, "key", source or None)
    assert found.fields == {"a": "text", "b": "number"}


@pytest.mark.parametrize("data", [None, [], "text", 5, [("kind", "thing")]])
def test_what_is_no_object_is_no_schema(data: object) -> None:
    with pytest.raises(SchemaError, match="a schema has the keys kind, id, fields"):
        schema_from(data)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": None}, "schema: kind is None; one of organization, person, thing"),
        ({"kind": "Person"}, "schema: kind is 'Person'; one of"),
        ({"id": ""}, "schema: `id` names the key column"),
        ({"fields": None}, "`fields` maps columns to types"),
        ({"fields": ["a"]}, "`fields` maps columns to types"),
        ({"fields": {"a": None}}, "column 'a' has the unknown type None; types are org_name"),
        ({"fields": {"a": "Text"}}, "column 'a' has the unknown type 'Text'"),
        ({"fields": {"a": "text", "b": "numbers"}}, "column 'b' has the unknown type 'numbers'"),
        ({"feilds": {}}, "schema: unknown key 'feilds'; known: kind, id, source, fields"),
        ({5: 1}, "schema: unknown key '5'"),
    ],
)
def test_a_wrong_schema_says_what_to_change(change: dict[Any, Any], said: str) -> None:
    with pytest.raises(SchemaError) as caught:
        schema_from({**plan(), **change})
    assert said in str(caught.value)


@pytest.mark.parametrize("kind", FEATURE_TYPES)
def test_every_type_takes_a_column(kind: str) -> None:
    key = f"{kind}:a" if kind in LABELLED else kind
    assert features("x 1", kind) == {key: ("x 1",)}


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("x", ("x",)),
        (" x ", ("x",)),
        ("", None),
        ("  ", None),
        (None, None),
        (True, None),
        (False, None),
        ({"a": 1}, None),
        ([], None),
        ([None, "", "x", " y "], ("x", "y")),
        (["x", "x"], ("x", "x")),
        ([["x"]], ("['x']",)),
        (5, ("5",)),
        (5.0, ("5",)),
        (5.5, ("5.5",)),
        (-0.0, ("0",)),
        (10**30, (str(10**30),)),
        ("a\x00b", ("ab",)),
        ("\x00", None),
    ],
)
def test_cells(cell: object, values: tuple[str, ...] | None) -> None:
    assert features(cell).get("org_name") == values


def test_columns_of_one_type_are_one_feature_and_of_a_labelled_one_are_not() -> None:
    schema = Schema("person", "key", {"x": "phone", "y": "phone", "m": "date", "n": "date"})
    row = {"key": 7, "y": "2", "x": ["1", "3"], "m": "2020-01-01", "n": "2021-01-01"}
    (profile,) = profiles_of([row], schema)
    assert profile == Profile(
        "7",
        "person",
        "",
        {"phone": ("1", "3", "2"), "date:m": ("2020-01-01",), "date:n": ("2021-01-01",)},
    )


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1967", "9", "27"), ("1967-09-27",)),
        (("27", "9", "1967"), ("1967-09-27",)),
        (("1967", "", "27"), ("1967", "27")),
        (("1967", "9", "123"), ("123", "1967", "9")),
        (("9", "27", "5"), ("9", "27", "5")),
        (("1967-09-27", "", ""), ("1967-09-27",)),
        (("1967-09-27", "1968", ""), ("1967-09-27", "1968")),
    ],
)
def test_a_birthday_in_pieces(cells: tuple[str, str, str], expected: tuple[str, ...]) -> None:
    schema = Schema("person", "key", dict.fromkeys("abc", "date_of_birth"))
    row = {"key": "1", **dict(zip("abc", cells, strict=True))}
    (profile,) = profiles_of([row], schema)
    assert profile.features["date_of_birth"] == expected


def test_a_day_in_three_columns_is_called_by_the_first_of_them_another_day_by_its_own() -> None:
    schema = Schema("thing", "key", dict.fromkeys("abcd", "date"))
    row = {"key": 1, "a": "27", "b": "2020-01-01", "c": "9", "d": "1967"}
    [profile] = profiles_of([row], schema)
    assert profile.features == {"date:a": ("1967-09-27",), "date:b": ("2020-01-01",)}


@pytest.mark.parametrize("key", [None, "", "  ", True, {}, "\x00"])
def test_a_row_needs_a_key(key: object) -> None:
    rows = [{"key": "1", "a": "x", "b": 1}, {"key": key, "a": "x", "b": 1}]
    with pytest.raises(SchemaError, match="record 2 has no value in the key column 'key'"):
        profiles_of(rows, schema_from(plan()))


def test_a_key_is_text_whatever_the_cell_was() -> None:
    rows: list[dict[str, Any]] = [{"key": key, "a": "x", "b": 1} for key in (1, 2.0, " 3 ", "x")]
    assert [p.ref for p in profiles_of(rows, schema_from(plan()))] == ["1", "2", " 3 ", "x"]
    with pytest.raises(
        SchemaError, match=r"1 key is in 'key' more than once: 1 \(records 1 and 6\)"
    ):
        profiles_of([*rows, {"key": "1.0"}, {"key": 1.0}], schema_from(plan()))


def test_of_many_doubled_keys_ten_are_shown() -> None:
    rows = [{"key": str(at), "a": "x", "b": 1} for at in range(30)] * 2
    with pytest.raises(SchemaError) as caught:
        profiles_of(rows, schema_from(plan()))
    assert str(caught.value).startswith(
        "30 keys are in 'key' more than once: 0 (records 1 and 31), "
    )
    assert str(caught.value).count("records") == 10


@pytest.mark.parametrize(
    ("fields", "source", "missing"),
    [({"z": "text"}, None, "z"), ({"a": "text"}, "system", "system"), ({"A": "text"}, None, "A")],
)
def test_a_column_nobody_has_is_named(
    fields: dict[str, str], source: str | None, missing: str
) -> None:
    schema = Schema("thing", "key", fields, source)
    with pytest.raises(SchemaError, match=rf"no row has the column '{missing}'; columns are"):
        profiles_of([{"key": "1", "a": "x"}], schema)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"a": st.one_of(st.none(), st.text(max_size=5), st.integers(), st.floats())},
            optional={"b": st.lists(st.text(max_size=3), max_size=3)},
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_row_is_lost_and_no_value_is_blank(rows: list[dict[str, Any]]) -> None:
    numbered = [{"key": at + 1, "b": None, **row} for at, row in enumerate(rows)]
    found = profiles_of(numbered, schema_from(plan()))
    assert [profile.ref for profile in found] == [str(at + 1) for at in range(len(rows))]
    for profile in found:
        assert all(
            value.strip() and "\x00" not in value for v in profile.features.values() for value in v
        )


@given(
    st.dictionaries(st.sampled_from(["org_name", "vat", "city"]), st.text(min_size=1), min_size=1)
)
def test_records_that_say_the_same_share_a_profile_and_others_do_not(said: dict[str, str]) -> None:
    plain = {key: (value,) for key, value in said.items()}
    one = Profile("crm:a:1", "organization", "crm", plain)
    assert Profile("erp:b:2", "organization", "erp", dict(plain)).id == one.id
    assert Profile("crm:a:1", "person", "crm", plain).id != one.id
    longer = {key: (*values, "x") for key, values in plain.items()}
    assert Profile("crm:a:1", "organization", "crm", longer).id != one.id
    assert 0 <= one.id < 2**63
