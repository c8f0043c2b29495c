"""Countries, streets, postcodes and one-line addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.address import (
    Address,
    house_number,
    one_line_address,
    postcode,
    street,
    street_line,
)
from mapping.normalize.country import ALPHA_2, country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Deutschland", "DE"),
        ("GERMANY", "DE"),
        ("Bundesrepublik Deutschland", "DE"),
        ("D", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Österreich", "AT"),
        ("Oesterreich", "AT"),
        ("Schweiz", "CH"),
        ("Türkei", "TR"),
        ("UK", "GB"),
        ("Great Britain", "GB"),
        ("USA", "US"),
        ("U.S.A.", "US"),
        ("Vereinigte Staaten", "US"),
        ("Tschechien", "CZ"),
        ("Czech Republic", "CZ"),
        ("NO", "NO"),
        ("BGR", "BG"),
        ("Elfenbeinküste", "CI"),
        ("Atlantis", None),
        ("", None),
        (None, None),
        (5, None),
        ("x" * 1_000_000, None),
    ],
)
def test_country(text: object, code: str | None) -> None:
    assert country_code(text) == code


def test_every_country_code_means_itself() -> None:
    assert len(ALPHA_2) == 250
    assert all(country_code(code) == code for code in ALPHA_2)


@pytest.mark.parametrize(
    ("text", "country", "name", "house"),
    [
        ("Obere Str. 57", "DE", "Obere Straße", "57"),
        ("Hauptstr.5a", "DE", "Hauptstraße", "5a"),
        ("Hauptstrasse 12 - 14", "DE", "Hauptstraße", "12-14"),
        ("Hauptstraße 12 A", "DE", "Hauptstraße", "12a"),
        ("Berliner-Str. 12/14", "DE", "Berliner-Straße", "12/14"),
        ("Musterweg Nr. 5", "DE", "Musterweg", "5"),
        ("Musterweg 5 1/2", "DE", "Musterweg", "5 1/2"),
        ("Gewerbepark 5 a-c", "DE", "Gewerbepark", "5a-c"),
        ("Am Markt 7, 2. OG", "DE", "Am Markt", "7"),
        ("Am Markt 7, Hinterhaus", "DE", "Am Markt", "7"),
        ("Straße des 17. Juni 135", "DE", "Straße des 17. Juni", "135"),
        ("Straße des 17. Juni", "DE", "Straße des 17. Juni", None),
        ("1. Mai Straße 5", "DE", "1. Mai Straße", "5"),
        ("Q7, 24", "DE", "Q 7", "24"),
        ("Postfach 12 34", "DE", "Postfach 12 34", None),
        ("Stresemannstr. 78", "DE", "Stresemannstraße", "78"),
        ("Bahnhofstraße 3", "CH", "Bahnhofstrasse", "3"),
        ("Bahnhofstr. 3", "CH", "Bahnhofstrasse", "3"),
        ("Kirchgasse 6", "AT", "Kirchgasse", "6"),
        ("59 rue de l'Abbaye", "FR", "rue de l'Abbaye", "59"),
        ("24, place Kléber", "FR", "place Kléber", "24"),
        ("12 bis rue Royale", "FR", "rue Royale", "12bis"),
        ("C/ Araquil, 67", "ES", "C/ Araquil", "67"),
        ("51161 Abbott Rapids", "US", "Abbott Rapids", "51161"),
        ("87 Polk St. Suite 5", "US", "Polk St. Suite 5", "87"),
        ("Main St. Suite 5", "US", "Main St. Suite 5", None),
        ("P.O. Box 555", "US", "P.O. Box 555", None),
        ("12 Orchestra Terrace", None, "Orchestra Terrace", "12"),
        ("Maubelstr. 90", None, "Maubelstraße", "90"),
        ("Musterweg", "DE", "Musterweg", None),
        ("57", "DE", "57", None),
    ],
)
def test_street_line(text: str, country: str | None, name: str, house: str | None) -> None:
    found = street_line(text, country)
    assert found is not None
    assert (found.street, found.house_number) == (name, house)
    assert street(found.street, country) == found.street


def test_no_street() -> None:
    assert street_line(None) is None
    assert street_line("") is None
    assert street_line("x" * 1_000_000) is None
    assert street("Main Str.", "US") == "Main Str."
    assert street("HAUPTSTR.", "DE") == "HAUPTSTRASSE"


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("80331", "DE", "80331"),
        ("D-80331", "DE", "80331"),
        ("DE-80331", None, "80331"),
        (1067, "DE", "01067"),
        (3012.0, "CH", "3012"),
        ("wa1 1dp", "GB", "WA1 1DP"),
        ("S-958 22", "SE", "958 22"),
        ("05432-043", "BR", "05432-043"),
        ("Köln", "DE", None),
        ("ohne", None, None),
        ("", "DE", None),
        (None, None, None),
        ("1" * 1_000_000, "DE", None),
    ],
)
def test_postcode(value: object, country: str | None, expected: str | None) -> None:
    assert postcode(value, country) == expected


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("Musterstr. 5, 80331 München", None, Address("80331", "München", "Musterstraße", "5")),
        (
            "Musterstr. 5\n80331 München\nDeutschland",
            None,
            Address("80331", "München", "Musterstraße", "5", country="DE"),
        ),
        (
            "D-80331 München, Musterstr. 5",
            None,
            Address("80331", "München", "Musterstraße", "5", country="DE"),
        ),
        ("Musterstr. 5 a 80331 München", "DE", Address("80331", "München", "Musterstraße", "5a")),
        (
            "Muster GmbH, Musterstr. 5, 80331 München",
            "DE",
            Address("80331", "München", "Musterstraße", "5"),
        ),
        ("80331 München", "DE", Address("80331", "München")),
        (
            "Bahnhofstrasse 1, 8001 Zürich, Schweiz",
            "DE",
            Address("8001", "Zürich", "Bahnhofstrasse", "1", country="CH"),
        ),
        (
            "Kärntner Ring 1, A-1010 Wien",
            "DE",
            Address("1010", "Wien", "Kärntner Ring", "1", country="AT"),
        ),
        (
            "51161 Abbott Rapids, Lindsaymouth, DE 50116",
            "DE",
            Address("50116", "Lindsaymouth", "Abbott Rapids", "51161", "DE", "US"),
        ),
        (
            "570 Sarah Wells, Johnbury, OK 10823-1234, USA",
            "DE",
            Address("10823-1234", "Johnbury", "Sarah Wells", "570", "OK", "US"),
        ),
        (
            "PSC 2606, Box 4746, APO AP 96249",
            "DE",
            Address("96249", "APO", "PSC 2606, Box 4746", None, "AP", "US"),
        ),
        ("Musterstr. 5, Köln, DE 50116", "DE", None),
        ("Musterstr. 5, 1067 Dresden", "DE", None),
        ("irgendwo", "DE", None),
        ("Musterstr. 5, München", "DE", None),
        ("", "DE", None),
        (None, "DE", None),
        ("x, " * 400_000, "DE", None),
    ],
)
def test_one_line_address(text: object, country: str | None, expected: Address | None) -> None:
    assert one_line_address(text, country) == expected


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"[A-Za-zß. ]{0,12}[str. ]{0,5}[0-9 a-c/,-]{0,9}[A-Za-z ]{0,8}"),
    ),
    st.sampled_from([None, "DE", "CH", "FR", "US"]),
)
def test_places_never_raise_and_settle_at_once(text: str, country: str | None) -> None:
    one_line_address(text, country)
    country_code(text)
    found = street_line(text, country)
    if found is not None:
        assert street(found.street, country) == found.street
        if found.house_number is not None:
            assert house_number(found.house_number) == found.house_number
    code = postcode(text, country)
    assert code is None or postcode(code, country) == code
