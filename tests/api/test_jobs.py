"""Background work of a server: one sync at a time, no walk forgotten, all ended on exit."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.sdk.errors import ConnectionBrokenError
from hub.api.jobs import Jobs
from hub.errors import BusyError, NotFoundError, StoreUnavailableError
from hub.model.run import Run
from hub.runtime import Again


@dataclass
class HandRuntime:
    """Stands where a runtime does; syncs and walks do what a test hands in."""

    on_sync: Callable[[Callable[[Run], None], threading.Event], None] = lambda said, stop: None
    on_walk: Callable[[threading.Event], None] = lambda stop: None
    walks: int = 0
    options: list[dict[str, Any]] = field(default_factory=list)

    def connection(self, name: str) -> str:
        if name == "none":
            raise NotFoundError("there is no connection 'none'")
        return name

    def sync(
        self,
        name: str,
        *,
        on_progress: Callable[[Run], None],
        cancel: threading.Event,
        **options: Any,
    ) -> None:
        self.options.append(options)
        self.on_sync(on_progress, cancel)

    def walk(self, *, cancel: threading.Event) -> None:
        self.walks += 1
        self.on_walk(cancel)


def _jobs(**moves: Any) -> tuple[Jobs, HandRuntime]:
    runtime = HandRuntime(**moves)
    return Jobs(runtime), runtime  # type: ignore[arg-type]  # all that jobs need of one


def _run() -> Run:
    return Run(7, "crm", "running", "2026-11-23T10:00:00.000Z")


def _joined(jobs: Jobs) -> None:
    while alive := [thread for thread in jobs._threads.values() if thread.is_alive()]:
        alive[0].join(30)


def test_a_sync_answers_as_soon_as_it_has_begun() -> None:
    go_on = threading.Event()

    def slow(said: Callable[[Run], None], _stop: threading.Event) -> None:
        said(_run())
        go_on.wait(30)

    jobs, runtime = _jobs(on_sync=slow)
    run = jobs.sync("crm", accept_deletes=True, again=Again())
    assert run is not None
    assert run.id == 7
    assert runtime.walks == 0
    with pytest.raises(BusyError, match="crm is being synced"):
        jobs.sync("crm")
    go_on.set()
    _joined(jobs)
    assert runtime.walks == 1
    assert runtime.options == [{"accept_deletes": True, "again": Again()}]


def test_two_connections_are_read_side_by_side() -> None:
    both = threading.Barrier(2, timeout=30)
    jobs, runtime = _jobs(on_sync=lambda said, stop: both.wait() and None)
    threads = [threading.Thread(target=jobs.sync, args=(name,)) for name in ("crm", "books")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    _joined(jobs)
    assert len(runtime.options) == 2


@pytest.mark.parametrize(
    "error",
    [
        BusyError("another process"),
        StoreUnavailableError("away"),
        ConnectionBrokenError("no such option"),
        KeyError("unforeseen"),
    ],
)
def test_what_kept_a_sync_from_beginning_is_raised(error: Exception) -> None:
    def fail(_said: Callable[[Run], None], _stop: threading.Event) -> None:
        raise error

    jobs, runtime = _jobs(on_sync=fail)
    with pytest.raises(type(error)):
        jobs.sync("crm")
    _joined(jobs)
    assert runtime.walks == 0
    jobs.close()


def test_an_unknown_connection_starts_nothing() -> None:
    jobs, runtime = _jobs()
    with pytest.raises(NotFoundError):
        jobs.sync("none")
    assert runtime.options == []


def test_what_becomes_due_during_a_walk_is_walked_once_more() -> None:
    walking, go_on = threading.Event(), threading.Event()

    def slow(_stop: threading.Event) -> None:
        walking.set()
        go_on.wait(30)

    jobs, runtime = _jobs(on_walk=slow)
    jobs.walk()
    assert walking.wait(30)
    for _ in range(5):
        jobs.walk()
    go_on.set()
    _joined(jobs)
    assert runtime.walks == 2


def test_a_walk_that_fails_does_not_keep_the_next_from_going() -> None:
    errors = [BusyError("another process took over"), KeyError("unforeseen")]

    def fail(_stop: threading.Event) -> None:
        if errors:
            raise errors.pop()

    jobs, runtime = _jobs(on_walk=fail)
    for _ in range(3):
        jobs.walk()
        _joined(jobs)
    assert runtime.walks == 3


def test_closing_asks_all_to_stop_and_waits() -> None:
    ended: list[str] = []

    def until_told(said: Callable[[Run], None], stop: threading.Event) -> None:
        said(_run())
        assert stop.wait(30)
        ended.append("sync")

    jobs, runtime = _jobs(on_sync=until_told)
    jobs.sync("crm")
    jobs.close()
    assert ended == ["sync"]
    jobs.walk()
    _joined(jobs)
    assert runtime.walks == 0
