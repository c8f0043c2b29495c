"""Currencies: ISO 4217 codes, how many digits their minor unit has, and the signs people use."""

from typing import Any, Final

from mapping.normalize.text import line

_TWO_DIGITS = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD
MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD
TZS UAH USD UYU UZS VES WST XCD XCG YER ZAR ZMW ZWG DEM ATS FRF ITL NLG ESP BEF HRK
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"

USUAL_DIGITS: Final = 2
MINOR_DIGITS: Final[dict[str, int]] = {
    **dict.fromkeys(_TWO_DIGITS.split(), USUAL_DIGITS),
    **dict.fromkeys(_NO_DIGITS.split(), 0),
    **dict.fromkeys(_THREE_DIGITS.split(), 3),
}
"""How many digits an ISO currency's minor unit has; also the list of currencies."""

SIGNS: Final[dict[str, tuple[str, ...]]] = {
    "€": ("EUR",),
    "EURO": ("EUR",),
    "EUROS": ("EUR",),
    "£": ("GBP",),
    "₹": ("INR",),
    "RS": ("INR", "PKR", "LKR", "NPR"),
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "ARS", "CLP", "COP", "TWD", "BRL"),
    "US$": ("USD",),
    "¥": ("JPY", "CNY"),
    "₩": ("KRW",),
    "₺": ("TRY",),
    "₽": ("RUB",),
    "₴": ("UAH",),
    "₪": ("ILS",),
    "₫": ("VND",),
    "฿": ("THB",),
    "ZŁ": ("PLN",),
    "KČ": ("CZK",),
    "FT": ("HUF",),
    "KR": ("SEK", "DKK", "NOK", "ISK"),
    "FR": ("CHF",),
    "SFR": ("CHF",),
    "DM": ("DEM",),
}
"""What a sign may mean; the first is meant where nothing else says which."""


def currency_code(value: Any) -> str | None:
    """Return the ISO 4217 code for a code or sign ("eur", "€"), or None."""
    text = line(value, 10)
    meanings = None if text is None else currencies_of(text)
    return meanings[0] if meanings else None


def currencies_of(sign: str) -> tuple[str, ...]:
    """Return the currencies that a code or sign may mean, likeliest first; () where it is none."""
    key = sign.upper().rstrip(".")
    return (key,) if key in MINOR_DIGITS else SIGNS.get(key, ())
