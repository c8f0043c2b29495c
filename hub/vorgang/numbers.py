"""Finds document numbers in text, as whole words, however they are punctuated."""

import re
from collections.abc import Iterator

LEAST = 4
"""Letters and digits a number needs, leading zeros not counted, to mean anything by itself."""
ALONE = 8
"""Letters and digits, both among them, from which a number needs no customer beside it."""
MOST = 64
"""Words of one text that are looked at."""
TEXT = 2_000
"""Characters of one text that are looked at."""

_CHAIN = re.compile(r"[^\W_]+(?:[-/._][^\W_]+)*")
_PIECE = re.compile(r"[^./]+")
_GLUED = re.compile(r"(?<=\d)[^\W\d_]+$")
_GLUED_WORD = re.compile(r"\d[^\W\d_]{2,}$")
_YEAR = re.compile(r"(?:19|20)\d\d")


def number_key(text: str) -> str | None:
    """Return what a document number is compared by: `AB-0815/24` and `ab 0815 24` are one.

    None for what tells too little: without a digit, below four characters, or a bare year.
    """
    if text.isalpha():
        return None  # as most words do: no need to look at each letter
    key = "".join(filter(str.isalnum, text.casefold())).lstrip("0")
    if len(key) < LEAST or not any(map(str.isdigit, key)):
        return None
    return None if is_year(key) else key


def is_year(digits: str) -> bool:
    """Return whether digits are a year of our time, which numbers no paper."""
    return _YEAR.fullmatch(digits) is not None


def tells_alone(key: str) -> bool:
    """Return whether a number's key is so long and mixed that it hardly stands for two things."""
    digits = sum(letter.isdigit() for letter in key)
    return key.isalnum() and len(key) >= ALONE and digits >= ALONE // 2 and digits < len(key)


def message_key(text: str) -> str:
    """Return what a message id is compared by; it is no number and never taken for one."""
    return "mid:" + text.strip().strip("<>")[:250]


def numbers_in_bank_text(text: str) -> Iterator[str]:
    """Yield the keys of what may be document numbers in the text of a transfer, each once.

    Banks break lines in the midst of a number and glue words to its end: two or three words
    beside one another are also tried as one, and a word without the letters after its last digit.
    What comes of that must tell enough by itself, unless a whole word was glued to it: one letter
    may be the number's own.
    """
    seen: set[str] = set()
    for key in numbers_in(text):
        seen.add(key)
        yield key
    words = _CHAIN.findall(text[:TEXT])[:MOST]
    for count in (1, 2, 3):
        for at in range(len(words) - count + 1):
            joined = "".join(words[at : at + count])
            key = number_key(_GLUED.sub("", joined)) or ""
            parted = count == 1 and _GLUED_WORD.search(joined) is not None
            if key and key not in seen and (parted or tells_alone(key)):
                seen.add(key)
                yield key


def numbers_in(text: str) -> Iterator[str]:
    """Yield the keys of what may be document numbers in a text, each once.

    `RE-2024-17/AB-9` is looked up whole and in its parts on both sides of `/` and `.`.
    """
    seen: set[str] = set()
    for count, chain in enumerate(_CHAIN.findall(text[:TEXT])):
        if count >= MOST:
            return
        pieces = _PIECE.findall(chain)
        for word in (chain, *pieces) if len(pieces) > 1 else pieces:
            key = number_key(word)
            if key and key not in seen:
                seen.add(key)
                yield key
