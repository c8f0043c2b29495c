"""How a hand errs that types a text: each function returns what somebody typed instead."""

import random

from hub.demo.spelling import spelt_out

_MISREAD = {"m": "rn", "l": "1", "o": "0", "e": "c", "i": "l", "s": "5", "B": "8", "u": "ii"}


def umlauts(pick: random.Random, text: str) -> str:
    """Return the text with umlauts as two letters, without their dots, or as they are."""
    kind = pick.random()
    if kind < 0.25:
        return spelt_out(text)
    if kind < 0.32:
        return text.translate(str.maketrans("äöüÄÖÜ", "aouAOU")).replace("ß", "ss")
    return text


def typo(pick: random.Random, text: str) -> str:
    """Return the text with one letter gone, too many, swapped, misread or wrong."""
    at = pick.randrange(len(text))
    kind = pick.randrange(5)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + pick.choice("aeinrst") + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    if kind == 3:
        return text[:at] + _MISREAD.get(text[at], text[at]) + text[at + 1 :]
    return text[:at] + pick.choice("abcdeghklmnorstu") + text[at + 1 :]


def slip(pick: random.Random, digits: str, share: float) -> str:
    """Return the digits, in a share of all cases with one of them wrong."""
    if pick.random() >= share:
        return digits
    at = pick.randrange(2, len(digits))
    return digits[:at] + str(pick.randint(0, 9)) + digits[at + 1 :]
