"""Marks find what was erased in whatever way it is written, and nobody else."""

import pytest

from hub.model.erasure import kept_until
from hub.pipeline.marks import Marker, without
from mapping.normalize.phone import dialled, phone_number

MARKER = Marker(b"k" * 32)


@pytest.mark.parametrize(
    "text",
    [
        "+49 89 77712345",
        "+49 (0)89 777 123-45",
        "0049 89 77712345",
        "089/77712345",
        "089 / 777 123-45",
        "Tel.: 089-777 123 45, werktags",
        "(089) 77712345 / 0171 2345678",
        "0171 2345678  089 77712345",
    ],
)
def test_a_number_is_found_however_it_is_spelt(text: str) -> None:
    known = set(MARKER.numbers("+498977712345"))
    assert MARKER.strong(f'{{"a": "{text}"}}') & known


@pytest.mark.parametrize(
    "text",
    ["2026-11-23T10:15:00Z", "DE89370400440532013000", "RE-2026-000001", "89777123450", "7771234"],
)
def test_what_is_no_number_of_theirs_is_not_found(text: str) -> None:
    assert not MARKER.strong(f'{{"a": "{text}"}}') & set(MARKER.numbers("+498977712345"))


@pytest.mark.parametrize(
    "text",
    [
        "max@muster.example",
        "Max Muster <MAX@Muster.Example>",
        "zeile\\nmax@muster.example.",
        "max+shop@muster.example",
        'siehe \\"max@muster.example\\"',
        "max\\u0040muster.example",
        "gr\\u00fc\\u00dfe\\u0009max@muster.example",
        "\\ud83d\\udc4bmax@muster.example",
    ],
)
def test_an_address_is_found_in_any_text(text: str) -> None:
    assert MARKER.address("max@muster.example") in MARKER.strong(f'{{"a": "{text}"}}')
    assert MARKER.address("ax@muster.example") not in MARKER.strong(f'{{"a": "{text}"}}')


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Gruß, Anna Berta Müller", "Gruß, [erased]"),
        ("Müller, Anna Berta rief an", "[erased] rief an"),
        ("ANNA MÜLLER", "[erased]"),
        ("Anna rief Müller an", "Anna rief Müller an"),
        ("Anna Müllerin", "Anna Müllerin"),
        ("Anna - Müller", "Anna - Müller"),
    ],
)
def test_a_name_is_two_words_in_a_row_at_least(text: str, left: str) -> None:
    known = set(MARKER.names("Anna Berta Müller"))
    assert without(text, MARKER.names_in(text), known, "[erased]") == left


def test_one_word_is_nobodys_name() -> None:
    assert MARKER.names("Müller") == []


def test_another_key_makes_other_marks() -> None:
    other = Marker(b"l" * 32)
    assert other.address("max@muster.example") != MARKER.address("max@muster.example")
    assert other.record("crm", "contacts", "1") != MARKER.record("crm", "contacts", "1")


def test_a_part_never_stands_for_its_neighbour() -> None:
    assert MARKER.record("crm", "a", "b") != MARKER.record("crm", "ab", "")


def test_a_number_is_dialled_with_and_without_its_country() -> None:
    assert dialled("+498977712345") == ("498977712345", "8977712345")
    assert dialled("+498977712345;ext=12") == ("49897771234512", "897771234512")
    assert dialled("nonsense") == ()
    assert phone_number("+49 89 77712345") == "+498977712345"


@pytest.mark.parametrize(
    ("kind", "fields", "until"),
    [
        ("invoice", {"issued_on": "2026-03-01"}, "2034-12-31"),
        ("invoice", {"kind": "credit_note", "issued_on": "2017-12-31"}, "2025-12-31"),
        ("payment", {"booked_on": "2026-03-01"}, "2034-12-31"),
        ("quote", {"issued_on": "2026-03-01"}, "2032-12-31"),
        ("order", {"ordered_on": "2020-01-01"}, "2026-12-31"),
        ("order", {}, "2031-12-31"),  # of the year it was first seen in
        ("ticket", {"opened_at": "2026-03-01"}, "None"),
        ("deal", {}, "None"),
    ],
)
def test_how_long_the_law_keeps(kind: str, fields: dict[str, object], until: str) -> None:
    assert str(kept_until(kind, fields, "2025-06-01T00:00:00.000Z")) == until
