"""What tables without names and tables of two orderly sources are judged by."""

import numpy as np
import pytest

from hub.resolution.calibration import source_shift
from hub.resolution.columns import told_by
from hub.resolution.model import default_model
from hub.resolution.schema import schema_from
from tests.resolution.whole_table import resolve_table

PERSON = default_model("person")


@pytest.mark.parametrize(
    ("fields", "rows", "expected"),
    [
        ("phone", [("0221 4711123",), ("+49 221 4711123",), ("0221 4711999",)], ["01"]),
        ("email", [("a.berg@x.de",), ("A.Berg@x.de",), ("info@x.de",), ("t@y.de",)], ["01"]),
        (
            "email phone",
            [("a.berg@x.de", "0221 4711123"), ("anna@gmx.de", "+49 221 4711123"), ("c@y.de", "")],
            ["01"],
        ),
        (
            "address",
            [("Ufer 5, 50667 Köln",), ("Ufer 5, 50667 Koeln",), ("Ufer 7, 50667 Köln",)],
            ["01"],
        ),
        ("iban", [("DE89 3704 0044 0532 0130 00",), ("DE89370400440532013000",)], ["01"]),
    ],
)
def test_people_without_names_are_who_shares_a_mailbox_a_number_or_a_house(
    fields: str, rows: list[tuple[str, ...]], expected: list[str]
) -> None:
    names = fields.split()
    schema = schema_from(
        {"kind": "person", "id": "id", "fields": {name: name for name in names}},
    )
    table = [{"id": str(at), **dict(zip(names, row, strict=True))} for at, row in enumerate(rows)]
    found = resolve_table(table, schema).clusters
    assert ["".join(each) for each in found if len(each) > 1] == expected


@pytest.mark.parametrize(
    "types", [["email", "given_name"], ["person_name"], ["city", "postcode", "person_name"], []]
)
def test_where_names_are_told_or_nobody_can_be_reached_the_model_stays(types: list[str]) -> None:
    assert told_by(PERSON, types) is PERSON
    assert told_by(PERSON, ["email"]) is not PERSON
    assert told_by(PERSON, ["person_name", "postcode"]) is not PERSON
    company = default_model("organization")
    assert told_by(company, ["email"]) is company


@pytest.mark.parametrize(
    ("kind", "types", "rows", "joined"),
    [
        ("person", "date_of_birth", [("1980-05-04",)] * 4, 0),
        ("person", "postcode city", [("89073", "Ulm")] * 4, 0),
        ("person", "date_of_birth postcode", [("1980-05-04", "89073")] * 2, 1),
        ("person", "date_of_birth postcode", [("1980-05-04", "89073"), ("1980-05-05", "89073")], 0),
        ("organization", "city country", [("Ulm", "DE")] * 4, 0),
        ("thing", "number", [("5",)] * 4, 0),
        ("thing", "number date", [("5", "2026-01-01")] * 2, 1),
        ("thing", "identifier", [("A-1000",)] * 2, 1),
    ],
)
def test_properties_that_many_share_join_nobody(
    kind: str, types: str, rows: list[tuple[str, ...]], joined: int
) -> None:
    names = types.split()
    schema = schema_from({"kind": kind, "id": "id", "fields": {name: name for name in names}})
    table = [{"id": str(at), **dict(zip(names, row, strict=True))} for at, row in enumerate(rows)]
    assert sum(len(each) > 1 for each in resolve_table(table, schema).clusters) == joined


def test_a_postcode_without_a_town_tells_namesakes_apart() -> None:
    rows = [("Eva Lang", "50667"), ("Lang, Eva", "50667"), ("Eva Lang", "10115"), ("Jo Ude", "1")]
    fields = {"name": "person_name", "postcode": "postcode"}
    bits = {}
    for town in ({}, {"town": "city"}):
        schema = schema_from({"kind": "person", "id": "id", "fields": fields | town})
        table = [
            {"id": str(at), "name": name, "postcode": code, "town": ""}
            for at, (name, code) in enumerate(rows)
        ]
        found = resolve_table(table, schema)
        bits[bool(town)] = max(found.scored.bits)
    assert bits[False] > bits[True] + 1


def shift_of(away: float, *, again: float, size: int = 6000, most: float = 12.0) -> float:
    """Return the shift of pairs whose bits are wrong by `away`.

    again: share of matches that are within one source; of others it is a half. most: bits of the
    surest.
    """
    draw = np.random.default_rng(5)
    bits = draw.uniform(-15, most, size)
    match = draw.random(size) < 1 / (1 + np.exp2(-(bits + away)))
    inside = draw.random(size) < np.where(match, again, 0.5)
    left = np.arange(size) * 2
    sources = [("a",), ("a",)] * size
    for at in np.flatnonzero(~inside).tolist():
        sources[2 * at + 1] = ("b",)
    return source_shift(PERSON, sources, left, left + 1, bits)


@pytest.mark.parametrize("away", [-1.5, 0.0, 3.0])
def test_orderly_sources_tell_how_far_bits_are_from_the_truth(away: float) -> None:
    assert shift_of(away, again=0.0) == pytest.approx(away, abs=0.75)


def test_sources_that_hold_things_twice_tell_nothing() -> None:
    assert shift_of(3.0, again=0.1) == 0.0


@pytest.mark.parametrize("again", [0.0, 0.05])
def test_where_no_pair_is_sure_sources_that_are_likely_orderly_raise_the_prior(
    again: float,
) -> None:
    assert shift_of(3.0, again=again, most=1.5) == pytest.approx(3.0, abs=0.75)


@pytest.mark.parametrize(("away", "again"), [(-1.5, 0.0), (3.0, 0.5), (3.0, 0.3), (0.0, 0.3)])
def test_where_no_pair_is_sure_the_prior_is_never_lowered_nor_moved_by_sources_without_order(
    away: float, again: float
) -> None:
    assert shift_of(away, again=again, most=1.5) == 0.0


@pytest.mark.parametrize(
    ("sources", "bits"),
    [
        ((), ()),
        ([("a",)] * 8, [9.0] * 4),
        ([("",)] * 8, [-12.0] * 4),
        ([("a",), ("b",)] * 4, [9.0, -12.0, 0.0, 1.0]),
        ([(str(at),) for at in range(80)], [9.0] * 40),
    ],
)
def test_few_pairs_or_one_source_tell_nothing(
    sources: list[tuple[str, ...]], bits: list[float]
) -> None:
    left = np.arange(len(bits), dtype=np.int64) * 2
    assert source_shift(PERSON, sources, left, left + 1, np.array(bits)) == 0.0
