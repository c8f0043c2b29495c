"""What it tells of which sources records are: a department that keeps order holds a thing once.

Two records of one source that resemble each other are sisters or namesakes more often than two of
different ones are. What a source holds is asked of clusters, too: where both sides have a record of
it already, one of the two is probably another thing; where only one side has, nothing is in the
way. Of records one by one only the first is asked, so that rivals hear of it.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.adaptation import ROUNDS, belief_in, chances
from hub.resolution.frame import Ints
from hub.resolution.masks import Bits
from hub.resolution.model import Holding, Model, grained

SEEN = 20.0
"""As how many matches, spread over all sources alike, counts that sources are not looked at."""
MOST = 4.0
"""Bits that a source which both sides have may take off."""
MOST_ONE = 2.0
"""Bits that a source which one side has may add."""
MOST_KNOWN = 1 << 16
"""Pairs of sets of sources of which it is remembered what they tell."""
Holdings = Mapping[str, Holding]


def of_records(refs: Sequence[str]) -> tuple[str, ...]:
    """Return the source of each of a hub's records: the connection its ref begins with."""
    return tuple(ref.partition(":")[0] for ref in refs)


def between(model: Model, one: frozenset[str], other: frozenset[str]) -> float:
    """Return what the sources of two clusters tell of their being one, in bits."""
    if not model.sources:
        return 0.0
    known = model.read.setdefault("between", {})
    told = known.get((one, other))
    if told is None:
        held = model.sources
        told = sum(held[name].both for name in one & other if name in held)
        told += sum(held[name].one for name in one ^ other if name in held)
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[one, other] = known[other, one] = told
    return float(told)


def between_all(model: Model, sources: Sequence[frozenset[str]], left: Ints, right: Ints) -> Bits:
    """Return the same of many pairs of clusters; each two sets of sources are asked once.

    sources: of each cluster. left, right: numbers of clusters.
    """
    if not model.sources:
        return np.zeros(len(left))
    numbers: dict[frozenset[str], int] = {}
    of = np.array([numbers.setdefault(each, len(numbers)) for each in sources], dtype=np.int64)
    sets = list(numbers)
    pairs, back = np.unique(of[left] * len(sets) + of[right], return_inverse=True)
    asked = [divmod(pair, len(sets)) for pair in pairs.tolist()]
    return np.array([between(model, sets[a], sets[b]) for a, b in asked], dtype=np.float64)[back]


def most_between(model: Model) -> float:
    """Return what sources may tell for a match at most, in bits."""
    return sum(each.one for each in model.sources.values())


def within(
    held: Holdings, sources: Sequence[tuple[str, ...]], left: Ints, right: Ints
) -> NDArray[np.float64]:
    """Return what each pair of profiles loses because both are of one source, in bits.

    sources: per profile those of its records; a profile of several is of none.
    """
    names = sorted(held)
    return _lost(held, names, _numbers(names, sources), left, right)


def _lost(held: Holdings, names: Sequence[str], of: Ints, left: Ints, right: Ints) -> Bits:
    """Return the same. of: per profile the number of its only source among `names`, or -1."""
    bits = np.array([held[name].both if name in held else 0.0 for name in names] + [0.0])
    one = of[left]
    return np.asarray(np.where(one == of[right], bits[one], 0.0))


def _numbers(names: Sequence[str], sources: Sequence[tuple[str, ...]]) -> Ints:
    """Return per profile the number of its only source; that of none, -1, where it has several."""
    numbers = {name: at for at, name in enumerate(names)}
    known = {own: numbers.get(own[0], -1) if len(set(own)) == 1 else -1 for own in set(sources)}
    return np.fromiter(map(known.__getitem__, sources), np.int64, len(sources))


def holdings(
    model: Model, sources: Sequence[tuple[str, ...]], left: Ints, right: Ints, bits: Bits
) -> dict[str, Holding]:
    """Return what each source of a base tells; nothing where matches are as usual within sources.

    Of those whom the records of a source match, some are of it, too; so are some of all profiles.
    The log odds of the one against the other are what holding tells, as far as matches are sure,
    over and over: chances hear what sources tell.
    """
    names = sorted({name for own in sources for name in own if name})
    if len(names) < 2 or not len(left):
        return {}
    near = bits >= model.keep  # no other pair is ever kept
    left, right, bits = left[near], right[near], bits[near]
    of = _numbers(names, sources)
    share = np.bincount(of[of >= 0], minlength=len(names)) / len(of)
    found: dict[str, Holding] = {}
    for _ in range(ROUNDS):
        before = found
        heard = bits + _lost(before, names, of, left, right)
        kept, chance = chances(model, len(sources), left, right, heard)
        again = _shares_again(of[left[kept]], of[right[kept]], chance, share)
        found = _told(names, again, share, belief_in(chance))
        if found == before:
            break
    return {name: each for name, each in found.items() if each.both or each.one}


def _shares_again(one: Ints, other: Ints, chance: Bits, share: Bits) -> Bits:
    """Return per source the share of its records' matches that are of it, too."""
    size = len(share)
    both = (one == other) & (one >= 0)
    inside = 2.0 * np.bincount(one[both], chance[both], size)
    across = np.zeros(size)
    for side in (one, other):
        alone = ~both & (side >= 0)
        across += np.bincount(side[alone], chance[alone], size)
    return np.asarray((inside + SEEN * share) / (inside + across + SEEN))


def _told(names: Sequence[str], again: Bits, share: Bits, belief: float) -> dict[str, Holding]:
    found = {}
    for name, held, usual in zip(names, again.tolist(), share.tolist(), strict=True):
        if 0.0 < usual < 1.0 and held < usual:
            both = belief * float(np.log2(held / usual))
            one = belief * float(np.log2((1.0 - held) / (1.0 - usual)))
            found[name] = Holding(grained(max(both, -MOST)), grained(min(one, MOST_ONE)))
    return found
