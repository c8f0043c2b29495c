"""Addresses as people type them, from Germany and from elsewhere."""

import pytest

from mapping.normalize.address import (
    Address,
    house_number,
    one_line_address,
    postcode,
    street_line,
)

Parts = tuple[str | None, str | None, str, str, str | None, str | None]


@pytest.mark.parametrize(
    ("text", "country", "name", "house"),
    [
        ("Hauptstr. 1", "DE", "Hauptstraße", "1"),
        ("Hauptstraße 1a", "DE", "Hauptstraße", "1a"),
        ("Hauptstr. 1 A", "DE", "Hauptstraße", "1a"),
        ("Hauptstr. 1-3", "DE", "Hauptstraße", "1-3"),
        ("Hauptstr. 1 - 3", "DE", "Hauptstraße", "1-3"),
        ("Hauptstr. 1/3", "DE", "Hauptstraße", "1/3"),
        ("Hauptstr. 12a-14b", "DE", "Hauptstraße", "12a-14b"),
        ("Hauptstr. 1+3", "DE", "Hauptstraße", "1+3"),
        ("Hauptstr.1", "DE", "Hauptstraße", "1"),
        ("HAUPTSTR. 1", "DE", "HAUPTSTRASSE", "1"),
        ("HAUPTSTRASSE 12", "DE", "HAUPTSTRASSE", "12"),
        ("Str. der Einheit 5", "DE", "Straße der Einheit", "5"),
        ("Straße der Nationen 12", "DE", "Straße der Nationen", "12"),
        ("Platz der Republik 1", "DE", "Platz der Republik", "1"),
        ("Unter den Linden 77", "DE", "Unter den Linden", "77"),
        ("Am Hof 3b", "DE", "Am Hof", "3b"),
        ("An der B 10 Nr. 3", "DE", "An der B 10", "3"),
        ("Industriestr. 5, Halle 3", "DE", "Industriestraße", "5"),
        ("Industriestr. 5, Gebäude B", "DE", "Industriestraße", "5"),
        ("Im Tal Nr. 4", "DE", "Im Tal", "4"),
        ("Dorfstraße Haus-Nr. 7", "DE", "Dorfstraße", "7"),
        ("Dorf 12", "DE", "Dorf", "12"),
        ("Straße 52 Nr. 7", "DE", "Straße 52", "7"),
        ("Allee 100 a", "DE", "Allee", "100a"),
        ("L 7, 3-4", "DE", "L 7", "3-4"),
        ("M4, 12", "DE", "M 4", "12"),
        ("Postfach 10 01 02", "DE", "Postfach 10 01 02", None),
        ("PF 123", "DE", "PF 123", None),
        ("August-Bebel-Str. 23", "DE", "August-Bebel-Straße", "23"),
        ("Karl-Marx-Allee 1", "DE", "Karl-Marx-Allee", "1"),
        ("Straße d. Friedens 1", "DE", "Straße d. Friedens", "1"),
        ("Friedrich-Ebert-Platz 1-3", "DE", "Friedrich-Ebert-Platz", "1-3"),
        ("Gewerbegebiet Süd", "DE", "Gewerbegebiet Süd", None),
        ("17. Juni 135", "DE", "17. Juni", "135"),
        ("Strandpromenade 1 1/2", "DE", "Strandpromenade", "1 1/2"),
        ("Königstraße 10 c", "DE", "Königstraße", "10c"),
        ("Brunnenstr.19-21", "DE", "Brunnenstraße", "19-21"),
        ("Schlosstrasse 5", "DE", "Schlosstraße", "5"),
    ],
)
def test_german_streets(text: str, country: str, name: str, house: str | None) -> None:
    found = street_line(text, country)
    assert found is not None
    assert (found.street, found.house_number) == (name, house)


@pytest.mark.parametrize(
    ("text", "country", "name", "house"),
    [
        ("Mariahilfer Straße 88a/2/5", "AT", "Mariahilfer Straße", "88a/2/5"),
        ("Kärntner Ring 5-7", "AT", "Kärntner Ring", "5-7"),
        ("Bahnhofstrasse 21", "CH", "Bahnhofstrasse", "21"),
        ("Bahnhofstr. 21", "CH", "Bahnhofstrasse", "21"),
        ("Rue du Rhône 14", "CH", "Rue du Rhône", "14"),
        ("Via Nassa 5", "CH", "Via Nassa", "5"),
        ("10 Downing Street", "GB", "Downing Street", "10"),
        ("221B Baker Street", "GB", "Baker Street", "221b"),
        ("Flat 3, 10 High Street", "GB", "Flat 3, 10 High Street", None),
        ("1600 Pennsylvania Ave NW", "US", "Pennsylvania Ave NW", "1600"),
        ("350 Fifth Avenue", "US", "Fifth Avenue", "350"),
        ("1 Infinite Loop", "US", "Infinite Loop", "1"),
        ("100 Main St Apt 4B", "US", "Main St Apt 4B", "100"),
        ("8 rue de la Paix", "FR", "rue de la Paix", "8"),
        ("10 ter avenue Foch", "FR", "avenue Foch", "10ter"),
        ("Via Roma 12", "IT", "Via Roma", "12"),
        ("Via Roma, 12", "IT", "Via Roma", "12"),
        ("Via Roma 12/A", "IT", "Via Roma", "12/a"),
        ("Calle Mayor 5", "ES", "Calle Mayor", "5"),
        ("Keizersgracht 123", "NL", "Keizersgracht", "123"),
        ("Rue de la Loi 200", "BE", "Rue de la Loi", "200"),
        ("ul. Marszałkowska 10/12", "PL", "ul. Marszałkowska", "10/12"),
        ("Vesterbrogade 1 A", "DK", "Vesterbrogade", "1a"),
        ("Drottninggatan 5", "SE", "Drottninggatan", "5"),
        ("Na Příkopě 14", "CZ", "Na Příkopě", "14"),
        ("Rua Augusta, 24", "PT", "Rua Augusta", "24"),
        ("350 5th Ave", "US", "5th Ave", "350"),
        ("1 42nd Street", "US", "42nd Street", "1"),
        ("Unit 5 Mill Road", "GB", "Unit 5 Mill Road", None),
        ("Flat 12", "GB", "Flat 12", None),
    ],
)
def test_streets_elsewhere(text: str, country: str, name: str, house: str | None) -> None:
    found = street_line(text, country)
    assert found is not None
    assert (found.street, found.house_number) == (name, house)


@pytest.mark.parametrize(
    ("text", "country", "parts"),
    [
        ("Hauptstr. 5, 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5; 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5 | 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5 • 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5\r\n50667 K\u00f6ln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5, D-50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, "DE")),
        ("Hauptstr. 5, DE 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, "DE")),
        ("Hauptstr. 5, DE-50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, "DE")),
        ("Hauptstr. 5, D 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, "DE")),
        (
            "Hauptstr. 5, 50667 Köln, Germany",
            None,
            ("Hauptstraße", "5", "50667", "Köln", None, "DE"),
        ),
        ("Hauptstr. 5, 50667 Köln, DE", None, ("Hauptstraße", "5", "50667", "Köln", None, "DE")),
        ("50667 Köln, Hauptstr. 5", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("50667 Köln", None, (None, None, "50667", "Köln", None, None)),
        ("Hauptstr. 5 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Hauptstr. 5a 50667 Köln", None, ("Hauptstraße", "5a", "50667", "Köln", None, None)),
        ("Hauptstr. 5-7, 50667 Köln", None, ("Hauptstraße", "5-7", "50667", "Köln", None, None)),
        (
            "Hauptstr. 5, 50667 Köln-Ehrenfeld",
            None,
            ("Hauptstraße", "5", "50667", "Köln-Ehrenfeld", None, None),
        ),
        (
            "Hauptstr. 5, 60311 Frankfurt am Main",
            None,
            ("Hauptstraße", "5", "60311", "Frankfurt am Main", None, None),
        ),
        (
            "Hauptstr. 5, 60311 Frankfurt (Main)",
            None,
            ("Hauptstraße", "5", "60311", "Frankfurt (Main)", None, None),
        ),
        (
            "Hauptstr. 5, 15230 Frankfurt/Oder",
            None,
            ("Hauptstraße", "5", "15230", "Frankfurt/Oder", None, None),
        ),
        ("Postfach 12 34, 50667 Köln", None, ("Postfach 12 34", None, "50667", "Köln", None, None)),
        (
            "c/o Meier, Hauptstr. 5, 50667 Köln",
            None,
            ("Hauptstraße", "5", "50667", "Köln", None, None),
        ),
        (
            "Huber GmbH, Abt. Einkauf, Hauptstr. 5, 50667 Köln",
            None,
            ("Hauptstraße", "5", "50667", "Köln", None, None),
        ),
        ("Hauptstr. 5, 2. OG, 50667 Köln", None, ("Hauptstraße", "5", "50667", "Köln", None, None)),
        ("Kärntner Str. 1, 1010 Wien", "AT", ("Kärntner Straße", "1", "1010", "Wien", None, None)),
        (
            "Kärntner Str. 1, 1010 Wien, Österreich",
            None,
            ("Kärntner Straße", "1", "1010", "Wien", None, "AT"),
        ),
        (
            "Bahnhofstr. 1, CH-8001 Zürich",
            None,
            ("Bahnhofstrasse", "1", "8001", "Zürich", None, "CH"),
        ),
        ("Bahnhofstr. 1, 8001 Zürich", "CH", ("Bahnhofstrasse", "1", "8001", "Zürich", None, None)),
        ("Städtle 1, FL-9490 Vaduz", None, ("Städtle", "1", "9490", "Vaduz", None, "LI")),
        (
            "Städtle 1, 9490 Vaduz, Liechtenstein",
            None,
            ("Städtle", "1", "9490", "Vaduz", None, "LI"),
        ),
        (
            "1 rue de Rivoli, 75001 Paris, France",
            None,
            ("rue de Rivoli", "1", "75001", "Paris", None, "FR"),
        ),
        (
            "1 rue de Rivoli, 75001 Paris",
            "FR",
            ("rue de Rivoli", "1", "75001", "Paris", None, None),
        ),
        (
            "Via Roma 1, 20121 Milano, Italia",
            None,
            ("Via Roma", "1", "20121", "Milano", None, "IT"),
        ),
        ("Via Roma 1, I-20121 Milano", None, ("Via Roma", "1", "20121", "Milano", None, "IT")),
        (
            "Calle Mayor 5, 28013 Madrid, Spanien",
            None,
            ("Calle Mayor", "5", "28013", "Madrid", None, "ES"),
        ),
        (
            "Rue de la Loi 200, 1000 Bruxelles, Belgien",
            None,
            ("Rue de la Loi", "200", "1000", "Bruxelles", None, "BE"),
        ),
        (
            "Rue de la Loi 200, B-1000 Bruxelles",
            None,
            ("Rue de la Loi", "200", "1000", "Bruxelles", None, "BE"),
        ),
        ("5 rue X, L-1234 Luxembourg", None, ("rue X", "5", "1234", "Luxembourg", None, "LU")),
        (
            "Vesterbrogade 1, DK-1620 København",
            None,
            ("Vesterbrogade", "1", "1620", "København", None, "DK"),
        ),
        (
            "1600 Pennsylvania Ave NW, Washington, DC 20500",
            None,
            ("Pennsylvania Ave NW", "1600", "20500", "Washington", "DC", "US"),
        ),
        (
            "350 5th Ave, New York, NY 10118, USA",
            None,
            ("5th Ave", "350", "10118", "New York", "NY", "US"),
        ),
        (
            "350 5th Ave, New York, NY 10118-0110",
            None,
            ("5th Ave", "350", "10118-0110", "New York", "NY", "US"),
        ),
        (
            "350 5th Ave, New York NY 10118",
            None,
            ("5th Ave", "350", "10118", "New York", "NY", "US"),
        ),
        (
            "Hauptstr. 5, Hinterhaus, 50667 Köln",
            "DE",
            ("Hauptstraße", "5", "50667", "Köln", None, None),
        ),
        (
            "Hauptstr. 5, Postfach 12 34, 50667 Köln",
            "DE",
            ("Hauptstraße", "5", "50667", "Köln", None, None),
        ),
        ("Gewerbepark, 50667 Köln", "DE", ("Gewerbepark", None, "50667", "Köln", None, None)),
        ("Hafenstr. 1, FL-9490 Vaduz", "DE", ("Hafenstrasse", "1", "9490", "Vaduz", None, "LI")),
    ],
)
def test_one_line(text: str, country: str | None, parts: Parts) -> None:
    name, house, code, city, region, said = parts
    assert one_line_address(text, country) == Address(code, city, name, house, region, said)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Kärntner Str. 1, 1010 Wien", None),
        ("350 5th Ave, New York, XX 10118", None),
        ("10 Downing Street, London SW1A 2AA", None),
        ("Keizersgracht 123, 1015 CJ Amsterdam", None),
        ("Hauptstr. 5, 5066 Köln", None),
        ("Hauptstr. 5, 506670 Köln", None),
        ("Hauptstr. 5, Köln 50667", None),
    ],
)
def test_no_guess_where_the_form_is_unknown(text: str, country: str | None) -> None:
    assert one_line_address(text, country) is None


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("1010", "AT", "1010"),
        ("A-1010", "AT", "1010"),
        ("8001", "CH", "8001"),
        ("CH-8001", "CH", "8001"),
        ("FL-9490", "LI", "9490"),
        ("75001", "FR", "75001"),
        ("F-75001", "FR", "75001"),
        ("SW1A 2AA", "GB", "SW1A 2AA"),
        ("sw1a2aa", "GB", "SW1A2AA"),
        ("10118-0110", "US", "10118-0110"),
        ("1015 CJ", "NL", "1015 CJ"),
        ("1015CJ", "NL", "1015CJ"),
        ("L-1234", "LU", "1234"),
        ("B-1000", "BE", "1000"),
        ("00-950", "PL", "00-950"),
        ("PL-00-950", "PL", "00-950"),
        ("110 00", "CZ", "110 00"),
        ("DK-1620", "DK", "1620"),
        ("K1A 0B1", "CA", "K1A 0B1"),
        ("4001-001", "PT", "4001-001"),
        ("D 50667", "DE", "50667"),
        (50667, "DE", "50667"),
        (50667.0, "DE", "50667"),
        ("50667 Köln", "DE", None),
        ("5066", "DE", "05066"),
        ("0", "DE", None),
        ("1067", "AT", "1067"),
        ("D-1067", "DE", "01067"),
        ("100-0001", "JP", "100-0001"),
        ("DE 50667", "DE", "50667"),
        ("A 1010", "AT", "1010"),
        ("CH 8001", "CH", "8001"),
        ("D 1067", "DE", "01067"),
        ("VLT 1117", "MT", "VLT 1117"),
        ("HM 12", "BM", "HM 12"),
    ],
)
def test_postcodes_of_many_countries(value: object, country: str, expected: str | None) -> None:
    assert postcode(value, country) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", "5"),
        ("5a", "5a"),
        ("5 A", "5a"),
        ("5-7", "5-7"),
        ("5 – 7", "5-7"),
        ("Nr. 5", "5"),
        ("Hausnr. 5", "5"),
        ("Haus-Nr.: 5b", "5b"),
        ("5 1/2", "5 1/2"),
        ("12/3/4", "12/3/4"),
        ("ohne", None),
        ("", None),
        ("-", None),
        ("5 a - c", "5a-c"),
        (5, "5"),
        (5.0, "5"),
        ("1/2", "1/2"),
        ("10 bis", "10bis"),
        (None, None),
        ([], None),
        ("7" * 30, None),
    ],
)
def test_house_numbers(value: object, expected: str | None) -> None:
    assert house_number(value) == expected
