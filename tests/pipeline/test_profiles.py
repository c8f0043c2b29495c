"""What resolution is told of each kind of record: every field where it belongs, once."""

from typing import Any

import pytest

from hub.model.resolution import FEATURE_TYPES
from hub.pipeline.features import FEATURES
from hub.pipeline.profiles import MOST_HEARD, profile_of


def features(kind: str, *employers: str, **fields: Any) -> dict[str, tuple[str, ...]]:
    return dict(profile_of("crm:a:1", kind, "crm", fields, employers).features)


@pytest.mark.parametrize(
    ("kind", "field", "value", "feature"),
    [
        ("organization", "name", "Weber", "org_name"),
        ("organization", "trade_names", ["W", "WL"], "org_name"),
        ("organization", "websites", ["weber.example"], "website"),
        ("organization", "vat_id", "DE136695976", "vat"),
        ("organization", "register_number", "HRB 1", "register_number"),
        ("organization", "tax_number", "12/345", "identifier:tax"),
        ("organization", "iban", "DE02", "iban"),
        ("organization", "external_ids", ["4711"], "identifier:external"),
        ("person", "name", "Erika Muster", "person_name"),
        ("person", "given_name", "Erika", "given_name"),
        ("person", "family_name", "Muster", "family_name"),
        ("person", "date_of_birth", "1980-01-02", "date_of_birth"),
        ("person", "external_ids", ["4711"], "identifier:external"),
        ("project", "name", "Umbau", "text"),
        ("project", "number", "P-1000", "identifier:number"),
        ("project", "city", "Ulm", "city"),
        *(
            (kind, field, value, feature)
            for kind in ("organization", "person")
            for field, value, feature in (
                ("emails", ["a@b.example", "c@d.example"], "email"),
                ("phones", ["+49731"], "phone"),
                ("street", "Am Markt", "street"),
                ("house_number", "7a", "house_number"),
                ("postcode", "89073", "postcode"),
                ("city", "Ulm", "city"),
                ("region", "BW", "region"),
                ("country", "DE", "country"),
            )
        ),
    ],
)
def test_a_field_is_told_as_its_feature(kind: str, field: str, value: Any, feature: str) -> None:
    told = tuple(value) if isinstance(value, list) else (value,)
    assert features(kind, **{field: value}) == {feature: told}


@pytest.mark.parametrize("kind", sorted(FEATURES))
@pytest.mark.parametrize("empty", [None, "", []])
def test_what_is_empty_or_of_no_use_is_not_told(kind: str, empty: Any) -> None:
    nothing = dict.fromkeys(FEATURES[kind], empty)
    assert features(kind, **nothing) == {}
    assert features(kind, owner="anna", industry="IT", status="active", lifecycle="x") == {}


def test_names_of_a_company_are_told_together() -> None:
    assert features("organization", name="Weber GmbH", trade_names=["Weber", "WL"]) == {
        "org_name": ("Weber GmbH", "Weber", "WL")
    }


def test_a_person_is_told_by_the_whole_name_or_by_its_parts() -> None:
    parts = {"given_name": "Erika", "family_name": "Muster"}
    assert features("person", **parts) == {"given_name": ("Erika",), "family_name": ("Muster",)}
    assert features("person", name="Erika Muster", **parts) == {"person_name": ("Erika Muster",)}
    assert features("person", name="", **parts).keys() == parts.keys()


def test_employers_speak_for_who_it_is_in_any_order() -> None:
    told = {"org_name": ("Adler", "Weber"), "person_name": ("Erika",)}
    assert features("person", "Weber", "Adler", name="Erika") == told
    assert features("person", "Adler", "Weber", name="Erika") == told
    assert features("project", "Weber", name="Umbau")["org_name"] == ("Weber",)


def test_contacts_speak_for_their_company_in_any_order() -> None:
    anna = {"name": "Anna Weber", "emails": ["anna@weber.example", "info@weber.example"]}
    tom = {"name": "Tom Adler", "phones": ["+49731"]}
    fields = {"name": "Weber", "emails": ["info@weber.example"]}
    for contacts in ([anna, tom], [tom, anna], [anna, tom, anna]):
        told = profile_of("crm:a:1", "organization", "crm", fields, contacts=contacts).features
        assert told == {
            "org_name": ("Weber",),
            "email": ("info@weber.example", "anna@weber.example"),
            "person_name": ("Anna Weber", "Tom Adler"),
        }


def test_of_thousands_of_contacts_the_first_are_heard() -> None:
    people = [{"name": f"Anna {at:05}", "emails": [f"a{at:05}@b.example"]} for at in range(3000)]
    fields = {"name": "Weber", "emails": ["info@weber.example"]}
    told = profile_of("crm:a:1", "organization", "crm", fields, contacts=people)
    assert len(told.features["person_name"]) == MOST_HEARD
    assert told.features["email"][:2] == ("info@weber.example", "a00000@b.example")
    fewer = profile_of("crm:a:1", "organization", "crm", fields, contacts=people[:-1])
    assert fewer.id == told.id


def test_a_company_that_nobody_works_for_is_told_as_before() -> None:
    fields = {"name": "Weber", "emails": ["info@weber.example"]}
    silent: dict[str, Any] = {"name": None, "emails": None}
    alone = profile_of("crm:a:1", "organization", "crm", fields)
    assert profile_of("crm:a:1", "organization", "crm", fields, contacts=[silent]).id == alone.id


def test_records_that_say_the_same_share_a_profile_whoever_says_it() -> None:
    fields = {"name": "Weber", "city": "Ulm", "emails": ["a@b.example"]}
    one = profile_of("crm:a:1", "organization", "crm", fields, ())
    two = profile_of("erp:c:7", "organization", "erp", dict(reversed(fields.items())), ())
    assert (one.id, one.ref, two.source) == (two.id, "crm:a:1", "erp")
    assert list(one.features) == sorted(one.features)
    assert profile_of("crm:a:1", "person", "crm", fields, ()).id != one.id
    assert profile_of("crm:a:1", "organization", "crm", {**fields, "city": "Kiel"}, ()).id != one.id


def test_every_feature_is_of_a_type_that_is_compared() -> None:
    for fields in FEATURES.values():
        for feature in fields.values():
            assert feature.partition(":")[0] in FEATURE_TYPES
