"""The clockwork: reads each connection when its schedule says, sweeps the alerts, never stops."""

import logging
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from connectors.sdk.errors import ConnectorError
from hub.config import Schedule
from hub.errors import BusyError, HubError
from hub.pipeline import lease
from hub.runtime import Runtime
from hub.store import hints, runs

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Connections read at the same time; writes queue at the database anyway."""
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


class Clockwork:
    """The jobs of one process. Of several processes one works, the others stand by."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._holder = lease.process_name()
        self._stop = threading.Event()
        zone = ZoneInfo(runtime.loaded.config.company.time_zone)
        self._scheduler = BackgroundScheduler(
            timezone=zone,
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._add_jobs(zone)

    def start(self) -> None:
        """Begin, in threads of this process."""
        self._scheduler.start()
        threading.Thread(target=self._mind_the_clock, daemon=True).start()
        log.info("schedule started jobs=%d", len(self._scheduler.get_jobs()))

    def _mind_the_clock(self) -> None:
        while not self._stop.wait(HEARTBEAT.total_seconds()):  # by no clock that anybody sets
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
            self._scheduler.shutdown(wait=True)
        with self._runtime.database.transaction() as tx:
            lease.release(tx, LEASE, self._holder)

    def leads(self) -> bool:
        """Return whether this process is the one to work; a dead one's place is taken."""
        with self._runtime.database.transaction() as tx:
            return lease.acquire(tx, LEASE, self._holder, self._runtime.clock()) is None

    def sync(self, name: str) -> None:
        """Read one connection, if this process leads; the clockwork survives whatever happens."""
        if self._stop.is_set() or not self.leads():
            return
        try:
            run = self._runtime.sync(name, cancel=self._stop)
            log.info("sync ended connection=%s run=%d state=%s", name, run.id, run.state)
            self._runtime.walk(cancel=self._stop)
        except BusyError as error:
            log.info("sync left out connection=%s: %s", name, error)
        except (HubError, ConnectorError) as error:
            log.warning("sync failed connection=%s: %s", name, error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("sync failed connection=%s error=%s", name, type(error).__name__)

    def reread(self) -> None:
        """Read what sources named by themselves since, if this process leads."""
        if self._stop.is_set():
            return
        try:
            with self._runtime.database.reading() as tx:
                waiting = hints.waiting(tx)
        except HubError as error:
            log.warning("hints cannot be looked at: %s", error)
            return
        named = [name for name in waiting if name in self._runtime.connections]
        if not named or not self.leads():
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
        if self._stop.is_set() or not self.leads():
            return
        try:
            self._runtime.sweep(cancel=self._stop)
        except HubError as error:
            log.warning("sweep failed: %s", error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("sweep failed error=%s", type(error).__name__)

    def tell(self) -> None:
        """Decide who is told what, and send what is due."""
        if self._stop.is_set() or not self.leads():
            return
        try:
            self._runtime.announce()
            self._runtime.deliver()
        except HubError as error:
            log.warning("notices failed: %s", error)
        except Exception as error:  # noqa: BLE001  # one job's failure is not the others'
            log.error("notices failed error=%s", type(error).__name__)

    def _add_jobs(self, zone: ZoneInfo) -> None:
        now = self._runtime.clock()
        with self._runtime.database.reading() as tx:
            latest = runs.latest(tx)
        for name, connection in self._runtime.connections.items():
            schedule = connection.schedule
            if schedule is None or not connection.enabled:
                continue
            last = latest[name].started_at if name in latest else None
            due = {"next_run_time": first_run(last, schedule.every, now)} if schedule.every else {}
            trigger = trigger_of(schedule, zone)
            self._scheduler.add_job(self.sync, trigger, args=[name], id=f"sync:{name}", **due)
        every = IntervalTrigger(seconds=int(SWEEP.total_seconds()), timezone=zone)
        self._scheduler.add_job(self.sweep, every, id="sweep")
        every = IntervalTrigger(seconds=int(NOTICES.total_seconds()), timezone=zone)
        self._scheduler.add_job(self.tell, every, id="notices")
        every = IntervalTrigger(seconds=int(HINTS.total_seconds()), timezone=zone)
        self._scheduler.add_job(self.reread, every, id="hints")
        every = IntervalTrigger(seconds=int(HEARTBEAT.total_seconds()), timezone=zone)
        self._scheduler.add_job(self._beat, every, id="heartbeat")

    def _beat(self) -> None:
        try:
            self.leads()
        except HubError as error:
            log.warning("heartbeat failed: %s", error)
