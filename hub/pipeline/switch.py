"""Shows what another model would make of the stored records, before it is switched on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hub.model.resolution import Assignment, Judgement
from hub.resolution import batch, lasting
from hub.resolution.model import Model
from hub.store import entities, judgements, views
from hub.store import profiles as index
from hub.store.database import Tx


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
    base = stored_base(tx, kind)
    refs = [ref for found in base.refs for ref in found]
    before = {ref: one.entity_id for ref, one in entities.current(tx, refs).items()}
    after = _assigned(tx, kind, _clusters(tx, base, model), before)
    return _changes(tx, before, after)


def stored_base(tx: Tx, kind: str) -> batch.Base:
    """Return all stored profiles of a kind with their records."""
    ids, facets, tokens = index.everything(tx, kind)
    records = index.records_of_kind(tx, kind)
    return batch.indexed_base(ids, [records.get(one, ()) for one in ids], facets, tokens)


def _clusters(tx: Tx, base: batch.Base, model: Model) -> list[tuple[str, ...]]:
    return batch.partition_all(base, batch.score_all(base, model), words(tx), model).clusters


def words(tx: Tx) -> Iterator[Judgement]:
    """Yield every judgement in force, oldest first."""
    after = 0
    while page := judgements.page(tx, after=after, limit=1000):
        yield from (Judgement(each.left, each.right, each.verdict) for each in page)
        after = page[-1].id


def _assigned(
    tx: Tx, kind: str, clusters: Sequence[Sequence[str]], before: Mapping[str, str]
) -> Assignment:
    refs = [ref for cluster in clusters for ref in cluster]
    seen = {
        ref: int(datetime.fromisoformat(at).timestamp() * 1000)
        for ref, at in entities.first_seen(tx, refs).items()
    }
    oldest = [min(cluster, key=lambda ref: (seen[ref], ref)) for cluster in clusters]
    new = [lasting.entity_id(ref, seen[ref], salt) for ref in oldest for salt in range(3)]
    return lasting.assign(
        clusters,
        before=before,
        first_seen_ms=seen,
        created=entities.created(tx, set(before.values())),
        taken=frozenset(entities.taken(tx, new, kind)),
    )


def _changes(tx: Tx, before: Mapping[str, str], after: Assignment) -> list[Change]:
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
