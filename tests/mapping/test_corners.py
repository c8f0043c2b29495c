"""Corners of applying a mapping: conditions, lists, defaults, value maps, joins, references."""

from typing import Any

import pytest

from connectors.sdk.record import Record, RecordKey, parse_ref
from mapping.apply import apply
from tests.mapping.crm import compiled
from tests.mapping.one_record import entries, fields, issues, run


@pytest.mark.parametrize(
    ("when", "value", "holds"),
    [
        ("a", "x", True),
        ("a", 0, True),
        ("a", False, True),
        ("a", "", False),
        ("a", "  ", False),
        ("a", "-", False),
        ("a", None, False),
        ("a", [], False),
        ("a", {}, False),
        ("a", [None], True),
        ("a", {"b": None}, True),
        ("a.b", {"b": 1}, True),
        ("a.b", {"c": 1}, False),
        ("a.b", "text", False),
        ("'a[*].b'", [{"b": 1}], True),
        ("'a[*].b'", [{"c": 1}], False),
        ("{path: a, equals: 1}", 1, True),
        ("{path: a, equals: 1}", "1", True),
        ("{path: a, equals: 1}", 1.0, True),
        ("{path: a, equals: 1}", " 1 ", True),
        ("{path: a, equals: 1}", True, False),
        ("{path: a, equals: 1}", [1], False),
        ("{path: a, equals: true}", True, True),
        ("{path: a, equals: true}", "true", True),
        ("{path: a, equals: Ja}", "ja", False),
        ("{path: a, equals: null}", None, True),
        ("{path: a, equals: null}", "  ", True),
        ("{path: a, equals: null}", 0, False),
        ("{path: a, in: [x, 2]}", "2", True),
        ("{path: a, in: [x, 2]}", "y", False),
        ("{path: a, in: [x, null]}", None, True),
        ("{path: a, in: []}", "x", False),
        ("{path: a, not_in: [x]}", "y", True),
        ("{path: a, not_in: [x]}", "x", False),
        ("{path: a, not_in: [x]}", None, True),
        ("{path: a, not_in: [x, null]}", None, False),
        ("{path: a, not_in: []}", "x", True),
    ],
)
def test_conditions(when: str, value: object, holds: bool) -> None:
    mapping = entries(f"[{{kind: deal, when: {when}, fields: {{name: n}}}}]")
    assert len(run(mapping, {"a": value, "n": "N"})) == holds


def test_a_condition_on_a_list_looks_at_each_element_or_at_the_record() -> None:
    mapping = entries(
        "[{kind: product, part: p, each: items, when: {path: sold, equals: true}, "
        "fields: {name: n}}, {kind: product, part: q, each: items, when: $.open, "
        "fields: {name: n}}]"
    )
    items = [{"n": "A", "sold": True}, {"n": "B", "sold": False}, {"n": "C"}]
    assert [m.part for m in run(mapping, {"items": items})] == ["p.0"]
    assert [m.part for m in run(mapping, {"items": items, "open": 1})] == [
        "p.0",
        "q.0",
        "q.1",
        "q.2",
    ]


def test_of_alternatives_that_all_hold_the_first_is_taken() -> None:
    mapping = entries(
        "[{kind: organization, when: a, fields: {name: n}}, "
        "{kind: person, when: b, fields: {name: n}}, {kind: product, fields: {name: n}}]"
    )
    for data, kind in (
        ({"a": 1, "b": 1}, "organization"),
        ({"b": 1}, "person"),
        ({}, "product"),
    ):
        (made,) = run(mapping, {"n": "Anna Berg", **data})
        assert made.kind == kind


@pytest.mark.parametrize(
    ("elements", "parts"),
    [
        ([{"n": "A"}, {"n": "B"}], ["p.0", "p.1"]),
        ({"n": "A"}, ["p.0"]),
        ([], []),
        (None, []),
        ("text", []),
        ([None, 5, "x", [], {"n": "A"}], ["p.4"]),
        ([[{"n": "A"}]], []),
        ([{"n": ""}, {"n": None}, {"n": "-"}], []),
        ([{"id": "a", "n": "A"}, {"id": "A", "n": "B"}], ["p.a", "p.559aead08264d579"]),
    ],
)
def test_elements_of_a_list(elements: object, parts: list[str]) -> None:
    mapping = entries("[{kind: product, part: p, each: items, key: id, fields: {name: n}}]")
    found = [made.part for made in run(mapping, {"items": elements})]
    assert found == parts


def test_a_list_below_a_list_makes_parts_of_the_inner_elements() -> None:
    mapping = entries(
        "[{kind: product, part: line, each: 'orders[*].lines[*]', fields: {name: n}}]"
    )
    orders = [{"lines": [{"n": "A"}, {"n": "B"}]}, {"lines": []}, {}, {"lines": [{"n": "C"}]}]
    made = run(mapping, {"orders": orders})
    assert [record.fields["name"] for record in made] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("field", "data", "expected"),
    [
        ("name: {path: a, default: Neu}", {}, {"name": "Neu"}),
        ("name: {path: a, default: Neu}", {"a": "-"}, {"name": "Neu"}),
        ("name: {path: a, default: Neu}", {"a": "Alt"}, {"name": "Alt"}),
        ("name: {path: a, default: Neu}", {"a": ["x"]}, {}),
        ("probability: {path: a, default: 50}", {}, {"probability": 50}),
        ("probability: {path: a, default: 50}", {"a": "120"}, {}),
        ("status: {path: a, default: open}", {}, {"status": "open"}),
        ("status: {const: won}", {"a": 1}, {"status": "won"}),
        ("name: {paths: [a, b]}", {"b": "B"}, {"name": "B"}),
        ("name: {paths: [a, b]}", {"a": "A", "b": "B"}, {"name": "A"}),
        ("name: {paths: [a, b]}", {"a": " ", "b": "B"}, {"name": "B"}),
        ("name: {join: [a, b]}", {"a": "A", "b": "B"}, {"name": "A B"}),
        ("name: {join: [a, b], with: '-'}", {"a": "A", "b": "B"}, {"name": "A-B"}),
        ("name: {join: [a, b], with: '-'}", {"b": "B"}, {"name": "B"}),
        ("name: {join: [a, b], with: '-'}", {"a": 1.0, "b": True}, {"name": "1-true"}),
        ("name: {join: [a, b]}", {"a": {"x": 1}, "b": "B"}, {"name": "B"}),
        ("name: {join: [a, b], default: X}", {}, {"name": "X"}),
        ("number: a", {"a": 4711.0}, {"number": "4711"}),
        ("number: a", {"a": "00123"}, {"number": "00123"}),
        ("stage_order: a", {"a": "3"}, {"stage_order": 3}),
        ("stage_order: a", {"a": 3.5}, {}),
        ("expected_close: a", {"a": "31.12.2026"}, {"expected_close": "2026-12-31"}),
        ("expected_close: {path: a, excel: true}", {"a": 45000}, {"expected_close": "2023-03-15"}),
        (
            "expected_close: {path: a, date_order: mdy}",
            {"a": "12/31/2026"},
            {"expected_close": "2026-12-31"},
        ),
        (
            "created_at: {path: a, epoch: ms}",
            {"a": 1_700_000_000_000},
            {"created_at": "2023-11-14T22:13:20Z"},
        ),
        (
            "created_at: {path: a, time_zone: America/New_York}",
            {"a": "2026-07-04 08:00"},
            {"created_at": "2026-07-04T12:00:00Z"},
        ),
        ("created_at: a", {"a": "2026-07-04 08:00"}, {}),
        ("probability: {path: a, fraction: true}", {"a": 0.25}, {"probability": 25}),
        (
            "amount_minor: {path: a, currency: JPY}",
            {"a": 5},
            {"amount_minor": 5, "currency": "JPY"},
        ),
        (
            "amount_minor: {path: a, currency: KWD, decimal: ','}",
            {"a": "1,5"},
            {"amount_minor": 1500, "currency": "KWD"},
        ),
        ("name: .", {}, {}),
        ("name: $.a", {"a": "A"}, {"name": "A"}),
        ("name: 'a[1]'", {"a": ["A", "B"]}, {"name": "B"}),
        ("name: 'a[7]'", {"a": ["A", "B"]}, {}),
        ("name: '[\"a.b\"]'", {"a.b": "A", "a": {"b": "B"}}, {"name": "A"}),
        ("name: a.b", {"a.b": "A", "a": {"b": "B"}}, {"name": "B"}),
    ],
)
def test_one_field(field: str, data: dict[str, Any], expected: dict[str, Any]) -> None:
    assert fields(field, data) == expected


@pytest.mark.parametrize(
    ("values", "word", "status", "raw"),
    [
        ("{Offen: open}", "OFFEN ", "open", "OFFEN"),
        ("{Offen: open}", "offen", "open", "offen"),
        ("{ÖFFNEN: open}", "öffnen", "open", "öffnen"),
        ("{1: open}", 1, "open", "1"),
        ("{1: open}", "1", "open", "1"),
        ("{'1': open}", 1.0, "open", "1"),
        ("{true: won}", True, "won", "true"),
        ("{ja: won}", True, "unknown", "true"),
        ("{Offen: open}", "zu", "unknown", "zu"),
        ("{Offen: unknown}", "offen", "unknown", "offen"),
    ],
)
def test_words_of_a_value_map(values: str, word: object, status: str, raw: str) -> None:
    (made,) = run(
        entries(f"[{{kind: deal, fields: {{status: {{path: s, values: {values}}}}}}}]"), {"s": word}
    )
    assert made.fields["status"] == status
    unmapped = status == "unknown" and "unknown" not in values
    assert [issue.field for issue in made.issues] == (["status"] if unmapped else [])
    assert made.fields["status_raw"] == raw


def test_exact_words_differ_in_case_and_blanks() -> None:
    field = "name: {path: a, exact: true, values: {a: klein, A: gross}}"
    assert fields(field, {"a": "a"}) == {"name": "klein"}
    assert fields(field, {"a": "A"}) == {"name": "gross"}
    assert fields(field, {"a": " a"}) == {}
    assert issues(field, {"a": " a"})[0].reason == "is not among the mapped values"


def test_values_of_a_map_are_settled_like_any_other() -> None:
    field = "phones: {path: a, country: DE, values: {Zentrale: 030 23125000, keine: null}}"
    assert fields(field, {"a": "zentrale"}, kind="organization") == {"phones": ["+493023125000"]}
    assert fields(field, {"a": ["keine"]}, kind="organization") == {}
    assert issues(field, {"a": ["keine"]}, kind="organization") == ()


@pytest.mark.parametrize(
    ("value", "phones", "unread"),
    [
        ("030 23125000; 030 23125001", ["+493023125000", "+493023125001"], []),
        ("030 23125000|030 23125000", ["+493023125000"], []),
        ("030 23125000\n\n;;x", ["+493023125000"], ["x"]),
        (["030 23125000", None, "", "030 23125001"], ["+493023125000", "+493023125001"], []),
        ([["030 23125000"]], None, ["a list"]),
        ([{"nr": "030 23125000"}], None, ["an object"]),
        (3023125000, ["+493023125000"], []),
        (True, None, ["true"]),
        ("x;" * 6_000, None, ["x;" * 99 + "x…"]),
    ],
)
def test_lists_of_one_field(value: object, phones: list[str] | None, unread: list[str]) -> None:
    field = "phones: {path: a, country: DE}"
    assert fields(field, {"a": value}, kind="organization").get("phones") == phones
    said = [issue.value for issue in issues(field, {"a": value}, kind="organization")]
    assert said == unread


def test_empty_words_are_those_of_the_file() -> None:
    field = "name: a"
    assert fields(field, {"a": "n/a"}) == {}
    assert fields(field, {"a": "n/a"}, defaults="empty: ['?']") == {"name": "n/a"}
    assert fields(field, {"a": " ? "}, defaults="empty: ['?']") == {}
    assert fields(field, {"a": ""}, defaults="empty: []") == {}


def test_what_a_field_states_itself_outranks_what_another_implies() -> None:
    whole = "[{kind: organization, fields: {address: a, city: c, country: l}}]"
    (made,) = run(entries(whole), {"a": "Hauptstr. 5, 50667 Köln", "c": "Bonn", "l": "DE"})
    assert made.fields == {
        "street": "Hauptstraße",
        "house_number": "5",
        "postcode": "50667",
        "city": "Bonn",
        "country": "DE",
    }
    form = "[{kind: organization, fields: {name: n, legal_form: f}}]"
    (made,) = run(entries(form), {"n": "Huber GmbH", "f": "AG"})
    assert made.fields == {"name": "Huber GmbH", "legal_form": "AG"}
    person = "[{kind: person, fields: {name: n, family_name: f}}]"
    (made,) = run(entries(person), {"n": "Anna Berg", "f": "Berg-Tal"})
    assert made.fields["family_name"] == "Berg-Tal"
    assert made.fields["given_name"] == "Anna"


def test_the_order_of_fields_in_the_file_does_not_matter() -> None:
    for order in (
        "phones: p, street: s, postcode: z, country: l",
        "country: l, postcode: z, street: s, phones: p",
        "postcode: z, country: l, phones: p, street: s",
    ):
        mapping = entries(f"[{{kind: organization, fields: {{{order}}}}}]", "country: DE")
        (made,) = run(mapping, {"p": "01 58858", "s": "Ring 1", "z": "A-1010", "l": "Österreich"})
        assert made.fields["phones"] == ["+43158858"]
        assert made.fields["postcode"] == "1010"


def test_references_to_parts_follow_what_was_made() -> None:
    mapping = entries(
        "[{kind: project, fields: {name: n}, refs: {person: '#m'}}, "
        "{kind: person, part: m, each: ms, fields: {name: n}, refs: {organization: '#firm'}}, "
        "{kind: organization, part: firm, when: firm, fields: {name: firm}}]"
    )
    project, anna, bo, firm = run(
        mapping, {"n": "P", "ms": [{"n": "Anna Berg"}, {"n": "Bo Tal"}], "firm": "Huber"}
    )
    assert [ref.target for ref in project.refs] == [anna.ref, bo.ref]
    assert [ref.target for ref in (*anna.refs, *bo.refs)] == [firm.ref, firm.ref]
    (alone,) = run(mapping, {"n": "P", "ms": []})
    assert alone.refs == ()


@pytest.mark.parametrize("key", ["a#b", "50%", "a:b", "ü ö", "#", "%23", "x" * 300, "a|b", "\n"])
def test_any_key_survives_in_a_reference(key: str) -> None:
    mapping = compiled(
        "streams:\n"
        "  deals: [{kind: deal, fields: {name: n}, "
        "refs: {organization: {stream: accounts, path: k}}}]\n"
        "  accounts: [{kind: organization, fields: {name: n}}]\n"
    )
    (made,) = apply(mapping, RecordKey("crm", "deals", key), Record(key, {"n": "x", "k": key}))
    assert parse_ref(made.ref) == (RecordKey("crm", "deals", key), "")
    if key.strip():
        (ref,) = made.refs
        assert parse_ref(ref.target) == (RecordKey("crm", "accounts", key), "")
    else:
        assert made.refs == ()
