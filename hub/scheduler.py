"""The clockwork: reads each connection when its schedule says, sweeps the alerts, never stops."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import BasePoolExecutor
from apscheduler.job import Job
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connectors.sdk.errors import ConnectorError
from hub.clock import instant_text
from hub.config import Schedule
from hub.errors import BusyError, HubError, StoreUnavailableError
from hub.pipeline import lease
from hub.runtime import Runtime
from hub.store import hints, runs

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Connections read at the same time; writes queue at the database anyway."""
HOUSE = "house"
"""Who sweeps, tells and hears hints: a source that takes an hour keeps none of them waiting."""
HEARTBEAT = timedelta(seconds=30)
SWEEP = timedelta(minutes=5)
NOTICES = timedelta(seconds=30)
HINTS = timedelta(seconds=5)
LEASE = "schedule"
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def trigger_of(schedule: Schedule, zone: ZoneInfo) -> BaseTrigger:
    """Return when to start by a schedule; cron expressions are meant in `zone`.

    An interval varies by a tenth of itself, at most half a minute: not all shall start at once.
    """
    cron = schedule.parsed_cron
    if cron is None:
        assert schedule.every is not None
        seconds = schedule.every.total_seconds()
        return IntervalTrigger(
            seconds=int(seconds), timezone=zone, jitter=int(min(30, seconds / 10)) or None
        )
    return CronTrigger(
        minute=_listed(cron.minutes),
        hour=_listed(cron.hours),
        day=_listed(cron.days),
        month=_listed(cron.months),
        day_of_week=",".join(_WEEKDAYS[day] for day in cron.weekdays),
        timezone=zone,
    )


def _listed(numbers: tuple[int, ...]) -> str:
    return ",".join(map(str, numbers))


def first_run(last_started: str | None, every: timedelta, now: datetime) -> datetime:
    """Return when an interval is due first: as if the process had never been away.

    A start that lies ahead was noted before the clock was put back: it is due now.
    """
    if last_started is None or datetime.fromisoformat(last_started) > now:
        return now
    return max(now, datetime.fromisoformat(last_started) + every)


def missed(last_started: str | None, trigger: BaseTrigger, now: datetime) -> bool:
    """Say whether a time that a cron expression names has passed since, and nobody read."""
    if last_started is None or datetime.fromisoformat(last_started) > now:
        return False
    following = trigger.get_next_fire_time(None, datetime.fromisoformat(last_started))
    return following is not None and following <= now


class _Pool(BasePoolExecutor):  # type: ignore[misc]  # which has no types
    """Threads that can be waited for when the scheduler has let go of its locks: a job that ends
    may ask it for other jobs."""

    def __init__(self, most: int) -> None:
        self.threads = ThreadPoolExecutor(most)
        super().__init__(self.threads)


class Clockwork:
    """The jobs of one process. Of several processes one works, the others stand by."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._holder = lease.process_name()
        self._stop = threading.Event()
        self._deciding, self._led = threading.Lock(), False
        self._minding = threading.Thread(target=self._mind_the_clock, daemon=True)
        zone = runtime.loaded.config.company.zone
        self._pools = {"default": _Pool(AT_ONCE), HOUSE: _Pool(3)}
        self._scheduler = BackgroundScheduler(
            timezone=zone,
            executors=self._pools,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._add_jobs(zone)

    def start(self) -> None:
        """Begin, in threads of this process."""
        self._scheduler.start()
        self._minding.start()
        log.info("schedule started jobs=%d", len(self._scheduler.get_jobs()))

    def _mind_the_clock(self) -> None:
        self._beat()
        while not self._stop.wait(HEARTBEAT.total_seconds()):  # by no clock that anybody sets
            self._beat()
            self.put_forward(datetime.now(UTC))

    def put_forward(self, now: datetime) -> None:
        """Let no job wait for longer than it ever does: where the clock was put back, it would wait
        until that time comes again."""
        for job in self._scheduler.get_jobs():
            every = getattr(job.trigger, "interval", None)
            latest = now + every if every else job.trigger.get_next_fire_time(None, now)
            if latest is not None and job.next_run_time > latest + HEARTBEAT:
                log.warning("the clock was put back: job=%s comes forward", job.id)
                job.modify(next_run_time=now if every else latest)

    def close(self) -> None:
        """Stop after the pages and batches in hand; give the work to those who stand by."""
        self._stop.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
            for pool in self._pools.values():
                pool.threads.shutdown(wait=True)
        if self._minding.is_alive():
            self._minding.join()  # else it may take the lease again
        with self._runtime.database.transaction() as tx:
            lease.release(tx, LEASE, self._holder)

    def leads(self) -> bool:
        """Return whether this process is the one to work; a dead one's place is taken, and what
        it left out or did not end comes forward."""
        with self._deciding:
            with self._runtime.database.transaction() as tx:
                leads = lease.acquire(tx, LEASE, self._holder, self._runtime.clock()) is None
            took_over, self._led = leads and not self._led, leads
        if took_over:
            self._align()
        return leads

    def _align(self) -> None:
        """Let every connection be read when it is due by what is on record, whoever read it."""
        now = self._runtime.clock()
        with self._runtime.database.reading() as tx:
            latest, unfinished = runs.latest(tx), runs.unfinished(tx)
        for name, job in self._syncs().items():
            last = latest[name].started_at if name in latest else None
            every = getattr(job.trigger, "interval", None)
            if name in unfinished or (every is None and missed(last, job.trigger, now)):
                job.modify(next_run_time=now)
            elif every is not None:
                job.modify(next_run_time=first_run(last, every, now))

    def _leave_out(self, error: Exception) -> None:
        """Let what falls due while the database is away come forward as soon as it answers: a
        source that is read once a day would wait for tomorrow."""
        if isinstance(error, StoreUnavailableError):
            with self._deciding:
                self._led = False

    def _syncs(self) -> dict[str, Job]:
        jobs = self._scheduler.get_jobs()
        return {job.args[0]: job for job in jobs if job.id.startswith("sync:")}

    def _is_due(self, name: str) -> bool:
        """Say whether nobody has read a connection since this time of its schedule came near."""
        job = self._syncs().get(name)
        now = self._runtime.clock()
        with self._runtime.database.reading() as tx:
            last, unfinished = runs.latest(tx).get(name), runs.unfinished(tx)
        if job is None or last is None or name in unfinished:
            return True
        every = getattr(job.trigger, "interval", None)
        if every is None:
            return last.started_at > instant_text(now) or missed(last.started_at, job.trigger, now)
        return not timedelta() <= now - datetime.fromisoformat(last.started_at) < every / 2

    def sync(self, name: str) -> None:
        """Read one connection, if this process leads and nobody else just has; the clockwork
        survives whatever happens."""
        try:
            if self._stop.is_set() or not self.leads() or not self._is_due(name):
                return
            run = self._runtime.sync(name, cancel=self._stop)
            log.info("sync ended connection=%s run=%d state=%s", name, run.id, run.state)
            self._runtime.walk(cancel=self._stop)
        except BusyError as error:
            log.info("sync left out connection=%s: %s", name, error)
            self._come_back(name)
        except (HubError, ConnectorError) as error:
            log.warning("sync failed connection=%s: %s", name, error)
            self._leave_out(error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("sync failed connection=%s error=%s", name, type(error).__name__)

    def _come_back(self, name: str) -> None:
        """Ask again soon for a connection that somebody reads: they may be dead, on another host,
        which shows when their lease expires."""
        soon = datetime.now(UTC) + 2 * HEARTBEAT
        job = self._syncs().get(name)
        if job is not None and getattr(job, "next_run_time", soon) > soon:
            job.modify(next_run_time=soon)

    def reread(self) -> None:
        """Read what sources named by themselves since, if this process leads."""
        if self._stop.is_set():
            return
        try:
            with self._runtime.database.reading() as tx:
                waiting = hints.waiting(tx)
            named = [name for name in waiting if name in self._runtime.connections]
            if not named or not self.leads():
                return
        except HubError as error:
            log.warning("hints cannot be looked at: %s", error)
            self._leave_out(error)
            return
        for name in named:
            self._reread(name)

    def _reread(self, name: str) -> None:
        try:
            count = self._runtime.reread(name, cancel=self._stop)
            log.info("hints read connection=%s records=%d", name, count)
            self._runtime.walk(cancel=self._stop)
        except BusyError:
            log.info("hints wait connection=%s: it is being read", name)
        except (HubError, ConnectorError) as error:
            log.warning("hints wait connection=%s: %s", name, error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("hints failed connection=%s error=%s", name, type(error).__name__)

    def sweep(self) -> None:
        """Let the rules look again: time alone makes some of them true."""
        self._attempt("sweep", lambda: self._runtime.sweep(cancel=self._stop))

    def tell(self) -> None:
        """Decide who is told what, and send what is due."""
        self._attempt("notices", lambda: (self._runtime.announce(), self._runtime.deliver()))

    def _attempt(self, what: str, work: Callable[[], object]) -> None:
        """Do it, if this process leads; the next time is another attempt."""
        try:
            if not self._stop.is_set() and self.leads():
                work()
        except HubError as error:
            log.warning("%s failed: %s", what, error)
            self._leave_out(error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("%s failed error=%s", what, type(error).__name__)

    def _add_jobs(self, zone: ZoneInfo) -> None:
        for name, connection in self._runtime.connections.items():
            if connection.schedule is not None and connection.enabled:
                trigger = trigger_of(connection.schedule, zone)
                self._scheduler.add_job(self.sync, trigger, args=[name], id=f"sync:{name}")
        for work, pause in ((self.sweep, SWEEP), (self.tell, NOTICES), (self.reread, HINTS)):
            every = IntervalTrigger(seconds=int(pause.total_seconds()), timezone=zone)
            self._scheduler.add_job(work, every, id=work.__name__, executor=HOUSE)

    def _beat(self) -> None:
        self._attempt("heartbeat", bool)
