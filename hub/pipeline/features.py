"""Which features resolution is told of each kind, and what those mapped in a hub come to."""

from collections.abc import Iterable, Iterator, Mapping

from mapping.apply import CompiledEntry, CompiledMapping

_PLACE = {
    "street": "street",
    "house_number": "house_number",
    "postcode": "postcode",
    "city": "city",
    "region": "region",
    "country": "country",
}
_CONTACT = {"emails": "email", "phones": "phone", "external_ids": "identifier:external"}

FEATURES: Mapping[str, Mapping[str, str]] = {
    "organization": {
        "name": "org_name",
        "trade_names": "org_name",
        "websites": "website",
        "vat_id": "vat",
        "register_number": "register_number",
        "tax_number": "identifier:tax",
        "iban": "iban",
        **_CONTACT,
        **_PLACE,
    },
    "person": {
        "name": "person_name",
        "given_name": "given_name",
        "family_name": "family_name",
        "date_of_birth": "date_of_birth",
        **_CONTACT,
        **_PLACE,
    },
    "project": {"name": "text", "number": "identifier:number", "city": "city"},
}
"""Field -> feature, for each kind that is resolved."""


def types_told(kind: str, mappings: Iterable[CompiledMapping]) -> frozenset[str]:
    """Return the types of features that the mappings of a hub fill for a kind: its columns."""
    told: set[str] = set()
    for entry in _entries(mappings):
        if entry.kind == kind:
            told |= _told(entry)
        elif (entry.kind, kind) == ("person", "organization") and kind in entry.roles:
            told.add("person_name")  # contacts speak for their company
    return frozenset(told)


def _entries(mappings: Iterable[CompiledMapping]) -> Iterator[CompiledEntry]:
    for mapping in mappings:
        for entries in mapping.streams.values():
            yield from entries


def _told(entry: CompiledEntry) -> set[str]:
    told = {FEATURES[entry.kind].get(name, "").partition(":")[0] for name in entry.fields}
    if "address" in entry.fields:
        told.add("address")
    if entry.kind != "organization" and "organization" in entry.roles:
        told.add("org_name")  # whose they are speaks for who they are
    return told - {""}
