"""Marks of identifiers: what is kept of a person who was erased, and tells nobody who it was.

A mark is HMAC-SHA256 of a normalised identifier, cut to 128 bits. Without the key nobody can try
whether an address is among them.
"""

import hmac
import re
import unicodedata
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from hub.model.erasure import What
from mapping.normalize.email import email_address, untagged
from mapping.normalize.phone import dialled

MARK_CHARS = 32
NAME_WORDS = range(2, 5)
"""So many words in a row may be a name: one alone is too many people's."""
DIGITS = range(7, 16)

_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
# A date begins as many numbers do, and stands in every record.
_NUMBER = re.compile(r"(?<![\w.-])(?!\d{4}-\d\d-\d\d)[+(]?\d[\d\s()/.–-]{5,28}\d(?!\w)")
_BESIDE = re.compile(r"\s+/\s*|\s{2,}|\s+(?=\+)")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)")
_TRUNK = re.compile(r"\(0\)")
_GAP = re.compile(r"[\s,.]{1,3}")
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class Found(NamedTuple):
    """An identifier in a text: where it stands, and its mark."""

    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class Marker:
    """Makes marks with a key of 32 bytes."""

    key: bytes

    def record(self, connection: str, stream: str, key: str) -> str:
        """Return the mark of a source's record."""
        return self._mark("record", connection, stream, key)

    def address(self, email: str) -> str:
        """Return the mark of a normalised address; with a tag (max+shop@) it is the same one."""
        return self._mark("email", untagged(email))

    def numbers(self, phone: str) -> list[str]:
        """Return the marks of a normalised telephone number, in every way to write it."""
        return [self._mark("phone", digits) for digits in dialled(phone)]

    def names(self, name: str) -> list[str]:
        """Return the marks of a full name: as spoken, family name first, first and last alone."""
        words = _words(name)
        if len(words) < NAME_WORDS.start:
            return []
        forms = {tuple(words), (words[-1], *words[:-1]), (words[0], words[-1])}
        return [self._mark("name", *form) for form in sorted(forms) if len(form) < NAME_WORDS.stop]

    def strong(self, json: str) -> set[str]:
        """Return the marks of all addresses and telephone numbers in a JSON text."""
        plain = _ESCAPED.sub(_unescaped, json) if "\\" in json else json
        return {one.mark for one in self.strong_in(plain)}

    def strong_in(self, text: str) -> Iterator[Found]:
        """Find addresses and telephone numbers in a text."""
        if "@" in text:
            for found in _ADDRESS.finditer(text):
                address = email_address(found[0].rstrip("."))
                if address is not None:
                    yield Found(found.start(), found.end(), self.address(address))
        for found in _NUMBER.finditer(text):
            for start, end in _pieces(found[0]):
                at = found.start()
                digits = _digits(text[at + start : at + end])
                if len(digits) in DIGITS:
                    yield Found(at + start, at + end, self._mark("phone", digits))

    def names_in(self, text: str) -> Iterator[Found]:
        """Find what may be names in a text: two to four words in a row, the longest first."""
        words = list(_WORD.finditer(text))
        folded = [_fold(word[0]) for word in words]
        gaps = pairwise(words)
        beside = [bool(_GAP.fullmatch(text[one.end() : two.start()])) for one, two in gaps]
        for size in reversed(NAME_WORDS):
            for at in range(len(words) - size + 1):
                if not all(beside[at : at + size - 1]):
                    continue
                mark = self._mark("name", *folded[at : at + size])
                yield Found(words[at].start(), words[at + size - 1].end(), mark)

    def _mark(self, what: What, *said: str) -> str:
        text = "\0".join((what, *said)).encode("utf-8", "surrogatepass")
        return hmac.digest(self.key, text, "sha256").hex()[:MARK_CHARS]


def without(text: str, found: Iterable[Found], known: Set[str], instead: str) -> str:
    """Return a text with `instead` where a known mark was found."""
    pieces, at = [], 0
    for start, end in sorted((one.start, one.end) for one in found if one.mark in known):
        if start >= at:
            pieces += [text[at:start], instead]
        at = max(at, end)
    return "".join((*pieces, text[at:]))


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the parts of digits written in a row that may each be a number, and the whole."""
    yield 0, len(text)
    gaps = [gap.span() for gap in _BESIDE.finditer(text)]
    if gaps:
        starts, ends = zip(*gaps, strict=True)
        yield from zip((0, *ends), (*starts, len(text)), strict=True)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, _TRUNK.sub("", text))).lstrip("0")


def _words(name: str) -> list[str]:
    return [_fold(word) for word in _WORD.findall(name)]


def _unescaped(found: re.Match[str]) -> str:
    """Return the character that an escape of JSON stands for; a blank where it is none of a word:
    sources written in ASCII hide an ü and an @ so."""
    character = chr(int(found[1], 16)) if found[1] else " "
    return character if character.isprintable() else " "


def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
