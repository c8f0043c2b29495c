"""Names of two organisations held against each other, one pair at a time: see `single`."""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from hub.resolution import beyond as rest
from hub.resolution import sites
from hub.resolution.align import GIVEN as GIVEN_KIND
from hub.resolution.align import KIND_OF, KINDS, NEAR, SLIPS, TELLING, TRADE, TRADE_BITS
from hub.resolution.company import CompanyName, company_name
from hub.resolution.letters import SLACK
from hub.resolution.names import (
    ALIKE,
    CLOSE,
    CONFLICT,
    CONTAINED,
    DISJOINT,
    INITIALS,
    KIN,
    OVERLAP,
    SAID_FOR,
    SAME,
    SIMILAR,
)
from hub.resolution.names import TELLING as ENOUGH
from hub.resolution.single import Told, packed

MOST = 60
_NO_DIGIT = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Named:
    """A name taken apart. info and kind: of each of its words."""

    name: CompanyName
    info: tuple[int, ...]
    kind: tuple[int, ...]


def named(text: str, told: Told) -> Named:
    """Return a name taken apart, with what its words tell."""
    name = company_name(text)
    kind = tuple([KIND_OF.get(word, TELLING) for word in name.words])
    info = [
        min(told(f"w:{word}"), TRADE_BITS if what == TRADE else MOST, 1 if len(word) < 2 else MOST)
        for word, what in zip(name.words, kind, strict=True)
    ]
    return Named(name, tuple(info), kind)


def names(one: Named, other: Named) -> tuple[int, int, int]:
    """Return how names compare as a whole, in what is beyond the shared words, in trades."""
    best, best_back = _likeness(one.name.words, other.name.words)
    shared, left = _side(one, best)
    shared_back, right = _side(other, best_back)
    level, told = _judged(one, other, min(shared, shared_back), sum(left), sum(right))
    alike = level >= CLOSE
    return (
        packed(level, int(min(told, MOST))),
        _beyond(left, right, alike=alike),
        _trades(left[TRADE], right[TRADE], alike=alike),
    )


def _side(side: Named, best: tuple[float, ...]) -> tuple[float, list[float]]:
    """Return the information of one side's words that is found, and by kind that is not."""
    found, lost = 0.0, [0.0] * KINDS
    for told, kind, like in zip(side.info, side.kind, best, strict=False):
        found += told * like
        lost[kind] += told * (1.0 - like)
    return found, lost


@lru_cache(maxsize=1 << 14)
def _likeness(
    one: tuple[str, ...], other: tuple[str, ...]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return for each word its best likeness on the other side; () where one side has none."""
    if not one or not other:
        return (), ()
    every = [[_like(x, y) for y in other] for x in one]
    return tuple(map(max, every)), tuple(map(max, zip(*every, strict=True)))


@lru_cache(maxsize=1 << 17)
def _like(one: str, other: str) -> float:
    """Return what it is worth that a word of one name stands for a word of the other."""
    if one == other:
        return 1.0
    if _numbered_apart(one, other):
        return 0.0
    if (
        JaroWinkler.normalized_similarity(one, other, score_cutoff=NEAR - SLACK) >= NEAR
        or OSA.normalized_similarity(one, other, score_cutoff=SLIPS - SLACK) >= SLIPS
    ):
        return 0.75
    short, long = (one, other) if len(one) < len(other) else (other, one)
    begins = long.startswith(short)
    if len(short) < 3:
        return 0.5 if len(short) == 1 and begins else 0.0
    return 0.75 if begins else 0.5 if long.endswith(short) else 0.0


def _judged(
    one: Named, other: Named, shared: float, left: float, right: float
) -> tuple[int, float]:
    """Return the level of two names as a whole and what it tells."""
    a, b = one.name.joined, other.name.joined
    if a == b:
        return SAME, max(shared, sum(one.info))
    ratio = _share(a, b)
    level = _by_words(shared, min(left, right), max(left, right), ratio)
    if ratio >= 0.93 and max(left, right) < 2 * ENOUGH:
        level = CLOSE
    if ratio >= ALIKE and _numbered_apart(a, b):
        level = CONFLICT
    if level == DISJOINT and (_spells(one.name, b) or _spells(other.name, a)):
        level = INITIALS
    return level, max(shared, sum(one.info)) if level == CLOSE else shared


def _by_words(shared: float, least: float, most: float, ratio: float) -> int:
    if shared < 2.0:
        return SIMILAR if ratio >= ALIKE else DISJOINT
    if most <= 1.0:
        return CLOSE
    if least <= 1.0:
        return CONTAINED
    if least < ENOUGH:
        return SIMILAR
    return OVERLAP if ratio >= ALIKE or shared >= 2.5 * least else CONFLICT


@lru_cache(maxsize=1 << 15)
def _share(one: str, other: str) -> float:
    return float(Indel.normalized_similarity(one, other, score_cutoff=ALIKE - SLACK))


def _numbered_apart(one: str, other: str) -> bool:
    a, b = _NO_DIGIT.sub("", one), _NO_DIGIT.sub("", other)
    return bool(a and b) and a != b


def _spells(name: CompanyName, joined: str) -> bool:
    return len(name.initials) > 2 and name.initials == joined


def _beyond(left: list[float], right: list[float], *, alike: bool) -> int:
    whole = left[TELLING] + left[GIVEN_KIND], right[TELLING] + right[GIVEN_KIND]
    least, most = min(whole), max(whole)
    if alike:
        return _NOTHING_BEYOND
    if least >= rest.LEAST:
        return packed(rest.APART, int(min(least, MOST)))
    if max(left[TELLING], right[TELLING]) >= rest.LEAST:
        return packed(rest.MORE, int(min(most, MOST)))
    if max(left[GIVEN_KIND], right[GIVEN_KIND]) >= rest.LEAST:
        return packed(rest.GIVEN_NAME, int(min(most, MOST)))
    return _NOTHING_BEYOND


def _trades(left: float, right: float, *, alike: bool) -> int:
    if alike or max(left, right) < rest.LEAST_TRADE:
        return _NO_TRADE
    return packed(rest.APART if min(left, right) >= rest.LEAST_TRADE else rest.MORE)


_NOTHING_BEYOND = packed(len(rest.BEYOND_LEVELS) - 1)
_NO_TRADE = packed(len(rest.TRADE_LEVELS) - 1)


def form(one: Named, other: Named) -> int:
    """Return `names.legal_forms` of two names."""
    a, b = one.name.form, other.name.form
    if not a or not b or (a != b and SAID_FOR.get(a, a) == SAID_FOR.get(b, b)):
        return 0
    return packed(3 if a == b else 2 if KIN.get(a, a) == KIN.get(b, b) else 1)


def site(domain: str, name: Named) -> int:
    """Return what a domain says of a name that is not its own: see `sites.compare`."""
    parts = sites.parts_of(domain)
    whole = "".join(parts)
    ends = (*parts, whole) if len(parts) > 1 else tuple(parts)
    told = spelt = trades = 0
    for word, info, kind in zip(name.name.words, name.info, name.kind, strict=True):
        if len(word) < sites.SHORTEST or word not in whole:  # at no end, then
            continue
        if any(end.startswith(word) or end.endswith(word) for end in ends):
            told, spelt, trades = told + info, spelt + len(word), trades + (kind == TRADE)
    if told < sites.TELLING:
        return packed(sites.STRANGE)
    told = min(told, MOST)
    if len(whole) - spelt <= sites.SPARE:
        return packed(sites.NAMED, told)
    return packed(sites.APART if TRADE in name.kind and not trades else sites.PART, told)
