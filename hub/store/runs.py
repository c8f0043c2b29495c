"""Runs: what each sync did and how it ended."""

import msgspec
import sqlalchemy as sa

from hub.model.run import Run, StreamProgress
from hub.store.database import Row, Tx
from hub.store.prepared import Prepared
from hub.store.tables import runs

KEPT = 1000
"""Runs of a connection that are kept: every view says how fresh it is by them, so few are read."""

_save = Prepared(
    sa.update(runs)
    .where(runs.c.id == sa.bindparam("run"))
    .values(
        state=sa.bindparam("now_state"),
        finished_at=sa.bindparam("ended"),
        progress=sa.bindparam("told"),
        error_kind=sa.bindparam("kind"),
        error=sa.bindparam("text"),
    )
    .returning(runs.c.cancel_asked)
)
_streams = msgspec.json.Decoder(dict[str, StreamProgress])


INTERRUPTED = "interrupted: the process that ran it ended; what it had committed stands"


def start(tx: Tx, connection: str, now: str) -> Run:
    """Open a run; one that was left running by a process that died is closed as failed."""
    tx.execute(
        sa.update(runs)
        .where(runs.c.connection == connection, runs.c.state == "running")
        .values(
            state="failed",
            finished_at=now,
            error_kind="transient",
            error=INTERRUPTED,
        )
    )
    _forget_old(tx, connection)
    row = {"connection": connection, "state": "running", "started_at": now, "progress": "{}"}
    run_id = tx.execute(sa.insert(runs).returning(runs.c.id), [row]).scalar_one()
    return Run(id=run_id, connection=connection, state="running", started_at=now)


def _forget_old(tx: Tx, connection: str) -> None:
    """Remove what lies behind the newest runs, but never the last that succeeded."""
    here = runs.c.connection == connection
    good = sa.select(sa.func.max(runs.c.id)).where(here, runs.c.state == "succeeded")
    oldest = sa.select(runs.c.id).where(here).order_by(runs.c.id.desc()).offset(KEPT - 1).limit(1)
    behind = runs.c.id < oldest.scalar_subquery()
    last_good = sa.func.coalesce(good.scalar_subquery(), 0)
    tx.execute(sa.delete(runs).where(here, behind, runs.c.id != last_good))


def save(tx: Tx, run: Run) -> bool:
    """Store the run as it stands now; return whether somebody has asked it to stop."""
    ((cancel_asked,),) = _save(
        tx,
        run=run.id,
        now_state=run.state,
        ended=run.finished_at,
        told=msgspec.json.encode(run.streams).decode(),
        kind=run.error_kind,
        text=run.error,
    ) or [(False,)]
    return bool(cancel_asked)


def ask_to_stop(tx: Tx, connection: str) -> int | None:
    """Ask the connection's run, in whichever process, to stop after its present page.

    Return its id, None where none is going on.
    """
    return tx.execute(
        sa.update(runs)
        .where(runs.c.connection == connection, runs.c.state == "running")
        .values(cancel_asked=True)
        .returning(runs.c.id)
    ).scalar()


def latest(tx: Tx) -> dict[str, Run]:
    """Return the newest run of each connection that ever ran."""
    newest = sa.select(sa.func.max(runs.c.id)).group_by(runs.c.connection)
    rows = tx.execute(sa.select(runs).where(runs.c.id.in_(newest)).order_by(runs.c.connection))
    return {row.connection: from_row(row) for row in rows}


def unfinished(tx: Tx) -> set[str]:
    """Return the connections whose newest run was broken off, by its process's end and not by a
    person's word; one that is going on is among them."""
    newest = sa.select(sa.func.max(runs.c.id)).group_by(runs.c.connection)
    broken = runs.c.state.in_(("running", "cancelled")) & ~runs.c.cancel_asked
    select = sa.select(runs.c.connection).where(runs.c.id.in_(newest), broken)
    return set(tx.execute(select).scalars())


def history(tx: Tx, connection: str, limit: int) -> list[Run]:
    """Return the connection's newest runs, newest first."""
    rows = tx.execute(
        sa.select(runs)
        .where(runs.c.connection == connection)
        .order_by(runs.c.id.desc())
        .limit(limit)
    )
    return [from_row(row) for row in rows]


def last_success(tx: Tx, until: str | None = None) -> dict[str, str]:
    """Return when each connection last began a run that succeeded: how fresh its data is.

    until: only runs that had begun at this instant count. The last is the one that was begun
    last, whatever it says: a clock that was ahead for a while dated others later.
    """
    newest = sa.select(sa.func.max(runs.c.id)).where(runs.c.state == "succeeded")
    if until is not None:
        newest = newest.where(runs.c.started_at <= until)
    of = runs.c.id.in_(newest.group_by(runs.c.connection))
    return dict(tx.execute(sa.select(runs.c.connection, runs.c.started_at).where(of)).all())


def from_row(row: Row) -> Run:
    """Return a row of the table as a run."""
    return Run(
        id=row.id,
        connection=row.connection,
        state=row.state,
        started_at=row.started_at,
        finished_at=row.finished_at,
        streams=_streams.decode(row.progress),
        error_kind=row.error_kind,
        error=row.error,
    )
