"""Runs and checkpoints: what is known of each connection's reading, and how far it came."""

from typing import Any

import pytest

from hub.model.run import Run, StreamProgress
from hub.store import checkpoints, runs
from hub.store.database import Database, Tx
from tests.store.undone import undone

T = [f"2026-11-23T1{n}:00:00.000Z" for n in range(10)]


def done(tx: Tx, connection: str, at: str, state: Any = "succeeded", **more: Any) -> Run:
    run = runs.start(tx, connection, at)
    run.state, run.finished_at = state, T[9]
    for name, value in more.items():
        setattr(run, name, value)
    runs.save(tx, run)
    return run


def test_a_run_is_read_as_it_was_saved(lent: Database) -> None:
    streams = {
        "tickets": StreamProgress("failed", 5, 1, 1, 3, error_kind="broken", error="401 für x"),
        "accounts": StreamProgress("succeeded", read=7, deleted=2, quarantined=1, total=7),
    }
    with undone(lent) as tx:
        run = done(
            tx, "crm", T[0], "partial", streams=streams, error_kind="broken", error="401 für x"
        )
        assert runs.history(tx, "crm", 9) == [run]
        assert list(runs.latest(tx)["crm"].streams) == ["tickets", "accounts"], (
            "in order of reading"
        )
        started = runs.start(tx, "erp", T[1])
        assert runs.latest(tx) == {"crm": run, "erp": started}
        assert (started.state, started.finished_at, started.streams) == ("running", None, {})
        assert (run.total("read"), run.total("deleted"), run.total("held")) == (12, 2, 0)


def test_one_left_running_is_closed_by_the_next(lent: Database) -> None:
    with undone(lent) as tx:
        left = runs.start(tx, "crm", T[0])
        left.streams = {"a": StreamProgress(read=3)}
        runs.save(tx, left)
        beside = runs.start(tx, "erp", T[0])
        new = runs.start(tx, "crm", T[1])
        newest, closed = runs.history(tx, "crm", 9)
        assert newest == new
        assert (closed.state, closed.error_kind, closed.finished_at) == (
            "failed",
            "transient",
            T[1],
        )
        assert "interrupted" in (closed.error or "")
        assert closed.total("read") == 3, "what it had committed stands"
        assert runs.history(tx, "erp", 9) == [beside]
        assert runs.last_success(tx) == {}


def test_newest_first_and_each_connection_by_itself(lent: Database) -> None:
    with undone(lent) as tx:
        made = [done(tx, name, at) for at in T[:4] for name in ("crm", "erp")]
        of_crm = [run for run in made if run.connection == "crm"][::-1]
        assert runs.history(tx, "crm", 9) == of_crm
        assert runs.history(tx, "crm", 2) == of_crm[:2]
        assert runs.history(tx, "none", 2) == []
        assert {name: run.started_at for name, run in runs.latest(tx).items()} == {
            "crm": T[3],
            "erp": T[3],
        }


@pytest.mark.parametrize("state", ["partial", "failed", "cancelled", "running"])
def test_data_is_as_fresh_as_the_last_success_began(lent: Database, state: Any) -> None:
    with undone(lent) as tx:
        done(tx, "crm", T[1])
        done(tx, "crm", T[2])
        done(tx, "crm", T[3], state)
        done(tx, "erp", T[4], state)
        assert runs.last_success(tx) == {"crm": T[2]}


def test_cursors_move_and_are_forgotten_stream_by_stream(lent: Database) -> None:
    with undone(lent) as tx:
        assert checkpoints.load(tx, "crm") == {}
        checkpoints.save(tx, "crm", "accounts", {"": "1"}, T[0])
        checkpoints.save(tx, "crm", "deals", {"": '{"after": "ü"}', "full": "2026"}, T[0])
        checkpoints.save(tx, "erp", "accounts", {"": "7"}, T[0])
        checkpoints.save(tx, "crm", "accounts", {"": "2"}, T[1])
        assert checkpoints.load(tx, "crm") == {
            "accounts": {"": "2"},
            "deals": {"": '{"after": "ü"}', "full": "2026"},
        }
        checkpoints.forget(tx, "crm", [])
        checkpoints.forget(tx, "crm", ["accounts", "never"])
        assert set(checkpoints.load(tx, "crm")) == {"deals"}
        assert checkpoints.load(tx, "erp") == {"accounts": {"": "7"}}


def test_an_empty_cursor_is_the_beginning(lent: Database) -> None:
    with undone(lent) as tx:
        checkpoints.save(tx, "crm", "notes", {"": "1", "a": "1", "b": "2"}, T[0])
        checkpoints.save(tx, "crm", "notes", {"": "", "a": ""}, T[1])
        assert checkpoints.load(tx, "crm") == {"notes": {"b": "2"}}


def test_a_cursor_goes_back_with_what_it_covered(database: Database) -> None:
    with database.transaction() as tx:
        checkpoints.save(tx, "crm", "accounts", {"": "1"}, T[0])
    with undone(database) as tx:
        checkpoints.save(tx, "crm", "accounts", {"": "2"}, T[1])
        assert checkpoints.load(tx, "crm") == {"accounts": {"": "2"}}
    with database.reading() as tx:
        assert checkpoints.load(tx, "crm") == {"accounts": {"": "1"}}


def test_the_last_success_is_the_run_begun_last_whatever_its_clock_said(lent: Database) -> None:
    with undone(lent) as tx:
        for at in ("2027-11-23T10:00:00.000Z", "2026-11-23T10:00:00.000Z"):
            done(tx, "crm", at)
        assert runs.last_success(tx) == {"crm": "2026-11-23T10:00:00.000Z"}
        assert runs.last_success(tx, "2026-01-01") == {}
