"""A profile's features read into facets: the comparable values that tokens and levels stand on."""

from collections.abc import Iterable, Mapping

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


def facets_of(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return the facets of a profile; values that say nothing are left out."""
    found: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for key in sorted(profile.features):
        kind, _, label = key.partition(":")
        values = [value for value in profile.features[key] if value.strip()]
        if kind in LABELLED:
            found.setdefault(f"{kind}:{label}", []).extend(map(_LABELLED[kind], values))
        else:
            parts.setdefault(kind, []).extend(values)
    person = profile.kind == "person"
    found["employer" if person else "name"] = [
        " ".join(v.split()) for v in parts.pop("org_name", ())
    ]
    named = _people(parts)
    if person:
        named = _completed(named, parts.get("email", ()))
    found["person" if person else "contact"] = [_join(each.given, each.family) for each in named]
    if not person and not any(map(str.strip, parts.get("city", ()))):
        parts["city"] = [branch_of(value) for value in found["name"]]
    _read_contacts(found, parts)
    _read_places(found, parts)
    for kind, read in _PLAIN.items():
        if kind in parts:
            found[kind] = [read(value) for value in parts[kind]]
    return {
        facet: kept for facet, values in found.items() if values and (kept := _distinct(values))
    }


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))[:MOST_VALUES]


def _people(parts: dict[str, list[str]]) -> list[PersonName]:
    given, family = parts.pop("given_name", []), parts.pop("family_name", [])
    named = [personal.person_name(text) for text in parts.pop("person_name", ())]
    if given or family:
        stated = PersonName(
            " ".join(map(personal.name_part, given)), " ".join(map(personal.name_part, family))
        )
        named.insert(0, stated)
    return named


def _completed(named: list[PersonName], mails: Iterable[str]) -> list[PersonName]:
    """Return the names of a person, what they lack filled in from the first mailbox."""
    address = fold(next((mail for value in mails if (mail := contact.email(value))), ""))
    if not address or len(named) > 1:
        return named
    return [mailbox.completed(one, address) for one in named or [PersonName("", "")]]


def _join(first: str, second: str) -> str:
    return f"{first}|{second}" if first or second else ""


def _read_contacts(found: dict[str, list[str]], parts: dict[str, list[str]]) -> None:
    mails = [contact.email(value) for value in parts.pop("email", ())]
    sites = parts.pop("website", [])
    found["email"] = mails
    found["domain"] = [contact.domain(value) for value in (*mails, *sites) if value]
    found["phone"] = [contact.phone(value) for value in parts.pop("phone", ())]


def _read_places(found: dict[str, list[str]], parts: dict[str, list[str]]) -> None:
    houses = [place.house_number(value) for value in parts.pop("house_number", ())]
    streets = [place.street(value) for value in parts.pop("street", ())]
    lines = [place.address(value) for value in parts.pop("address", ())]
    named = [
        (name, house or (houses[0] if houses and at == 0 else ""))
        for at, (name, house) in enumerate(streets)
    ]
    named += [(line.street, line.house or (houses[0] if houses else "")) for line in lines]
    found["street"] = [f"{name}|{house}" for name, house in named if name]
    codes = [place.postcode(value) for value in parts.pop("postcode", ())]
    found["postcode"] = codes + [line.postcode for line in lines]
    cities = [place.city(value) for value in parts.pop("city", ())]
    found["city"] = cities + [line.city for line in lines]


def _text(value: str) -> str:
    return " ".join(words(fold(value)))


def _number(value: str) -> str:
    plain = value.strip().replace(" ", "")
    return plain.lstrip("0") or "0"


_PLAIN = {
    "region": _text,
    "country": _text,
    "vat": contact.vat,
    "iban": contact.identifier,
    "register_number": contact.register_number,
    "date_of_birth": day,
}
_LABELLED = {
    "identifier": contact.identifier,
    "category": _text,
    "number": _number,
    "date": day,
    "text": _text,
}
