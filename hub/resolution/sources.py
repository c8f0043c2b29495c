"""What it tells that two records are of one source: most sources hold a thing once.

A department that keeps its customers in order holds each of them once, so two of its records
that resemble each other are sisters or namesakes more often than two of different departments
are. How orderly a file's sources are shows in the file itself.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.adaptation import ROUNDS, belief_in, chances
from hub.resolution.frame import Ints
from hub.resolution.model import Model, grained
from hub.resolution.scoring import Bits

SEEN = 20.0
"""As how many matches, spread over all pairs alike, counts that sources are not looked at."""
MOST = 4.0
"""Bits that being of one source may take off."""


def same_source(sources: Sequence[str], left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Return which pairs are of one source. sources: per profile, "" where it has several."""
    numbers = {name: at for at, name in enumerate(sorted(set(sources)))}
    of = np.array([numbers[name] if name else -1 for name in sources], dtype=np.int64)
    return np.asarray((of[left] == of[right]) & (of[left] >= 0))


def share_within(sources: Sequence[str]) -> float:
    """Return which share of all pairs of profiles is of one source; 1 for a single source."""
    known = [name for name in sources if name]
    _, held = np.unique(np.array(known, dtype=object).astype(str), return_counts=True)
    whole = max(len(sources), 1) ** 2
    return float(held.astype(np.float64) @ held) / whole


def source_shift(
    model: Model, sources: Sequence[str], left: Ints, right: Ints, bits: Bits
) -> float:
    """Return the bits, 0 or less, by which pairs of one source are judged more strictly.

    They are the log odds of a match being within a source, less those of any pair, as far as
    matches are sure, over and over. Where there is but one source, or matches are as usual within
    sources as across, nothing changes. That a source is full of doublets never speaks for a match.
    """
    share = share_within(sources)
    if not 0.0 < share < 1.0 or not len(left):
        return 0.0
    near = bits >= model.keep  # no other pair is ever kept
    left, right, bits = left[near], right[near], bits[near]
    same = same_source(sources, left, right)
    usual = np.log2(share / (1.0 - share))
    shift = 0.0
    for _ in range(ROUNDS):
        before = shift
        kept, chance = chances(model, len(sources), left, right, bits + np.where(same, shift, 0.0))
        within = float(chance[same[kept]].sum())
        across = float(chance[~same[kept]].sum())
        odds = np.log2((within + SEEN * share) / (across + SEEN * (1.0 - share)))
        shift = grained(float(np.clip(belief_in(chance) * (odds - usual), -MOST, 0.0)))
        if shift == before:
            break
    return shift
