"""Who holds a lease: told apart by host, process and start, so that the dead hold nothing up."""

import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest

from hub.pipeline import lease
from hub.store.database import Database
from tests.conftest import HandClock

HOST = socket.gethostname()


def acquire(db: Database, clock: HandClock, holder: str) -> str | None:
    with db.transaction() as tx:
        return lease.acquire(tx, "street", holder, clock(), timedelta(minutes=5))


def test_a_name_says_which_process_and_which_of_its_jobs() -> None:
    name, other = lease.process_name(), lease.process_name()
    host, pid, started, unique = name.split(":")
    assert (host, int(pid)) == (HOST, os.getpid())
    assert int(started) > 0
    assert name != other
    assert name.rpartition(":")[0] == other.rpartition(":")[0], "two jobs of one process"
    assert unique


def test_two_jobs_of_one_living_process_do_not_take_from_each_other(
    database: Database, clock: HandClock
) -> None:
    first, second = lease.process_name(), lease.process_name()
    assert acquire(database, clock, first) is None
    assert acquire(database, clock, second) == first
    clock.turn(minutes=4, seconds=59)
    assert acquire(database, clock, second) == first
    clock.turn(seconds=1)
    assert acquire(database, clock, second) is None, "it lasts as long as was said"
    with database.transaction() as tx:
        assert not lease.renew(tx, "street", first, clock())
        assert lease.renew(tx, "street", second, clock())
    clock.turn(minutes=2)
    assert acquire(database, clock, first) is None, "held for two minutes where nobody says else"


def _ended_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_the_lease_of_a_process_that_ended_is_free(database: Database, clock: HandClock) -> None:
    dead = f"{HOST}:{_ended_pid()}:1:x"
    assert acquire(database, clock, dead) is None
    assert acquire(database, clock, lease.process_name()) is None


def test_another_process_with_the_number_of_a_dead_one_is_not_it(
    database: Database, clock: HandClock
) -> None:
    host, pid, started, _ = lease.process_name().split(":")
    recycled = f"{host}:{pid}:{int(started) - 1}:x"
    assert acquire(database, clock, recycled) is None
    mine = lease.process_name()
    assert acquire(database, clock, mine) is None
    with database.transaction() as tx:
        assert not lease.renew(tx, "street", recycled, clock())
        lease.release(tx, "street", recycled)
    assert acquire(database, clock, lease.process_name()) == mine


@pytest.mark.parametrize("pid", ["1", "999999999"])
def test_nobody_judges_the_processes_of_another_host(
    database: Database, clock: HandClock, pid: str
) -> None:
    elsewhere = f"{HOST}-2:{pid}:1:x"
    assert acquire(database, clock, elsewhere) is None
    assert acquire(database, clock, lease.process_name()) == elsewhere
    clock.turn(minutes=5)
    assert acquire(database, clock, lease.process_name()) is None


def test_a_process_that_lives_keeps_its_lease_from_another(
    database: Database, clock: HandClock
) -> None:
    tell = "from hub.pipeline import lease; print(lease.process_name(), flush=True); input()"
    command = [sys.executable, "-c", tell]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        living = process.stdout.readline().strip()
        assert acquire(database, clock, living) is None
        assert acquire(database, clock, lease.process_name()) == living
        process.communicate("\n")
    assert acquire(database, clock, lease.process_name()) is None
