"""Leases: one holder at a time, whoever asks when, in threads and across processes."""

import multiprocessing
import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from hub.store import leases
from hub.store.database import Database
from hub.store.tables import leases as table

T0, T1, T2 = (f"2026-11-23T10:0{n}:00.000Z" for n in range(3))


def acquire(db: Database, holder: str, now: str, until: str, name: str = "street") -> str | None:
    with db.transaction() as tx:
        return leases.acquire(tx, name, holder, now, until)


def held(db: Database) -> dict[str, tuple[str, str]]:
    with db.reading() as tx:
        return {row.name: (row.holder, row.expires_at) for row in tx.execute(sa.select(table))}


def test_a_lease_is_its_holders_until_it_expires_or_is_given_back(database: Database) -> None:
    assert acquire(database, "a", T0, T1) is None
    assert acquire(database, "b", T0, T2) == "a"
    assert held(database) == {"street": ("a", T1)}, "who asks in vain changes nothing"
    assert acquire(database, "b", T0, T1, name="sync:crm") is None, "another lease is free"
    assert acquire(database, "a", T0, T2) is None, "it is ours: asking again holds it for longer"
    assert held(database)["street"] == ("a", T2)
    with database.transaction() as tx:
        leases.release(tx, "street", "b")
    assert held(database)["street"] == ("a", T2), "nobody gives back what is another's"
    with database.transaction() as tx:
        leases.release(tx, "street", "a")
        leases.release(tx, "street", "a")
    assert held(database) == {"sync:crm": ("b", T1)}


@pytest.mark.parametrize(("now", "holder"), [(T0, "a"), (T1, None), (T2, None)])
def test_one_that_expired_is_free_at_that_instant(
    database: Database, now: str, holder: str | None
) -> None:
    acquire(database, "a", T0, T1)
    assert acquire(database, "b", now, T2) == holder


def test_a_holder_learns_that_another_took_over(database: Database) -> None:
    acquire(database, "a", T0, T1)
    with database.transaction() as tx:
        assert leases.renew(tx, "street", "a", T1)
        assert not leases.renew(tx, "street", "b", T2)
        assert not leases.renew(tx, "none", "a", T2)
    assert acquire(database, "b", T1, T2) is None
    with database.transaction() as tx:
        assert not leases.renew(tx, "street", "a", T2)
        leases.release(tx, "street", "a")
    assert held(database) == {"street": ("b", T2)}


def test_threads_that_ask_at_once_get_it_one_after_the_other(database: Database) -> None:
    """Each takes the lease, finds nobody else inside, and gives it back, again and again."""
    inside: list[str] = []
    turns: dict[str, int] = {"a": 0, "b": 0}
    errors: list[Exception] = []

    def work(holder: str) -> None:
        try:
            while turns[holder] < 10:
                if acquire(database, holder, T0, T1) is None:
                    inside.append(holder)
                    assert inside == [holder]
                    inside.pop()
                    with database.transaction() as tx:
                        leases.release(tx, "street", holder)
                    turns[holder] += 1
        except Exception as error:  # noqa: BLE001  # handed to the test
            errors.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in turns]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert turns == {"a": 10, "b": 10}


def _ask(url: str, holder: str, start: Any, answers: Any) -> None:
    db = Database(url)
    start.wait(30)
    answers.put((holder, acquire(db, holder, T0, T1)))
    db.close()


def test_of_processes_that_ask_at_once_one_gets_it(new_database_url: Callable[[], str]) -> None:
    url = new_database_url()
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(3), context.Queue()
    names = ["a", "b", "c"]
    asking = [context.Process(target=_ask, args=(url, name, start, answers)) for name in names]
    for one in asking:
        one.start()
    found = dict(answers.get(timeout=60) for _ in asking)
    for one in asking:
        one.join(30)
    winners = [name for name, other in found.items() if other is None]
    assert len(winners) == 1
    assert {other for other in found.values() if other} == set(winners)


@pytest.mark.parametrize("new_database_url", ["postgresql"], indirect=True)
def test_one_given_back_between_two_statements_is_taken(
    new_database_url: Callable[[], str],
) -> None:
    """PostgreSQL lets the holder go between our insert and our look at what stands."""
    url = new_database_url()
    holding, asking = Database(url), Database(url)
    acquire(holding, "a", T0, T2)

    @sa.event.listens_for(asking.engine, "after_cursor_execute")
    def _give_back(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO leases"):
            with holding.transaction() as tx:
                leases.release(tx, "street", "a")

    assert acquire(asking, "b", T0, T2) is None
    assert held(holding) == {"street": ("b", T2)}
    holding.close()
    asking.close()
