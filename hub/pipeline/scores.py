"""Finds edges anew: of new profiles, around tokens that weigh something else, of a whole kind."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from hub.model.resolution import Edge
from hub.pipeline.imprint import Imprint
from hub.resolution import batch, indexed
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.facets import Facets
from hub.resolution.frame import Ints
from hub.resolution.model import Model
from hub.resolution.tokens import TokenCounts, is_one_sided, only_meets
from hub.store import holders
from hub.store import profiles as index
from hub.store.database import Tx, chunks

_Pairs = tuple[Ints, Ints]


def score_new(tx: Tx, kind: str, model: Model, done: Imprint) -> None:
    """Store new profiles and their edges.

    Whom an edge joins to a new profile is in its component; an edge that joins nobody says
    something only where both sides are in one.
    """
    if not done.new:
        return
    known = {one: each.facets for one, each in done.new.items()}
    edges: dict[tuple[int, int], Edge] = {}
    for ids in chunks(sorted(done.new), AT_ONCE):
        tokens = {one: done.new[one].tokens for one in ids}
        pairs = indexed.partners(tokens, done.ids, TokenCounts(done.population, done.held), model)
        pairs = np.append(pairs[0], ids), np.append(pairs[1], ids)
        some = _scored(
            tx, kind, model, pairs, known=known, held=done.held, population=done.population
        )
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
    """Return from how many profiles to work on it is cheaper to score all of them."""
    return max(whole_from, population // SHARE)


def score_stale(
    tx: Tx, kind: str, model: Model, stale: Collection[int], *, whole_from: int
) -> set[int] | None:
    """Score what the stale tokens weigh in; return the profiles whose edges that changed.

    A token that tells something only where both sides have it is heard of by pairs of its holders;
    any other one by all pairs that a holder is in. None where that is so much that scoring the
    whole kind is cheaper; nothing is changed then.
    """
    population = index.base(tx, kind).profiles
    enough = enough_for_whole(population, whole_from)
    token, holder = _holdings(tx, kind, stale)
    wide = is_one_sided(token)
    at_work, beside = np.unique(holder[wide]), np.unique(holder[~wide])
    if len(at_work) >= enough or len(beside) >= WIDEST * enough:
        return None
    tokens = index.token_numbers_of(tx, {*at_work.tolist(), *beside.tolist()})
    numbers = _distinct(tokens.values())
    held = holders.counts(tx, kind, numbers)
    own = {one: tokens[one].tolist() for one in at_work.tolist()}
    found: list[Edge] = []
    for some in chunks(own, AT_ONCE):
        asked = {one: own[one] for one in some}
        met = _partners(tx, kind, model, asked, TokenCounts(population, held))
        found += _scored(tx, kind, model, met, known={}, held=held, population=population)
    among = {one: tokens[one] for one in beside.tolist()}
    shared = set(token[~wide].tolist())
    counts = TokenCounts(population, held)
    near = indexed.pairs_sharing(shared, among, counts, model) if among else _NONE
    selves = np.unique(holder[~only_meets(token)])
    pairs = np.append(near[0], selves), np.append(near[1], selves)
    found += _scored(tx, kind, model, pairs, known={}, held=held, population=population)
    before = index.edges_of(tx, tokens, model.keep)
    before = [
        edge
        for edge in before
        if edge.left in own or edge.right in own or _share(tokens, shared, edge)
    ]
    return _replace(tx, kind, before, found, dict.fromkeys(selves.tolist(), model.keep))


def _holdings(tx: Tx, kind: str, tokens: Collection[int]) -> _Pairs:
    """Return who holds what as two columns, token and profile; of tokens that propose, list it."""
    list_again(tx, kind, tokens)
    counts = holders.counts(tx, kind, tokens)
    generic = {token for token, count in counts.items() if count > MOST_HOLDERS}
    few = holders.holdings(tx, kind, set(tokens) - generic)
    if not generic:
        return few
    many = holders.searched(tx, kind, generic)
    return np.append(few[0], many[0]), np.append(few[1], many[1])


def list_again(tx: Tx, kind: str, tokens: Collection[int] | None = None) -> None:
    """Store who holds the tokens that were generic and are not any more; None: of a whole kind."""
    found = holders.unlisted(tx, kind, MOST_HOLDERS, tokens)
    if found:
        holders.save(tx, kind, holders.found(tx, kind, found))


SHARE = 32
"""Of so many profiles one may be worked on before it is cheaper to score all of them."""
WIDEST = 8
"""How many times more profiles are rather scored among each other than against all."""
AT_ONCE = 500
"""Profiles whose partners are in memory at a time."""
_NONE = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def _share(tokens: Mapping[int, Ints], shared: set[int], edge: Edge) -> bool:
    if edge.left not in tokens or edge.right not in tokens:
        return False
    common = np.intersect1d(tokens[edge.left], tokens[edge.right], assume_unique=True)
    return not shared.isdisjoint(common.tolist())


def _replace(
    tx: Tx, kind: str, before: Iterable[Edge], found: Iterable[Edge], itself: dict[int, float]
) -> set[int]:
    """Let the edges found stand for those before; return the profiles where that changes one."""
    was = {(edge.left, edge.right): edge.bits for edge in before}
    now = {(edge.left, edge.right): edge.bits for edge in found if edge.left != edge.right}
    itself |= {edge.left: edge.bits for edge in found if edge.left == edge.right}
    known = {one: bits for one, (bits, _) in index.members(tx, itself).items()}
    other = {one: bits for one, bits in itself.items() if known.get(one) != bits}
    changed = [pair for pair in was.keys() | now.keys() if was.get(pair) != now.get(pair)]
    index.drop_pairs(tx, was.keys() - now.keys())
    index.save_edges(tx, kind, (Edge(*pair, now[pair]) for pair in changed if pair in now))
    index.save_itself(tx, other)
    return {side for pair in changed for side in pair} | other.keys()


def score_whole(tx: Tx, kind: str, model: Model) -> tuple[batch.Base, batch.Scored]:
    """Score every profile of the kind at once and store what that gives."""
    list_again(tx, kind)
    ids, facets, tokens = index.everything(tx, kind)
    records = index.records_of_kind(tx, kind)
    base = batch.indexed_base(ids, [records[one] for one in ids], facets, tokens)
    scored = batch.score_all(base, model)
    index.drop_all_edges(tx, kind)
    kept = np.flatnonzero(scored.bits >= model.keep)
    at = np.array(ids, dtype=np.int64)
    index.save_edge_columns(
        tx, kind, at[scored.left[kept]], at[scored.right[kept]], scored.bits[kept]
    )
    index.save_itself(tx, dict(zip(ids, scored.itself.tolist(), strict=True)))
    return base, scored


def _partners(
    tx: Tx, kind: str, model: Model, asked: Mapping[int, Sequence[int]], counts: TokenCounts
) -> _Pairs:
    """Return the pairs of these profiles with all they share enough tokens with."""
    every = {token for tokens in asked.values() for token in tokens}
    useful = [token for token in sorted(every) if counts.held.get(token, 0) <= MOST_HOLDERS]
    list_again(tx, kind, useful)
    return indexed.partners(asked, holders.ids_of(tx, kind, useful), counts, model)


def _scored(
    tx: Tx,
    kind: str,
    model: Model,
    pairs: _Pairs,
    *,
    known: Mapping[int, Facets],
    held: Mapping[int, int],
    population: int,
) -> list[Edge]:
    """Return the edges of pairs (each once or more) that reach `model.keep` bits.

    known: facets of profiles that are not stored yet. held: holders of all tokens that one side of
    each pair has at least: of the other side's own, only those that tell something alone count.
    """
    left, right = indexed.distinct(*pairs)
    if not len(left):
        return []
    read, tokens = index.read(tx, {*left.tolist(), *right.tolist()} - known.keys())
    every = np.concatenate(tokens) if tokens else _NONE[0]
    told = set(every[is_one_sided(every)].tolist())
    counts = {**held, **holders.counts(tx, kind, told - held.keys())}
    facets = {**known, **read}
    bits = indexed.bits_of(facets, left, right, TokenCounts(population, counts), model)
    enough = bits >= model.keep
    rows = zip(left[enough].tolist(), right[enough].tolist(), bits[enough].tolist(), strict=True)
    return [Edge(*row) for row in rows]


def _distinct(tokens: Collection[Ints]) -> list[int]:
    found: list[int] = np.unique(np.concatenate(list(tokens))).tolist() if tokens else []
    return found
