"""Notes runs that could not begin: a secret that is missing, a connector that does not open."""

from hub.clock import Clock, instant_text
from hub.model.run import Run
from hub.pipeline import lease
from hub.pipeline.sync import hold_connection, lease_name
from hub.store import runs, work
from hub.store.database import Database


def refuse_run(db: Database, clock: Clock, name: str, reason: str) -> Run:
    """Note a run that failed before it began, so that rules and people see it, and return it.

    Raises BusyError while another run reads the connection.
    """
    holder, now = lease.process_name(), clock()
    with db.transaction() as tx:
        hold_connection(tx, name, holder, now)
        run = runs.start(tx, name, instant_text(now))
        run.state, run.finished_at = "failed", run.started_at
        run.error_kind, run.error = "config", reason
        runs.save(tx, run)
        work.add(tx, "alert", [f"source:{name}"])
        lease.release(tx, lease_name(name), holder)
    return run
