"""Every kind the hub speaks of is reached by a mapping, in the form the model promises."""

import re
from typing import Any

import pytest
import yaml

from connectors.sdk.record import Record, RecordKey
from mapping.apply import apply
from mapping.canonical import CanonicalRecord
from mapping.compile import compile_spec
from mapping.fields import UNKNOWN, Field
from mapping.load import load_spec
from mapping.nouns import FIELDS, KINDS, Kind

GIVEN = {
    "text": "Fräse 7",
    "number": "1.234,5",
    "integer": "7",
    "boolean": "ja",
    "money": "1.234,56",
    "percent": "25 %",
    "date": "23.11.2026",
    "instant": "2026-11-23T11:15:00+01:00",
}
FORMS = {"date": r"\d{4}-\d\d-\d\d", "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"}


def asked(kind: Kind) -> dict[str, Field]:
    """Return the fields that a mapping fills in, and that take any text."""
    return {
        name: field
        for name, field in FIELDS[kind].items()
        if not field.derived and not name.endswith("_raw")
    }


def walked(kind: Kind, values: dict[str, Any]) -> CanonicalRecord:
    fields = {name: name for name in values}
    text = yaml.safe_dump({"streams": {"things": [{"kind": kind, "fields": fields}]}})
    mapping = compile_spec(load_spec(text, file="x.yaml", streams=("things",)))
    (made,) = apply(mapping, RecordKey("x", "things", "1"), Record("1", values))
    return made


def test_there_are_all_the_nouns_of_the_model() -> None:
    wanted = (
        "campaign touch lead deal quote order delivery contract project milestone task time_entry "
        "ticket message invoice payment dunning product asset consent user organization person line"
    )
    assert set(wanted.split()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_comes_out_in_the_forms_of_the_model(kind: Kind) -> None:
    fields = asked(kind)
    given = {
        name: min(field.choices) if field.choices else GIVEN[field.type]
        for name, field in fields.items()
        if field.normalize in ("text", field.type) or field.choices or field.type in FORMS
    }
    given |= {"currency": "EUR"} if "currency" in fields else {}
    found = walked(kind, given)
    assert found.kind == kind
    assert found.fields
    for name, value in found.fields.items():
        field = FIELDS[kind][name]
        for one in value if field.many else [value]:
            if field.type == "money":
                assert (name.endswith("_minor"), one) == (True, 123_456), name
            if field.type in FORMS:
                assert re.fullmatch(FORMS[field.type], one), (name, one)
    money = [name for name, field in FIELDS[kind].items() if field.type == "money"]
    if money:
        assert "currency" in FIELDS[kind]
    if money and kind != "organization":  # a credit limit is compared, never summed
        assert "exchange_rate" in FIELDS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_nobody_mapped_is_unknown_and_stands_beside(kind: Kind) -> None:
    kept = [name for name, field in asked(kind).items() if field.keeps_raw]
    for name in kept:
        found = walked(kind, {name: "halbfertig"})
        assert found.fields == {name: UNKNOWN, f"{name}_raw": "halbfertig"}
        assert [(one.field, one.value) for one in found.issues] == [(name, "halbfertig")]
    if "status" in FIELDS[kind]:
        assert "status" in kept


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_said_is_absent_neither_zero_nor_empty(kind: Kind) -> None:
    fields = asked(kind)
    assert walked(kind, dict.fromkeys(fields)).fields == {}
    assert walked(kind, dict.fromkeys(fields, "")).fields == {}
