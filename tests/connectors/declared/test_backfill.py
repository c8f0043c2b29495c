"""A long first read goes on in slices while changes are read as they come."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sdk import Surroundings
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store import checkpoints, staging
from hub.store.database import Database
from tests.connectors.declared.conftest import HandTime
from tests.connectors.declared.opening import connect, items
from tests.connectors.emulator import Asked, Emulator, Reply, emulator, numbered

SLICE = 2
PER_PAGE = 3


class World:
    """A source whose rows change under the reader, and a hub that reads it."""

    def __init__(
        self, source: Emulator, surroundings: Surroundings, time: HandTime, database: Database
    ) -> None:
        self.source, self.time, self.database = source, time, database
        self.rows: list[dict[str, Any]] = []
        source.routes["/items"] = numbered(self.rows, size=PER_PAGE)
        source.date = time.now()
        self.connection = connect(source.url, surroundings, items(ordered=True, backfill=SLICE))
        self.serial = 0
        self.between: list[int] = []
        source.before = self._change_between

    def change(self, key: int) -> None:
        """Change or add a row, now by the source's clock."""
        self.time.sleep(1)
        self.source.date = self.time.now()
        self.serial += 1
        row = {"id": key, "name": f"n{self.serial}", "updated_at": _iso(self.time.now())}
        self.rows[:] = [one for one in self.rows if one["id"] != key] + [row]

    def old(self, count: int) -> None:
        """Let there be rows from long ago."""
        self.rows[:] = [
            {"id": n, "name": "old", "updated_at": f"2026-11-01T10:{n // 60:02}:{n % 60:02}Z"}
            for n in range(1, count + 1)
        ]

    def sync(self) -> Run:
        self.time.sleep(60)
        self.source.date = self.time.now()
        run = sync_connection(self.database, self.time.now, name="crm", connector=self.connection)
        assert run.state == "succeeded", run.error
        return run

    def filling(self) -> bool:
        with self.database.reading() as tx:
            return "backfill" in checkpoints.load(tx, "crm").get("items", {})

    def stored(self) -> dict[int, str]:
        with self.database.reading() as tx:
            found = staging.sample(tx, "crm", "items", 1000)
        return {int(row.key): json.loads(row.payload)["name"] for row in found}

    def names(self) -> dict[int, str]:
        return {row["id"]: row["name"] for row in self.rows}

    def _change_between(self, asked: Asked) -> Reply | None:
        if self.between:
            self.change(self.between.pop())
        return None


def _iso(at: Any) -> str:
    return str(at.isoformat().replace("+00:00", "Z"))


@pytest.fixture
def world(
    source: Emulator,
    surroundings: Surroundings,
    time: HandTime,
    new_sqlite_url: Callable[[], str],
) -> Any:
    database = Database(new_sqlite_url())
    yield World(source, surroundings, time, database)
    database.close()


def test_changes_arrive_while_the_old_ones_are_still_read(world: World) -> None:
    world.old(40)
    first = world.sync()
    assert world.filling()
    assert PER_PAGE < first.total("created") <= (SLICE + 1) * PER_PAGE
    world.change(39)
    world.change(100)
    world.sync()
    assert (world.stored()[39], world.stored()[100]) == ("n1", "n2")
    assert world.filling()
    assert len(world.stored()) < 30
    runs = 2
    while world.filling():
        world.sync()
        runs += 1
    assert world.stored() == world.names()
    assert 5 <= runs <= 40 / SLICE
    asked = len(world.source.asked)
    world.sync()
    assert len(world.source.asked) - asked <= 2  # from now on only what changed is asked for


def test_a_row_that_comes_late_is_seen_behind_the_last_slice(world: World) -> None:
    world.old(10)
    world.sync()
    while world.filling():
        world.sync()
    world.rows.append({**world.rows[-1], "id": 11, "name": "late"})
    world.sync()
    assert world.stored() == world.names()


def test_a_crash_before_the_position_loses_nothing(world: World) -> None:
    world.old(20)
    (stream,) = world.connection.streams()
    pages = stream.read(None)
    came = [next(pages) for _ in range(3)]
    marks = [(page.partition, page.cursor) for page in came]  # type: ignore[union-attr]
    assert [name for name, _ in marks] == ["kept", "backfill", ""]
    stopped = {name: cursor or "" for name, cursor in marks[:2]}
    with world.database.transaction() as tx:
        checkpoints.save(tx, "crm", "items", stopped, _iso(world.time.now()))
    while True:
        world.sync()
        if not world.filling():
            break
    assert world.stored() == world.names()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    count=st.integers(0, 30),
    runs=st.lists(
        st.tuples(
            st.lists(st.integers(1, 35), max_size=4), st.lists(st.integers(1, 35), max_size=6)
        ),
        max_size=5,
    ),
)
def test_nothing_is_lost_and_nothing_older_stays(
    count: int,
    runs: list[tuple[list[int], list[int]]],
    new_sqlite_url: Callable[[], str],
) -> None:
    time = HandTime()
    database = Database(new_sqlite_url())
    with emulator() as source:
        world = World(source, _surroundings(time), time, database)
        world.old(count)
        world.sync()
        for before, between in runs:
            for key in before:
                world.change(key)
            changed = {key: world.names()[key] for key in before}
            world.between = list(between)
            world.sync()
            world.between = []
            kept = {key: name for key, name in changed.items() if key not in between}
            assert {key: world.stored().get(key) for key in kept} == kept
        for _ in range(40):
            world.sync()
            if not world.filling():
                break
        world.sync()
        assert world.stored() == world.names()
    database.close()


def _surroundings(time: HandTime) -> Surroundings:
    return Surroundings(clock=time.now, monotonic=time.monotonic, sleep=time.sleep)
