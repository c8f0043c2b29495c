"""Document numbers in text: whole words, any punctuation, nothing that tells too little."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.vorgang.numbers import number_key, numbers_in, tells_alone


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("AB-2024/0815", "ab20240815"),
        ("ab 2024 0815", "ab20240815"),
        ("00010248", "10248"),
        ("10248", "10248"),
        ("RE-12", "re12"),
        ("0012", None),  # twelve
        ("R-1", None),
        ("Rechnung", None),
        ("2024", None),  # a year
        ("1899", "1899"),
        ("", None),
    ],
)
def test_what_a_number_is_compared_by(text: str, key: str | None) -> None:
    assert number_key(text) == key


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Frage zu AB-2024-0815.", ["ab20240815"]),
        ("(#10248), 10249;10250", ["10248", "10249", "10250"]),
        ("Nr.10248", ["nr10248", "10248"]),
        ("RE-2024-17/AB-4711", ["re202417ab4711", "re202417", "ab4711"]),
        ("AB-1000 ab1000", ["ab1000"]),
        ("seit 2024, Position 12", []),
        ("XAB-10001", ["xab10001"]),  # not AB-1000
        ("", []),
    ],
)
def test_numbers_are_found_as_whole_words(text: str, keys: list[str]) -> None:
    assert list(numbers_in(text)) == keys


def test_an_endless_text_costs_a_bounded_time() -> None:
    assert len(list(numbers_in("A-1000 B-2000 " * 100_000))) == 2
    assert len(list(numbers_in(" ".join(f"N-{n}" for n in range(5_000))))) <= 64


@given(st.text(max_size=300))
def test_every_key_found_is_one_that_counts(text: str) -> None:
    for key in numbers_in(text):
        assert number_key(key) == key


@pytest.mark.parametrize(
    ("key", "alone"),
    [
        ("re20240815", True),
        ("ab102030", True),
        ("12345678", False),  # digits alone are too often something else
        ("abcdefg1", False),
        ("ab1000", False),
        ("", False),
    ],
)
def test_a_long_mixed_number_tells_enough_alone(key: str, alone: bool) -> None:
    assert tells_alone(key) is alone
