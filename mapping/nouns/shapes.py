"""Fields that many kinds have in common.

Amounts are in the record's own `currency`; where the source states a rate, `exchange_rate` is what
one unit of it is worth in the company's currency.
"""

from mapping.fields import UNKNOWN, Field


def text(normalize: str = "text") -> Field:
    return Field("text", normalize)


def texts(normalize: str = "text") -> Field:
    return Field("text", normalize, many=True)


def choice(*choices: str) -> Field:
    return Field("choice", "choice", choices=frozenset(choices))


def status(*choices: str) -> Field:
    return Field("choice", "choice", choices=frozenset({*choices, UNKNOWN}), keeps_raw=True)


RAW = Field("text", "text", derived=True)
MONEY = Field("money", "money")
DATE = Field("date", "date")
INSTANT = Field("instant", "instant")
PERCENT = Field("percent", "percent")
NUMBER = Field("number", "number")
INTEGER = Field("integer", "integer")
BOOLEAN = Field("boolean", "boolean")
CODE = text("identifier")
PRIORITY = ("low", "normal", "high", "urgent")

PLACE: dict[str, Field] = {
    "street": text("street"),
    "house_number": text("house_number"),
    "postcode": text("postcode"),
    "city": text(),
    "region": text(),
    "country": text("country"),
}

CURRENCY: dict[str, Field] = {"currency": text("currency"), "exchange_rate": NUMBER}
