"""Who holds a piece of work, told so that the death of a process frees it at once."""

import os
import socket
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from hub.clock import instant_text
from hub.store import leases
from hub.store.database import Tx

LASTS = timedelta(minutes=2)

release = leases.release


def process_name() -> str:
    """Return `host:pid:start:unique`: enough to tell later whether this process still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{uuid4().hex[:8]}"


def acquire(tx: Tx, name: str, holder: str, now: datetime, lasts: timedelta = LASTS) -> str | None:
    """Take a lease, also from a process of this host that is dead; return who holds it else."""
    at, until = instant_text(now), instant_text(now + lasts)
    other = leases.acquire(tx, name, holder, at, until)
    if other and _is_dead(other):
        leases.release(tx, name, other)
        other = leases.acquire(tx, name, holder, at, until)
    return other


def renew(tx: Tx, name: str, holder: str, now: datetime, lasts: timedelta = LASTS) -> bool:
    """Hold the lease for longer; False where somebody else has taken it meanwhile."""
    return leases.renew(tx, name, holder, instant_text(now + lasts))


def held(tx: Tx, names: Collection[str], now: datetime) -> set[str]:
    """Return which of these leases somebody holds who is not known to be dead."""
    holders = leases.holders(tx, names, instant_text(now))
    return {name for name, holder in holders.items() if not _is_dead(holder)}


def _started(pid: int) -> str:
    """Return the kernel's start time of a process, so that a recycled pid is told apart.

    "0" for one that has ended and only waits for its parent to notice.
    """
    try:
        state, *numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "0"
    return "0" if state in "ZX" else numbers[18]


def _is_dead(holder: str) -> bool:
    host, pid, started, _ = holder.split(":")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _started(int(pid)) != started
