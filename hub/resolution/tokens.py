"""The tokens of a record: typed pieces of its facets, by which records that may match meet."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hub.resolution.company import company_name
from hub.resolution.contact import is_role
from hub.resolution.facets import Facets
from hub.resolution.text import sound

# What a shared token adds to a pair's reckoning, in quarters of its information: tokens that say
# much the same (a word, its sound, its letters) must not count in full several times over.
QUARTERS = {
    "w": 3, "s": 1, "g": 1, "j": 2, "pg": 3, "pf": 3, "ps": 2, "pt": 1, "e": 4, "l": 2, "lg": 1,
    "d": 4, "p": 4, "q": 1, "st": 2, "sn": 1, "sc": 2, "pc": 2, "ci": 1, "v": 4, "r": 4,
    "i": 4, "id": 4, "b": 4, "bp": 3, "bw": 2, "n": 3, "c": 1, "x": 2, "h": 1, "ew": 2, "cp": 2,
}  # fmt: skip
GRAM = 4
LONGEST = 40
"""Letters of a name that are looked at as a whole."""
SMALLEST = 6


# What the number of a shared token decides: nothing but who is compared (ONLY_MEETS), what sharing
# it tells, or (ONE_SIDED) what one side says that the other lacks, too.
ONLY_MEETS = frozenset(("s", "g", "j", "sc", "pt", "ps", "h", "bp", "bw", "lg"))
ONE_SIDED = frozenset(("w", "ew", "x", "pg", "pf", "sn"))
MEETS, SHARED, ALONE = 0, 1, 2
_USE = {
    name: MEETS if name in ONLY_MEETS else ALONE if name in ONE_SIDED else SHARED
    for name in QUARTERS
}


@lru_cache(maxsize=1 << 17)
def token_hash(token: str) -> int:
    """Return the 63 bits that stand for a token in an index.

    The lowest two tell its quarters less one, the next two its use; 59 are a hash.
    """
    name = token.partition(":")[0]
    digest = blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    drawn = int.from_bytes(digest, "big") >> 5
    return drawn << 4 | _USE[name] << 2 | QUARTERS[name] - 1


def quarters_of(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what each token (by its hash) adds to a pair, in quarters of its information."""
    return (numbers & 3) + 1


def only_meets(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which tokens (by their hashes) decide only about who is compared."""
    return np.asarray((numbers >> 2 & 3) == MEETS)


def is_one_sided(numbers: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which tokens (by their hashes) tell something where one side alone has them, too."""
    return np.asarray((numbers >> 2 & 3) == ALONE)


def use_of(number: int) -> int:
    """Return of a token (by its hash) what its number decides: MEETS, SHARED or ALONE."""
    return number >> 2 & 3


def tokens_of_facets(facets: Facets) -> tuple[str, ...]:
    """Return the distinct tokens of a record, sorted, each `class:text`."""
    found: set[str] = set()
    if "name" not in facets:
        for value in facets.get("email", ()):
            found.update(letters(value))
    for facet, values in facets.items():
        name, _, label = facet.partition(":")
        make = _MAKERS[name]
        for value in values:
            found.update(make(value, label))
    return tuple(sorted(found))


@lru_cache(maxsize=200_000)
def _name(value: str, _label: str) -> tuple[str, ...]:
    name = company_name(value)
    found = [f"w:{word}" for word in name.words]
    found += [f"s:{heard(word)}" for word in name.words if sounds(word)]
    joined = name.joined[:LONGEST]
    found += [f"g:{joined[at : at + GRAM]}" for at in range(max(1, len(joined) - GRAM + 1))]
    found.append(f"j:{joined}")
    if initials_tell(name.initials):
        found.append(f"j:{name.initials}")
    return tuple(found)


def sounds(word: str) -> bool:
    """Return whether the sound of a word tells something: neither numbers nor letters have one."""
    return len(word) > 1 and not word.isdigit()


def heard(word: str) -> str:
    """Return the sound of a word; a short one and a code (RLH, K2) sound as they are spelt.

    So a rare word tells four quarters whatever it is, enough for two records to meet by it alone.
    """
    return sound(word) if len(word) > 3 and word.isalpha() else word


def initials_tell(initials: str) -> bool:
    """Return whether a name is found by its initials, too."""
    return 2 < len(initials) < 7


def _employer(value: str, _label: str) -> Iterator[str]:
    return (f"ew:{word}" for word in company_name(value).words)


def _person(value: str, _label: str) -> Iterator[str]:
    given, _, family = value.partition("|")
    first = given.split(" ")[0]
    for name in given.split():
        yield f"pg:{name}"
    if family:
        yield f"pf:{family}"
    if first and family:
        yield f"h:{' '.join(sorted((first, family)))}"
        yield f"ps:{' '.join(sorted((sound(first), sound(family))))}"
    for part in (first, family):
        padded = f"^{part}$"
        yield from (f"pt:{padded[at : at + 3]}" for at in range(len(padded) - 2) if part)


def _contact(value: str, _label: str) -> Iterator[str]:
    yield f"cp:{contact_words(value)}"


def contact_words(value: str) -> str:
    """Return the words of a contact's name, sorted: lists say which is the family's or do not."""
    return " ".join(sorted(value.replace("|", " ").split()))


def _email(value: str, _label: str) -> Iterator[str]:
    yield f"e:{value}"
    local = value.partition("@")[0]
    if len(local) > 3 and not is_role(value):
        yield f"l:{local}"


def letters(value: str) -> Iterator[str]:
    """Yield letters in fours of a person's own mailbox, for the mistyped."""
    local = value.partition("@")[0]
    if not is_role(value):
        yield from (f"lg:{local[at : at + GRAM]}" for at in range(len(local) - GRAM + 1))


def _phone(value: str, _label: str) -> Iterator[str]:
    yield f"p:{value[-9:]}"
    if len(value) > 7:
        yield f"q:{value[:-3]}"


def _street(value: str, _label: str) -> Iterator[str]:
    name, _, house = value.partition("|")
    yield f"sn:{name}"
    yield f"sc:{sound(name.replace(' ', ''))} {house}"
    if house:
        yield f"st:{value}"


def _birth(value: str, _label: str) -> Iterator[str]:
    yield f"b:{value}"
    year, _, rest = value.partition("-")
    month, _, date = rest.partition("-")
    if date:
        yield f"bp:{year}-{month}"
        yield f"bp:{year}--{date}"
        yield f"bp:{'-'.join(sorted((month, date)))}"
        at = int(year) * 24 + int(month) * 2 + int(date) // 16
        yield f"bw:{at // 2}"
        yield f"bw:{(at + 1) // 2}+"


def _text(value: str, label: str) -> Iterator[str]:
    return (f"x:{label}:{word}" for word in value.split()[:60])


class _Whole:
    """Makes one token of a whole value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, value: str, label: str) -> tuple[str, ...]:
        return (f"{self.name}:{label}:{value}" if label else f"{self.name}:{value}",)


_MAKERS: dict[str, Callable[[str, str], Iterable[str]]] = {
    "name": _name,
    "employer": _employer,
    "person": _person,
    "contact": _contact,
    "email": _email,
    "domain": _Whole("d"),
    "phone": _phone,
    "street": _street,
    "postcode": _Whole("pc"),
    "city": _Whole("ci"),
    "region": _Whole("c:region"),
    "country": _Whole("c:country"),
    "vat": _Whole("v"),
    "iban": _Whole("i"),
    "register_number": _Whole("r"),
    "date_of_birth": _birth,
    "identifier": _Whole("id"),
    "category": _Whole("c"),
    "number": _Whole("n"),
    "date": _Whole("n"),
    "text": _text,
}


def maker(facet: str) -> Callable[[str, str], Iterable[str]]:
    """Return what makes tokens of a facet's value and the facet's label."""
    return _MAKERS[facet]


class Counts(Protocol):
    """How many distinct profiles of a kind there are, and how many hold each token."""

    @property
    def population(self) -> int:
        """Return the number of distinct profiles."""
        ...

    def holders(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of distinct profiles that hold each token; 0 where none does."""
        ...


class TokenCounts:
    """Counts out of a mapping from token hash to holders, as an index in a store gives them."""

    def __init__(self, population: int, held: Mapping[int, int]) -> None:
        self.population = population
        self.held = held

    def holders(self, tokens: Sequence[str]) -> NDArray[np.int64]:
        """Return the holders of each token."""
        return self.of([token_hash(token) for token in tokens])

    def of(self, numbers: Iterable[int]) -> NDArray[np.int64]:
        """Return the holders of each token given by its hash."""
        return np.array([self.held.get(number, 0) for number in numbers], dtype=np.int64)


def step(count: int) -> int:
    """Return the coarse step of a count, floor(log2): 0 for 0 and 1, 1 for 2-3, 2 for 4-7 ..."""
    return max(count, 1).bit_length() - 1


def size_step(population: int) -> int:
    """Return the step of a base's size; a small base counts as one of 64.

    Three records cannot tell by counting that a name in two of them is rare: what they know less
    than a small base is made up by what is usual.
    """
    return max(step(population), SMALLEST)


def steps(counts: NDArray[np.int64]) -> NDArray[np.int16]:
    """Return the coarse step of each count."""
    exponents = np.frexp(np.maximum(counts, 1).astype(np.float64))[1] - 1
    return exponents.astype(np.int16)


def information(counts: Counts, tokens: Sequence[str]) -> NDArray[np.int16]:
    """Return what sharing each token tells, in whole bits: steps of all less steps of holders."""
    held = steps(counts.holders(tokens))
    return np.maximum(size_step(counts.population) - held, 0).astype(np.int16)
