"""Takes the evidence between an entity's records apart, comparison by comparison."""

from collections.abc import Sequence

from hub.model.resolution import Explanation
from hub.resolution.explain import why
from hub.resolution.model import Model
from hub.resolution.tokens import TokenCounts
from hub.store import holders, profiles
from hub.store.database import Tx
from hub.store.evidence import ScoredPair

MOST = 25
"""Pairs of one entity that are taken apart, the strongest."""


def explain(
    tx: Tx, kind: str, model: Model, pairs: Sequence[ScoredPair]
) -> list[Explanation | None]:
    """Return the explanation of each pair, None for one beyond the first MOST.

    Its parts add up to the bits that are stored for the pair.
    """
    chosen = pairs[:MOST]
    ids = {side for pair in chosen for side in (pair.left_id, pair.right_id)}
    known = profiles.load(tx, ids)
    tokens = {token for found in profiles.tokens_of(tx, ids).values() for token in found}
    population = profiles.base(tx, kind).profiles
    counts = TokenCounts(population, holders.counts(tx, kind, tokens))
    explained: list[Explanation | None] = [
        why(known[pair.left_id], known[pair.right_id], counts, model, settled=pair.bits)
        if pair.left_id in known and pair.right_id in known
        else None
        for pair in chosen
    ]
    return explained + [None] * (len(pairs) - len(chosen))
