"""Processes that are killed at a commit: rounds of a hub done by them, and what is left of it."""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa

from hub.runtime import opened
from hub.store import tables
from hub.store.database import Database, Tx
from tests.conftest import HandClock
from tests.flow.hub_folder import HubFolder

STEPS = ("sync", "walk", "sweep", "announce", "deliver")
"""What the clockwork does in a while, in turn."""


@dataclass(frozen=True, slots=True)
class Death:
    """Where a process ends: at its n-th commit from a step on, just before it or once it is
    done."""

    step: str
    commit: int
    before: bool = False


def round_of(folder: HubFolder, clock: HandClock, death: Death | None = None) -> None:
    """Do all steps once, in this process."""
    with opened(folder.path / "configs/hub.yaml", folder.env, clock) as hub:
        for step in STEPS:
            if death is not None and death.step == step:
                die_at(death.commit, before=death.before)
            for of in [(name,) for name in hub.connections] if step == "sync" else [()]:
                getattr(hub, step)(*of)


def killed(folder: HubFolder, clock: HandClock, death: Death) -> bool:
    """Do all steps in a process that is killed; False where it came to its end before."""
    return is_killed(partial(round_of, folder, clock, death))


def is_killed(act: Callable[[], object]) -> bool:
    """Do something in a process of its own that kills itself; False where it came to its end."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert code in {0, -signal.SIGKILL}, code
    return code != 0


def die_at(commit: int, *, before: bool = False) -> None:
    """Let this process die at its n-th commit from now on.

    Only ever called in a process that ends soon: it changes what others share.
    """
    whole, commits = Database.transaction, 0

    @contextmanager
    def watched(database: Database) -> Iterator[Tx]:
        nonlocal commits
        with whole(database) as tx:
            yield tx
            commits += 1
            if commits == commit and before:
                os.kill(os.getpid(), signal.SIGKILL)
        if commits == commit:
            os.kill(os.getpid(), signal.SIGKILL)

    Database.transaction = watched  # type: ignore[method-assign, assignment]


_ULID = re.compile(r"(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}\b")
OF_PROCESSES = {"runs", "leases"}
"""Tables that tell of processes: those that were killed are in them, rightly."""
MADE_UP = {"seq", "place", "noted", "record_id", "source_id", "claimed_until", "sent_at"}
"""Columns that another way to the same end fills otherwise."""


def left(url: str) -> dict[str, Counter[str]]:
    """Return by table what stands in a hub's rows, ids replaced by what they stand for."""
    database = Database(url)
    with database.reading() as tx:
        names = _names(tx)
        found = {
            table.name: Counter(
                _told(table, row._mapping, names) for row in tx.execute(_all(table))
            )
            for table in tables.metadata.sorted_tables
            if table.name not in OF_PROCESSES
        }
    database.close()
    return found


def _all(table: sa.Table) -> sa.Select[*tuple[Any, ...]]:
    """Select all rows but facts of sources: they count runs, those that were killed, too."""
    every = sa.select(table)
    if table in {tables.facts, tables.fact_history}:
        return every.where(table.c.subject_kind != "source")
    return every


def _names(tx: Tx) -> dict[str, str]:
    """Return entities and business cases by id, each as the first record that belongs to it."""
    cross, members = tables.crosswalk.c, tables.vorgang_members.c
    names: dict[str, str] = {}
    for one, ref in tx.execute(sa.select(cross.entity_id, cross.ref)).all():
        names[one] = min(ref, names.get(one, ref))
    for one, ref in tx.execute(sa.select(members.vorgang_id, members.ref)).all():
        ref = names.get(ref, ref)
        names[one] = min(ref, names.get(one, ref))
    return names


def _told(table: sa.Table, row: Mapping[Any, Any], names: Mapping[str, str]) -> str:
    counted = {one.name for one in table.c if one.name == "id" and isinstance(one.type, sa.Integer)}
    return repr(
        {
            name: _ULID.sub(lambda one: names.get(one[0], "?"), value)
            if isinstance(value, str)
            else value
            for name, value in row.items()
            if name not in MADE_UP | counted
        }
    )
