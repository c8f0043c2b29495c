"""Numbers, percentages, booleans, money and currencies."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.currency import MINOR_DIGITS, currencies_of, currency_code
from mapping.normalize.money import amount, minor_units
from mapping.normalize.number import (
    DecimalMark,
    boolean,
    decimal_number,
    integer,
    number,
    percent,
    rounded,
)

JUNK = st.one_of(
    st.none(),
    st.text(),
    st.floats(),
    st.integers(),
    st.booleans(),
    st.lists(st.none(), max_size=1),
    st.from_regex(r"[-+(]?[0-9.,' ]{0,12}[)€%-]?", fullmatch=True),
)
MARKS: list[DecimalMark | None] = [None, ",", "."]


@pytest.mark.parametrize(
    ("value", "mark", "expected"),
    [
        ("1.234,56", None, "1234.56"),
        ("1,234.56", None, "1234.56"),
        ("1'234.50", None, "1234.50"),
        ("1 234,56", None, "1234.56"),
        ("1\u00a0234,56", None, "1234.56"),
        ("12,34,567.00", None, "1234567.00"),
        ("1.234.567", None, "1234567"),
        ("1,5", None, "1.5"),
        ("0.123", None, "0.123"),
        (".5", None, "0.5"),
        ("1e3", None, "1000"),
        ("−5", None, "-5"),
        ("5-", None, "-5"),
        ("(5)", None, "-5"),
        ("+5", None, "5"),
        ("007", None, "7"),
        (12.5, None, "12.5"),
        (0.1, None, "0.1"),
        (7, None, "7"),
        # Three digits behind a single mark: only a stated mark says what they are.
        ("1.234", None, None),
        ("1,234", None, None),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("1,234", ".", "1234"),
        # A text that contradicts the stated mark is not read the other way round.
        ("12.50", ",", None),
        ("1,234.56", ",", None),
        ("1.23.456", ",", None),
        ("1,2,3", None, None),
        ("5,", ",", None),
        ("--5", None, None),
        ("(-5)", None, None),
        ("(5", None, None),
        ("5)", None, None),
        ("5²", None, None),
        ("12 Stück", None, None),
        ("", None, None),
        ("9" * 30, None, None),
        ("1e99", None, None),
        (1e300, None, None),
        (float("nan"), None, None),
        (True, None, None),
        ([], None, None),
        ("1" * 1_000_000, None, None),
    ],
)
def test_decimal_number(value: object, mark: DecimalMark | None, expected: str | None) -> None:
    assert decimal_number(value, mark) == (None if expected is None else Decimal(expected))


def test_number_integer_and_percent() -> None:
    assert number("1,50", ",") == 1.5
    assert isinstance(number("3,0", ","), int)
    assert integer("12.5", ".") is None
    assert integer(12.0) == 12
    assert percent("64") == percent("64%") == 64
    assert (percent(0), percent(100), percent(1, fraction=True)) == (0, 100, 100)
    assert percent("64,5 %", ",") == 64.5
    assert percent(0.64, fraction=True) == 64
    assert percent("64 %", fraction=True) == 64
    assert percent(0.1 + 0.2, fraction=True) == 30
    assert percent(120) is None
    assert percent(-1) is None
    assert percent("viel") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Ja", True),
        (" nein ", False),
        ("TRUE", True),
        ("x", True),
        (1, True),
        (0.0, False),
        (2, None),
        (True, True),
        ("vielleicht", None),
        (None, None),
        ("", None),
    ],
)
def test_boolean(value: object, expected: bool | None) -> None:
    assert boolean(value) is expected


@pytest.mark.parametrize(
    ("value", "mark", "expected", "currencies"),
    [
        ("1.234,56 €", None, "1234.56", ("EUR",)),
        ("€ 1.234,56", ",", "1234.56", ("EUR",)),
        ("EUR 1 234,56", ",", "1234.56", ("EUR",)),
        ("₹1,099", None, "1099", ("INR",)),
        ("₹399", None, "399", ("INR",)),
        ("1'234.50 CHF", None, "1234.50", ("CHF",)),
        ("1 234,56 zł", None, "1234.56", ("PLN",)),
        ("5,00 Euro", ",", "5.00", ("EUR",)),
        ("US$ 5", None, "5", ("USD",)),
        ("1.000,-", ",", "1000", ()),
        ("1.000,-- €", ",", "1000", ("EUR",)),
        ("12,50-", ",", "-12.50", ()),
        ("(12.50)", None, "-12.50", ()),
        ("(€12,50)", None, "-12.50", ("EUR",)),
        ("-€12", None, "-12", ("EUR",)),
        ("€ -12", None, "-12", ("EUR",)),
        ("1.234", None, "1234", ()),
        ("1,234", None, "1234", ()),
        ("0,123", None, "0.123", ()),
        (32.38, ",", "32.38", ()),
        (14, None, "14", ()),
    ],
)
def test_amount(
    value: object, mark: DecimalMark | None, expected: str, currencies: tuple[str, ...]
) -> None:
    found = amount(value, mark)
    assert found is not None
    assert (found.value, found.currencies) == (Decimal(expected), currencies)


def test_a_dollar_sign_may_mean_several_and_means_us_dollars_first() -> None:
    found = amount("$2,357,113")
    assert found is not None
    assert found.value == 2357113
    assert found.currencies[0] == "USD"
    assert "CAD" in found.currencies


@pytest.mark.parametrize(
    "value",
    [
        "abc",
        "€",
        "12 Stück",
        "-(5)",
        "(-5)",
        "(5",
        "5)",
        "€5€",
        "12.50.1",
        "",
        None,
        True,
        [],
        {},
        float("inf"),
        "1" * 1_000_000,
        "nach Vereinbarung",
    ],
)
def test_no_amount(value: object) -> None:
    assert amount(value) is None


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("12.34", "EUR", 1234),
        ("1.005", "EUR", 101),
        ("-1.005", "EUR", -101),
        ("12", "JPY", 12),
        ("12.5", "JPY", 13),
        ("1.2345", "KWD", 1235),
        ("12", "XYZ", None),
        ("1e17", "EUR", None),
    ],
)
def test_minor_units(value: str, currency: str, expected: int | None) -> None:
    assert minor_units(Decimal(value), currency) == expected


def test_currencies() -> None:
    assert currency_code(" eur ") == "EUR"
    assert currency_code("€") == "EUR"
    assert currency_code("Fr.") == "CHF"
    assert currency_code("Taler") is None
    assert currency_code(None) is None
    assert currencies_of("kr") == ("SEK", "DKK", "NOK", "ISK")
    assert {MINOR_DIGITS[code] for code in ("JPY", "EUR", "KWD")} == {0, 2, 3}


@given(JUNK, st.sampled_from(MARKS))
def test_numbers_never_raise(value: object, mark: DecimalMark | None) -> None:
    decimal_number(value, mark)
    amount(value, mark)
    boolean(value)
    for normalize in (number, integer, percent):
        once = normalize(value, mark)
        assert once is None or normalize(once, mark) == once


@given(st.integers(-(10**12), 10**12), st.sampled_from(sorted(MINOR_DIGITS)))
def test_minor_units_come_back_as_written_in_german_and_english(minor: int, currency: str) -> None:
    digits = MINOR_DIGITS[currency]
    value = Decimal(minor).scaleb(-digits)
    english = f"{value:,.{digits}f}"
    german = english.translate(str.maketrans(",.", ".,"))
    for text, mark in ((english, "."), (german, ",")):
        found = amount(f"{text} {currency}", "," if mark == "," else ".")
        assert found is not None
        assert minor_units(found.value, currency) == minor
        assert found.currencies == (currency,)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
def test_rounding_is_off_by_half_a_unit_at_most(value: Decimal) -> None:
    found = rounded(value, 2)
    assert found is not None
    assert abs(Decimal(found) - value * 100) <= Decimal("0.5")
