"""Names of people: given and family name, titles, nicknames, how common a name is."""

import re
from dataclasses import dataclass
from functools import lru_cache

from hub.resolution.text import fold, words
from hub.resolution.wordlists import lines, listed

_TITLE = frozenset(listed("titles"))
_PARTICLE = frozenset(
    [
        "von",
        "van",
        "de",
        "del",
        "della",
        "der",
        "den",
        "zu",
        "zur",
        "zum",
        "di",
        "da",
        "dos",
        "el",
        "al",
        "bin",
        "ben",
        "ter",
        "ten",
        "vom",
        "le",
        "la",
    ]
)


def _nickname_groups() -> dict[str, frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for full, *short in lines("nicknames"):
        for name in short:
            groups.setdefault(full, {full}).add(name)
            groups.setdefault(name, {name}).add(full)
    return {name: frozenset(group) for name, group in groups.items()}


_GROUPS = _nickname_groups()


def are_nicknames(one: str, other: str) -> bool:
    """Return whether two folded given names are forms of one name (Hans, Johannes)."""
    return other in _GROUPS.get(one, ())


_COMMON = {
    "given": {name: 1 / (110 + 4 * at) for at, name in enumerate(listed("given"))},
    "family": {name: 1 / (110 + 12 * at) for at, name in enumerate(listed("family"))},
}
_RARE = {"given": 1 / 2500, "family": 1 / 12000}


def share_in_population(part: str, name: str) -> float:
    """Return roughly which share of people bears a folded name; part: given or family."""
    return _COMMON[part].get(name, _RARE[part])


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name taken apart, folded; either part may be empty."""

    given: str
    family: str


@lru_cache(maxsize=200_000)
def person_name(text: str) -> PersonName:
    """Return given and family name of a full name, with or without comma, titles left out."""
    plain = fold(text)
    if "@" in plain:
        return PersonName("", "")
    head, comma, tail = plain.partition(",")
    if comma and _names(tail):
        return PersonName(" ".join(_names(tail)), " ".join(_names(head)))
    names = _names(plain)
    if len(names) < 2:
        return PersonName("", "".join(names))
    cut = next((at for at, name in enumerate(names) if at and name in _PARTICLE), len(names) - 1)
    return PersonName(" ".join(names[:cut]), " ".join(names[cut:]))


_HYPHEN = re.compile(r"\s*[-‐–]\s*")


def _names(folded: str) -> list[str]:
    plain = _HYPHEN.sub(" ", folded)
    names = [word for word in words(plain) if not word.isdigit()]
    return [name for name in names if name not in _TITLE] or names


def name_part(text: str) -> str:
    """Return a given or family name as folded words."""
    return " ".join(_names(fold(text)))
