"""Folds text for finding: the words, number and letter pieces that search indexes and asks for."""

import re
import unicodedata

MAX_TEXT = 400
"""Characters of a text that are indexed or asked for; the rest of a longer one counts nothing."""
MAX_WORD = 40
MAX_WORDS = 24

_WORD = re.compile(r"[^\W_]+")
_CHAIN = re.compile(r"[^\W_]+(?:[-/._][^\W_]+)+")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "œ": "o"})
_SPELT_OUT = re.compile(r"([aou])e")


def fold(text: str) -> str:
    """Return `text` so that Müller, Mueller, MULLER and Muller are one, at most MAX_TEXT long."""
    text = unicodedata.normalize("NFKC", text[:MAX_TEXT]).casefold()[:MAX_TEXT]
    text = _SPELT_OUT.sub(r"\1", text.translate(_UMLAUTS))
    if text.isascii():
        return text
    pieces = unicodedata.normalize("NFKD", text)
    return "".join(piece for piece in pieces if not unicodedata.combining(piece))


def words(text: str) -> list[str]:
    """Return the distinct words of a folded text in order, and `ab202417` for `ab-2024-17`."""
    found = dict.fromkeys(word[:MAX_WORD] for word in _WORD.findall(text))
    for chain in _CHAIN.findall(text):
        joined = "".join(_WORD.findall(chain))
        if any(letter.isdigit() for letter in joined):
            found[joined[:MAX_WORD]] = None
    return list(found)[:MAX_WORDS]


_IN_GROUPS = re.compile(r"[a-z]{0,4}\d{6,}")
"""A number, of a paper, a telephone or for taxes, once what is between its groups is left out."""
COUNTRY_CODE = 3
SHORTEST_NUMBER = 5


def readings(text: str) -> list[str]:
    """Return the ways to read what is asked for, folded: as it stands; digits in groups as one
    number, `de 811 569 869`; and of a telephone number what is left without the zeros or a
    country's code before it, as numbers are indexed."""
    joined = "".join(_WORD.findall(text))
    if not _IN_GROUPS.fullmatch(joined):
        return [text]
    found = dict.fromkeys([text, joined])
    abroad = text.lstrip(" (").startswith("+") or joined.startswith("00")
    if abroad and joined.isdigit():
        rest = joined.lstrip("0")
        found |= dict.fromkeys(rest[at:].lstrip("0") for at in range(1, COUNTRY_CODE + 1))
    elif joined.startswith("0"):
        found[joined.lstrip("0")] = None
    return [text, *(one for one in found if one != text and len(one) >= SHORTEST_NUMBER)]


def grams(word: str) -> set[str]:
    """Return the letter triples of a word, its two ends marked."""
    padded = f"  {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def likeness(left: set[str], right: set[str]) -> float:
    """Return the share of pieces two sets have in common, 0 to 1. Source: Dice 1945."""
    if not left or not right:
        return 0.0
    return 2 * len(left & right) / (len(left) + len(right))


def contained(asked: set[str], there: set[str]) -> float:
    """Return the share of the asked pieces that are there, from 0 to 1."""
    return len(asked & there) / len(asked) if asked else 0.0


def text_grams(text: str) -> set[str]:
    """Return the letter triples of all words of a folded text."""
    return set().union(*(grams(word) for word in _WORD.findall(text))) if text else set()
