"""Works everything out again from the source records; lasting ids and alerts stay."""

from hub.clock import Clock
from hub.errors import BusyError
from hub.pipeline import lease
from hub.pipeline.street import LASTS, OnProgress, Street, WalkSummary, walk
from hub.store import derived
from hub.store.database import Database


def rebuild(
    db: Database, clock: Clock, street: Street, *, on_progress: OnProgress | None = None
) -> WalkSummary:
    """Forget all that is derived and let every source record walk the street again.

    It ends where the increments had ended. Views are missing meanwhile. Raises BusyError while
    another process walks.
    """
    holder = lease.process_name()
    with db.transaction() as tx:
        other = lease.acquire(tx, "street", holder, clock(), LASTS)
        if other:
            raise BusyError(f"the street is being walked by {other}; wait for it to end")
        derived.forget(tx)
        lease.release(tx, "street", holder)
    return walk(db, clock, street, on_progress=on_progress)
