"""What holds of every number, name and slip that is made up."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.demo import (
    numbers,
    spelling,
)
from hub.demo.stock import words

SEEDS = st.integers(0, 10**6)


@given(st.integers(0, 999_999))
def test_vat_ids_differ_in_more_than_their_check_digit(index: int) -> None:
    assert numbers.vat_id(index)[:10] == f"DE99{index:06d}"
    assert len(numbers.vat_id(index)) == 11


@pytest.mark.parametrize(
    ("board", "extension", "line"),
    [
        ("030 23125000", 11, "030 23125000-11"),
        ("030 23125000-10", 11, "030 23125000-111"),
        ("089 99998123", 7, "089 99998123-07"),
    ],
)
def test_a_direct_line_hangs_on_its_switchboard(board: str, extension: int, line: str) -> None:
    assert numbers.direct_line(board, extension) == line


@given(st.text(max_size=40))
def test_a_domain_label_is_made_of_letters_digits_and_single_hyphens(text: str) -> None:
    label = spelling.domain_label(text)
    assert label.isascii()
    assert set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in label
    assert label == label.strip("-")
    assert spelling.domain_label(label) == label


@given(st.text(min_size=7, max_size=40), SEEDS)
def test_a_slip_loses_or_swaps_one_letter_behind_the_third(text: str, seed: int) -> None:
    wrong = spelling.typo(Random(seed), text)
    assert wrong[:3] == text[:3]
    assert len(wrong) in (len(text), len(text) - 1)
    if len(wrong) == len(text):
        assert Counter(wrong) == Counter(text)
    else:
        assert not Counter(wrong) - Counter(text)


@given(st.text(max_size=60))
def test_a_name_field_holds_thirty_letters(text: str) -> None:
    kept = spelling.cut(text)
    assert text.startswith(kept)
    assert len(kept) <= spelling.FIELD_WIDTH
    assert kept == kept.rstrip() or len(text) <= spelling.FIELD_WIDTH


def test_stocks_are_written_as_running_text() -> None:
    assert words(" Ahlen  Arnsel\n Bärn ") == ("Ahlen", "Arnsel", "Bärn")
    assert words("") == ()
