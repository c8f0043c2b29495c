"""The runner: nothing lost, nothing doubled, nothing deleted that may still be there."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sdk.errors import ConnectionBrokenError, RetryableError, SourceContractError
from connectors.sdk.record import End, Page, Record, Rejected
from hub.errors import BusyError, StoreUnavailableError
from hub.model.run import Run
from hub.pipeline import lease
from hub.pipeline.refuse import refuse_run
from hub.pipeline.sync import lease_name, sync_connection
from hub.store import checkpoints, quarantine, runs, staging, work
from hub.store.database import Database
from hub.store.tables import source_records, source_versions
from tests.conftest import HandClock
from tests.pipeline.sources import HandConnector, HandStream

ROWS: dict[str, dict[str, Any]] = {"1": {"id": 1, "name": "Müller"}, "2": {"id": 2}, "3": {"id": 3}}


def _sync(db: Database, clock: HandClock, *streams: Any, **options: Any) -> Run:
    connector = HandConnector(streams)
    return sync_connection(db, clock, name="crm", connector=connector, **options)


def _live(db: Database, stream: str = "accounts") -> dict[str, str]:
    s, v = source_records.c, source_versions.c
    with db.reading() as tx:
        rows = tx.execute(
            sa.select(s.key, v.payload)
            .join(source_versions, (v.record_id == s.id) & (v.version == s.version))
            .where(s.stream == stream, ~s.deleted)
        )
        return dict(rows.all())


def _due(db: Database) -> int:
    with db.reading() as tx:
        return work.counts(tx).get("canonicalize", 0)


def _clear_work(db: Database) -> None:
    with db.transaction() as tx:
        work.done(tx, "canonicalize", work.take(tx, "canonicalize", 10_000))


def test_a_first_run_stores_all_and_a_second_changes_nothing(
    database: Database, clock: HandClock
) -> None:
    stream = HandStream(rows=dict(ROWS))
    first = _sync(database, clock, stream)
    assert (first.state, first.total("created")) == ("succeeded", 3)
    assert _live(database)["1"] == '{"id":1,"name":"Müller"}'
    assert _due(database) == 3
    _clear_work(database)
    stream.rows["1"] = {"name": "Müller", "id": 1}  # another order of fields is no change
    second = _sync(database, clock, stream)
    assert (second.total("unchanged"), second.total("changed"), _due(database)) == (3, 0, 0)


def test_a_change_is_a_new_version_and_the_old_one_stays(
    database: Database, clock: HandClock
) -> None:
    stream = HandStream(rows=dict(ROWS))
    _sync(database, clock, stream)
    stream.rows["2"] = {"id": 2, "name": "new"}
    clock.turn(hours=1)
    run = _sync(database, clock, stream)
    assert run.total("changed") == 1
    with database.reading() as tx:
        versions = staging.versions(tx, "crm", "accounts", "2")
    assert [(row.version, row.payload) for row in versions] == [
        (2, '{"id":2,"name":"new"}'),
        (1, '{"id":2}'),
    ]
    assert versions[0].fetched_at > versions[1].fetched_at


def test_what_a_complete_listing_lacks_is_deleted_and_may_come_back(
    database: Database, clock: HandClock
) -> None:
    stream = HandStream(rows=dict(ROWS))
    _sync(database, clock, stream)
    kept = stream.rows.pop("3")
    assert _sync(database, clock, stream).total("deleted") == 1
    assert set(_live(database)) == {"1", "2"}
    assert _sync(database, clock, stream).total("deleted") == 0
    stream.rows["3"] = kept
    assert _sync(database, clock, stream).total("changed") == 1
    assert set(_live(database)) == {"1", "2", "3"}


def test_a_source_that_states_deletions_is_believed(database: Database, clock: HandClock) -> None:
    _sync(database, clock, HandStream(rows=dict(ROWS)))

    class Tombstones(HandStream):
        def read(self, since: str | None) -> Any:
            yield Page([Record("1", {}, deleted=True), Record("9", {}, deleted=True)])
            yield End(complete=False)

    assert _sync(database, clock, Tombstones()).total("deleted") == 1
    assert set(_live(database)) == {"2", "3"}


@pytest.mark.parametrize(
    ("stream", "kind"),
    [
        (HandStream(rows={"1": {}}, ends=False), "contract"),
        (HandStream(rows={"1": {}}, total=5), "contract"),
        (HandStream(rows={"1": {}}, complete=False), None),
    ],
)
def test_nothing_is_deleted_without_a_complete_stated_end(
    database: Database, clock: HandClock, stream: HandStream, kind: str | None
) -> None:
    _sync(database, clock, HandStream(rows=dict(ROWS)))
    run = _sync(database, clock, stream)
    assert run.error_kind == kind
    assert set(_live(database)) == {"1", "2", "3"}


def test_a_listing_that_lacks_too_much_waits_for_a_person(
    database: Database, clock: HandClock
) -> None:
    rows = {str(n): {"n": n} for n in range(30)}
    _sync(database, clock, HandStream(rows=rows))
    few = HandStream(rows={str(n): {"n": n} for n in range(20)})
    held = _sync(database, clock, few)
    assert held.error_kind == "deletes_held"
    assert "10 of 30" in str(held.error)
    assert "--accept-deletes" in str(held.error)
    assert len(_live(database)) == 30
    assert _sync(database, clock, few, accept_deletes=True).total("deleted") == 10
    assert len(_live(database)) == 20


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryableError("busy"), "transient"),
        (ConnectionBrokenError("no such file"), "broken"),
        (SourceContractError("cut short"), "contract"),
        (ZeroDivisionError("secret-token"), "bug"),
    ],
)
def test_a_stream_that_fails_keeps_its_pages_and_leaves_the_others_alone(
    database: Database, clock: HandClock, error: Exception, kind: str
) -> None:
    def fail_at_second(number: int) -> None:
        if number == 1:
            raise error

    broken = HandStream(rows=dict(ROWS), before_page=fail_at_second)
    fine = HandStream("deals", {"d": {"id": "d"}})
    run = _sync(database, clock, broken, fine)
    assert (run.state, run.error_kind) == ("partial", kind)
    assert "secret-token" not in str(run.error)
    assert set(_live(database)) == {"1", "2"}
    assert set(_live(database, "deals")) == {"d"}
    broken.before_page = lambda number: None
    assert _sync(database, clock, broken, fine).state == "succeeded"
    assert set(_live(database)) == {"1", "2", "3"}


def test_the_next_run_goes_on_from_the_last_stored_cursor(
    database: Database, clock: HandClock
) -> None:
    def fail_at_third(number: int) -> None:
        if number == 2:
            raise RetryableError("gone away")

    rows = {str(n): {"at": f"t{n}"} for n in range(6)}
    stream = HandStream(rows=rows, cursor="at", before_page=fail_at_third)
    _sync(database, clock, stream)
    stream.before_page = lambda number: None
    run = _sync(database, clock, stream)
    assert stream.asked_since == [None, "t3"]
    assert (run.total("read"), run.total("created")) == (3, 2)
    assert len(_live(database)) == 6


def test_a_connector_that_cannot_open_is_a_failed_run(database: Database, clock: HandClock) -> None:
    connector = HandConnector([], fails=ConnectionBrokenError("no folder /x"))
    run = sync_connection(database, clock, name="crm", connector=connector)
    assert (run.state, run.error_kind, run.error) == ("failed", "broken", "no folder /x")


def test_rejected_input_is_kept_whole_once_and_closed_when_it_comes_right(
    database: Database, clock: HandClock
) -> None:
    raw = "4;broken\0line " + "x" * 100_000 + "\ud800"
    bad = Rejected(raw, "wrong number of fields", "accounts.csv line 4", key="3")
    stream = HandStream(rows=dict(ROWS))
    _sync(database, clock, stream)
    good = stream.rows.pop("3")
    stream.rejected = [bad]
    for _ in range(2):
        run = _sync(database, clock, stream)
        assert run.total("quarantined") == 1
    with database.reading() as tx:
        (entry,) = quarantine.page(tx, "crm")
    assert (entry.raw, entry.reason, entry.place) == (raw, bad.reason, bad.where)
    assert "3" in _live(database), "a record whose new input is unreadable is not gone"
    stream.rows["3"], stream.rejected = good, ()
    _sync(database, clock, stream)
    with database.reading() as tx:
        assert quarantine.page(tx, "crm") == []
        assert [e.id for e in quarantine.page(tx, "crm", state="replayed")] == [entry.id]


def test_rejected_input_that_its_source_drops_is_closed(
    database: Database, clock: HandClock
) -> None:
    stream = HandStream(rows=dict(ROWS), rejected=[Rejected("{", "half a line", "x line 9")])
    _sync(database, clock, stream)
    stream.rejected = ()
    _sync(database, clock, stream)
    with database.reading() as tx:
        assert quarantine.counts(tx) == {}
        assert len(quarantine.page(tx, "crm", state="gone")) == 1


@pytest.mark.parametrize(
    ("key", "data", "reason"),
    [
        ("k" * 600, {}, "at most 512"),
        ("", {}, "empty"),
        ("a\0b", {}, "NUL"),
        ("a\ud800", {}, "Unicode"),
        ("7", {"x": "\ud800"}, "no JSON"),
        ("7", {"x": object()}, "no JSON"),
    ],
)
def test_a_record_that_cannot_be_stored_is_quarantined(
    database: Database, clock: HandClock, key: str, data: dict[str, Any], reason: str
) -> None:
    run = _sync(database, clock, HandStream(rows={**ROWS, key: data}, page_size=10))
    assert (run.state, run.total("created"), run.total("quarantined")) == ("succeeded", 3, 1)
    with database.reading() as tx:
        (entry,) = quarantine.page(tx, "crm")
    assert reason in entry.reason


def test_text_with_nul_characters_is_stored_as_sent(database: Database, clock: HandClock) -> None:
    _sync(database, clock, HandStream(rows={"1": {"text": "a\0b"}}))
    assert _live(database)["1"] == '{"text":"a\\u0000b"}'


def test_a_page_that_is_mostly_unusable_stops_the_stream(
    database: Database, clock: HandClock
) -> None:
    bad = [Rejected(str(n), "no key", f"line {n}") for n in range(20)]
    run = _sync(database, clock, HandStream(rows=dict(ROWS), rejected=bad, page_size=3))
    assert run.error_kind == "contract"
    assert "20 of 23" in str(run.error)
    with database.reading() as tx:
        assert quarantine.counts(tx) == {("crm", "accounts"): 20}


def test_two_runs_of_one_connection_never_overlap(database: Database, clock: HandClock) -> None:
    def sync_again(number: int) -> None:
        with pytest.raises(BusyError, match="crm is being read"):
            _sync(database, clock, HandStream(rows={"x": {}}))

    run = _sync(database, clock, HandStream(rows=dict(ROWS), before_page=sync_again))
    assert run.state == "succeeded"
    assert set(_live(database)) == set(ROWS)


def test_a_run_whose_lease_was_taken_over_writes_nothing_more(
    database: Database, clock: HandClock
) -> None:
    def another_host_takes_over(number: int) -> None:
        if number == 1:
            clock.turn(minutes=10)
            with database.transaction() as tx:
                assert lease.acquire(tx, lease_name("crm"), "other:1:1:a", clock()) is None

    stream = HandStream(rows=dict(ROWS), before_page=another_host_takes_over)
    with pytest.raises(BusyError, match="took over"):
        _sync(database, clock, stream)
    assert set(_live(database)) == {"1", "2"}
    with pytest.raises(BusyError, match="other:1:1:a"):
        _sync(database, clock, HandStream())


def test_a_dead_process_holds_nothing_up(database: Database, clock: HandClock) -> None:
    dead = ":".join([lease.process_name().split(":")[0], "999999999", "1", "x"])
    with database.transaction() as tx:
        lease.acquire(tx, lease_name("crm"), dead, clock())
        runs.start(tx, "crm", "2026-11-23T09:00:00.000Z")
    assert _sync(database, clock, HandStream(rows=dict(ROWS))).state == "succeeded"
    with database.reading() as tx:
        newest, older = runs.history(tx, "crm", 5)
    assert (newest.state, older.state) == ("succeeded", "failed")
    assert "interrupted" in str(older.error)


def test_a_cancelled_run_keeps_what_it_has(database: Database, clock: HandClock) -> None:
    cancel = threading.Event()
    stream = HandStream(rows=dict(ROWS), before_page=lambda n: cancel.set() if n == 1 else None)
    run = _sync(database, clock, stream, cancel=cancel)
    assert run.state == "cancelled"
    assert set(_live(database)) == {"1", "2"}
    assert _sync(database, clock, HandStream(rows=dict(ROWS))).state == "succeeded"


def test_progress_is_told_and_stored_page_by_page(database: Database, clock: HandClock) -> None:
    told = []

    def note(run: Run) -> None:
        with database.reading() as tx:
            told.append((run.total("read"), runs.latest(tx)["crm"].total("read")))

    _sync(database, clock, HandStream(rows=dict(ROWS)), on_progress=note)
    assert told == [(0, 0), (2, 2), (3, 3), (3, 3), (3, 3)]


def test_a_run_that_may_not_begin_is_noted_as_failed(database: Database, clock: HandClock) -> None:
    run = refuse_run(database, clock, "crm", "no such option")
    assert (run.state, run.error_kind, run.error) == ("failed", "config", "no such option")
    with database.reading() as tx:
        assert runs.latest(tx)["crm"] == run
    assert _sync(database, clock, HandStream(rows=dict(ROWS))).state == "succeeded"


def test_a_full_disk_loses_nothing_and_says_so(
    new_sqlite_url: Callable[[], str], clock: HandClock
) -> None:
    db = Database(new_sqlite_url())
    limited = {"pages": 0}

    @sa.event.listens_for(db.engine, "connect")
    def _limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={limited['pages'] or 2**30}")

    rows = {str(n): {"text": "x" * 4000} for n in range(200)}
    _sync(db, clock, HandStream(rows=dict(list(rows.items())[:20]), complete=False))
    db.close()
    limited["pages"] = 130
    with pytest.raises(StoreUnavailableError, match="full"):
        _sync(db, clock, HandStream(rows=rows, page_size=10))
    db.close()
    limited["pages"] = 0
    stored = len(_live(db))
    assert 20 <= stored < 200
    assert _sync(db, clock, HandStream(rows=rows, page_size=10)).state == "succeeded"
    assert _live(db).keys() == rows.keys()
    db.close()


_changes = st.lists(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 2), max_size=6), max_size=5
)


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(states=_changes, page_size=st.integers(1, 4), crash=st.integers(0, 6))
def test_whatever_happens_the_store_ends_as_the_source_stands(
    new_sqlite_url: Callable[[], str], states: list[dict[str, int]], page_size: int, crash: int
) -> None:
    db, clock = Database(new_sqlite_url()), HandClock()

    def maybe_crash(number: int) -> None:
        if number == crash:
            raise RetryableError("away")

    for state in states:
        rows = {key: {"v": value} for key, value in state.items()}
        stream = HandStream(rows=rows, page_size=page_size, before_page=maybe_crash)
        _sync(db, clock, stream)
        stream.before_page = lambda number: None
        _sync(db, clock, stream)
        assert _live(db) == {key: f'{{"v":{value}}}' for key, value in state.items()}
    with db.reading() as tx:
        doubled = tx.execute(
            sa.select(source_versions.c.record_id, source_versions.c.hash)
            .where(source_versions.c.version == 1)
            .group_by(source_versions.c.record_id)
            .having(sa.func.count() > 1)
        ).all()
        assert doubled == []
        assert checkpoints.load(tx, "crm") == {}
    db.close()
