"""Text brought to the form in which spellings meet: folded letters, words, sounds."""

import re
import unicodedata
from functools import lru_cache

LONGEST = 400
"""Characters of a value that are read; what follows says nothing about identity."""

_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "þ": "th"})
_SPECIAL.update(str.maketrans({"&": " und ", "+": " und ", "’": "'", "´": "'", "`": "'"}))
_DIGRAPH = re.compile(r"(?<![aeq])([aou])e")
_WORD = re.compile(r"\w+(?:'\w+)?")


def fold(text: str) -> str:
    """Return lower-case text without marks; an umlaut meets its spellings: ü = ue = u."""
    folded = _plain(text[:LONGEST])
    if not folded.isascii() or "&" in folded or "+" in folded or "`" in folded:
        folded = folded.translate(_SPECIAL)
    if "ae" in folded or "oe" in folded or "ue" in folded:
        return _DIGRAPH.sub(r"\1", folded)
    return folded


def _plain(text: str) -> str:
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    # What NFKD makes of umlauts; few texts hold any other mark.
    lowered = lowered.replace("ä", "a").replace("ö", "o").replace("ü", "u")
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # Mathematical and full-width letters only become capitals here; few texts hold any.
    return plain if plain == plain.casefold() else _plain(plain)


def words(folded: str) -> list[str]:
    """Return the words of a folded text in order, apostrophes dropped."""
    found: list[str] = _WORD.findall(folded)
    if "'" in folded or "_" in folded:
        plain = (word.replace("'", "").replace("_", "") for word in found)
        return [word for word in plain if word]
    return found


def squeeze(text: str) -> str:
    """Return the folded letters and digits of a text, nothing else."""
    folded = fold(text)
    return folded if folded.isalnum() else "".join(filter(str.isalnum, folded))


_CODES = {
    **dict.fromkeys("aeijouy", "0"),
    **dict.fromkeys("bp", "1"),
    **dict.fromkeys("dt", "2"),
    **dict.fromkeys("fvw", "3"),
    **dict.fromkeys("gkqc", "4"),
    "x": "48",
    "l": "5",
    **dict.fromkeys("mn", "6"),
    "r": "7",
    **dict.fromkeys("sz", "8"),
}


@lru_cache(maxsize=200_000)
def sound(word: str) -> str:
    """Return the Kölner Phonetik of a folded word. Source: H. J. Postel, IBM-Nachrichten 1969."""
    codes: list[str] = []
    for at, letter in enumerate(word):
        before, after = word[at - 1] if at else "", word[at + 1 : at + 2]
        codes.append(_code(letter, before, after, first=at == 0))
    digits = "".join(codes)
    runs = "".join(d for at, d in enumerate(digits) if at == 0 or d != digits[at - 1])
    return runs[:1] + runs[1:].replace("0", "")


def _code(letter: str, before: str, after: str, *, first: bool) -> str:
    if letter == "c":
        hard = after in ("a", "h", "k", "o", "q", "u", "x") or (first and after in ("l", "r"))
        return "4" if hard and before not in ("s", "z") else "8"
    if letter == "p" and after == "h":
        return "3"
    if letter in "dt" and after in ("c", "s", "z"):
        return "8"
    if letter == "x" and before in ("c", "k", "q"):
        return "8"
    return _CODES.get(letter, "")
