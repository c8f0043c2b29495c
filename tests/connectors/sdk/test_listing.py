"""Rows become pages: keys, repeats, limits and what may be taken as deleted."""

from typing import Any

import pytest

from connectors.sdk.errors import RecordRejectedError
from connectors.sdk.listing import (
    PAGE_RECORDS,
    Batch,
    Fault,
    ListingRules,
    Row,
    cursor_text,
    key_of,
    pages,
)
from connectors.sdk.record import End, Page
from tests.connectors.reading import Outcome


def listed(rows: list[Row], faults: list[Fault] | None = None, **rules: Any) -> Outcome:
    batch = Batch("table row", rows, faults or [])
    *found, end = pages(iter([batch]), ListingRules(**{"key": ("id",), **rules}))
    assert isinstance(end, End)
    return Outcome([page for page in found if isinstance(page, Page)], end)


def row(place: int, **data: Any) -> Row:
    return Row(place, data, repr(data))


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("A-17", "A-17"),
        (17, "17"),
        (0, "0"),
        (-3, "-3"),
        (1.5, "1.5"),
        (" x ", " x "),
        ("%#|", "%#|"),
    ],
)
def test_a_key_stands_as_sent(value: Any, key: str) -> None:
    assert key_of({"id": value}, ("id",)) == key


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"id": None}, "is null"),
        ({"id": ""}, "is empty"),
        ({"id": " \t"}, "is empty"),
        ({"name": "x"}, "is missing (fields there: name)"),
        ({"id": True}, "neither text nor a number"),
        ({"id": ["a"]}, "neither text nor a number"),
        ({"id": {"a": 1}}, "neither text nor a number"),
        ({"id": "x" * 513}, "longer than 512"),
        ({"id": "a\0b"}, "NUL"),
    ],
)
def test_a_key_that_names_nothing_is_refused(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(RecordRejectedError, match=reason.replace("(", r"\(").replace(")", r"\)")):
        key_of(data, ("id",))


def test_composite_keys_are_joined_and_stay_apart() -> None:
    assert key_of({"a": 1, "b": "x"}, ("a", "b")) == "1|x"
    assert key_of({"a": "1|x", "b": "y"}, ("a", "b")) != key_of({"a": "1", "b": "x|y"}, ("a", "b"))
    with pytest.raises(RecordRejectedError, match="'b' is null"):
        key_of({"a": 1, "b": None}, ("a", "b"))


def test_pages_hold_a_thousand_rows() -> None:
    outcome = listed([row(n, id=n) for n in range(2 * PAGE_RECORDS + 1)])
    assert [len(page.records) for page in outcome.pages] == [1000, 1000, 1]
    assert outcome.end == End(complete=True, total=2001)


def test_pages_of_large_rows_are_cut_by_size() -> None:
    outcome = listed([Row(n, {"id": n}, b"x" * 3_000_000) for n in range(6)])
    assert [len(page.records) for page in outcome.pages] == [3, 3]


@pytest.mark.parametrize("count", [0, 1, PAGE_RECORDS])
def test_an_exact_page_is_not_followed_by_an_empty_one(count: int) -> None:
    outcome = listed([row(n, id=n) for n in range(count)])
    assert len(outcome.pages) == (1 if count else 0)
    assert outcome.end.total == count


def test_the_same_row_twice_counts_once() -> None:
    outcome = listed([row(1, id="a"), row(2, id="b"), row(3, id="a")])
    assert outcome.keys == ["a", "b"]
    assert not outcome.rejected
    assert outcome.end == End(complete=True, total=2)


@pytest.mark.parametrize("apart", [1, 1500])
def test_another_row_of_the_same_key_is_rejected_with_its_key(apart: int) -> None:
    between = [row(n, id=f"x{n}") for n in range(apart)]
    outcome = listed([row(1, id="a", name="one"), *between, row(99, id="a", name="two")])
    assert outcome.records[0].data == {"id": "a", "name": "one"}
    assert outcome.keys.count("a") == 1
    (rejected,) = outcome.rejected
    assert (rejected.key, rejected.where) == ("a", "table row 99")
    assert "duplicate key 'a'" in rejected.reason
    assert "two" in rejected.raw
    assert outcome.end == End(complete=True, total=apart + 2)


def test_a_row_without_a_key_leaves_the_listing_incomplete() -> None:
    outcome = listed([row(1, id="a"), row(2, id=None)])
    assert outcome.rejected[0].key is None
    assert not outcome.end.complete
    assert outcome.end.total == 2
    assert "1 rejected without a readable key" in outcome.end.note


def test_a_fault_with_a_readable_key_leaves_it_complete() -> None:
    outcome = listed([row(1, id="a")], [Fault(2, b"raw \xff", "broken", {"id": "b"})])
    (rejected,) = outcome.rejected
    assert (rejected.key, rejected.raw, rejected.reason) == ("b", "raw \\xff", "broken")
    assert outcome.end.complete


def test_a_large_record_is_rejected_whole_with_its_key() -> None:
    big = Row(1, {"id": "a", "text": "ü" * 600}, "ü" * 600)
    outcome = listed([big, Row(2, {"id": "b"}, "ü" * 512)], max_record_bytes=1024)
    (rejected,) = outcome.rejected
    assert (rejected.key, rejected.raw) == ("a", "ü" * 600)
    assert "1024 bytes" in rejected.reason
    assert outcome.keys == ["b"]


def test_only_ordered_rows_give_positions() -> None:
    rows = [row(n, id=n, at=f"2026-01-{n // 100:02}") for n in range(100, 1300)]
    plain = listed(rows, cursor="at")
    assert [page.cursor for page in plain.pages] == [None, None]
    assert plain.end.cursor is None
    assert plain.records[-1].cursor == "2026-01-12"
    ordered = listed(rows, cursor="at", ordered=True)
    assert [page.cursor for page in ordered.pages] == ["2026-01-10", "2026-01-12"]
    assert ordered.end.cursor == "2026-01-12"


def test_rows_without_a_cursor_do_not_move_the_position_back() -> None:
    rows = [row(1, id=1, at="2026-01-01"), row(2, id=2, at=None), row(3, id=3, at="")]
    outcome = listed(rows, cursor="at", ordered=True)
    assert outcome.end.cursor == "2026-01-01"
    assert [record.cursor for record in outcome.records] == ["2026-01-01", None, None]


@pytest.mark.parametrize(
    ("value", "text"), [(None, None), ("", None), ("x", "x"), (17, "17"), (1.5, "1.5")]
)
def test_cursors_are_text(value: Any, text: str | None) -> None:
    assert cursor_text(value) == text


def test_an_unfinished_read_has_no_end() -> None:
    def cut() -> Any:
        yield Batch("table row", [row(n, id=n) for n in range(1000)])
        raise ConnectionError

    reading = pages(cut(), ListingRules(key=("id",)))
    assert isinstance(next(reading), Page)
    with pytest.raises(ConnectionError):
        next(reading)
