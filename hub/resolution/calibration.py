"""What sources tell of how sure bits are: only chance brings two records of one source together.

Where departments keep order, matches are seldom within one of them; what resembles each other by
chance is as often within one as any two records are. So among pairs of some bits the share that is
within one source tells how many of them are matches, though nobody has said of any pair what it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hub.resolution.frame import Ints
from hub.resolution.masks import Bits
from hub.resolution.model import Model, grained

SURE = 5.0
"""Bits from which pairs tell how often matches are within one source."""
HOPELESS = -16.0
"""Bits below which a pair is a match in no base."""
POOR = -10.0
"""Bits up to which pairs tell how often chance brings two of one source together."""
ENOUGH = 200
"""Such pairs without which nothing is said."""
FEWEST = 100
"""Sure pairs without which nothing is said."""
ORDERLY = 0.02
"""Share of sure pairs that are within one source up to which sources hold a thing once."""
SHARES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
"""Such shares that are held against the pairs where none is sure."""
USUAL_SHARE = 0.05
NEARLY = 0.1
"""Share up to which sources are orderly enough to be heard then."""
LEAST, MOST = -2.0, 4.0
"""Bits by which the prior may move."""
USUAL = 2.0
"""Bits by which a shipped prior is usually wrong."""
STEP = 0.25
MOST_SOURCES = 62


def source_shift(
    model: Model, sources: Sequence[Sequence[str]], left: Ints, right: Ints, bits: Bits
) -> float:
    """Return by how many bits the prior has to move for sources to be met as often as they are.

    sources: per profile those of its records. The likeliest shift, where a shift of USUAL bits is
    no surprise. How often matches are within one source, sure pairs tell; where too few are sure,
    the likeliest share with the likeliest shift, and the prior is only raised. 0 where a base has
    one source, holds things twice in a source, or has few pairs.
    """
    told, inside = pairs_within(sources, left, right)
    told &= bits >= HOPELESS
    inside, bits = inside[told], bits[told]
    sure, poor = inside[bits >= SURE], inside[bits < POOR]
    if not model.density or len(poor) < ENOUGH:
        return 0.0
    by_chance = float(poor.mean())
    if not 0.0 < by_chance < 1.0:
        return 0.0
    if len(sure) < FEWEST:
        return _unsure(bits, inside, by_chance)
    of_matches = (np.count_nonzero(sure) + by_chance) / (len(sure) + 1.0)
    if of_matches > ORDERLY:
        return 0.0
    return _likeliest(bits, inside, of_matches, by_chance)[1]


def pairs_within(
    sources: Sequence[Sequence[str]], left: Ints, right: Ints
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return of which pairs the sources of both sides are told, and which are within one of them.

    sources: per profile those of its records.
    """
    of = _masks(sources)
    return (of[left] > 0) & (of[right] > 0), (of[left] & of[right]) > 0


def _unsure(bits: Bits, inside: NDArray[np.bool_], by_chance: float) -> float:
    """Return the shift where no sure pairs tell how often matches are within one source."""
    told = [(share, *_likeliest(bits, inside, share, by_chance)) for share in SHARES]
    of_matches, _, shift = max(told, key=lambda each: each[1] - (each[0] / USUAL_SHARE) ** 2 / 2.0)
    return max(shift, 0.0) if of_matches <= min(NEARLY, by_chance / 2.0) else 0.0


def _likeliest(
    bits: Bits, inside: NDArray[np.bool_], of_matches: float, by_chance: float
) -> tuple[float, float]:
    """Return the likelihood (its logarithm) of the likeliest shift, and that shift."""
    shifts = np.arange(LEAST, MOST + STEP, STEP)
    likely = [_likelihood(bits + shift, inside, of_matches, by_chance) for shift in shifts]
    weighed = np.array(likely) - (shifts / USUAL) ** 2 / 2.0
    best = np.argmax(weighed)
    return float(weighed[best]), grained(float(shifts[best]))


def _masks(sources: Sequence[Sequence[str]]) -> Ints:
    """Return per profile a bit for each source that has a record of it; 0 of too many sources."""
    names = sorted({name for own in sources for name in own if name})
    numbers = {name: 1 << at for at, name in enumerate(names)}
    if len(names) not in range(2, MOST_SOURCES + 1):
        return np.zeros(len(sources), dtype=np.int64)
    masks = [sum({numbers[name] for name in own if name}) for own in sources]
    return np.array(masks, dtype=np.int64)


def _likelihood(
    bits: Bits, inside: NDArray[np.bool_], of_matches: float, by_chance: float
) -> float:
    chance = 1.0 / (1.0 + np.exp2(-np.clip(bits, -40.0, 40.0)))
    within = chance * of_matches + (1.0 - chance) * by_chance
    return float(np.sum(np.log(np.where(inside, within, 1.0 - within))))
