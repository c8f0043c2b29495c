"""Who writes for whom: contacts of organisations held against each other and against mailboxes.

A ticket often knows no more than a person and a mailbox; the customer's account knows the person as
`Schulz, Maria` and the mailbox as `m.schulz@`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import frexp

import numpy as np
from numpy.typing import NDArray

from hub.resolution.comparison import numbered, set_close
from hub.resolution.contact import is_role
from hub.resolution.frame import (
    Column,
    Frame,
    Ints,
    Lists,
    Texts,
    cross,
    texts_of,
    value_information,
)
from hub.resolution.levels import Info, Levels, Outcome, best_of, missing, shared
from hub.resolution.personal import are_nicknames, share_in_population
from hub.resolution.text import fold
from hub.resolution.tokens import contact_words

CONTACT_LEVELS = ("missing", "different", "alike", "same")
DIFFERENT, ALIKE, SAME = range(1, 4)
WRITER_LEVELS = ("missing", "strange", "part", "named")
STRANGE, PART, NAMED = range(1, 4)
SLIPS = 0.8
"""Share of letters without an edit from which two names are one, misspelt."""
SHORTEST = 3
"""Letters of a name that a mailbox, or a word that two names share, has at least."""
_LETTERS = re.compile(r"[a-z]+")


def contacts(column: Column, a: Ints, b: Ints) -> tuple[Levels, Info]:
    """Different, alike (a slip, an initial, a nickname, the family name alone), the same words."""
    number, texts = numbered(column, "words", contact_words)
    x, y = number[a], number[b]
    levels = np.where(x == y, SAME, DIFFERENT).astype(np.int8)
    named = np.array([*texts, ""], dtype=object)
    set_close(levels, ALIKE, named, x, y, among=x != y, limit=SLIPS)
    rest = np.flatnonzero(levels == DIFFERENT)
    rest = rest[_sharing(_words(column, texts), x[rest], y[rest])]
    levels[rest] = [
        ALIKE if are_kin(*each) else DIFFERENT
        for each in zip(named[x[rest]], named[y[rest]], strict=True)
    ]
    told = value_information(column, "cp:", texts)[x]
    return levels, np.where(levels == SAME, told, 0).astype(np.int16)


def _words(column: Column, texts: list[str]) -> Texts:
    """Return the words of each text of a column, once."""
    found = column.read.get("each word")
    if found is None:
        found = column.read["each word"] = texts_of(map(long_words, texts))
    assert isinstance(found, Texts)
    return found


def _sharing(words: Texts, x: Ints, y: Ints) -> Ints:
    """Return which pairs of texts have a word in common."""
    rows, at, other = cross(words.held, x, words.held, y)
    same = words.held.items[at] == words.held.items[other]
    return np.unique(rows[same])


def long_words(text: str) -> list[str]:
    """Return the words of a name that are more than an initial."""
    return [word for word in text.split() if len(word) >= SHORTEST]


@lru_cache(maxsize=1 << 16)
def are_kin(one: str, other: str) -> bool:
    """Return whether two names (sorted words) share one and gainsay each other in none.

    Initials and nicknames stand for a name: `m schulz`, `maria schulz`, `schulz`.
    """
    sides = sorted(set(one.split())), sorted(set(other.split()))
    few, many = sorted(sides, key=lambda words: (len(words), words))
    shared = set(few) & set(many)
    if not any(len(word) >= SHORTEST for word in shared):
        return False
    rest = [word for word in many if word not in shared]
    return all(any(_stands_for(word, each) for each in rest) for word in few if word not in shared)


def _stands_for(one: str, other: str) -> bool:
    return one[0] == other[0] if 1 in (len(one), len(other)) else are_nicknames(one, other)


def compare(frame: Frame, left: Ints, right: Ints) -> Outcome:
    """Return whether a mailbox of one side is that of a contact of the other, better way round.

    Strange: it is somebody else's; part: one name of the contact is in it; named: it is made of
    given and family name, or an initial. Mailboxes of a job say nothing, nor does any where they
    have a contact and a mailbox in common.
    """
    contact, email = frame.columns.get("contact"), frame.columns.get("email")
    if contact is None or email is None:
        return missing(len(left))
    ways = [_one_way(contact, email, one, other) for one, other in ((left, right), (right, left))]
    first, second = [each.levels.astype(np.int64) << 16 | each.info for each in ways]
    best = np.maximum(first, second)
    best[shared(email, left, right) & shared(contact, left, right)] = 0
    return Outcome((best >> 16).astype(np.int8), (best & 0xFFFF).astype(np.int16))


def _one_way(contact: Column, email: Column, named: Ints, having: Ints) -> Outcome:
    read = _spelt(contact, email)
    rows, x, y = cross(contact.held, named, email.held, having)
    own = np.flatnonzero(np.diff(read.boxes[NAMED].starts)[email.held.items[y]])
    if not len(own):
        return missing(len(named))
    rows, who, box = rows[own], contact.held.items[x[own]], email.held.items[y[own]]
    levels = np.full(len(rows), STRANGE, dtype=np.int8)
    for level in (PART, NAMED):
        names, boxes = read.names[level], read.boxes[level]
        at, one, other = cross(names, who, boxes, box)
        levels[at[names.items[one] == boxes.items[other]]] = level
    return best_of(len(named), rows, levels, np.where(levels > STRANGE, read.rarity[who], 0))


@dataclass(frozen=True, slots=True)
class _Spelt:
    """By level what mailboxes are made of, and what each contact's may be; numbers of texts."""

    boxes: Mapping[int, Lists]
    names: Mapping[int, Lists]
    rarity: NDArray[np.int16]


def _spelt(contact: Column, email: Column) -> _Spelt:
    """Return the mailboxes and contacts of two columns taken apart, once."""
    found = contact.read.get("mailboxes")
    if found is None:
        boxes, names = map(mailbox_of, email.vocabulary), map(mailboxes_of, contact.vocabulary)
        sides = [list(boxes), list(names)]
        texts = texts_of([each[at] for at in range(2) for side in sides for each in side])
        size, most = len(sides[0]), len(sides[0]) + len(sides[1])
        parts = [
            texts.held.taken(np.arange(*each))
            for each in pairwise((0, size, most, size + most, 2 * most))
        ]
        rarity = np.array([rarity_of(value) for value in contact.vocabulary], dtype=np.int16)
        found = _Spelt({NAMED: parts[0], PART: parts[2]}, {NAMED: parts[1], PART: parts[3]}, rarity)
        contact.read["mailboxes"] = found
    assert isinstance(found, _Spelt)
    return found


Spellings = tuple[tuple[str, ...], tuple[str, ...]]
"""What a mailbox is as a whole, and parts of it; empty for that of a job."""


@lru_cache(maxsize=1 << 16)
def mailbox_of(address: str) -> Spellings:
    """Return the letters of a mailbox, and its parts: `m.schulz@` is `mschulz` and `schulz`."""
    found = _LETTERS.findall(fold(address.partition("@")[0]))
    whole = "".join(found)
    if is_role(address) or len(whole) < SHORTEST:
        return (), ()
    parts = found if len(found) > 1 else [whole, whole[1:]]
    return (whole,), tuple(part for part in parts if len(part) >= SHORTEST)


@lru_cache(maxsize=1 << 16)
def mailboxes_of(contact: str) -> Spellings:
    """Return the mailboxes that a contact (`given|family`) may have, and names that may be in one.

    Which of the names is the family's is not always told right: either may come first.
    """
    given, _, family = contact.partition("|")
    names = [name.replace(" ", "") for name in (given.partition(" ")[0], family) if name]
    parts = tuple(name for name in names if len(name) >= SHORTEST)
    if len(names) < 2:
        return (), parts
    one, other = names
    made = [
        one + other,
        other + one,
        one[0] + other,
        other + one[0],
        one + other[0],
        other[0] + one,
    ]
    return tuple(dict.fromkeys(made)), parts


@lru_cache(maxsize=1 << 16)
def rarity_of(contact: str) -> int:
    """Return the bits that the rarest word of a contact's name tells, whichever name it is."""
    return max((_rarity(word) for word in contact_words(contact).split()), default=0)


def _rarity(word: str) -> int:
    return min(1 - frexp(share_in_population(part, word))[1] for part in ("given", "family"))


def written(contact: str, address: str) -> tuple[int, int]:
    """Return level and information of one contact and one mailbox; (0, 0) for that of a job."""
    boxes, names = mailbox_of(address), mailboxes_of(contact)
    if not boxes[0]:
        return 0, 0
    if not set(boxes[0]).isdisjoint(names[0]):
        return NAMED, rarity_of(contact)
    return (STRANGE, 0) if set(boxes[1]).isdisjoint(names[1]) else (PART, rarity_of(contact))
