"""Records that are deep, long or many: what a mapping takes and what it costs."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sdk.record import Record
from mapping.coverage import absent_paths, unmapped_paths
from tests.mapping.one_record import entries, fields, run

FAST_S = 2.0
"""Far above what hostile records take, far below what a quadratic reading would."""


def nested(depth: int) -> dict[str, Any]:
    """Return {"a": {"a": ... {"n": "deep"}}}."""
    data: dict[str, Any] = {"n": "deep"}
    for _ in range(depth):
        data = {"a": data}
    return data


def test_a_path_reaches_as_deep_as_it_says() -> None:
    path = ".".join(["a"] * 200 + ["n"])
    assert fields(f"name: {path}", nested(200)) == {"name": "deep"}
    assert fields(f"name: {path}", nested(199)) == {}
    assert fields(f"name: {path}", nested(5_000)) == {}


def test_coverage_of_what_is_nested() -> None:
    mapping = entries("[{kind: deal, fields: {name: a.b, owner: 'c[*].d', stage: x.y}}]")
    record = Record("1", {"a": {"b": 1, "e": 2}, "c": [{"d": 1}, {"f": 2}], "g": None, "h": {}})
    assert unmapped_paths(mapping, "accounts", record) == ["a.e", "c[*].f", "g", "h"]
    assert absent_paths(mapping, "accounts", record) == ["x.y"]
    deep = Record("1", nested(150))
    assert unmapped_paths(mapping, "accounts", deep) == [".".join(["a"] * 150 + ["n"])]


MEGABYTE = 1_000_000


HOSTILE = (
    "x" * MEGABYTE,
    " " * MEGABYTE,
    "1" * MEGABYTE,
    "a@" * (MEGABYTE // 2),
    "GmbH & Co. KG " * (MEGABYTE // 14),
    "Dr. " * (MEGABYTE // 4),
    "1,2.3'" * (MEGABYTE // 6),
    "\u0301" * MEGABYTE,
    "((((" * (MEGABYTE // 4),
    "Str. 1, " * (MEGABYTE // 8),
    "HRB 1 " * (MEGABYTE // 6),
    "+49 (0) " * (MEGABYTE // 8),
)


EVERYTHING = (
    "[{kind: organization, fields: {name: a, legal_form: a, trade_names: a, emails: a, phones: a, "
    "websites: a, address: a, street: a, house_number: a, postcode: a, city: a, country: a, "
    "vat_id: a, register_number: a, tax_number: a, iban: a, external_ids: a, credit_limit_minor: "
    "a, currency: a}}, {kind: person, part: p, fields: {name: a, date_of_birth: a, is_primary: a}},"
    "{kind: ticket, part: t, fields: {text: a, opened_at: a, status: a, priority: a}}]"
)


@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: repr(value[:6]))
def test_a_megabyte_in_every_field_costs_little_time_and_room(value: str) -> None:
    mapping = entries(EVERYTHING, "country: DE, time_zone: Europe/Berlin")
    start = time.process_time()
    made = run(mapping, {"a": value})
    assert time.process_time() - start < FAST_S
    for record in made:
        assert all(len(str(value)) <= 100_000 for value in record.fields.values())
        assert len(record.issues) <= len(record.raw)
        assert all(len(issue.value) <= 200 for issue in record.issues)
        assert all(len(str(value)) <= 520 for value in record.raw.values())


def test_ten_thousand_elements_with_one_key_are_ten_thousand_parts() -> None:
    mapping = entries("[{kind: product, part: p, each: items, key: id, fields: {name: n}}]")
    start = time.process_time()
    made = run(mapping, {"items": [{"id": "x", "n": f"N{at}"} for at in range(10_000)]})
    assert time.process_time() - start < FAST_S
    assert len({record.part for record in made}) == 10_000


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", "", None]), st.sampled_from(["N", "", None])),
        max_size=8,
    )
)
def test_no_element_is_lost_or_doubled(elements: list[tuple[str | None, str | None]]) -> None:
    mapping = entries("[{kind: product, part: p, each: items, key: id, fields: {name: n}}]")
    made = run(mapping, {"items": [{"id": key, "n": name} for key, name in elements]})
    assert len(made) == sum(bool(name) for _, name in elements)
    assert len({record.ref for record in made}) == len(made)
