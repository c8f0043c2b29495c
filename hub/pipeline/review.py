"""Keeps the review queue: what waits for a person around the profiles that were touched."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from math import log2

from hub.model.resolution import Edge, probability_of
from hub.pipeline.neighbourhood import Neighbourhood, around, edges_at, heard_among
from hub.pipeline.why import strongest_pair
from hub.resolution.model import Model
from hub.resolution.resolver import Partition
from hub.store import entities, work
from hub.store import profiles as index
from hub.store import review as queue
from hub.store.database import Database, Tx
from hub.store.review import Doubtful

AT_ONCE = 2000
MOST_TWINS = 16
"""Where two profiles stand for more pairs of entities than this, one of them is asked about."""
_ALL = "*"


def items(kind: str, ids: Collection[int] | None) -> list[str]:
    """Return what to make due so that the queue around these profiles is kept; None: of all."""
    return [f"{kind}:{one}" for one in ([_ALL] if ids is None else ids)]


def review(db: Database, models: Mapping[str, Model]) -> int:
    """Work off one batch of profiles that were touched; return how many there were."""
    with db.transaction() as tx:
        due = work.take(tx, "review", AT_ONCE)
        asked: dict[str, set[str]] = {}
        for item in due:
            kind, _, which = item.partition(":")
            asked.setdefault(kind, set()).add(which)
        for kind in asked.keys() & models.keys():
            _look_over(tx, kind, models[kind], asked[kind])
        queue.reweigh(tx, asked.get(queue.ENTITY, ()))
        work.done(tx, "review", due)
    return len(due)


def _look_over(tx: Tx, kind: str, model: Model, which: set[str]) -> None:
    if _ALL in which:
        here = around(tx, kind, index.records_of_kind(tx, kind), model)
        sources = {member.profile_id: member.sources for member in here.members}
        found = _doubtful(tx, here, heard_among(here.edges, model, sources), model)
        queue.replace(tx, kind, None, found)
        return
    asked = {int(one) for one in which}
    here = around(tx, kind, asked, model)
    ids = asked | {member.profile_id for member in here.members}
    queue.replace(tx, kind, ids, _doubtful(tx, here, edges_at(tx, ids, model), model))


def _doubtful(
    tx: Tx, here: Neighbourhood, edges: Collection[Edge], model: Model
) -> Iterator[Doubtful]:
    parted = here.parted(model)
    yield from _may_be_one(tx, edges, model)
    yield from _may_be_two(here, parted, model)


def _may_be_one(tx: Tx, edges: Iterable[Edge], model: Model) -> Iterable[Doubtful]:
    """Return what speaks most for each two entities being one, though they are not.

    Whoever touched one of two entities has all edges between them here.
    """
    likely = [edge for edge in edges if edge.bits >= model.review]
    homes = _homes(tx, {side for edge in likely for side in (edge.left, edge.right)})
    best: dict[frozenset[str], Doubtful] = {}
    for edge in likely:
        ours, theirs = homes.get(edge.left, {}), homes.get(edge.right, {})
        if ours.keys() == theirs.keys() and len(ours) == 1:
            continue
        for two, pair in _apart(ours, theirs):
            found = _doubt(edge, pair, model)
            known = best.setdefault(two, found)
            if (-found.bits, found.left, found.right) < (-known.bits, known.left, known.right):
                best[two] = found
    return best.values()


def _homes(tx: Tx, ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return for each profile the entities its records stand for, with the first record of each."""
    records = index.records_of(tx, ids)
    stand = entities.current(tx, (ref for refs in records.values() for ref in refs))
    return {
        one: {stand[ref].entity_id: ref for ref in sorted(refs, reverse=True) if ref in stand}
        for one, refs in records.items()
    }


def _apart(
    ours: Mapping[str, str], theirs: Mapping[str, str]
) -> Iterator[tuple[frozenset[str], tuple[str, str]]]:
    """Yield each two entities of both sides with a record of each; twins in a crowd only once."""
    pairs = [(one, other) for one in ours for other in theirs if one != other]
    for one, other in pairs if len(pairs) <= MOST_TWINS else pairs[:1]:
        yield frozenset((one, other)), (ours[one], theirs[other])


def _doubt(edge: Edge, pair: tuple[str, str], model: Model) -> Doubtful:
    doubt = doubt_at(min(edge.bits, model.merge))
    (left, left_id), (right, right_id) = sorted(zip(pair, (edge.left, edge.right), strict=True))
    return Doubtful("merge", left, right, left_id, right_id, edge.bits, doubt)


def _may_be_two(here: Neighbourhood, parted: Partition, model: Model) -> Iterator[Doubtful]:
    """Yield the merges by evidence that only just came about."""
    profile = {ref: each.profile_id for each in here.members for ref in each.refs}
    enough = model.merge + (model.merge - model.review) / 2
    weak = [each for each in parted.merges if each.reason == "evidence" and each.bits < enough]
    across = strongest_pair(here, parted.edges) if weak else None
    for merge in weak:
        assert across is not None
        left, right = sorted(across(merge.left, merge.right))
        moved = min(len(merge.left), len(merge.right))
        doubt = doubt_at(merge.bits)
        yield Doubtful(
            "split", left, right, profile[left], profile[right], merge.bits, doubt, moved
        )


def doubt_at(bits: float) -> int:
    """Return what an answer would tell, in thousandths of a bit: 1000 where the odds are even."""
    chance = probability_of(bits)
    if not 0 < chance < 1:
        return 0
    return round(-1000 * (chance * log2(chance) + (1 - chance) * log2(1 - chance)))
