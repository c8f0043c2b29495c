"""How people cite document numbers: other separators, no zeros, a word and a running number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.vorgang.citations import marks_in, marks_of
from hub.vorgang.numbers import number_key, numbers_in, tells_alone

QUOTE, ORDER, INVOICE = (
    ("quote", "AN-2024-0815"),
    ("order", "AB25-10432"),
    ("invoice", "RE2025-00123"),
)
SLASHED, NUMERIC, DOTTED = ("order", "2025/1234"), ("invoice", "90012345"), ("project", "P.25.117")
LETTERED = ("invoice", "2025G101")
PAPERS = (QUOTE, ORDER, INVOICE, SLASHED, NUMERIC, DOTTED, LETTERED)


def cited(text: str) -> set[tuple[str, str]]:
    """Return the papers that a text cites, if all are of one customer."""
    named = {*numbers_in(text), *marks_in(text)}
    return {paper for paper in PAPERS if named & {number_key(paper[1]), *marks_of(*paper)}}


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        ("AN 2024/815", {QUOTE}),
        ("an 2024 0815", {QUOTE}),
        ("AN2024-815", {QUOTE}),
        ("AN_2024_0815 vom 12.03.2024", {QUOTE}),
        ("Angebot 815", {QUOTE}),
        ("lt. Angebot Nr. 0815", {QUOTE}),
        ("Ihre Angebotsnummer 2024/815", {QUOTE}),
        ("unser Zeichen 2024-815", {QUOTE}),
        ("Auftrag 815", set()),  # another kind of paper
        ("LS 2024/815", set()),
        ("Angebot 2024", set()),  # a year
        ("815", set()),
        ("815 Stück", set()),
        ("Halle 2024, Tor 815", set()),
        ("AN 2024/8155", set()),
        ("AN 2024/0815/7", {QUOTE}),  # a part of it
        ("AB 10432", {ORDER}),
        ("Auftr.-Nr. ab25_10432", {ORDER}),
        ("Auftragsnummer 10432", {ORDER}),
        ("AB 25 10432", {ORDER}),
        ("AB 26 10432", set()),
        ("Rechnung 123", {INVOICE}),
        ("Rg.Nr. 123 vom 12.03.2025", {INVOICE}),
        ("Rechnung: 123", {INVOICE}),
        ("Re: 123", set()),  # an answer
        ("RE 2025 123 abzgl. 2% Skonto", {INVOICE}),
        ("RE2025-00121, -122 und -123", {INVOICE}),
        ("RE2025-00121/123", {INVOICE}),
        ("RE2025-00121, 12.03.2025", set()),
        ("RE2025-00120, 3 Stück", set()),
        ("Gutschrift 101", {LETTERED}),
        ("order no. 1234", {SLASHED}),
        ("Auftrag 2025 1234", {SLASHED}),
        ("Bestellung 1234", {SLASHED}),
        ("9001 2345", {NUMERIC}),
        ("Projekt 117", {DOTTED}),
        ("P 25-117", {DOTTED}),
        ("Wartung 03/2025", set()),
        ("", set()),
    ],
)
def test_what_a_text_cites_among_the_papers_of_a_customer(
    text: str, papers: set[tuple[str, str]]
) -> None:
    assert cited(text) == papers


def test_a_mark_never_tells_alone_and_is_no_number() -> None:
    for kind, number in PAPERS:
        for mark in marks_of(kind, number):
            assert not tells_alone(mark)
            assert mark not in {number_key(other) for _, other in PAPERS}


def test_an_endless_text_costs_a_bounded_time() -> None:
    for text in ("AN 2024 0815 " * 100_000, "1234," * 100_000, "9/" * 100_000):
        assert len(list(marks_in(text))) < 5_000


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    assert all(marks_in(text))


@given(st.sampled_from("-/._ "), st.sampled_from("-/. "), st.booleans())
def test_separators_and_zeros_do_not_count(first: str, second: str, zeros: bool) -> None:
    number = "0815" if zeros else "815"
    assert cited(f"Ihr AN{first}2024{second}{number}") == {QUOTE}


@pytest.mark.parametrize("number", ["0", "A", "", "2024", "7-7"])
def test_what_tells_too_little_has_no_marks(number: str) -> None:
    assert list(marks_of("order", number)) == []
