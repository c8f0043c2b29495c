"""Plain lines, passages, identifiers and the text of JSON scalars."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.text import folded, identifier, line, prose, scalar_text

ANY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(alphabet=st.characters(), max_size=30),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Müller   &\tSöhne\n", "Müller & Söhne"),
        ("Mu\u0308ller", "Müller"),
        ("Firma\u00a0Huber", "Firma Huber"),
        ("un\u00adsicht\u200bbar\ufeff", "unsichtbar"),
        ("\u202a+49 89 1234\u202c", "+49 89 1234"),
        ("a\x00b\ud800c", "abc"),
        (12.0, "12"),
        (12.5, "12.5"),
        (7, "7"),
        (True, "true"),
        ("", None),
        (" \u200b ", None),
        (None, None),
        ([], None),
        ({"a": 1}, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**40, None),
        ("x" * 500, "x" * 500),
        ("x" * 501, None),
    ],
)
def test_line(value: object, expected: str | None) -> None:
    assert line(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (" \r\n Guten Tag,\r\nes brennt.\r ", "Guten Tag,\nes brennt."),
        ("a\x00b\x0cc\u2028d", "ab\nc\nd"),
        ("", None),
        (5, "5"),
        ([], None),
    ],
)
def test_prose(value: object, expected: str | None) -> None:
    assert prose(value) == expected


def test_prose_is_cut_and_a_megabyte_is_no_line() -> None:
    assert len(prose("x" * 1_000_000) or "") == 100_000
    assert line("x" * 1_000_000) is None
    assert identifier("x" * 101) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Müller", "mueller"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Citroën", "citroen"),
        ("Ærø Łódź", "aeroe lodz"),
        ("plain", "plain"),
    ],
)
def test_folded(text: str, expected: str) -> None:
    assert folded(text) == expected


@given(ANY)
def test_lines_and_passages_never_raise_and_settle_at_once(value: object) -> None:
    for normalize in (line, prose, identifier):
        once = normalize(value)
        assert once is None or normalize(once) == once


@given(ANY)
def test_text_can_always_be_stored(value: object) -> None:
    for text in (line(value), prose(value)):
        assert text is None or ("\x00" not in text and text.encode("utf-8"))


@given(st.text())
def test_folding_settles_at_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.integers(-(10**18), 10**18))
def test_a_whole_float_reads_like_the_integer(value: int) -> None:
    if int(float(value)) == value:
        assert scalar_text(float(value)) == scalar_text(value)
