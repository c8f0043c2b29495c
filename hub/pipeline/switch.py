"""Shows what another model would make of the stored records, and switches it on."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

import msgspec

from hub.clock import Clock
from hub.errors import BusyError, ConflictError
from hub.model.resolution import Judgement
from hub.pipeline import lease
from hub.pipeline.street import LASTS
from hub.pipeline.whole import Whole, reckon, take_over
from hub.resolution.model import Model
from hub.store import judgements, views
from hub.store.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Change:
    """Records that would stand for another entity.

    merge: all of `source` joins `target`, and its id redirects there. split: `target` is a new id.
    move: both live on.
    """

    what: Literal["merge", "split", "move"]
    source: str
    source_name: str
    target: str
    target_name: str
    records: tuple[str, ...]


def preview(tx: Tx, kind: str, model: Model) -> list[Change]:
    """Return what would change if all records of a kind were resolved by this model."""
    return changes(tx, reckon(tx, kind, model))


def list_name(kind: str, listed: Sequence[Change]) -> str:
    """Return what a list of changes is called: another list has another name.

    What entities are called is none of it.
    """
    told = [(one.what, one.source, one.target, one.records) for one in listed]
    return blake2b(msgspec.json.encode((kind, told)), digest_size=5).hexdigest()


def switch_on(
    db: Database,
    clock: Clock,
    kind: str,
    model: Model,
    keep: Callable[[], None],
    *,
    expected: str | None = None,
) -> list[Change]:
    """Let a model judge all records of a kind from now on; return what that changed.

    Nothing else changes in that transaction: records that are due stay due, and are worked off with
    the new model. keep: writes the model down, right before the commit. expected: the name of the
    list that is wanted. Raises ConflictError where it would be another one, and BusyError while
    another process works off what changed, or a record that is gone still stands for somebody:
    nothing changes then.
    """
    holder = lease.process_name()
    with db.transaction() as tx:
        other = lease.acquire(tx, "street", holder, clock(), LASTS)
        if other:
            raise BusyError(f"{other} is working off what changed; nothing was switched on")
    try:
        with db.reading() as tx:
            whole = reckon(tx, kind, model)
            listed = changes(tx, whole)
        if expected not in (None, list_name(kind, listed)):
            raise ConflictError(
                f"the list is another one now, {list_name(kind, listed)} and no longer {expected}; "
                "nothing was switched on: look at it with --dry-run"
            )
        with db.transaction() as tx:
            if not take_over(tx, whole, clock()):
                raise BusyError("records came in meanwhile; nothing was switched on: try again")
            keep()
        return listed
    finally:
        with db.transaction() as tx:
            lease.release(tx, "street", holder)


def words(tx: Tx) -> Iterator[Judgement]:
    """Yield every judgement in force, oldest first."""
    after = 0
    while page := judgements.page(tx, after=after, limit=1000):
        yield from (Judgement(each.left, each.right, each.verdict) for each in page)
        after = page[-1].id


def changes(tx: Tx, whole: Whole) -> list[Change]:
    """Return what becomes other than it stands where this is taken over."""
    after = whole.settled.assignment
    before = {ref: one.entity_id for ref, one in whole.settled.before.items()}
    moved: dict[tuple[str, str], list[str]] = {}
    for ref, target in sorted(after.entity_of.items()):
        if ref in before and before[ref] != target:
            moved.setdefault((before[ref], target), []).append(ref)
    names = views.names(tx, {side for pair in moved for side in pair})
    living = set(before.values())

    def what(source: str, target: str) -> Literal["merge", "split", "move"]:
        if after.redirects.get(source) == target:
            return "merge"
        return "move" if target in living else "split"

    return [
        Change(
            what(source, target),
            source,
            names.get(source, ""),
            target,
            names.get(target, ""),
            tuple(refs),
        )
        for (source, target), refs in sorted(moved.items())
    ]
