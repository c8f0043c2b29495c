"""Normalisers by the name a mapping file calls them, with the options each understands."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Final, Literal

from mapping.fields import FieldType
from mapping.normalize import address, company, date, identifier, number, text
from mapping.normalize.country import country_code
from mapping.normalize.currency import currency_code
from mapping.normalize.email import email_address
from mapping.normalize.money import amount, minor_units
from mapping.normalize.name import person_name
from mapping.normalize.phone import phone_number
from mapping.normalize.register import register_number
from mapping.normalize.website import website


@dataclass(frozen=True, slots=True)
class Options:
    """What a mapping file states about its source's habits; None where it states nothing."""

    country: str | None = None
    currency: str | None = None
    time_zone: tzinfo | None = None
    decimal: number.DecimalMark | None = None
    date_order: date.DateOrder | None = None
    excel: bool = False
    epoch: Literal["s", "ms"] | None = None
    fraction: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a value was not taken, where more can be said than that it was not understood."""

    reason: str


Known = dict[str, Any]
Convert = Callable[[Any, Known], Any]
"""(value, fields found so far) -> normalised value, None or Refused.

A dict as result states several fields at once. The country and the currency of the record stand
among the known fields when they are mapped.
"""


@dataclass(frozen=True, slots=True)
class Normalizer:
    """One normaliser of the mapping language.

    expects: completes "is not ...". yields: the types of field it may fill. options: which of
    Options it understands. separators: what parts several values in one text.
    """

    name: str
    expects: str
    yields: frozenset[FieldType]
    build: Callable[[Options], Convert]
    options: frozenset[str] = frozenset()
    separators: str = ""


def _plain(function: Callable[[Any], Any]) -> Callable[[Options], Convert]:
    return lambda _: lambda value, _known: function(value)


def _local(function: Callable[[Any, str | None], Any]) -> Callable[[Options], Convert]:
    """Hand on the record's own country, else the one the options assume."""

    def build(options: Options) -> Convert:
        assumed = options.country
        return lambda value, known: function(value, known.get("country", assumed))

    return build


def _company(value: Any) -> dict[str, Any] | None:
    found = company.company_name(value)
    return None if found is None else {"name": found.name, "legal_form": found.legal_form}


def _company_display(value: Any) -> str | None:
    found = company.company_name(value)
    return None if found is None else found.name


def _person(value: Any) -> dict[str, Any] | None:
    found = person_name(value)
    if found is None:
        return None
    return {
        "name": found.name,
        "given_name": found.given,
        "family_name": found.family,
        "title": found.title,
    }


def _person_display(value: Any) -> str | None:
    found = person_name(value)
    return None if found is None else found.name


def _street(value: Any, country: str | None) -> dict[str, Any] | None:
    found = address.street_line(value, country)
    if found is None:
        return None
    return {"street": found.street, "house_number": found.house_number}


def _address(value: Any, country: str | None) -> dict[str, Any] | None:
    found = address.one_line_address(value, country)
    if found is None:
        return None
    return {name: getattr(found, name) for name in address.Address.__dataclass_fields__}


def _money(options: Options) -> Convert:
    mark, assumed = options.decimal, options.currency

    def convert(value: Any, known: Known) -> int | Refused | None:
        found = amount(value, mark)
        if found is None:
            return None
        stated = found.currencies
        currency = known.get("currency") or (
            assumed if not stated or assumed in stated else stated[0]
        )
        if currency is None:
            return Refused("has no currency: map `currency` or set `defaults.currency`")
        if stated and currency not in stated:
            return Refused(f"says {stated[0]}, but the record's currency is {currency}")
        # The first amount settles the currency of a record that does not state one.
        known["currency"] = currency
        return minor_units(found.value, currency)

    return convert


def _minor_units(options: Options) -> Convert:
    def convert(value: Any, known: Known) -> int | Refused | None:
        currency = known.get("currency") or options.currency
        if currency is None:
            return Refused("has no currency: map `currency` or set `defaults.currency`")
        known["currency"] = currency
        return number.integer(value)

    return convert


def _number(
    function: Callable[[Any, number.DecimalMark | None], Any],
) -> Callable[[Options], Convert]:
    return lambda options: lambda value, _: function(value, options.decimal)


def _percent(options: Options) -> Convert:
    mark, fraction = options.decimal, options.fraction
    return lambda value, _: number.percent(value, mark, fraction=fraction)


def _date(options: Options) -> Convert:
    zone, order, excel = options.time_zone, options.date_order, options.excel
    return lambda value, _: date.calendar_date(value, zone, order=order, excel=excel)


def _instant(options: Options) -> Convert:
    zone, order, excel, epoch = (
        options.time_zone,
        options.date_order,
        options.excel,
        options.epoch,
    )
    return lambda value, _: date.instant(value, zone, order=order, excel=excel, epoch=epoch)


def _birth_date(options: Options) -> Convert:
    return lambda value, _: date.birth_date(value, order=options.date_order)


_TEXT: Final = frozenset[FieldType]({"text"})
_COUNTRY = frozenset({"country"})
_LIST = r"[;,|\n]+"

_ALL = (
    Normalizer("text", "one line of at most 500 characters", _TEXT, _plain(text.line)),
    Normalizer("prose", "text", _TEXT, _plain(text.prose)),
    Normalizer(
        "identifier", "a number or code of at most 100 characters", _TEXT, _plain(text.identifier)
    ),
    Normalizer("email", "an e-mail address", _TEXT, _plain(email_address), separators=_LIST),
    Normalizer("phone", "a telephone number", _TEXT, _local(phone_number), _COUNTRY, r"[;|\n]+"),
    Normalizer("website", "a web address", _TEXT, _plain(website), separators=r"[;,|\s]+"),
    Normalizer("company_name", "a company's name", _TEXT, _plain(_company_display)),
    Normalizer("legal_form", "a known legal form", _TEXT, _plain(company.legal_form)),
    Normalizer("person_name", "a person's name", _TEXT, _plain(_person_display)),
    Normalizer("street", "a street", _TEXT, _local(address.street), _COUNTRY),
    Normalizer("house_number", "a house number", _TEXT, _plain(address.house_number)),
    Normalizer("postcode", "a postcode", _TEXT, _local(address.postcode), _COUNTRY),
    Normalizer("address", "an address on one line", _TEXT, _local(_address), _COUNTRY),
    Normalizer("country", "a country's name or ISO code", _TEXT, _plain(country_code)),
    Normalizer("currency", "a currency's ISO code or sign", _TEXT, _plain(currency_code)),
    Normalizer(
        "vat", "a VAT id with a right check digit", _TEXT, _local(identifier.vat_number), _COUNTRY
    ),
    Normalizer(
        "register_number",
        "a register number such as HRB 12345 München",
        _TEXT,
        _local(register_number),
        _COUNTRY,
    ),
    Normalizer("tax_number", "a tax number", _TEXT, _local(identifier.tax_number), _COUNTRY),
    Normalizer("iban", "an IBAN with right check digits", _TEXT, _plain(identifier.iban)),
    Normalizer(
        "money",
        "an amount of money",
        frozenset({"money"}),
        _money,
        frozenset({"decimal", "currency"}),
    ),
    Normalizer(
        "minor_units",
        "a whole number of minor units",
        frozenset({"money"}),
        _minor_units,
        frozenset({"currency"}),
    ),
    Normalizer(
        "number",
        "a clear number; if the decimal mark is in doubt, state `decimal`",
        frozenset({"number", "text"}),
        _number(number.number),
        frozenset({"decimal"}),
    ),
    Normalizer(
        "integer",
        "a whole number",
        frozenset({"integer", "number"}),
        _number(number.integer),
        frozenset({"decimal"}),
    ),
    Normalizer(
        "percent",
        "a percentage from 0 to 100",
        frozenset({"percent", "number"}),
        _percent,
        frozenset({"decimal", "fraction"}),
    ),
    Normalizer("boolean", "yes or no", frozenset({"boolean"}), _plain(number.boolean)),
    Normalizer(
        "date",
        "a date; if day and month are in doubt, state `date_order`",
        frozenset({"date"}),
        _date,
        frozenset({"time_zone", "date_order", "excel"}),
    ),
    Normalizer(
        "birth_date",
        "a date with a year of four digits",
        frozenset({"date"}),
        _birth_date,
        frozenset({"date_order"}),
    ),
    Normalizer(
        "instant",
        "a time with a known zone; without an offset, state `time_zone`",
        frozenset({"instant"}),
        _instant,
        frozenset({"time_zone", "date_order", "excel", "epoch"}),
    ),
)

NORMALIZERS: Final = {normalizer.name: normalizer for normalizer in _ALL}

WHOLE: Final[dict[tuple[str, str], Callable[[Options], Convert]]] = {
    ("name", "company_name"): _plain(_company),
    ("name", "person_name"): _plain(_person),
    ("street", "street"): _local(_street),
    ("address", "address"): _local(_address),
}
"""(field, normaliser) whose one text states several fields of the record."""
