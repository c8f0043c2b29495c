"""Whether one record's domain spells the other one's name, where the two share no domain.

Half of what departments hold has a mailbox and half has not: `weber-logistik.de` says that it is
not Weber Immobilien who is meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hub.resolution.align import TRADE, Words
from hub.resolution.frame import Column, Frame, Ints, cross, entries_at, lists_of
from hub.resolution.levels import Outcome, best_of, missing, shared
from hub.resolution.names import company_words
from hub.resolution.text import fold

SITE_LEVELS = ("missing", "strange", "apart", "part", "named")
STRANGE, APART, PART, NAMED = range(1, 5)
TELLING = 2.0
"""Bits that the words of a name found in a domain tell at least."""
SPARE = 2
"""Letters of a domain that need no word: `weber24.de` is Weber's."""
SHORTEST = 3
LONGEST = 40
"""Letters of a domain that are looked at."""
_FILLING = frozenset(("gmbh", "kg", "ag", "ug", "ohg", "gbr", "ev", "eg", "und", "co", "www"))


@dataclass(slots=True)
class _Hosts:
    """Per domain how many letters it has, and which words of names it holds at an end of a part.

    held: a sparse matrix, a row per domain and a column per word.
    """

    letters: Ints
    held: Any


def compare(frame: Frame, left: Ints, right: Ints) -> Outcome:
    """Return what the domain of one side says of the name of the other, the better way round.

    Strange: none of its words; apart: a word, but none of the trades that the name states, and more
    besides; part: a word, and the domain has more to say; named: nothing but what the name says.
    """
    domain, name = frame.columns.get("domain"), frame.columns.get("name")
    if domain is None or name is None:
        return missing(len(left))
    apart = np.flatnonzero(~shared(domain, left, right))
    one, other = left[apart], right[apart]
    first, second = _one_way(domain, name, one, other), _one_way(domain, name, other, one)
    better = (first.levels > second.levels) | (
        (first.levels == second.levels) & (first.info > second.info)
    )
    found = missing(len(left))
    found.levels[apart] = np.where(better, first.levels, second.levels)
    found.info[apart] = np.where(better, first.info, second.info)
    return found


def _one_way(domain: Column, name: Column, having: Ints, named: Ints) -> Outcome:
    """Return the levels of the domains of one side and the names of the other."""
    rows, x, y = cross(domain.held, having, name.held, named)
    if not len(rows):
        return missing(len(having))
    levels, info = _levels(
        _hosts(domain, name), company_words(name), domain.held.items[x], name.held.items[y]
    )
    return best_of(len(having), rows, levels, info)


def _levels(
    hosts: _Hosts, words: Words, host: Ints, text: Ints
) -> tuple[NDArray[np.int8], NDArray[np.int16]]:
    size = len(host)
    at = np.repeat(np.arange(size), words.lists.lengths(text))
    word = words.lists.taken(text).items
    met = np.flatnonzero(entries_at(hosts.held, host[at], word))
    at, word = at[met], word[met]
    told = np.bincount(at, words.info[word], size)
    spelt = np.bincount(at, words.letters.length[word], size)
    trades = np.bincount(at, words.kind[word] == TRADE, size)
    spare = hosts.letters[host] - spelt
    levels = np.full(size, PART, dtype=np.int8)
    levels[_states_trade(words)[text] & (trades == 0)] = APART
    levels[spare <= SPARE] = NAMED
    levels[told < TELLING] = STRANGE
    return levels, np.where(levels > STRANGE, np.minimum(told, 60), 0).astype(np.int16)


def _states_trade(words: Words) -> NDArray[np.bool_]:
    """Return which names state a trade."""
    trade = words.kind[words.lists.items] == TRADE
    before = np.append(0, np.cumsum(trade))
    starts = words.lists.starts
    return np.asarray(before[starts[1:]] > before[starts[:-1]])


def _hosts(domain: Column, name: Column) -> _Hosts:
    """Return the domains of a column read for the words of names, once."""
    found = domain.read.get("hosts")
    if found is None:
        number = {word: at for at, word in enumerate(company_words(name).texts[:-1].tolist())}
        read = [parts_of(value) for value in domain.vocabulary]
        letters = np.array([sum(map(len, parts)) for parts in read], dtype=np.int64)
        ends = lists_of([_at_ends(parts, number) for parts in read])
        shape = len(read), max(1, len(number))
        met = np.ones(len(ends.items), dtype=bool)
        held = sparse.csr_array((met, ends.items, ends.starts), shape=shape)
        found = domain.read["hosts"] = _Hosts(letters, held)
    assert isinstance(found, _Hosts)
    return found


def _at_ends(parts: list[str], number: Mapping[str, int]) -> list[int]:
    """Return the numbers of the words with which a part, or all in one, begins or ends."""
    found = set()
    for part in (*parts, "".join(parts)) if len(parts) > 1 else parts:
        size = len(part)
        ends = [part[:at] for at in range(SHORTEST, size + 1)]
        ends += [part[at:] for at in range(1, size - SHORTEST + 1)]
        found.update([number[end] for end in ends if end in number])
    return sorted(found)


@lru_cache(maxsize=100_000)
def parts_of(domain: str) -> list[str]:
    """Return the folded words of a domain between hyphens, filling and endings left out."""
    plain = fold(domain[:LONGEST].partition(".")[0])
    return [part for part in plain.split("-") if part and part not in _FILLING]
