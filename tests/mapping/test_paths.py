"""Field paths read what they name and never fail on odd shapes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.paths import getter, parse_path

RECORD: dict[str, Any] = {
    "id": 7,
    "First Name": "Max",
    "odd.key": 1,
    "*": "star",
    "address": {"city": "Berlin", "geo": [52.5, 13.4]},
    "items": [{"sku": "A", "tags": ["x", "y"]}, {"sku": "B", "tags": []}, {"sku": None}, 5],
    "nothing": None,
}
ELEMENT = {"id": "inner"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("id", 7),
        ("First Name", "Max"),
        ('["odd.key"]', 1),
        ("['odd.key']", 1),
        ('["*"]', "star"),
        ("address.city", "Berlin"),
        ('address["city"]', "Berlin"),
        ("address.geo[1]", 13.4),
        ("address.geo[9]", None),
        ("items[0].sku", "A"),
        ("items[*].sku", ["A", "B"]),
        ("items[*].tags[*]", ["x", "y"]),
        ("items[*].tags", [["x", "y"], []]),
        ("id.deeper", None),
        ("id[0]", None),
        ("id[*]", None),
        ("nothing.at.all", None),
        ("missing", None),
        (".", RECORD),
        (" id ", 7),
    ],
)
def test_reading(path: str, expected: object) -> None:
    assert getter(parse_path(path))(RECORD, RECORD) == expected


def test_from_the_root_or_from_the_element() -> None:
    assert getter(parse_path("id"))(ELEMENT, RECORD) == "inner"
    assert getter(parse_path("$.id"))(ELEMENT, RECORD) == 7
    assert getter(parse_path("$.address.city"))(ELEMENT, RECORD) == "Berlin"
    assert getter(parse_path("$"))(ELEMENT, RECORD) == RECORD
    assert getter(parse_path("."))("text", RECORD) == "text"


@pytest.mark.parametrize("text", ["", " ", "a.", ".a", "a..b", "a[", "a[x]", "a]b", "$a", "a[-1]"])
def test_what_is_no_path(text: str) -> None:
    with pytest.raises(ValueError, match="path"):
        parse_path(text)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.lists(st.sampled_from(["a", "b", "[0]", "[*]", '["c"]']), min_size=1, max_size=4), JSON)
def test_no_record_makes_a_path_raise(steps: list[str], record: object) -> None:
    text = "".join(step if step.startswith("[") else f".{step}" for step in steps).lstrip(".")
    getter(parse_path(text))(record, record)


@given(st.text(max_size=20))
def test_any_text_is_a_path_or_a_value_error(text: str) -> None:
    try:
        path = parse_path(text)
    except ValueError:
        return
    getter(path)(RECORD, RECORD)
