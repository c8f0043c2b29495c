"""Amounts, days and instants as invoices, exports and programs write them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mapping.normalize.currency import MINOR_DIGITS, SIGNS, currency_code
from mapping.normalize.date import birth_date, calendar_date, instant
from mapping.normalize.money import amount, minor_units
from mapping.normalize.number import DecimalMark

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,56 EUR", "1234.56", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("EUR 1.234,56", "1234.56", "EUR"),
        ("€1.234,56", "1234.56", "EUR"),
        ("1234,56", "1234.56", None),
        ("1234.56", "1234.56", None),
        ("1 234,56 €", "1234.56", "EUR"),
        ("1\u202f234,56 \u20ac", "1234.56", "EUR"),
        ("1'234.56", "1234.56", None),
        ("CHF 1'234.56", "1234.56", "CHF"),
        ("CHF 1’234.56", "1234.56", "CHF"),
        ("Fr. 12.50", "12.50", "CHF"),
        ("SFr. 12.50", "12.50", "CHF"),
        ("1.234.567,89 EUR", "1234567.89", "EUR"),
        ("1,234,567.89 USD", "1234567.89", "USD"),
        ("$1,234.56", "1234.56", "USD"),
        ("USD 1,234.56", "1234.56", "USD"),
        ("US$ 1,234.56", "1234.56", "USD"),
        ("£99.99", "99.99", "GBP"),
        ("99,99 £", "99.99", "GBP"),
        ("¥1,500", "1500", "JPY"),
        ("1.500 JPY", "1500", "JPY"),
        ("12,34,567.89 INR", "1234567.89", "INR"),
        ("Rs. 500", "500", "INR"),
        ("Rs 1,000.00", "1000.00", "INR"),
        ("₺ 12,50", "12.50", "TRY"),
        ("1 234,50 Kč", "1234.50", "CZK"),
        ("12 345 Ft", "12345", "HUF"),
        ("500 kr", "500", "SEK"),
        ("500 kr.", "500", "SEK"),
        ("12,50 zł", "12.50", "PLN"),
        ("5 DM", "5", "DEM"),
        ("-12,50 €", "-12.50", "EUR"),
        ("12,50- €", "-12.50", "EUR"),
        ("− 12,50 €", "-12.50", "EUR"),
        ("(12,50 €)", "-12.50", "EUR"),
        ("+12,50 €", "12.50", "EUR"),
        ("0,00 €", "0.00", "EUR"),
        ("€ 0", "0", "EUR"),
        ("0", "0", None),
        ("1.000", "1000", None),
        ("1,000", "1000", None),
        ("10.000 €", "10000", "EUR"),
        ("1.000,-- €", "1000", "EUR"),
        ("5,- €", "5", "EUR"),
        ("5.- CHF", "5", "CHF"),
        ("5.-- CHF", "5", "CHF"),
        (",50 €", "0.50", "EUR"),
        (".50", "0.50", None),
        ("12,5 €", "12.5", "EUR"),
        ("12,555 €", "12555", "EUR"),
        ("12,50 Euro", "12.50", "EUR"),
        ("12,50 Euros", "12.50", "EUR"),
        ("12,50\u00a0\u20ac", "12.50", "EUR"),
        ("  12,50  € ", "12.50", "EUR"),
        ("１２,５０ €", "12.50", "EUR"),
        ("999999999999999,99 €", "999999999999999.99", "EUR"),
    ],
)
def test_amounts(text: str, value: str, currency: str | None) -> None:
    found = amount(text)
    assert found is not None
    assert found.value == Decimal(value)
    assert (found.currencies[0] if found.currencies else None) == currency


@pytest.mark.parametrize(
    "text",
    [
        "12,50 €-",
        "-(12,50)",
        "EUR",
        "€",
        "€ €",
        "5 € 6",
        "5 EUR USD",
        "EUR 5 EUR",
        "5 Taler",
        "12.50.00",
        "1.23,45",
        "1,2.3",
        "1.234,56,78",
        "abc",
        "",
        "1e3",
        "12,50 TEUR",
        "5 Mio. €",
        "ca. 5 €",
        "5 €/Stk",
        "5,00 € netto",
        "9999999999999999999 €",
        "12,50 EUR/USD",
        "(+5)",
        "--5",
        "+-5",
    ],
)
def test_no_amount(text: str) -> None:
    assert amount(text) is None


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("1,234", ",", "1.234"),
        ("1,234", ".", "1234"),
        ("1.234,5", ".", None),
        ("1,234.5", ",", None),
        ("12.50", ",", None),
        ("12,50", ".", None),
        ("1.000.000", ",", "1000000"),
        ("1,000,000", ".", "1000000"),
        ("1.000.00", ",", None),
        ("12", ",", "12"),
        ("12,", ",", None),
        ("1'000,50", ",", "1000.50"),
    ],
)
def test_a_stated_mark_decides(text: str, mark: DecimalMark, value: str | None) -> None:
    found = amount(text, mark)
    assert (found and found.value) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(("sign", "meanings"), sorted(SIGNS.items()))
def test_every_sign_means_its_first_currency(sign: str, meanings: tuple[str, ...]) -> None:
    assert set(meanings) <= MINOR_DIGITS.keys()
    assert currency_code(sign) == meanings[0]
    assert currency_code(sign.lower()) == meanings[0]


@given(st.integers(1, 10**11), st.sampled_from(["€", "EUR", "Euro"]))
def test_cents_survive_every_german_spelling(cents: int, sign: str) -> None:
    euros = f"{Decimal(cents) / 100:,.2f}".translate(str.maketrans(",.", ".,"))
    plus = ("{0}", "{0} {1}", "{0}{1}", "{1} {0}", "+{0} {1}", " {0} ", "+{0}")
    minus = ("-{0}", "-{0} {1}", "−{0} {1}", "- {0}", "{0}-", "{0}- {1}", "{1} -{0}", "({0} {1})")
    for layouts, expected in ((plus, cents), (minus, -cents)):
        for layout in layouts:
            text = layout.format(euros, sign)
            found = amount(text, ",")
            assert found is not None, text
            assert minor_units(found.value, "EUR") == expected, text


@given(st.integers(0, 10**9), st.sampled_from(sorted(MINOR_DIGITS)))
def test_an_amount_in_any_currency_is_exact(units: int, currency: str) -> None:
    digits = MINOR_DIGITS[currency]
    value = Decimal(units).scaleb(-digits)
    found = amount(f"{currency} {value:.{digits}f}", ".")
    assert found is not None
    assert found.currencies == (currency,)
    assert minor_units(found.value, currency) == units


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-29", "2026-03-29"),
        ("29.03.2026", "2026-03-29"),
        ("29.3.26", "2026-03-29"),
        ("29. März 2026", "2026-03-29"),
        ("29. Mär. 2026", "2026-03-29"),
        ("29. Mrz 2026", "2026-03-29"),
        ("29. Maerz 2026", "2026-03-29"),
        ("1. Jänner 2026", "2026-01-01"),
        ("1. Feber 2026", "2026-02-01"),
        ("So, 29.03.2026", "2026-03-29"),
        ("Sonntag, 29. März 2026", "2026-03-29"),
        ("Sonntag, den 29. März 2026", "2026-03-29"),
        ("Sunday, March 29, 2026", "2026-03-29"),
        ("March 29, 2026", "2026-03-29"),
        ("Mar 29, 2026", "2026-03-29"),
        ("March 29th, 2026", "2026-03-29"),
        ("29 March 2026", "2026-03-29"),
        ("29th March 2026", "2026-03-29"),
        ("29-Mar-2026", "2026-03-29"),
        ("29-Mar-26", "2026-03-29"),
        ("29/03/2026", None),
        ("03/29/2026", None),
        ("2026/03/29", "2026-03-29"),
        ("2026.03.29", "2026-03-29"),
        ("20260329", "2026-03-29"),
        ("2026-3-29", "2026-03-29"),
        ("2026-03", None),
        ("2026", None),
        ("03.2026", None),
        ("3/2026", None),
        ("29.03.", None),
        ("29.02.2024", "2024-02-29"),
        ("29.02.2025", None),
        ("29.02.2000", "2000-02-29"),
        ("29.02.1900", None),
        ("31.04.2026", None),
        ("00.01.2026", None),
        ("32.01.2026", None),
        ("01.13.2026", None),
        ("1.1.0001", None),
        ("01.01.1799", None),
        ("01.01.1800", "1800-01-01"),
        ("31.12.9999", "9999-12-31"),
        ("2026-03-29T23:30:00", "2026-03-29"),
        ("2026-03-29T23:30:00Z", "2026-03-30"),
        ("2026-03-29T00:00:00Z", "2026-03-29"),
        ("2026-03-29 23:30:00+02:00", "2026-03-29"),
        ("2026-03-29T23:30:00.123456789Z", "2026-03-30"),
        ("Sun, 29 Mar 2026 23:30:00 GMT", "2026-03-30"),
        ("29.03.2026 23:30", "2026-03-29"),
        ("29.03.2026 23:30:15 Uhr", "2026-03-29"),
        ("29.03.2026, 23.30 Uhr", "2026-03-29"),
        ("2026-W13-7", None),
        ("2026-088", None),
        ("gestern", None),
        ("1743206400", None),
        ("KW 13/2026", None),
        ("２９.０３.２０２６", "2026-03-29"),
        ("29.03.2026 ", "2026-03-29"),
        ("'29.03.2026", None),
        ("29,03,2026", None),
        ("01.01.69", "1969-01-01"),
        ("01.01.68", "2068-01-01"),
        ("1.1.00", "2000-01-01"),
        ("29. Mar 26", "2026-03-29"),
        ("5 May 26 10:15", "2026-05-05"),
        ("29 Mar 10:15", None),
        ("2026.3.29", None),
        ("2026-03.29", None),
        ("Do., den 29.03.2026", "2026-03-29"),
    ],
)
def test_days(text: str, expected: str | None) -> None:
    assert calendar_date(text, BERLIN) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-29 01:59:59", "2026-03-29T00:59:59Z"),
        ("2026-03-29 02:00:00", "2026-03-29T01:00:00Z"),
        ("2026-03-29 02:30:00", "2026-03-29T01:30:00Z"),
        ("2026-03-29 03:00:00", "2026-03-29T01:00:00Z"),
        ("2026-10-25 01:59:59", "2026-10-24T23:59:59Z"),
        ("2026-10-25 02:00:00", "2026-10-25T00:00:00Z"),
        ("2026-10-25 02:59:59", "2026-10-25T00:59:59Z"),
        ("2026-10-25 03:00:00", "2026-10-25T02:00:00Z"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
        ("2026-10-25 02:30 MESZ", "2026-10-25T00:30:00Z"),
        ("2026-10-25 02:30 MEZ", "2026-10-25T01:30:00Z"),
        ("25.10.2026 02:30 CEST", "2026-10-25T00:30:00Z"),
        ("25.10.2026 02:30 CET", "2026-10-25T01:30:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z"),
        ("29.03.2026 23:60", None),
        ("29.03.2026 23:59:60", None),
        ("2026-12-31T23:59:59", "2026-12-31T22:59:59Z"),
        ("2027-01-01T00:00:00", "2026-12-31T23:00:00Z"),
        ("29.03.2026 11:30 PM", "2026-03-29T21:30:00Z"),
        ("29.03.2026 12:00 AM", "2026-03-28T23:00:00Z"),
        ("29.03.2026 12:00 PM", "2026-03-29T10:00:00Z"),
        ("29.03.2026 0:30 AM", None),
        ("3/29/2026 11:30 PM", None),
        ("2026-03-29T10:15Z", "2026-03-29T10:15:00Z"),
        ("2026-03-29T10Z", "2026-03-29T10:00:00Z"),
        ("2026-03-29T10:15:30.5+0530", "2026-03-29T04:45:30Z"),
        ("2026-03-29T10:15:30-03:30", "2026-03-29T13:45:30Z"),
        ("2026-03-29T10:15:30+14:00", "2026-03-28T20:15:30Z"),
        ("2026-03-29T10:15:30+24:00", None),
        ("2026-03-29 10:15:30 UTC", "2026-03-29T10:15:30Z"),
        ("2026-03-29 10:15:30 UTC+02:00", "2026-03-29T08:15:30Z"),
        ("2026-03-29 10:15:30 EST", None),
        ("2026-03-29 10:15:30 Europe/Berlin", None),
        ("Sun, 29 Mar 2026 10:15:30 +0000", "2026-03-29T10:15:30Z"),
        ("Sun, 29 Mar 2026 10:15:30 GMT", "2026-03-29T10:15:30Z"),
        ("Sun, 29 Mar 2026 10:15:30 (MESZ)", "2026-03-29T08:15:30Z"),
        ("29. März 2026 um 10:15 Uhr", "2026-03-29T08:15:00Z"),
        ("20260329T101530Z", "2026-03-29T10:15:30Z"),
        ("20260329T101530", "2026-03-29T08:15:30Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
        ("1800-01-01T00:00:00Z", "1800-01-01T00:00:00Z"),
        ("1799-12-31T23:59:59Z", None),
    ],
)
def test_instants(text: str, expected: str | None) -> None:
    assert instant(text, BERLIN) == expected


@pytest.mark.parametrize(
    ("zone", "before", "skipped", "after"),
    [
        ("Europe/Berlin", "2026-03-29 01:59", "2026-03-29 02:15", "2026-03-29 03:00"),
        ("Europe/London", "2026-03-29 00:59", "2026-03-29 01:15", "2026-03-29 02:00"),
        ("America/New_York", "2026-03-08 01:59", "2026-03-08 02:15", "2026-03-08 03:00"),
        ("Australia/Sydney", "2026-10-04 01:59", "2026-10-04 02:15", "2026-10-04 03:00"),
    ],
)
def test_an_hour_that_never_was(zone: str, before: str, skipped: str, after: str) -> None:
    place = ZoneInfo(zone)
    times = [instant(text, place) for text in (before, after, skipped)]
    moments = [datetime.fromisoformat(time) for time in times if time]
    assert len(moments) == 3
    assert moments[1] - moments[0] == timedelta(minutes=1)
    assert moments[2] - moments[1] == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("zone", "twice"),
    [
        ("Europe/Berlin", "2026-10-25 02:30"),
        ("Europe/London", "2026-10-25 01:30"),
        ("America/New_York", "2026-11-01 01:30"),
        ("Australia/Sydney", "2026-04-05 02:30"),
    ],
)
def test_an_hour_that_was_twice_is_its_first(zone: str, twice: str) -> None:
    place = ZoneInfo(zone)
    first = datetime.fromisoformat(f"{twice}:00").replace(tzinfo=place, fold=0)
    second = first.replace(fold=1)
    assert second.astimezone(UTC) - first.astimezone(UTC) == timedelta(hours=1)
    assert instant(twice, place) == f"{first.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert instant(second.isoformat(), place) == f"{second.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2067, 1, 1)),  # noqa: DTZ001 - zone comes below
    st.sampled_from(["Europe/Berlin", "Europe/Zurich", "America/Chicago", "Asia/Kolkata", "UTC"]),
)
def test_a_german_stamp_without_zone_is_local_time(moment: datetime, zone: str) -> None:
    place = ZoneInfo(zone)
    local = moment.replace(tzinfo=place, microsecond=0)
    expected = f"{local.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for text in (
        f"{local:%d.%m.%Y %H:%M:%S}",
        f"{local.day}.{local.month}.{local.year}, {local:%H:%M:%S} Uhr",
        f"{local:%Y-%m-%d %H:%M:%S}",
        f"{local:%Y-%m-%dT%H:%M:%S}",
        f"{local:%Y.%m.%d %H:%M:%S}",
    ):
        assert instant(text, place) == expected, text
        assert calendar_date(text, place) == f"{local:%Y-%m-%d}", text


@pytest.mark.parametrize("year", [1804, 1900, 1999, 2000, 2023, 2024, 2100, 2400])
def test_leap_days_are_days_in_leap_years_alone(year: int) -> None:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    expected = f"{year}-02-29" if leap else None
    for text in (f"29.02.{year}", f"{year}-02-29", f"29. Februar {year}", f"Feb 29, {year}"):
        assert calendar_date(text) == expected
        assert birth_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.03.1955", "1955-03-12"),
        ("1955-03-12", "1955-03-12"),
        ("12. März 1955", "1955-03-12"),
        ("12-Mar-1955", "1955-03-12"),
        ("12-Mar-55", None),
        ("12.03.55", None),
        ("12/03/1955", None),
        ("1955", None),
        (20_000, None),
    ],
)
def test_birth_dates(text: object, expected: str | None) -> None:
    assert birth_date(text) == expected
