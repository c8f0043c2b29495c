"""Each comparison reaches the level that a person would name."""

import numpy as np
import pytest

from hub.model.resolution import Profile
from hub.resolution.batch import base_of
from hub.resolution.catalogue import compare_pairs

FILLER = [f"Zz{number} Qq{number * 7}" for number in range(40)]


def levels(kind: str, left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    """Return the level of each comparison of two records among forty others."""
    rows = [left, right] + [
        {"org_name": name, "person_name": name} if kind == "person" else {"org_name": name}
        for name in FILLER
    ]
    made = [
        Profile(f"a:b:{at}", kind, "a", {key: (value,) for key, value in row.items()})
        for at, row in enumerate(rows)
    ]
    base = base_of(made)
    one, other = base.ids.index(made[0].id), base.ids.index(made[1].id)
    found = compare_pairs(kind, base.frame, np.array([one]), np.array([other]))
    return {each.name: each.levels[int(each.outcome.levels[0])] for each in found}


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Weber Logistik GmbH", "weber logistik", "same"),
        ("Müllerbau GmbH", "Müller Bau", "same"),
        ("Weber Logistik", "Wbeer Logistik", "similar"),
        ("Kraus Maschinenbau GmbH", "Kraus Masch.-Bau", "same"),
        ("Kraus Maschinenbau Hannover", "Kraus", "contained"),
        ("Weber Logistik", "Weber Immobilien", "conflict"),
        ("Weber Logistik", "Nordlicht Systeme", "disjoint"),
        ("Bayrische Motoren Werke AG", "BMW", "initials"),
        ("SV Nordlicht", "Sportverein Nordlicht e.V.", "same"),
        ("Quirin Svcs Intl", "QUIRIN SERVICES INTERNATIONAL", "same"),
        ("Kraus Xanadu Quirin Alpha", "Kraus Xanadu Quirin Omega", "overlap"),
    ],
)
def test_names_of_companies(one: str, other: str, level: str) -> None:
    assert levels("organization", {"org_name": one}, {"org_name": other})["name"] == level
    assert levels("organization", {"org_name": other}, {"org_name": one})["name"] == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("Weber GmbH", "Weber Gesellschaft mit beschränkter Haftung", "same"),
        ("Weber GmbH", "Weber AG", "different"),
        ("Weber GmbH & Co. KG", "Weber KG", "partner"),
        ("Weber GmbH", "Weber", "missing"),
        ("Weber gGmbH", "Weber GmbH", "missing"),
        ("Weber GmbH", "Weber UG (haftungsbeschränkt)", "partner"),
        ("Weber gGmbH", "Weber e.V.", "different"),
    ],
)
def test_legal_forms(one: str, other: str, level: str) -> None:
    assert levels("organization", {"org_name": one}, {"org_name": other})["form"] == level


@pytest.mark.parametrize(
    ("one", "other", "beyond", "trade"),
    [
        ("Weber Logistik GmbH", "Weber Logistik", "missing", "missing"),
        ("Weber Logistik", "Weber", "missing", "more"),
        ("Weber Logistik", "Weber Immobilien", "missing", "apart"),
        ("Weber & Quast Logistik", "Weber Logistik", "more", "missing"),
        ("Weber Quast", "Weber Zander", "apart", "missing"),
        ("Hans Weber", "Weber", "given", "missing"),
        ("Hans Weber", "Peter Weber", "apart", "missing"),
        ("Hans Weber Logistik", "Weber Immobilien", "given", "apart"),
        ("Müllerbau GmbH", "Müller Bau", "missing", "missing"),
        ("Nordlicht Quastberg", "Nord Licht Quast Berg", "missing", "missing"),
    ],
)
def test_what_names_say_beyond_shared_words(one: str, other: str, beyond: str, trade: str) -> None:
    for left, right in ((one, other), (other, one)):
        found = levels("organization", {"org_name": left}, {"org_name": right})
        assert (found["beyond"], found["trade"]) == (beyond, trade)


def test_the_names_most_alike_say_what_is_beyond() -> None:
    rows = [("Weber Logistik", "Quast Solar"), ("Nordlicht", "Quast Solar"), ("Quast Immobilien",)]
    made = [Profile(f"a:b:{at}", "organization", "a", {"org_name": r}) for at, r in enumerate(rows)]
    base = base_of(made)
    at = [base.ids.index(each.id) for each in made]
    found = {
        each.name: [each.levels[level] for level in each.outcome.levels.tolist()]
        for each in compare_pairs(
            "organization", base.frame, np.array([at[0], at[0]]), np.array([at[1], at[2]])
        )
    }
    assert (found["beyond"], found["trade"]) == (["missing", "missing"], ["missing", "apart"])


@pytest.mark.parametrize(
    ("domain", "name", "level"),
    [
        ("weber-logistik.de", "Weber Logistik GmbH", "named"),
        ("weberlogistik.de", "Weber Logistik", "named"),
        ("weber.de", "Weber Immobilien", "named"),
        ("weber-gmbh.de", "Weber", "named"),
        ("mueller.de", "Müller Bau", "named"),
        ("weber-logistik.de", "Weber Immobilien", "apart"),
        ("weber-nordlicht.de", "Weber", "part"),
        ("nordlicht.de", "Weber Logistik", "strange"),
        ("gmx.de", "Weber Logistik", "missing"),
    ],
)
def test_a_domain_says_the_other_sides_name(domain: str, name: str, level: str) -> None:
    having = {"org_name": "Qx", "email": f"info@{domain}"}
    for left, right in ((having, {"org_name": name}), ({"org_name": name}, having)):
        assert levels("organization", left, right)["site"] == level


def test_a_domain_that_both_have_says_nothing_of_names() -> None:
    one = {"org_name": "Weber Logistik", "website": "weber-logistik.de"}
    other = {"org_name": "Weber Immobilien", "email": "info@weber-logistik.de"}
    assert levels("organization", one, other)["site"] == "missing"


def test_a_domain_says_nothing_of_a_name_without_words() -> None:
    one = {"org_name": "Weber", "website": "weber.de"}
    assert levels("organization", one, {"org_name": "\N{GRINNING FACE}"})["site"] == "strange"


def test_of_two_domains_the_better_one_speaks() -> None:
    one = {"org_name": "Weber", "website": "weber.de"}
    other = {"org_name": "Weber Logistik", "website": "quast-nordlicht.de"}
    assert levels("organization", one, other)["site"] == "named"


@pytest.mark.parametrize(
    ("one", "other", "given", "family"),
    [
        ("Hans Weber", "Hans Weber", "same", "same"),
        ("Hans Weber", "Weber Hans", "swapped", "swapped"),
        ("Hans Weber", "Johannes Weber", "nickname", "same"),
        ("Hans Weber", "H. Weber", "initial", "same"),
        ("Matthias Weber", "Mathias Wber", "similar", "similar"),
        ("Hans Meier", "Hans Mayer", "same", "variant"),
        ("Hans Meier", "Hans Meierr", "same", "similar"),
        ("Hans Weber", "Petra Kraus", "different", "different"),
        ("Hans Weber", "Weber", "missing", "same"),
        ("Anna-Lena Weber", "Anna Weber", "nickname", "same"),
        ("Ana Ruiz Sol", "Ana Ruiz", "same", "nickname"),
        ("Ruiz Sol, Ana", "Ana Ruiz Sol", "nickname", "nickname"),
        ("N. Palma Sol", "Nilda Palma Sol", "initial", "same"),
        ("Perall Sol, Ana", "Sol Kraus Peral, Ana", "same", "similar"),
        ("Anna Maria Sol", "Anna Maria Kraus", "same", "different"),
        ("Anna Maria Sol", "Maria Kraus", "nickname", "different"),
        ("Ana Ruiz Sol", "Eva Ruiz", "different", "different"),
    ],
)
def test_names_of_people(one: str, other: str, given: str, family: str) -> None:
    found = levels("person", {"person_name": one}, {"person_name": other})
    assert (found["given_name"], found["family_name"]) == (given, family)


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        ("phone", "0221 4711-0", "+49 221 4711 0", "same"),
        ("phone", "0221 471100-12", "0221 471100-34", "switchboard"),
        ("phone", "0221 471100-0", "+49 221 47110034", "switchboard"),
        ("phone", "0221 471100", "0221 471100-812", "switchboard"),
        ("phone", "0221 471100-0", "0221 471104-34", "different"),
        ("phone", "0221 100", "0221 100-2345", "different"),
        ("phone", "0221 4711234", "0221 5711234", "close"),
        ("phone", "0221 4711234", "030 99887", "different"),
        ("email", "a.weber@foo.de", "A.Weber@foo.de", "same"),
        ("email", "info@foo.de", "info@foo.de", "role"),
        ("email", "anna.weber@foo.de", "anna.webr@foo.de", "close"),
        ("email", "a.weber@foo.de", "t.weber@foo.de", "different"),
        ("email", "anna.weber@foo.de", "anna.weber@fooo.de", "close"),
        ("email", "anna.weber@foo.de", "anna.weber@gmx.de", "local"),
        ("email", "anna@foo.de", "bert@bar.de", "different"),
        ("vat", "DE123456789", "DE 123 456 789", "same"),
        ("vat", "DE123456789", "DE123456780", "close"),
        ("vat", "DE123456789", "DE987654321", "different"),
        ("postcode", "50667", "D-50667", "same"),
        ("postcode", "50667", "50668", "close"),
        ("postcode", "50667", "10115", "different"),
        ("city", "Köln", "Koeln", "same"),
        ("city", "New York", "New York City", "close"),
        ("city", "Köln", "Bonn", "different"),
        ("street", "Berliner Str. 12", "Berliner Straße 12", "same"),
        ("street", "Berliner Str. 12", "Berliner Straße 14", "number"),
        ("street", "Berliner Str. 12", "Berlinr Straße 12", "near"),
        ("street", "Berliner Str. 12", "Am Markt 1", "different"),
        ("date_of_birth", "1967-09-27", "27.9.1967", "same"),
        ("date_of_birth", "1967-09-27", "1967-08-27", "close"),
        ("date_of_birth", "1967-09-27", "1967-09-03", "partly"),
        ("date_of_birth", "1967-05-07", "1967-07-05", "partly"),
        ("date_of_birth", "1967-09-27", "1967-11-15", "year"),
        ("date_of_birth", "1967-09-27", "1988-01-13", "different"),
        ("identifier", "4711-A", "4711a", "same"),
        ("category", "Cafe", "café", "same"),
        ("number", "12000", "12050", "near"),
        ("number", "9", "10", "different"),
        ("country", "DE", "FR", "different"),
        ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "same"),
    ],
)
def test_values(kind: str, one: str, other: str, level: str) -> None:
    name = {"identifier": "identifier:", "category": "category:", "number": "number:"}.get(
        kind, kind
    )
    key = name if name.endswith(":") else kind
    assert levels("organization", {kind: one}, {kind: other})[key] == level


def test_the_best_of_several_values_speaks() -> None:
    left = Profile("a:b:1", "organization", "a", {"phone": ("0221 111222", "0221 4711-0")})
    right = Profile("a:b:2", "organization", "a", {"phone": ("+49 221 47110", "030 5555555")})
    base = base_of([left, right])
    found = compare_pairs("organization", base.frame, np.array([0]), np.array([1]))
    phone = next(each for each in found if each.name == "phone")
    assert phone.levels[int(phone.outcome.levels[0])] == "same"
