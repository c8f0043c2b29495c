"""Comparisons of two single values, one pair at a time: what `comparison` says of columns.

A change holds some ten records against one. So few pairs cost what the steps of array code cost,
not what comparing does; a test holds both against each other.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA, Indel, JaroWinkler

from hub.resolution import writers
from hub.resolution.comparison import reaches
from hub.resolution.contact import is_role
from hub.resolution.letters import SLACK
from hub.resolution.tokens import contact_words
from hub.resolution.trees import INFORMATION_BITS

Told = Callable[[str], int]
"""From a token to what sharing it tells, in bits."""
One = Callable[[str, str, Told], int]
"""From two values to level and information, `packed`; the best of several is the greatest."""


def packed(level: int, info: int = 0) -> int:
    """Return a level and what sharing it tells as one number: a place in `scoring.level_table`."""
    return level << INFORMATION_BITS | info


@lru_cache(maxsize=1 << 16)
def close(one: str, other: str, limit: float) -> bool:
    """Return whether two texts are nearly equal (edits by length)."""
    return OSA.normalized_similarity(one, other, score_cutoff=limit - SLACK) >= limit


def extends(one: str, other: str) -> bool:
    """Return whether one text begins with all words of the other."""
    return one.startswith(f"{other} ") or other.startswith(f"{one} ")


def exact(prefix: str) -> One:
    """Return `comparison.exact` of two values."""

    def compare(one: str, other: str, told: Told) -> int:
        return packed(2, told(prefix + one)) if one == other else packed(1)

    return compare


def code(prefix: str) -> One:
    """Return `comparison.code` of two values."""

    def compare(one: str, other: str, told: Told) -> int:
        if one == other:
            return packed(3, told(prefix + one))
        return packed(2 if close(one, other, 0.84) else 1)

    return compare


def email(one: str, other: str, told: Told) -> int:
    """Return `comparison.email` of two values."""
    if one == other:
        return packed(4 if is_role(one) else 5, told(f"e:{one}"))
    if is_role(one) or is_role(other):
        return packed(1)
    local, others = one.partition("@")[0], other.partition("@")[0]
    if (local == others or local[1:] != others[1:]) and close(one, other, 0.86):
        return packed(3)
    if len(local) > 3 and local == others:
        return packed(2, told(f"l:{local}"))
    return packed(1)


def phone(one: str, other: str, told: Told) -> int:
    """Return `comparison.phone` of two values."""
    if one[-9:] == other[-9:]:
        return packed(4, told(f"p:{one[-9:]}"))
    board = one[:-3]
    if len(board) > 4 and board == other[:-3]:
        return packed(3, told(f"q:{board}"))
    if reaches(one, other):
        return packed(3)
    return packed(2 if close(one, other, 0.88) else 1)


def street(one: str, other: str, told: Told) -> int:
    """Return `comparison.street` of two values."""
    name, _, house = one.partition("|")
    other_name, _, other_house = other.partition("|")
    equal = name == other_name
    if not equal and not _alike(name, other_name):
        return packed(1)
    known = bool(house and other_house)
    by_name = told(f"sn:{name}")
    if known and house != other_house:
        return packed(2, by_name)
    if equal:
        return packed(5, told(f"st:{one}")) if known else packed(4, by_name)
    return packed(4 if known else 3, by_name)


@lru_cache(maxsize=1 << 16)
def _alike(one: str, other: str) -> bool:
    return (
        JaroWinkler.normalized_similarity(one, other) >= 0.92
        or Indel.normalized_similarity(one, other) >= 0.8
        or extends(one, other)
    )


def postcode(one: str, other: str, told: Told) -> int:
    """Return `comparison.postcode` of two values."""
    if one == other:
        return packed(3, told(f"pc:{one}"))
    return packed(2 if one[:3] == other[:3] or close(one, other, 0.75) else 1)


def city(one: str, other: str, told: Told) -> int:
    """Return `comparison.city` of two values."""
    if one == other:
        return packed(3, told(f"ci:{one}"))
    return packed(2 if close(one, other, 0.8) or extends(one, other) else 1)


def contact(one: str, other: str, told: Told) -> int:
    """Return `writers.contacts` of two values."""
    a, b = contact_words(one), contact_words(other)
    if a == b:
        return packed(writers.SAME, told(f"cp:{a}"))
    alike = close(a, b, writers.SLIPS) or writers.are_kin(a, b)
    return packed(writers.ALIKE if alike else writers.DIFFERENT)


VALUES: Mapping[str, One] = {
    "email": email,
    "domain": exact("d:"),
    "contact": contact,
    "phone": phone,
    "street": street,
    "postcode": postcode,
    "city": city,
    "region": exact("c:region:"),
    "country": exact("c:country:"),
    "vat": code("v:"),
    "register_number": code("r:"),
    "iban": code("i:"),
}
"""By facet, which is what these comparisons are called, too."""


@lru_cache(maxsize=1024)
def labelled(facet: str) -> One | None:
    """Return the comparison of a facet with a label; None where there is none for single values."""
    kind, _, label = facet.partition(":")
    prefix = f"{label}:" if label else ""
    if kind == "identifier":
        return code(f"id:{prefix}")
    return exact(f"c:{prefix}") if kind == "category" else None
