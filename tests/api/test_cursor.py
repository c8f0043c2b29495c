"""Page cursors: what goes in comes out, for its own list alone, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.api import cursor
from hub.api.problems import BadCursorError

Position = tuple[str, ...]
positions = st.lists(st.text(max_size=40), min_size=1, max_size=3).map(tuple)


@given(st.text(max_size=60), positions)
def test_a_cursor_gives_its_position_back(name: str, position: Position) -> None:
    text = cursor.encode(name, position)
    assert text.isascii()
    assert not set(text) & set("+/=&?#% ")
    assert cursor.decode(name, text, Position) == position


@given(positions, st.text(max_size=30), st.text(max_size=30))
def test_a_cursor_of_another_list_is_refused(position: Position, one: str, other: str) -> None:
    text = cursor.encode(one, position)
    if one != other:
        with pytest.raises(BadCursorError):
            cursor.decode(other, text, Position)


@given(positions, st.data())
def test_one_letter_changed_is_refused(position: Position, data: st.DataObject) -> None:
    text = cursor.encode("customers", position)
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_").filter(lambda one: one != text[at]))
    with pytest.raises(BadCursorError):
        cursor.decode("customers", text[:at] + letter + text[at + 1 :], Position)


@given(st.text(max_size=80))
def test_anything_else_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(BadCursorError, match="start again"):
        cursor.decode("customers", text, Position)


@pytest.mark.parametrize("position", [1, "x", {"a": 1}, ["a", 2], None])
def test_a_position_of_another_shape_is_refused(position: object) -> None:
    text = cursor.encode("customers", position)
    with pytest.raises(BadCursorError):
        cursor.decode("customers", text, Position)


def test_filters_are_part_of_a_list() -> None:
    from_one = cursor.encode('["customers","DE"]', ("a", "b"))
    from_other = cursor.encode('["customers","AT"]', ("a", "b"))
    assert from_one != from_other
