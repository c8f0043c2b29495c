"""Finds edges anew: of new profiles, of some pairs, of a whole kind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hub.model.resolution import Edge
from hub.pipeline.imprint import Imprint
from hub.resolution import indexed
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.facets import Facets
from hub.resolution.frame import Ints
from hub.resolution.model import Model
from hub.resolution.tokens import TokenCounts, is_one_sided
from hub.store import holders
from hub.store import profiles as index
from hub.store.database import Tx, chunks

Pairs = tuple[Ints, Ints]


def score_new(tx: Tx, kind: str, model: Model, done: Imprint) -> None:
    """Store new profiles and their edges.

    Whom an edge joins to a new profile is in its component; an edge that joins nobody says
    something only where both sides are in one.
    """
    if not done.new:
        return
    known = {one: each.facets for one, each in done.new.items()}
    counts = TokenCounts(done.population, done.held)
    edges: dict[tuple[int, int], Edge] = {}
    for ids in chunks(sorted(done.new), AT_ONCE):
        tokens = {one: done.new[one].tokens for one in ids}
        pairs = indexed.partners(tokens, done.ids, counts, model)
        pairs = np.append(pairs[0], ids), np.append(pairs[1], ids)
        some = edges_between(tx, kind, model, pairs, known=known, counts=counts)
        edges |= {(edge.left, edge.right): edge for edge in some}
    found = edges.values()
    itself = {edge.left: edge.bits for edge in found if edge.left == edge.right}
    index.add(
        tx,
        kind,
        {one: replace(each, itself=itself.get(one, model.keep)) for one, each in done.new.items()},
    )
    index.save_edges(tx, kind, found)


def enough_for_whole(population: int, whole_from: int) -> int:
    """Return from how many new profiles on it is cheaper to score all of them."""
    return max(whole_from, population // SHARE)


def at_least_for_whole(population: int, whole_from: int) -> int:
    """Return the same of profiles that stand."""
    return max(whole_from, population // STALE)


def list_again(tx: Tx, kind: str, tokens: Collection[int] | None = None) -> None:
    """Store who holds the tokens that were generic and are not any more; None: of a whole kind."""
    found = holders.unlisted(tx, kind, MOST_HOLDERS, tokens)
    if found:
        holders.save(tx, kind, holders.found(tx, kind, found))


SHARE = 32
"""Of so many profiles one may be worked on before it is cheaper to score all of them."""
STALE = 4
"""Of so many profiles that stand one may be scored again before that is: they come in portions."""
AT_ONCE = 500
"""Profiles whose partners are in memory at a time."""
NO_PAIRS = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def partners_of(
    tx: Tx, kind: str, model: Model, asked: Mapping[int, Sequence[int]], counts: TokenCounts
) -> Pairs:
    """Return the pairs of these profiles with all they share enough tokens with."""
    every = {token for tokens in asked.values() for token in tokens}
    useful = [token for token in sorted(every) if counts.held.get(token, 0) <= MOST_HOLDERS]
    list_again(tx, kind, useful)
    return indexed.partners(asked, holders.ids_of(tx, kind, useful), counts, model)


def edges_between(
    tx: Tx,
    kind: str,
    model: Model,
    pairs: Pairs,
    *,
    known: Mapping[int, Facets],
    counts: TokenCounts,
) -> list[Edge]:
    """Return the edges of pairs (each once or more) that reach `model.keep` bits.

    known: facets of profiles that are not stored yet. counts: holders of all tokens that one side
    of each pair has: of the other side's own, only those that tell something alone count.
    """
    left, right = indexed.distinct(*pairs)
    if not len(left):
        return []
    read, tokens = index.read(tx, {*left.tolist(), *right.tolist()} - known.keys())
    every = np.concatenate(tokens) if tokens else NO_PAIRS[0]
    told = set(every[is_one_sided(every)].tolist())
    held = {**counts.held, **holders.counts(tx, kind, told - counts.held.keys())}
    facets = {**known, **read}
    bits = indexed.bits_of(facets, left, right, TokenCounts(counts.population, held), model)
    enough = bits >= model.keep
    rows = zip(left[enough].tolist(), right[enough].tolist(), bits[enough].tolist(), strict=True)
    return [Edge(*row) for row in rows]
