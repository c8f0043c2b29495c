"""A profile's features read into facets: the comparable values that tokens and levels stand on."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from hub.model.resolution import Profile
from hub.resolution import contact, mailbox, personal, place
from hub.resolution.company import branch_of
from hub.resolution.dates import day
from hub.resolution.personal import PersonName
from hub.resolution.text import fold, words

Facets = Mapping[str, tuple[str, ...]]
"""Facet name -> canonical values. `person` values are `given|family`, `street` `name|house`."""

MOST_VALUES = 8
"""Values of one facet that count; a record with more is compared by its first ones."""

LABELLED = ("identifier", "category", "number", "date", "text")
"""Types whose values are compared label by label, never across labels."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one facet. told: the types whose values `read` is given, type by type; () for none."""

    facet: str
    told: tuple[str, ...]
    read: Callable[..., Iterable[str]]

    def __call__(self, *told: tuple[str, ...]) -> tuple[str, ...]:
        """Return the values of the facet, those that say nothing left out."""
        found = [value for value in self.read(*told) if value]
        return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))[:MOST_VALUES]


def facets_of(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return the facets of a profile; values that say nothing are left out."""
    told = stated(profile.features)
    found: dict[str, tuple[str, ...]] = {}
    for reader in readers_of(profile.kind, tuple(told)):
        values = reader(*[told.get(kind, ()) for kind in reader.told])
        if values:
            found[reader.facet] = values
    return found


def stated(features: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return what is told by type, or `type:label` where labels count, blank values left out."""
    found: dict[str, tuple[str, ...]] = {}
    for key in sorted(features):
        values = tuple(value for value in features[key] if value.strip())
        if values:
            name = type_of(key)
            found[name] = found[name] + values if name in found else values
    return found


@lru_cache(maxsize=4096)
def type_of(key: str) -> str:
    """Return the name under which values of a feature are told."""
    kind, _, label = key.partition(":")
    return f"{kind}:{label}" if kind in LABELLED else kind


@lru_cache(maxsize=4096)
def readers_of(kind: str, told: tuple[str, ...]) -> tuple[Reader, ...]:
    """Return who reads the facets of records of a kind that tell these types, in order."""
    plain = _PERSON if kind == "person" else _OTHER
    place = _CITY if kind == "person" or "city" in told else _BRANCH
    labelled = [
        Reader(name, (name,), partial(map, _LABELLED[name.partition(":")[0]]))
        for name in told
        if name.partition(":")[0] in LABELLED
    ]
    every = (*labelled, *plain, *_CONTACTS, place, *_PLAIN)
    return tuple(reader for reader in every if not set(told).isdisjoint(reader.told))


def _named(names: Iterable[str]) -> list[str]:
    return [" ".join(name.split()) for name in names]


def _people(
    given: tuple[str, ...], family: tuple[str, ...], whole: tuple[str, ...]
) -> list[PersonName]:
    named = [personal.person_name(text) for text in whole]
    if given or family:
        parts = (map(personal.name_part, part[:MOST_VALUES]) for part in (given, family))
        named.insert(0, PersonName(*map(" ".join, parts)))
    return named


def _contacts(*told: tuple[str, ...]) -> list[str]:
    return [_join(each.given, each.family) for each in _people(*told)]


def _person(*told: tuple[str, ...]) -> list[str]:
    named = _completed(_people(*told[:3]), told[3])
    return [_join(each.given, each.family) for each in named]


def _completed(named: list[PersonName], mails: Iterable[str]) -> list[PersonName]:
    """Return the names of a person, what they lack filled in from the first mailbox."""
    address = fold(next((mail for value in mails if (mail := contact.email(value))), ""))
    if not address or len(named) > 1:
        return named
    return [mailbox.completed(one, address) for one in named or [PersonName("", "")]]


def spoken(value: str) -> str:
    """Return a value of a facet as people write it: a street and its number, given name and family
    name are one value with a bar between them."""
    return value.replace("|", " ").strip()


def _join(first: str, second: str) -> str:
    return f"{first}|{second}" if first or second else ""


def _domains(mails: tuple[str, ...], sites: tuple[str, ...]) -> list[str]:
    return [contact.domain(value) for value in (*map(contact.email, mails), *sites) if value]


def _streets(
    streets: tuple[str, ...], numbers: tuple[str, ...], lines: tuple[str, ...]
) -> list[str]:
    first = next(map(place.house_number, numbers), "")
    named = [
        (name, house or (first if at == 0 else ""))
        for at, (name, house) in enumerate(map(place.street, streets))
    ]
    named += [(line.street, line.house or first) for line in map(place.address, lines)]
    return [f"{name}|{house}" for name, house in named if name]


def _postcodes(codes: tuple[str, ...], lines: tuple[str, ...]) -> list[str]:
    return [*map(place.postcode, codes), *(place.address(line).postcode for line in lines)]


def _cities(cities: Iterable[str], lines: tuple[str, ...]) -> list[str]:
    return [*map(place.city, cities), *(place.address(line).city for line in lines)]


def _branches(names: tuple[str, ...], lines: tuple[str, ...]) -> list[str]:
    """Return where a company is that states no city: its name may."""
    return _cities(map(branch_of, _named(names)), lines)


def _text(value: str) -> str:
    return " ".join(words(fold(value)))


_CODE = re.compile(r"\b([a-z]{1,5})[-/](?=\d{2})")


def _free_text(value: str) -> str:
    """Return the words of a text; what is called XK-200 here and XK200 there is one word."""
    return " ".join(words(_CODE.sub(r"\1", fold(value))))


def _number(value: str) -> str:
    plain = value.strip().replace(" ", "")
    return plain.lstrip("0") or "0"


_LABELLED = {
    "identifier": contact.identifier,
    "category": _text,
    "number": _number,
    "date": day,
    "text": _free_text,
}
_NAMES = ("given_name", "family_name", "person_name")
_PERSON = (
    Reader("employer", ("org_name",), _named),
    Reader("person", (*_NAMES, "email"), _person),
)
_OTHER = (Reader("name", ("org_name",), _named), Reader("contact", _NAMES, _contacts))
_CONTACTS = (
    Reader("email", ("email",), partial(map, contact.email)),
    Reader("domain", ("email", "website"), _domains),
    Reader("phone", ("phone",), partial(map, contact.phone)),
    Reader("street", ("street", "house_number", "address"), _streets),
    Reader("postcode", ("postcode", "address"), _postcodes),
)
_CITY = Reader("city", ("city", "address"), _cities)
_BRANCH = Reader("city", ("org_name", "address"), _branches)
_PLAIN = (
    Reader("region", ("region",), partial(map, _text)),
    Reader("country", ("country",), partial(map, _text)),
    Reader("vat", ("vat",), partial(map, contact.vat)),
    Reader("iban", ("iban",), partial(map, contact.identifier)),
    Reader("register_number", ("register_number",), partial(map, contact.register_number)),
    Reader("date_of_birth", ("date_of_birth",), partial(map, day)),
)
