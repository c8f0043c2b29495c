"""Staging: every outcome of a page, and versions that are never written again."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sdk.record import Record
from hub.store import staging, work
from hub.store.database import Database, Tx
from hub.store.seen_ids import BLOCK, WORD, SeenIds
from hub.store.staging import Staged
from hub.store.storable import MAX_KEY, record_hash
from tests.store.undone import undone

NOW, LATER = "2026-11-23T10:00:00.000Z", "2026-11-23T11:00:00.000Z"


def put(tx: Tx, *records: Record, now: str = NOW, stream: str = "a") -> Staged:
    return staging.stage(tx, "crm", stream, records, now=now)


def live(key: str, **data: Any) -> Record:
    return Record(key, data)


def gone(key: str) -> Record:
    return Record(key, {}, deleted=True)


def versions(tx: Tx, key: str, stream: str = "a") -> list[tuple[int, Any, bool]]:
    rows = staging.versions(tx, "crm", stream, key)
    return [(row.version, msgspec.json.decode(row.payload), row.deleted) for row in rows]


def due(tx: Tx) -> list[str]:
    return work.take(tx, "canonicalize", 10_000)


def counts(staged: Staged) -> tuple[int, int, int, int, int]:
    rejected = len(staged.rejected)
    return (staged.created, staged.changed, staged.unchanged, staged.deleted, rejected)


BAD = live("k", x="\ud800")


@pytest.mark.parametrize(
    ("before", "page", "outcome", "stands"),
    [
        ([], [live("k", x=1)], (1, 0, 0, 0, 0), {"x": 1}),
        ([live("k", x=1)], [live("k", x=1)], (0, 0, 1, 0, 0), {"x": 1}),
        ([live("k", x=1)], [live("k", x=2)], (0, 1, 0, 0, 0), {"x": 2}),
        ([live("k", x=1, y=2)], [live("k", y=2, x=1)], (0, 0, 1, 0, 0), {"x": 1, "y": 2}),
        ([live("k", x=1)], [live("k", x=1.0)], (0, 1, 0, 0, 0), {"x": 1.0}),
        ([live("k", x=1)], [live("k", x=None)], (0, 1, 0, 0, 0), {"x": None}),
        ([live("k", x=[1, 2])], [live("k", x=[2, 1])], (0, 1, 0, 0, 0), {"x": [2, 1]}),
        ([live("k", x=1)], [gone("k")], (0, 0, 0, 1, 0), None),
        ([live("k", x=1)], [gone("k"), gone("k")], (0, 0, 0, 1, 0), None),
        ([], [gone("k")], (0, 0, 0, 0, 0), None),
        ([live("k", x=1), gone("k")], [gone("k")], (0, 0, 0, 0, 0), None),
        ([live("k", x=1), gone("k")], [live("k", x=1)], (0, 1, 0, 0, 0), {"x": 1}),
        ([], [live("k", x=1), live("k", x=2)], (1, 0, 0, 0, 0), {"x": 2}),
        ([], [live("k", x=1), gone("k")], (0, 0, 0, 0, 0), None),
        ([live("k", x=1)], [gone("k"), live("k", x=2)], (0, 1, 0, 0, 0), {"x": 2}),
        ([live("k", x=1)], [gone("k"), live("k", x=1)], (0, 0, 1, 0, 0), {"x": 1}),
        ([live("k", x=1)], [live("k", x=2), gone("k")], (0, 0, 0, 1, 0), None),
        ([], [BAD], (0, 0, 0, 0, 1), None),
        ([live("k", x=1)], [BAD], (0, 0, 0, 0, 1), {"x": 1}),
        ([], [live("k", x=1), BAD], (1, 0, 0, 0, 1), {"x": 1}),
        ([], [], (0, 0, 0, 0, 0), None),
    ],
)
def test_every_outcome_of_a_page(
    lent: Database,
    before: list[Record],
    page: list[Record],
    outcome: tuple[int, ...],
    stands: dict[str, Any] | None,
) -> None:
    with undone(lent) as tx:
        for record in before:
            put(tx, record)
        work.done(tx, "canonicalize", due(tx))
        found = put(tx, *page, now=LATER)
        assert counts(found) == outcome
        newest = versions(tx, "k")[:1]
        assert [data for _, data, deleted in newest if not deleted] == (
            [] if stands is None else [stands]
        )
        assert len(due(tx)) == sum(outcome[n] for n in (0, 1, 3)), "what differs walks on"


def test_versions_are_never_written_again(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, live("k", x=1))
        put(tx, live("k", x=2))
        before = versions(tx, "k")
        put(tx, gone("k"), now=LATER)
        put(tx, live("k", x=1), now=LATER)
        assert versions(tx, "k") == [(4, {"x": 1}, False), (3, {"x": 2}, True), *before]
        assert before == [(2, {"x": 2}, False), (1, {"x": 1}, False)]
        (row,) = staging.payloads(tx, [int(one) for one in due(tx)])
        assert (row.version, row.deleted, row.first_seen_at, row.fetched_at) == (
            4,
            False,
            NOW,
            LATER,
        )


def test_a_deletion_says_when_and_repeats_what_was_last_known(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, live("k", x=1), live("l"))
        put(tx, gone("k"), now=LATER)
        newest, first = staging.versions(tx, "crm", "a", "k")
        assert (newest.fetched_at, newest.payload, newest.hash) == (
            LATER,
            first.payload,
            first.hash,
        )
        assert first.fetched_at == NOW
        assert staging.stream_counts(tx) == {("crm", "a"): 1}
        assert [row.key for row in staging.sample(tx, "crm", "a", 9)] == ["l"]


def test_streams_and_keys_are_told_apart(lent: Database) -> None:
    keys = [
        "k",
        "K",
        "k ",
        " k",
        "ka",
        "%",
        "_",
        "a#b",
        "a%23b",
        "ü",
        "u\u0308",
        "🦜",
        "k" * MAX_KEY,
    ]
    with undone(lent) as tx:
        assert put(tx, *(live(key, of=key) for key in keys)).created == len(keys)
        assert put(tx, live("k", of="other"), stream="b").created == 1
        for key in keys:
            assert versions(tx, key) == [(1, {"of": key}, False)]
        assert versions(tx, "k", "b") == [(1, {"of": "other"}, False)]
        assert versions(tx, "none") == []
        assert staging.stream_counts(tx) == {("crm", "a"): len(keys), ("crm", "b"): 1}


def seen_ids(*pages: Sequence[int]) -> SeenIds:
    seen = SeenIds()
    for ids in pages:
        seen.add(ids)
    return seen


def test_what_a_whole_listing_lacked(lent: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "WINDOW", 32)
    with undone(lent) as tx:
        put(tx, live("a"), live("b", x=1), live("c"), live("d"))
        put(tx, live("z"), *map(live, map(str, range(70))), stream="other")
        assert put(tx, gone("d")).present == []
        staged = put(tx, live("a"), live("b", x=2), live("new"))
        ids, living = staging.absent(tx, "crm", "a", seen_ids(staged.present))
        assert living == 4
        assert [row.key for row in staging.payloads(tx, ids)] == ["c"]
        waiting = staging.ids_of(tx, "crm", "a", ["c", "never", "", "\0"])
        assert waiting == ids
        assert staging.absent(tx, "crm", "a", seen_ids(staged.present, waiting)) == ([], 4)
        ids, _ = staging.absent(tx, "crm", "a", SeenIds())
        staging.delete(tx, ids, now=LATER)
        assert staging.absent(tx, "crm", "a", SeenIds()) == ([], 0)
        assert staging.stream_counts(tx) == {("crm", "other"): 71}


@given(
    st.sets(st.integers(1, 2**40), max_size=50),
    st.sets(st.integers(1, 300_000), max_size=50),
    st.integers(1, 2 * BLOCK),
    st.integers(0, 100),
)
def test_seen_ids_hold_what_was_added_and_nothing_else(
    far: set[int], near: set[int], first: int, count: int
) -> None:
    row = range(first, first + count)
    seen = seen_ids(sorted(far), [], row, sorted(near))
    both = far | near | {*row}
    around = {one + step for one in both for step in (-8, -1, 0, 1, 8, BLOCK) if one + step > 0}
    words = {one // WORD for one in around}
    ids = {word * WORD + bit for word in words for bit in range(WORD)}
    assert seen.lacking((word, 2**WORD - 1) for word in words) == sorted(ids - both)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (live(""), "empty"),
        (live("a\0"), "NUL"),
        (live("k" * (MAX_KEY + 1)), f"has {MAX_KEY + 1} characters"),
        (live("\ud800"), "not valid Unicode"),
        (live("k", x=float("nan")), None),
        (live("k", x="a\0b"), None),
        (live("k", x=2**200), None),
        (live("k", x={1: 2}), "no JSON"),
        (live("k", x={"\udfff": 1}), "no JSON"),
        (live("k", x={(1, 2): 3}), "no JSON"),
        (live("k", x=object()), "no JSON"),
    ],
)
def test_what_cannot_be_stored_is_handed_back_whole(
    lent: Database, record: Record, reason: str | None
) -> None:
    with undone(lent) as tx:
        staged = put(tx, live("good"), record)
        assert staged.created == (1 if reason else 2)
        for rejected in staged.rejected:
            assert reason
            assert reason in rejected.reason
            assert (rejected.key, rejected.raw) == (record.key, repr(record.data))
            assert "stream a" in rejected.where
        assert bool(staged.rejected) is bool(reason)


def test_one_record_nested_too_deep_holds_nothing_up(lent: Database) -> None:
    nested: Any = 1
    for _ in range(100_000):
        nested = [nested]
    with undone(lent) as tx:
        staged = put(tx, live("a"), live("deep", x=nested), live("b"))
        assert counts(staged) == (2, 0, 0, 0, 1)
        assert "too deep" in staged.rejected[0].raw


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pages=st.lists(
        st.lists(
            st.tuples(st.sampled_from("abc"), st.none() | st.integers(0, 2)),
            max_size=4,
        ),
        max_size=6,
    )
)
def test_pages_leave_what_a_dictionary_would(
    lent: Database, pages: list[list[tuple[str, int | None]]]
) -> None:
    stands: dict[str, int] = {}
    with undone(lent) as tx:
        for page in pages:
            before = dict(stands)
            for key, value in page:
                if value is None:
                    stands.pop(key, None)
                else:
                    stands[key] = value
            staged = put(tx, *(gone(k) if v is None else live(k, v=v) for k, v in page))
            assert staged.created + staged.changed == sum(
                before.get(key) != value for key, value in stands.items()
            )
            assert staged.deleted == len(before.keys() - stands.keys())
        found = {row.key: row.payload for row in staging.sample(tx, "crm", "a", 100)}
        assert found == {key: f'{{"v":{value}}}' for key, value in stands.items()}
        for key in "abc":
            numbers = [version for version, *_ in versions(tx, key)]
            assert numbers == list(range(len(numbers), 0, -1)), "no version is left out"


LONG = ["ß", "日本", 'a"b', "a\\b", "a'b", "%s", "{}", "null", "[1]", "1", "01", "😀", "é", "ö;--"]
"""Keys of a page long enough to be taken for new as a whole."""


@pytest.mark.parametrize("known", [*range(len(LONG)), None])
def test_a_page_that_seems_new_is_looked_at_where_one_record_is_known(
    lent: Database, known: int | None
) -> None:
    texts = [f"{key}\r\n\t\u2028 ß" * (at + 1) for at, key in enumerate(LONG)]
    with undone(lent) as tx:
        before = [] if known is None else [live(LONG[known], x="was")]
        put(tx, *before)
        page = [live(key, x=text) for key, text in zip(LONG, texts, strict=True)]
        assert counts(put(tx, *page)) == (len(LONG) - len(before), len(before), 0, 0, 0)
        for key, text in zip(LONG, texts, strict=True):
            told = [data["x"] for _, data, _ in versions(tx, key)]
            assert told == [text, *(["was"] if before and key == LONG[known or 0] else [])]
        assert len(due(tx)) == len(LONG)
        staged = put(tx, *page)
        assert counts(staged) == (0, 0, len(LONG), 0, 0)
        assert {key: digest for _, key, digest in staged.standing} == {
            key: record_hash({"x": text}) for key, text in zip(LONG, texts, strict=True)
        }


def test_hashes_are_equal_where_the_data_is() -> None:
    assert record_hash({"a": 1, "b": {"c": [1], "d": None}}) == record_hash(
        {"b": {"d": None, "c": [1]}, "a": 1}
    )
    different: list[dict[str, Any]] = [
        {},
        {"a": None},
        {"a": ""},
        {"a": 0},
        {"a": False},
        {"a": "0"},
        {"a": [0]},
        {"a": {"0": 0}},
        {"A": 0},
    ]
    assert len({record_hash(data) for data in different}) == len(different)


def test_a_page_larger_than_one_statement(lent: Database) -> None:
    with undone(lent) as tx:
        many = [live(f"k{n}", n=n) for n in range(12_000)]
        assert counts(put(tx, *many)) == (12_000, 0, 0, 0, 0)
        half = [live(f"k{n}", n=n // 2 * 2) for n in range(12_000)]
        assert counts(put(tx, *half)) == (0, 6_000, 6_000, 0, 0)
        assert counts(put(tx, *(gone(f"k{n}") for n in range(6_000)))) == (0, 0, 0, 6_000, 0)
        assert staging.stream_counts(tx) == {("crm", "a"): 6_000}
