"""VAT ids, IBANs, tax and register numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as stdnum_iban
from stdnum.de import vat as german_vat

from mapping.normalize.identifier import iban, tax_number, vat_number
from mapping.normalize.register import COURTS, register_number


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("DE136695976", None, "DE136695976"),
        ("de 136 695 976", None, "DE136695976"),
        ("USt-IdNr.: DE136695976", None, "DE136695976"),
        ("DE136695976-00001", None, "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        (136695976, "DE", "DE136695976"),
        ("ATU13585627", "DE", "ATU13585627"),
        ("CHE-107.787.577 MWST", None, "CHE107787577"),
        ("GR094259216", None, "EL094259216"),
        ("FR40303265045", None, "FR40303265045"),
        ("NL004495445B01", None, "NL004495445B01"),
        ("GB980780684", None, "GB980780684"),
        ("XI980780684", None, "XI980780684"),
        ("DE136695978", None, None),
        ("136695976", None, None),
        ("US123456789", None, None),
        ("siehe Notiz", "DE", None),
        ("DE", "DE", None),
        ("", "DE", None),
        (None, "DE", None),
        ("DE1" * 500_000, "DE", None),
    ],
)
def test_vat(value: object, country: str | None, expected: str | None) -> None:
    assert vat_number(value, country) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("IBAN: de89370400440532013000", "DE89370400440532013000"),
        ("GB82-WEST-1234-5698-7654-32", "GB82WEST12345698765432"),
        ("DE89370400440532013001", None),
        ("DE89", None),
        ("unbekannt", None),
        (None, None),
        ("D" * 1_000_000, None),
    ],
)
def test_iban(value: object, expected: str | None) -> None:
    assert iban(value) == expected


@pytest.mark.parametrize(
    ("value", "country", "expected"),
    [
        ("181/815/08155", "DE", "18181508155"),
        ("St.-Nr. 181/815/08155", "DE", "18181508155"),
        ("2181508150", "DE", "2181508150"),
        ("DE136695976", "DE", None),
        ("Km18495", None, None),
        ("Km18495", "US", "Km18495"),
        ("", "DE", None),
        ("1" * 1_000_000, "DE", None),
    ],
)
def test_tax_number(value: object, country: str | None, expected: str | None) -> None:
    assert tax_number(value, country) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HRB 12345 München", "HRB 12345 München"),
        ("HRB 12345, München", "HRB 12345 München"),
        ("HRB12345 Muenchen", "HRB 12345 München"),
        ("Amtsgericht München HRB 12345 B", "HRB 12345 B München"),
        ("AG München, HRB 12345", "HRB 12345 München"),
        ("HRB 12345 (Amtsgericht München)", "HRB 12345 München"),
        ("HRB-Nr.: 12345", "HRB 12345"),
        ("HR B 00123", "HRB 123"),
        ("HRB 12345 B Charlottenburg", "HRB 12345 B Berlin (Charlottenburg)"),
        ("Amtsgericht Charlottenburg (Berlin) HRB 1 B", "HRB 1 B Berlin (Charlottenburg)"),
        ("Registergericht: Amtsgericht Frankfurt a.M., HRB 9", "HRB 9 Frankfurt am Main"),
        ("Handelsregister Köln: HRA 77", "HRA 77 Köln"),
        ("HRB 123 KI Kiel", "HRB 123 KI Kiel"),
        ("HRB 12345 HANNOVER", "HRB 12345 Hannover"),
        ("VR 1234 Hamburg", "VR 1234 Hamburg"),
        ("GnR 12 Köln", "GnR 12 Köln"),
        ("HRB 5 Kleinkleckersdorf", "HRB 5 Kleinkleckersdorf"),
        ("FN 123456 A", "FN 123456a"),
        ("HRB 1 HRB 2", None),
        ("HRB 0 Köln", None),
        ("HRB 1234567", None),
        ("HRB", None),
        ("12345", None),
        ("beantragt", None),
        ("", None),
        (None, None),
        ("HRB 1 " * 200_000, None),
    ],
)
def test_register_number(text: object, expected: str | None) -> None:
    assert register_number(text) == expected


def test_register_numbers_of_other_countries() -> None:
    assert register_number("123456a", "AT") == "FN 123456a"
    assert register_number("SC123456", "GB") == "SC123456"
    assert register_number("SC123456", "DE") is None


@pytest.mark.parametrize("court", sorted(set(COURTS.values())))
def test_every_court_is_found_on_either_side(court: str) -> None:
    expected = f"HRB 123 {court}"
    assert register_number(expected) == expected
    assert register_number(f"Amtsgericht {court}, HRB 123") == expected
    assert register_number(f"HRB 123 B {court}") == f"HRB 123 B {court}"


@given(st.integers(10_000_000, 99_999_999))
def test_a_german_vat_id_counts_with_its_own_check_digit_alone(digits: int) -> None:
    number = str(digits)
    valid = [digit for digit in "0123456789" if vat_number(f"DE{number}{digit}")]
    assert len(valid) == 1
    assert german_vat.is_valid(f"DE{number}{valid[0]}")
    spaced = f"DE {number[:4]} {number[4:]}{valid[0]}"
    assert vat_number(spaced) == f"DE{number}{valid[0]}"


@given(st.integers(10_000_000, 99_999_999), st.integers(0, 9_999_999_999))
def test_a_german_iban_survives_its_spellings(bank: int, account: int) -> None:
    basic = f"{bank}{account:010}"
    whole = f"DE{stdnum_iban.calc_check_digits('DE00' + basic)}{basic}"
    groups = " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
    assert iban(whole) == iban(groups) == iban(groups.lower()) == whole


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.from_regex(r"(HRB|VR|DE|AG |Amtsgericht )?[ 0-9A-Za-zö.,()/-]{0,25}"),
    ),
    st.sampled_from([None, "DE", "AT", "US"]),
)
def test_identifiers_never_raise_and_settle_at_once(value: object, country: str | None) -> None:
    for normalize in (vat_number, tax_number, register_number):
        once = normalize(value, country)
        assert once is None or normalize(once, country) == once
    once = iban(value)
    assert once is None or iban(once) == once
