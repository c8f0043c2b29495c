"""How many values a second each normaliser reads, and how many records a second a mapping applies.

Run it as `python -m benchmarks.mapping`. Caches are passed by: the figures are for new values.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from connectors.sdk.record import Record, RecordKey
from mapping.apply import apply
from mapping.compile import compile_spec
from mapping.load import load_spec
from mapping.normalize import address, company, identifier, number, phone, register, text, website
from mapping.normalize.country import country_code
from mapping.normalize.date import calendar_date, instant
from mapping.normalize.email import email_address
from mapping.normalize.money import amount
from mapping.normalize.name import person_name

_SECONDS = 0.3
_BERLIN = ZoneInfo("Europe/Berlin")

_SALES = """
defaults: {decimal: "."}
streams:
  sales:
    - kind: order
      fields:
        number: sales_record_id
        net_minor: discounted_price
        currency: {const: INR}
        ordered_on: Date_of_Purchase
      refs: {organization: {stream: customers, path: customer_id}}
  customers:
    - kind: organization
      fields: {name: name}
"""
_SALE = {
    "product_id": "B07JW9H4J1",
    "discounted_price": "₹1,399",
    "actual_price": "₹2,099",
    "customer_id": "hungc",
    "Date_of_Purchase": "2013-02-06",
    "sales_record_id": 17,
}


def normalizer_cases() -> list[tuple[str, Callable[[Any], Any], list[Any]]]:
    """Return (name, function, values) of every normaliser, without the caches around the slow."""
    return [
        ("line of text", text.line, ["Weber Logistik GmbH", "Müller  & Söhne"]),
        ("e-mail", email_address, ["Max@Muster.DE", "info@xyz-gmbh.de"]),
        ("website", website.website, ["https://www.Muster.de/", "muster.de/shop"]),
        ("country", country_code, ["Deutschland", "DE"]),
        ("postcode", address.postcode, ["D-80331", "12209"]),
        ("boolean", number.boolean, ["Ja", True]),
        ("number", number.number, ["1,5", 12.5, "12"]),
        ("money", amount, ["₹1,099", "1.234,56 €", "12.50"]),
        ("date", partial(calendar_date, zone=_BERLIN), ["2016-07-04", "31.12.2026"]),
        ("instant", partial(instant, zone=_BERLIN), ["2026-11-23T10:15:00Z", "31.12.2026 14:05"]),
        ("person's name", person_name, ["thomas hardy", "Herr Dr. Max Mustermann"]),
        ("street", partial(address.street_line, country="DE"), ["Obere Str. 57", "Weg 5 a"]),
        ("one-line address", address.one_line_address, ["Musterstr. 5, 80331 München"]),
        ("register number", register.register_number, ["Amtsgericht München HRB 12345 B"]),
        ("tax number", identifier.tax_number, ["181/815/08155"]),
        (
            "company's name*",
            company._company_name.__wrapped__,
            ["Müller Maschinenbau GmbH & Co. KG", "Weber Logistik GmbH"],
        ),
        ("VAT id*", lambda v: identifier._vat_number.__wrapped__(v, None), ["DE136695976"]),
        ("IBAN*", identifier._checked_iban.__wrapped__, ["DE89370400440532013000"]),
        ("telephone*", lambda v: phone._parsed.__wrapped__(v, "DE"), ["089 / 123456-78"]),
    ]


def rate(run: Callable[[], object], per_run: int) -> float:
    """Return how many values a second `run` works off, of which it takes `per_run` at a time."""
    run()
    done = 0
    start = time.perf_counter()
    while (taken := time.perf_counter() - start) < _SECONDS:
        run()
        done += per_run
    return done / taken


def _all(function: Callable[[Any], Any], values: list[Any]) -> None:
    for value in values:
        function(value)


def main() -> None:
    """Print the table."""
    table = Table("normaliser (* cached in use)", "values/s")
    for name, function, values in normalizer_cases():
        many = values * 50
        table.add_row(name, f"{rate(partial(_all, function, many), len(many)):,.0f}")
    streams = ("sales", "customers")
    mapping = compile_spec(load_spec(_SALES, file="sales.yaml", streams=streams))
    key, record = RecordKey("crm", "sales", "17"), Record("17", _SALE)
    table.add_section()
    table.add_row(
        "apply(): a sale, 4 fields and a reference",
        f"{rate(lambda: [apply(mapping, key, record) for _ in range(100)], 100):,.0f}",
    )
    Console().print(table)


if __name__ == "__main__":
    main()
