"""What numbers and codes in texts tell: Phase 1 is not Phase 2, and XK200 is called so alone."""

import numpy as np
from numpy.typing import NDArray

from hub.resolution.frame import Column, Ints
from hub.resolution.tokens import information

FEW = 7
"""Records that hold a code which names one thing; 1080p is a code, too, but of a hundred things."""
TELLING = 4
"""Bits that such a code tells at least."""
SHORTEST = 4
"""Letters and digits that a code has at least."""
Numbered = dict[str, frozenset[str]]
"""What stands before a number -> the numbers behind it; under "" all numbers of a text."""
Codes = frozenset[str]
Flags = NDArray[np.bool_]


def told(column: Column, prefix: str, a: Ints, b: Ints) -> tuple[Flags, Flags]:
    """Return where two texts name two things of a series, and where they share a rare code.

    prefix: of the tokens of the column's words.
    """
    if "series" not in column.read:
        column.read["series"] = _read(column, prefix)
    found = column.read["series"]
    assert isinstance(found, list)
    answers = [
        _told(found[one], found[other]) for one, other in zip(a.tolist(), b.tolist(), strict=True)
    ]
    apart, same = np.array(answers, dtype=bool).reshape(-1, 2).T
    return apart, same


def _read(column: Column, prefix: str) -> list[tuple[Numbered, Codes] | None]:
    texts = [numbered(value) for value in column.vocabulary]
    every = sorted({word for text in texts for word in text.get("", ()) if is_code(word)})
    tokens = [prefix + word for word in every]
    bits = information(column.counts, tokens)
    few = (column.counts.holders(tokens) <= FEW) & (bits >= TELLING)
    rare = {word for word, own in zip(every, few.tolist(), strict=True) if own}
    return [(text, text[""] & rare) if text else None for text in texts]


def _told(
    one: tuple[Numbered, Codes] | None, other: tuple[Numbered, Codes] | None
) -> tuple[bool, bool]:
    if not one or not other:
        return False, False
    if one[1] and other[1]:
        return one[1].isdisjoint(other[1]), not one[1].isdisjoint(other[1])
    return are_apart(one[0], other[0]), False


def is_code(word: str) -> bool:
    """Return whether a word with digits is a name: letters and digits, or many digits."""
    return len(word) >= SHORTEST and (not word.isdigit() or len(word) > SHORTEST)


def numbered(text: str) -> Numbered:
    """Return the words with digits of a folded text, by the word that each stands behind."""
    found: dict[str, set[str]] = {}
    before = ""
    for word in text.split():
        if not word.isalpha() and any(map(str.isdigit, word)):
            found.setdefault("", set()).add(word)
            if before:
                found.setdefault(before, set()).add(word)
            before = ""
        else:
            before = word
    return {key: frozenset(words) for key, words in found.items()}


def are_apart(one: Numbered, other: Numbered) -> bool:
    """Return whether texts hold numbers, but none in common, or others behind the same word."""
    return any(one[key].isdisjoint(other[key]) for key in one.keys() & other.keys())
