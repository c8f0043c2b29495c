"""Scores again what depends on tokens that weigh something else, some profiles at a time.

Where two thousand profiles hold a token, thirty thousand pairs weigh something else: seconds. So
whom that concerns is noted first; then some profiles are scored at a time, each time in a
transaction of its own, and whatever is due meanwhile goes before the next ones.
"""

from collections.abc import Collection, Mapping

import numpy as np

from hub.model.resolution import Edge
from hub.pipeline.imprint import READING
from hub.pipeline.scores import (
    NO_PAIRS,
    Pairs,
    at_least_for_whole,
    edges_between,
    list_again,
    partners_of,
)
from hub.resolution import indexed
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.frame import Ints
from hub.resolution.model import Model
from hub.resolution.tokens import ALONE, TokenCounts, is_one_sided, only_meets, use_of
from hub.store import holders, work
from hub.store import profiles as index
from hub.store.database import Tx

AT_ONCE = 64
"""Profiles that are scored against all they meet in one transaction: some tenths of a second."""
AMONG = 500
"""Profiles that are scored among each other in one transaction."""
TOKENS = "reweigh"
"""Of items "kind:token": what that token weighs in is scored again."""
ALL = 0
"""Stands for every token of a kind: the whole of it is scored again."""
STAGE = "rescore"
"""Of items "kind:profile:token": what that profile has to do with the token is scored again."""


def note(tx: Tx, kind: str, tokens: Collection[int]) -> None:
    """Note tokens that weigh something else."""
    work.add(tx, TOKENS, _items(kind, tokens))


def strike(tx: Tx, kind: str, tokens: Collection[int]) -> None:
    """Strike tokens by which all is scored that they weigh in."""
    work.done(tx, TOKENS, _items(kind, tokens))


def _items(kind: str, tokens: Collection[int]) -> list[str]:
    return [f"{kind}:{token}" for token in sorted(tokens)]


def noted_tokens(tx: Tx) -> dict[str, set[int]]:
    """Return the tokens that were noted, by kind."""
    found: dict[str, set[int]] = {}
    for item in work.take(tx, TOKENS, 1_000_000):
        kind, _, token = item.partition(":")
        found.setdefault(kind, set()).add(int(token))
    return found


def rescore_holders(
    tx: Tx, kind: str, model: Model, stale: Collection[int], *, whole_from: int
) -> set[int] | None:
    """Score what stale tokens weigh in, or note it where that is much; return the profiles whose
    edges that changed.

    A token that tells something only where both sides have it is heard of by pairs of its holders;
    any other one by all pairs that a holder is in. None where that is so much that scoring the
    whole kind is cheaper; nothing is changed then.
    """
    population = index.base(tx, kind).profiles
    token, holder = _holdings(tx, kind, stale)
    wide = is_one_sided(token)
    at_work, beside = np.unique(holder[wide]), np.unique(holder[~wide])
    if max(len(at_work), len(beside)) >= at_least_for_whole(population, whole_from):
        return None
    if len(at_work) > AT_ONCE or len(beside) > AMONG:
        sides = zip(holder.tolist(), token.tolist(), strict=True)
        work.add(tx, STAGE, [f"{kind}:{one}:{number}" for one, number in sides])
        return set()
    tokens = index.token_numbers_of(tx, {*at_work.tolist(), *beside.tolist()})
    held = holders.counts(tx, kind, _distinct(tokens.values()))
    counts = TokenCounts(population, held)
    own = {one: tokens[one].tolist() for one in at_work.tolist()}
    met = partners_of(tx, kind, model, own, counts)
    shared = set(token[~wide].tolist())
    among = {one: tokens[one] for one in beside.tolist()}
    near = indexed.pairs_sharing(shared, among, counts, model) if among else NO_PAIRS
    selves = np.unique(holder[~only_meets(token)])
    pairs = (
        np.concatenate((met[0], near[0], selves)),
        np.concatenate((met[1], near[1], selves)),
    )
    found = edges_between(tx, kind, model, pairs, known={}, counts=counts)
    before = [
        edge
        for edge in index.edges_of(tx, tokens, model.keep)
        if edge.left in own or edge.right in own or _share(tokens, shared, edge)
    ]
    return _replace(tx, kind, before, found, dict.fromkeys(selves.tolist(), model.keep))


def noted(tx: Tx) -> tuple[str, dict[int, set[int]], list[str]]:
    """Return some of what was noted: a kind, its profiles with their stale tokens, the items."""
    kind, due, items = "", dict[int, set[int]](), list[str]()
    for item in work.take(tx, STAGE, AT_ONCE):
        of, one, token = item.split(":")
        kind = kind or of
        if of == kind:
            due.setdefault(int(one), set()).add(int(token))
            items.append(item)
    return kind, due, items


def forget(tx: Tx, kind: str) -> None:
    """Strike all that was noted of a kind that was scored whole since."""
    for stage in (TOKENS, STAGE, READING):
        every = work.take(tx, stage, 10_000_000)
        work.done(tx, stage, [item for item in every if item.startswith(f"{kind}:")])


def rescore(tx: Tx, kind: str, model: Model, due: Mapping[int, set[int]]) -> set[int]:
    """Score some profiles again; return those whose edges that changed.

    due: profile -> its stale tokens. Who is no profile any more is passed over.
    """
    own = index.token_numbers_of(tx, due)
    held = holders.counts(tx, kind, _distinct(own.values()))
    counts = TokenCounts(index.base(tx, kind).profiles, held)
    asked = {one: numbers.tolist() for one, numbers in own.items()}
    left, right = partners_of(tx, kind, model, asked, counts)
    before = index.edges_of(tx, own, model.keep)
    met = list(zip(left.tolist(), right.tolist(), strict=True))
    sides = {one for pair in met for one in pair}
    sides |= {one for edge in before for one in (edge.left, edge.right)}
    stale = frozenset().union(*due.values())
    every = asked | index.tokens_of(tx, sides - asked.keys())
    holds = {one: stale.intersection(numbers) for one, numbers in every.items()}
    pairs = np.array([pair for pair in met if _concerned(*pair, due, holds)], dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    selves = np.array(sorted(own), dtype=np.int64)
    found = edges_between(
        tx,
        kind,
        model,
        (np.append(pairs[:, 0], selves), np.append(pairs[:, 1], selves)),
        known={},
        counts=counts,
    )
    before = [edge for edge in before if _concerned(edge.left, edge.right, due, holds)]
    return _replace(tx, kind, before, found, dict.fromkeys(own, model.keep))


def _concerned(
    left: int,
    right: int,
    due: Mapping[int, Collection[int]],
    holds: Mapping[int, frozenset[int]],
) -> bool:
    """Return whether it is now that a pair is scored again. holds: stale tokens of each profile.

    A pair that holds a token twice was noted twice: it is the smaller side's. Who came to hold it
    since then was scored with its new weight.
    """
    shared = holds[left] & holds[right]
    return not shared.isdisjoint(due.get(left, ())) or any(
        token not in shared and use_of(token) == ALONE
        for side in (left, right)
        for token in due.get(side, ())
    )


def _holdings(tx: Tx, kind: str, tokens: Collection[int]) -> Pairs:
    """Return who holds what as two columns, token and profile; of tokens that propose, list it."""
    list_again(tx, kind, tokens)
    counts = holders.counts(tx, kind, tokens)
    generic = {token for token, count in counts.items() if count > MOST_HOLDERS}
    few = holders.holdings(tx, kind, set(tokens) - generic)
    if not generic:
        return few
    many = holders.searched(tx, kind, generic)
    return np.append(few[0], many[0]), np.append(few[1], many[1])


def _share(tokens: Mapping[int, Ints], shared: set[int], edge: Edge) -> bool:
    if edge.left not in tokens or edge.right not in tokens:
        return False
    common = np.intersect1d(tokens[edge.left], tokens[edge.right], assume_unique=True)
    return not shared.isdisjoint(common.tolist())


def _replace(
    tx: Tx,
    kind: str,
    before: Collection[Edge],
    found: Collection[Edge],
    itself: dict[int, float],
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


def _distinct(tokens: Collection[Ints]) -> list[int]:
    found: list[int] = np.unique(np.concatenate(list(tokens))).tolist() if tokens else []
    return found
