"""The street: everything due is done, once, by one process, whatever breaks on the way."""

import gc
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hub.errors import BusyError
from hub.pipeline import canonicalize as canonicalize_move
from hub.pipeline import lease
from hub.pipeline.render import render
from hub.pipeline.street import LASTS, STAGES, WalkSummary, walk
from hub.store import work
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.faulty import CrashError, FaultyDatabase
from tests.pipeline.hand_street import MAPPING, HandHub, clusters, compiled, outcome

WEBER = {"type": "org", "name": "Weber Logistik GmbH", "city": "Ulm", "vat": "DE136695976"}
ROWS: dict[str, dict[str, Any]] = {
    "crm:1": WEBER,
    "crm:2": {"type": "org", "name": "Bäckerei Sonnenschein", "city": "Kiel"},
    "crm:3": {"type": "person", "name": "Erika Muster", "of": "1", "phone": "+49 731 12345"},
    "crm:4": {"type": "deal", "name": "Halle", "number": "AN-2026-0001", "of": "1", "s": "o"},
    "crm:5": {"type": "ticket", "name": "Zu AN-2026-0001", "number": "T-10", "of": "1", "s": "?"},
    "crm:6": {"type": "project", "name": "Umbau", "number": "P-1000", "of": "2"},
    "erp:1": {**WEBER, "name": "Weber Logistik"},
    "erp:2": {"type": "deal", "name": "Kran", "of": "1", "s": "o"},
}
SECOND: dict[str, dict[str, Any] | None] = {
    "crm:1": {**WEBER, "type": "person"},
    "crm:2": None,
    "erp:1": {**WEBER, "name": "Weber Spedition", "city": "Köln"},
    "erp:3": {"type": "org", "name": "Weber Spedition GmbH", "city": "Köln"},
}


@pytest.fixture
def hub(database: Database, clock: HandClock) -> HandHub:
    return HandHub(database, clock)


def holder(db: Database, clock: HandClock) -> str | None:
    """Return who holds the street; ask as somebody who would take it, and give it back."""
    with db.transaction() as tx:
        other = lease.acquire(tx, "street", "elsewhere:1:1:x", clock())
        if other is None:
            lease.release(tx, "street", "elsewhere:1:1:x")
    return other


def test_a_walk_does_all_that_is_due_and_says_what(hub: HandHub) -> None:
    hub.stage(ROWS)
    summary = hub.walk()
    assert summary.items["canonicalize"] == len(ROWS)
    assert summary.items["resolve"] >= 5
    assert {stage for stage, done in summary.items.items() if not done} <= {"review"}
    assert list(summary.items) == list(STAGES)
    assert not summary.handed_over
    assert hub.due() == {}
    assert holder(hub.db, hub.clock) is None
    assert len(clusters(hub.db)) == 4
    assert hub.walk() == WalkSummary(), "a second walk finds nothing to do"


def test_progress_is_told_after_each_batch(hub: HandHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonicalize_move, "BATCH", 3)
    hub.stage(ROWS)
    told: list[tuple[int, int]] = []

    def note(summary: WalkSummary, due: Any) -> None:
        told.append((summary.items["canonicalize"], due.get("canonicalize", 0)))

    walk(hub.db, hub.clock, hub.street, on_progress=note)
    assert told[:3] == [(3, 5), (6, 2), (8, 0)]
    assert told[-1] == (8, 0)


def test_what_another_process_is_at_is_handed_over(hub: HandHub) -> None:
    hub.stage(ROWS)
    with hub.db.transaction() as tx:
        lease.acquire(tx, "street", "elsewhere:1:1:x", hub.clock(), LASTS)
    summary = hub.walk()
    assert summary.handed_over
    assert set(summary.items.values()) == {0}
    assert hub.due() == {"canonicalize": len(ROWS)}, "nothing is lost"
    hub.clock.turn(minutes=14, seconds=59)
    assert hub.walk().handed_over
    hub.clock.turn(seconds=1)
    assert not hub.walk().handed_over, "it is taken over where the other is silent too long"
    assert hub.due() == {}


def test_a_walker_that_was_overtaken_stops_and_the_other_does_the_rest(hub: HandHub) -> None:
    def overtaken(db: Database, now: Any) -> int:
        hub.clock.turn(minutes=20)
        with db.transaction() as tx:
            assert lease.acquire(tx, "street", "elsewhere:1:1:x", hub.clock()) is None
            done = work.take(tx, "alert", 1)
            work.done(tx, "alert", done)
        return len(done)

    hub.moves["alert"] = overtaken
    hub.stage(ROWS)
    with pytest.raises(BusyError, match="took over"):
        hub.walk()
    assert holder(hub.db, hub.clock) is None, "its own name asks: it is the other's still"
    assert hub.due()["render"] > 0
    del hub.moves["alert"]
    hub.clock.turn(minutes=3)
    hub.walk()
    assert hub.due() == {}


@pytest.mark.parametrize("stage", ["alert", "render"])
@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_stage_that_raises_gives_the_lease_back_and_loses_nothing(
    hub: HandHub, stage: str, error: type[BaseException]
) -> None:
    def fail(db: Database, now: Any) -> int:
        with db.transaction() as tx:
            work.done(tx, stage, work.take(tx, stage, 100))
            raise error

    thresholds = gc.get_threshold()
    hub.moves[stage] = fail
    hub.stage(ROWS)
    with pytest.raises(error):
        hub.walk()
    assert holder(hub.db, hub.clock) is None
    assert hub.due()[stage] > 0
    assert gc.get_threshold() == thresholds
    del hub.moves[stage]
    hub.walk()
    assert hub.due() == {}


def test_another_mapping_sends_every_record_through_again(hub: HandHub) -> None:
    hub.feed(ROWS)
    renamed = compiled(
        MAPPING.replace(
            "fields: {name: name, city: city, vat_id: vat", "fields: {name: name, vat_id: vat"
        )
    )
    hub.mappings["crm"] = renamed
    assert hub.walk().items["canonicalize"] == 6, "of that connection alone"
    assert hub.walk().items["canonicalize"] == 0
    towns = [row[2] for row in outcome(hub.db)["canonical"] if row[1] == "organization"]
    assert ["Ulm" in fields for fields in towns] == [False, False, True]


def test_records_of_a_connection_without_mapping_are_kept_and_done(hub: HandHub) -> None:
    mapping = hub.mappings.pop("erp")
    hub.feed(ROWS)
    assert hub.due() == {}
    assert not any("erp:" in ref for _, refs in clusters(hub.db).values() for ref in refs)
    hub.mappings["erp"] = mapping
    hub.walk()
    assert any("erp:things:1" in refs for _, refs in clusters(hub.db).values())


def test_nothing_made_due_while_a_walk_ends_is_left_lying(
    new_database_url: Callable[[], str], clock: HandClock
) -> None:
    """After each transaction of a walk another process stages a record and walks, too."""
    url = new_database_url()
    db = FaultyDatabase(url)
    walking, beside = HandHub(db, clock), HandHub(Database(url), clock)
    handed_over = {True: 0, False: 0}
    number = 0
    while True:
        number += 1
        done = False

        def another_comes(at: int, wanted: int = number) -> None:
            nonlocal done
            if at == wanted:
                done = True
                beside.stage({f"erp:{wanted}": {"type": "org", "name": f"Firma {wanted}"}})
                handed_over[beside.walk().handed_over] += 1

        walking.stage({"crm:1": {**WEBER, "name": f"Weber {number}"}})
        db.count, db.between = 0, another_comes
        walking.walk()
        db.between = None
        assert beside.due() == {}, f"left lying after transaction {number}"
        if not done:
            break
    assert handed_over[True] >= 5
    assert handed_over[False] == 1, "only after the very last one the street was free"
    made = [ref for _, refs in clusters(db).values() for ref in refs]
    assert sorted(made) == sorted(["crm:things:1", *(f"erp:things:{n}" for n in range(1, number))])
    db.close()
    beside.db.close()


def test_threads_that_stage_and_walk_at_once_leave_nothing_due(
    database: Database, clock: HandClock
) -> None:
    hubs = [HandHub(database, clock) for _ in range(3)]
    errors: list[BaseException] = []

    def work_on(hub: HandHub, name: str) -> None:
        try:
            for n in range(4):
                hub.stage({f"crm:{name}{n}": {"type": "deal", "name": f"{name}{n}"}})
                hub.walk()
        except BaseException as error:  # noqa: BLE001  # handed to the test
            errors.append(error)

    threads = [
        threading.Thread(target=work_on, args=(hub, name))
        for hub, name in zip(hubs, "abc", strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert hubs[0].due() == {}
    assert len(outcome(database)["canonical"]) == 12


@pytest.fixture(scope="module")
def undisturbed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a hub holds that nothing ever happened to."""
    path = tmp_path_factory.mktemp("undisturbed") / "hub.db"
    shutil.copy(sqlite_template, path)
    hub = HandHub(Database(f"sqlite:///{path}"), HandClock())
    for rows in (ROWS, SECOND):
        hub.stage(rows)
        hub.walk()
    found = outcome(hub.db)
    hub.db.close()
    return found


@pytest.mark.parametrize(("before", "dead"), [(True, False), (False, True)])
def test_a_crash_at_any_transaction_and_a_second_walk_end_alike(
    new_sqlite_url: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    undisturbed: dict[str, Any],
    before: bool,
    dead: bool,
) -> None:
    """Before a commit, where the process still tidies up; or after one, where it is killed."""
    monkeypatch.setattr(canonicalize_move, "BATCH", 3)
    staged = _staged(new_sqlite_url)
    at, crashed = 0, True
    while crashed:
        at += 1
        path = new_sqlite_url()
        shutil.copy(staged, path.removeprefix("sqlite:///"))
        db, clock = FaultyDatabase(path), HandClock()
        hub = HandHub(db, clock, moves={"render": lambda db, now: render(db, now, 2)})
        db.crash_at, db.before, db.dead = at, before, dead
        crashed = _crashes(hub)
        db.crash_at = 0
        clock.turn(minutes=16)  # where it was killed, its lease has to run out
        hub.walk()
        assert hub.due() == {}
        assert outcome(db) == undisturbed, f"crashed at transaction {at}"
        db.close()
    assert at > 10


def _staged(new_sqlite_url: Callable[[], str]) -> str:
    """Return the file of a hub that walked once, and has the second rows before it."""
    url = new_sqlite_url()
    hub = HandHub(Database(url), HandClock())
    hub.stage(ROWS)
    hub.walk()
    hub.stage(SECOND)
    hub.db.close()
    return url.removeprefix("sqlite:///")


def _crashes(hub: HandHub) -> bool:
    try:
        hub.walk()
    except CrashError:
        return True
    return False
