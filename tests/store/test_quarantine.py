"""Quarantine: kept whole, once, until it comes right or goes away."""

import pytest

from connectors.sdk.record import Record, Rejected
from hub.store import quarantine
from hub.store.database import Database, Tx
from tests.store.undone import undone

NOW, LATER = "2026-11-23T10:00:00.000Z", "2026-11-23T11:00:00.000Z"


def put(tx: Tx, *rejected: Rejected, run: int = 1, now: str = NOW, stream: str = "a") -> None:
    quarantine.put(tx, "crm", stream, rejected, run_id=run, now=now)


def bad(raw: str, key: str | None = None) -> Rejected:
    return Rejected(raw, "wrong", "x.csv line 1", key)


def raws(tx: Tx, state: str = "open", connection: str = "crm") -> list[str]:
    return [one.raw for one in quarantine.page(tx, connection, state=state)]


def test_the_same_input_seen_again_is_the_same_entry(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, bad("1"), bad("2"), bad("1"))
        put(tx, Rejected("1", "other reason", "x.csv line 9"), run=2, now=LATER)
        first, second = quarantine.page(tx, "crm")
        assert (first.raw, first.reason, first.place) == ("1", "other reason", "x.csv line 9")
        assert (first.first_seen_at, second.raw) == (NOW, "2")
        put(tx, bad("1"), stream="b")
        assert quarantine.counts(tx) == {("crm", "a"): 2, ("crm", "b"): 1}
        assert quarantine.streams_with_open(tx, "crm") == ["a", "b"]
        assert quarantine.streams_with_open(tx, "erp") == []


@pytest.mark.parametrize("raw", ["", "\0", "\ud800", "ü" * 100_000, "\\u0000", '{"a": "\\ud800"}'])
def test_input_comes_back_as_it_was(lent: Database, raw: str) -> None:
    given = Rejected(raw, "why\0 \ud800", "where\0 \udfff", "k\0\ud800")
    with undone(lent) as tx:
        put(tx, given)
        (found,) = quarantine.page(tx, "crm")
        assert found.raw == raw
        assert (found.reason, found.place) == ("why\\0 \\ud800", "where\\0 \\udfff")
        assert found.key == "k\\0\\ud800"


def test_texts_beside_the_input_are_cut(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, Rejected("r", "x" * 9_000, "y" * 9_000, "z" * 9_000))
        (found,) = quarantine.page(tx, "crm")
        assert {len(found.reason), len(found.place), len(found.key or "")} == {2_000}


def test_an_entry_closes_when_its_record_arrives_well(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, bad("1", "k1"), bad("2", "k2"), bad("3"))
        put(tx, bad("1", "k1"), stream="b")
        arrived = [Record("k1", {}), Record("k2", {}), Record("k9", {})]
        quarantine.settle(tx, "crm", "a", arrived, except_for=["k2"])
        assert raws(tx) == ["2", "3", "1"], "one without a key, or of another stream, stays"
        assert raws(tx, "replayed") == ["1"]
        put(tx, bad("1", "k1"), run=2)
        assert sorted(raws(tx)) == ["1", "1", "2", "3"], "it is bad again"


def test_an_entry_closes_when_a_whole_listing_no_longer_holds_it(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, bad("1"), bad("2"), run=1)
        put(tx, bad("3"), run=1, stream="b")
        put(tx, bad("2"), run=2)
        quarantine.close_unseen(tx, "crm", "a", 2)
        assert (raws(tx), raws(tx, "gone")) == (["2", "3"], ["1"])
        put(tx, bad("1"), run=3)
        assert raws(tx, "gone") == []


def test_an_entry_of_the_mapping_closes_with_the_mapping_alone(lent: Database) -> None:
    keys = [("crm", "a", "k1"), ("crm", "b", "k2"), ("erp", "a", "k2"), ("crm", "a", "none")]
    with undone(lent) as tx:
        put(tx, bad("1", "k1"), bad("2", "k2"), run=quarantine.NO_RUN)
        put(tx, bad("3", "k1"), run=4)
        quarantine.settle(tx, "crm", "a", [Record("k2", {})])
        quarantine.close_unseen(tx, "crm", "a", 4)
        assert raws(tx) == ["1", "2", "3"]
        quarantine.settle_mapped(tx, keys)
        assert raws(tx) == ["2", "3"]
        assert raws(tx, "replayed") == ["1"]
        quarantine.settle_mapped(tx, [])
        quarantine.settle_mapped(tx, [("crm", "a", f"k{n}") for n in range(1_000)])
        assert raws(tx) == ["3"], "what a run brought in is not the mapping's to close"


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_entries_page_by_page(lent: Database, limit: int) -> None:
    with undone(lent) as tx:
        put(tx, *(bad(str(n)) for n in range(7)))
        put(tx, *(bad(str(n)) for n in range(7)), run=2)
        found: list[str] = []
        after = 0
        while page := quarantine.page(tx, "crm", after=after, limit=limit):
            assert len(page) <= limit
            found += [one.raw for one in page]
            after = page[-1].id
        assert found == [str(n) for n in range(7)]
        assert raws(tx, connection="erp") == []
