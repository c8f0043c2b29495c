"""The tokens of many records at once: made once per distinct value, put together by number.

What `tokens.tokens_of_facets` says of one record holds here, too; a test compares the two.
"""

from collections.abc import Callable, Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from hub.resolution.apart import Apart
from hub.resolution.frame import Ints, Lists, Texts, by_first_use, lists_of, numbering
from hub.resolution.tokens import (
    GRAM,
    LONGEST,
    heard,
    initials_tell,
    letters,
    maker,
    sounds,
)

_ALPHABET = 1 << 16
"""Four letters are one number of 64 bits where so many different ones are enough."""
_Pairs = tuple[Ints, Ints]
"""Lists and items, an entry for each item in a list."""


class _Numbers:
    """Tokens by number, in order of first use."""

    def __init__(self) -> None:
        self.of = numbering()

    def each(self, tokens: Iterable[str]) -> Ints:
        return np.fromiter(map(self.of.__getitem__, tokens), dtype=np.int64)

    def made(
        self, values: Iterable[str], make: Callable[[str, str], Iterable[str]], label: str = ""
    ) -> Lists:
        number = self.of.__getitem__
        return lists_of([list(map(number, make(value, label))) for value in values])


def bags_of(columns: Mapping[str, Texts], names: Mapping[str, Apart], size: int) -> Texts:
    """Return the distinct tokens of each of `size` records, in no order but by number.

    columns: per facet the values of each record. names: those of organisations taken apart.
    """
    numbers = _Numbers()
    found: list[_Pairs] = []
    for facet, texts in columns.items():
        name, _, label = facet.partition(":")
        if name == "name":
            made = _names(names[facet], numbers)
        else:
            made = numbers.made(texts.vocabulary, maker(name), label)
        found.append(_spread(texts.held, made))
    if "email" in columns:
        found.append(_unnamed(columns, numbers, size))
    return _bags(found, list(numbers.of), size)


def _unnamed(columns: Mapping[str, Texts], numbers: _Numbers, size: int) -> _Pairs:
    """Return the letters of the mailboxes of those records that have no name of a company."""
    nameless = np.ones(size, dtype=bool)
    if "name" in columns:
        nameless = np.diff(columns["name"].held.starts) == 0
    mails = columns["email"]
    at = np.flatnonzero(nameless & (np.diff(mails.held.starts) > 0))
    own = mails.held.taken(at)
    used, back = np.unique(own.items, return_inverse=True)
    made = numbers.made([mails.vocabulary[one] for one in used.tolist()], _letters_of)
    lists, items = _spread(Lists(own.starts, back), made)
    return at[lists], items


def _letters_of(mail: str, _label: str) -> Iterable[str]:
    return letters(mail)


def _spread(held: Lists, made: Lists) -> _Pairs:
    """Return the tokens of each record. held: its values; made: the tokens of each value."""
    lengths = made.lengths(held.items)
    return np.repeat(held.owners(), lengths), made.taken(held.items).items


def _bags(found: list[_Pairs], vocabulary: list[str], size: int) -> Texts:
    lists = np.concatenate([np.zeros(0, np.int64), *(each[0] for each in found)])
    items = np.concatenate([np.zeros(0, np.int64), *(each[1] for each in found)])
    order = np.argsort(lists, kind="stable")  # quick: each facet's records ascend already
    starts = np.searchsorted(lists[order], np.arange(size + 1))
    return in_order(by_first_use(Texts(vocabulary, Lists(starts, items[order]))))


def in_order(texts: Texts) -> Texts:
    """Return the same lists with their items ascending, each once."""
    held, width = texts.held, max(1, len(texts.vocabulary))
    packed = np.sort(held.owners() * width + held.items)
    kept = packed[np.diff(packed, prepend=-1) != 0]
    starts = np.searchsorted(kept, np.arange(len(held.starts)) * width)
    return Texts(texts.vocabulary, Lists(starts, kept % width))


# --- names of organisations -----------------------------------------------------------------------


def _names(names: Apart, numbers: _Numbers) -> Lists:
    size = len(names.words.held.starts) - 1
    words = numbers.each(f"w:{word}" for word in names.words.vocabulary)
    told = [word if sounds(word) else "" for word in names.words.vocabulary]
    spoken = numbers.each(f"s:{heard(word)}" for word in told)
    of_word, word = names.words.held.owners(), names.words.held.items
    audible = np.array([bool(each) for each in told], dtype=bool)[word]
    parts = [(of_word, words[word]), (of_word[audible], spoken[word[audible]])]
    whole = [text[:LONGEST] for text in names.whole.vocabulary]
    everyone, one = np.arange(size), names.whole.held.items
    parts.append((everyone, numbers.each(f"j:{text}" for text in whole)[one]))
    parts.append(_spread(names.whole.held, _grams(whole, numbers)))
    short = np.array([initials_tell(text) for text in names.initials.vocabulary], dtype=bool)
    first = numbers.each(f"j:{text}" for text in names.initials.vocabulary)
    at = np.flatnonzero(short[names.initials.held.items])
    parts.append((at, first[names.initials.held.items[at]]))
    lists, items = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = np.argsort(lists, kind="stable")
    return Lists(np.searchsorted(lists[order], np.arange(size + 1)), items[order])


def _grams(texts: list[str], numbers: _Numbers) -> Lists:
    """Return the letters of texts in fours; a shorter text is one piece."""
    if not texts:
        return lists_of([])
    codes, alphabet = _letters(texts)
    if len(alphabet) >= _ALPHABET:
        return numbers.made(texts, _fours)
    width, lengths = max(GRAM, codes.shape[1]), np.array(list(map(len, texts)))
    padded = np.zeros((len(texts), width), dtype=np.uint64)
    padded[:, : codes.shape[1]] = codes
    packed = padded[:, : width - GRAM + 1].copy()
    for at in range(1, GRAM):
        packed |= padded[:, at : width - GRAM + 1 + at] << np.uint64(16 * at)
    places = np.arange(width - GRAM + 1)
    there = (places == 0) | (places + GRAM <= lengths[:, None])
    distinct, items = np.unique(packed[there], return_inverse=True)
    pieces = distinct.view(np.uint16).reshape(-1, GRAM)
    spelt = np.ascontiguousarray(alphabet[pieces]).view(f"<U{GRAM}").ravel().tolist()
    number = numbers.each(f"g:{piece}" for piece in spelt)
    starts = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum(there.sum(axis=1), out=starts[1:])
    return Lists(starts, number[items])


def _letters(texts: list[str]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the letters of texts by number, a row each, and the letters; number 0 is none."""
    spelt = np.array(texts, dtype=f"<U{max(1, max(map(len, texts)))}")
    points = spelt.view(np.uint32).reshape(len(texts), -1)
    used = np.unique(points)
    alphabet = used if used[0] == 0 else np.append(np.uint32(0), used)
    return np.searchsorted(alphabet, points), alphabet


def _fours(text: str, _label: str) -> Iterable[str]:
    return (f"g:{text[at : at + GRAM]}" for at in range(max(1, len(text) - GRAM + 1)))
