"""Work that requests have started: each in a thread of its own, none twice, all ended on exit."""

import logging
import threading
from dataclasses import dataclass, field
from typing import TypedDict, Unpack

from connectors.sdk.errors import ConnectorError
from hub.errors import BusyError, HubError
from hub.model.run import Run
from hub.runtime import Again, Runtime
from hub.store import hints

log = logging.getLogger(__name__)

FIRST_WORD_S = 10.0
"""How long a request waits for a sync to say that it has begun, or why not."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 300.0
"""How long hints wait for a connection that is being read, or for a source that is away."""


class How(TypedDict, total=False):
    """What a request may ask of a sync."""

    accept_deletes: bool
    reread: bool
    again: Again | None


@dataclass(slots=True)
class _Job:
    """One sync: `begun` is set with its run, or with the error that kept it from beginning."""

    begun: threading.Event = field(default_factory=threading.Event)
    run: Run | None = None
    error: Exception | None = None


class Jobs:
    """The background work of one server process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}
        self._stop = threading.Event()
        self._due = False
        self._walking = False
        self._hinted: set[str] = set()

    def sync(self, name: str, **how: Unpack[How]) -> Run | None:
        """Start a sync and return its run, None where it has not said a word yet.

        Raises BusyError while the connection is being read, here or by another process, and any
        other error that kept the sync from beginning.
        """
        self._runtime.connection(name)
        job = _Job()
        thread = threading.Thread(target=self._sync, args=(job, name, how), name=f"sync {name}")
        self._start(name, thread)
        job.begun.wait(FIRST_WORD_S)
        if job.error is not None:
            raise job.error
        return job.run

    def walk(self, wait_s: float = 0.0) -> None:
        """Let what is due walk the street, again where it is walking already.

        wait_s: how long to wait for the end of it at most.
        """
        with self._lock:
            self._due = True
            if self._stop.is_set():
                return
            if not self._walking:
                self._walking = True
                self._threads["walk"] = threading.Thread(target=self._walk, name="walk")
                self._threads["walk"].start()
            walking = self._threads["walk"]
        walking.join(wait_s)

    def resume(self) -> None:
        """Take up the hints that were not read when the last process ended."""
        try:
            with self._runtime.database.reading() as tx:
                waiting = hints.waiting(tx)
        except HubError as error:  # the server answers all the same, and says so
            log.warning("hints cannot be looked at: %s", error)
            return
        for name in waiting:
            if name in self._runtime.connections:
                self.reread(name)

    def reread(self, name: str) -> None:
        """Read what a source named by itself; hints that come meanwhile are read along."""
        with self._lock:
            if self._stop.is_set() or name in self._hinted:
                return
            self._hinted.add(name)
            thread = threading.Thread(target=self._reread, args=(name,), name=f"hints {name}")
            self._threads[f"hints {name}"] = thread
            thread.start()

    def close(self) -> None:
        """Ask everything to stop after its present page and wait for it."""
        self._stop.set()
        with self._lock:
            threads = list(self._threads.values())
        for thread in threads:
            thread.join()

    def _start(self, name: str, thread: threading.Thread) -> None:
        with self._lock:
            running = self._threads.get(name)
            if running is not None and running.is_alive():
                raise BusyError(f"The connection {name} is being synced; wait for it to end.")
            self._threads[name] = thread
            thread.start()

    def _sync(self, job: _Job, name: str, how: How) -> None:
        def said(run: Run) -> None:
            job.run = run
            job.begun.set()

        try:
            self._runtime.sync(name, on_progress=said, cancel=self._stop, **how)
            self.walk()
        except (HubError, ConnectorError) as error:
            job.error = error
            log.warning("sync did not begin or end connection=%s: %s", name, error)
        except Exception as error:  # noqa: BLE001  # the last door of this thread; the run's own record says more
            job.error = error
            log.error("sync failed connection=%s error=%s", name, type(error).__name__)
        finally:
            job.begun.set()

    def _reread(self, name: str) -> None:
        pause_s = FIRST_PAUSE_S
        while self._still_hinted(name):
            try:
                count = self._runtime.reread(name, cancel=self._stop)
                log.info("hints read connection=%s records=%d", name, count)
                self.walk()
                pause_s = FIRST_PAUSE_S
                continue
            except BusyError:
                pass  # whoever reads it may not see what was named since
            except (HubError, ConnectorError) as error:
                log.warning("hints wait connection=%s: %s", name, error)
            except Exception as error:  # noqa: BLE001  # the last door of this thread
                log.error("hints failed connection=%s error=%s", name, type(error).__name__)
            self._stop.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _still_hinted(self, name: str) -> bool:
        """Return whether to go on; where not, the next hint starts anew, and none falls between."""
        with self._lock:
            try:
                with self._runtime.database.reading() as tx:
                    due = name in hints.waiting(tx)
            except HubError as error:
                log.warning("hints cannot be looked at: %s", error)
                due = True
            due = due and not self._stop.is_set()
            if not due:
                self._hinted.discard(name)
            return due

    def _walk(self) -> None:
        while self._still_due():
            try:
                self._runtime.walk(cancel=self._stop)
            except HubError as error:
                log.warning("walk did not end: %s", error)
            except Exception as error:  # noqa: BLE001  # the last door of this thread
                log.error("walk failed error=%s", type(error).__name__)

    def _still_due(self) -> bool:
        with self._lock:
            due, self._due = self._due and not self._stop.is_set(), False
            self._walking = due
            return due
