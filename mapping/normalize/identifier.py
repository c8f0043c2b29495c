"""Official numbers with check digits: VAT ids, IBANs and tax numbers -> one spelling, or None."""

import re
from functools import lru_cache
from typing import Any

from stdnum import get_cc_module
from stdnum import iban as stdnum_iban
from stdnum.de import stnr
from stdnum.exceptions import ValidationError

from mapping.normalize.text import identifier, scalar_text

_LIMIT = 60
_SEPARATORS = re.compile(r"[\s./-]+")
_VAT_WORDS = re.compile(
    r"^(?:(?:UST|UMSATZSTEUER)\.?\s?-?\s?ID(?:ENT)?\.?\s?-?\s?(?:NR\.?|NUMMER)?|UST\.?-?NR\.?"
    r"|UID(?:-?NR\.?)?|VAT(?: ?(?:ID|NO|REG)\.?)*)[:\s]*"
)
_TAX_WORDS = re.compile(r"^\s*(?:St(?:euer)?\.?\s?-?\s?(?:Nr\.?|Nummer):?|FA)\s*", re.IGNORECASE)
_ECONOMIC_ID = re.compile(r"(DE\d{9})-?\d{5}")
_SWISS_VAT = re.compile(r"(CHE\d{9})(?:MWST|TVA|IVA|TPV)?")
_EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"}
)
_OWN_CHECK = frozenset({"ES", "ME", "NO"})
_ELSEWHERE = frozenset({"GB", "NO"})


def vat_number(value: Any, country: str | None = None) -> str | None:
    """Return a VAT id as `DE136695976`, or None where its form or check digit is wrong.

    Checked: the EU, Northern Ireland (XI), GB, NO and CHE. country: tried as prefix where the
    number has none. A German economic id (W-IdNr. `DE123456789-00001`) is cut to its number.
    """
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    return _vat_number(text, country)


def iban(value: Any) -> str | None:
    """Return an IBAN in capitals without blanks, or None where its check digits are wrong."""
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    compact = _SEPARATORS.sub("", text.upper()).removeprefix("IBAN").removeprefix(":")
    return _checked_iban(compact) if compact.isascii() else None


def tax_number(value: Any, country: str | None = "DE") -> str | None:
    """Return a tax number, or None.

    German ones as their digits alone (10, 11 or 13, in a form that one of the states issues);
    those of other countries as an identifier.
    """
    if country not in (None, "DE"):
        return identifier(value)
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    digits = re.sub(r"[\s./-]+", "", _TAX_WORDS.sub("", text))
    return digits if digits.isascii() and stnr.is_valid(digits) else None


# Both lookups run check digits in Python, some 10 to 30 microseconds each.
@lru_cache(maxsize=16_384)
def _vat_number(text: str, country: str | None) -> str | None:
    compact = _SEPARATORS.sub("", _VAT_WORDS.sub("", text.strip().upper()))
    if not compact.isascii() or not compact.isalnum():
        return None
    if economic := _ECONOMIC_ID.fullmatch(compact):
        compact = economic[1]
    if swiss := _SWISS_VAT.fullmatch(compact):
        return swiss[1] if _is_valid("ch", "uid", swiss[1]) else None
    if compact[:2].isalpha():
        prefix = "EL" if compact[:2] == "GR" else compact[:2]
        return _with_prefix(prefix, compact[2:])
    if country is None:
        return None
    if country == "CH":
        return _vat_number(f"CHE{compact}", None)
    return _with_prefix("EL" if country == "GR" else country, compact)


def _with_prefix(prefix: str, number: str) -> str | None:
    if prefix == "BE" and len(number) == 9:
        number = f"0{number}"  # as it was written before 2005
    if prefix in _EU:
        valid = _is_valid("gb" if prefix == "XI" else prefix.lower(), "vat", number)
    elif prefix in _ELSEWHERE:
        valid = _is_valid(prefix.lower(), "mva" if prefix == "NO" else "vat", number)
    else:
        return None
    return f"{prefix}{number}" if valid else None


def _is_valid(country: str, kind: str, number: str) -> bool:
    module = get_cc_module("gr" if country == "el" else country, kind)
    return bool(module is not None and module.is_valid(number))


@lru_cache(maxsize=16_384)
def _checked_iban(compact: str) -> str | None:
    try:
        found = str(stdnum_iban.validate(compact, check_country=False))
    except ValidationError:
        return None
    # Not the list of Belgian banks that comes with the library: it lags behind the banks there are.
    own_digits = found[:2] in _OWN_CHECK and not _is_valid(found[:2].lower(), "iban", found)
    return None if own_digits else found
