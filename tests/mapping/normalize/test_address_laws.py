"""What always holds of addresses, however they are laid out."""

from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.address import (
    Address,
    one_line_address,
    postcode,
    street,
    street_line,
)

STREETS = ("Hauptstraße", "Am Alten Markt", "Straße des 17. Juni", "Karl-Marx-Allee", "Große Gasse")


CITIES = ("Köln", "Frankfurt am Main", "Bad Tölz", "Halle/Saale", "Mülheim an der Ruhr")


HOUSES = st.from_regex(r"[1-9][0-9]{0,2}[a-f]?", fullmatch=True)


CODES = st.integers(1_001, 99_998).map("{:05d}".format)


@given(st.sampled_from(STREETS), HOUSES, CODES, st.sampled_from(CITIES), st.booleans())
def test_however_an_address_is_laid_out_it_is_the_same(
    name: str, house: str, code: str, city: str, shortened: bool
) -> None:
    line = f"{name} {house}"
    if shortened:
        line = line.replace("straße ", "str. ")
    expected = Address(code, city, name, house)
    for layout in (
        f"{line}, {code} {city}",
        f"{line}\n{code} {city}",
        f"{code} {city}, {line}",
        f"Nordlicht GmbH; {line}; {code} {city}",
        f"{line}, 3. OG, {code} {city}",
        f"Nordlicht GmbH, {line}, Hinterhaus, 3. OG, {code} {city}",
        f"  {line} ,  {code}  {city} ",
    ):
        assert one_line_address(layout, "DE") == expected, layout
    stated = Address(code, city, name, house, country="DE")
    for layout in (
        f"{line}, D-{code} {city}",
        f"{line}, {code} {city}, Deutschland",
        f"{line}\r\n{code} {city}\r\nGERMANY",
    ):
        assert one_line_address(layout, "AT") == stated, layout


@given(st.sampled_from(STREETS), HOUSES, st.sampled_from(["DE", "AT", None]))
def test_street_and_number_are_found_again(name: str, house: str, country: str | None) -> None:
    for written in (f"{name} {house}", f"{name} {house.upper()}", f"{name} Nr. {house}"):
        found = street_line(written, country)
        assert found is not None
        assert (found.street, found.house_number) == (name, house)


@given(st.sampled_from(STREETS))
def test_a_swiss_street_has_no_sharp_s(name: str) -> None:
    found = street(name, "CH")
    assert found is not None
    assert "straße" not in found
    assert found == name.replace("straße", "strasse").replace("Straße", "Strasse")


@given(CODES)
def test_a_spreadsheet_cannot_spoil_a_postcode(code: str) -> None:
    assert postcode(int(code), "DE") == code
    assert postcode(float(code), "DE") == code
    assert postcode(f"D-{code}", "DE") == postcode(f"D {code}", "DE") == code
