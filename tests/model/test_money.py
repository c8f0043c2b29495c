"""Amounts in the company's currency: by the record's own rate, its minor units, or unknown.

The same table is asked of the function and of the SQL that facts are summed with.
"""

from typing import Any

import pytest
import sqlalchemy as sa

from hub.model.money import base_amount
from hub.store.database import Database
from hub.store.expressions import base_amount as base_amount_sql
from hub.store.tables import canonical_records
from tests.street_rows import Row, lay

AMOUNTS: list[tuple[str, Any, str | None, Any, int | None]] = [
    ("EUR", 119_000, "EUR", None, 119_000),
    ("EUR", 119_000, None, None, 119_000),  # the mapping knew no currency: the company's is meant
    ("EUR", 119_000, "EUR", 0.5, 119_000),  # a rate beside the company's own currency says nothing
    ("EUR", 10_000, "USD", 0.9, 9_000),
    ("EUR", -10_000, "USD", 0.9, -9_000),
    ("EUR", 5, "USD", 0.9, 5),  # 4.5: halves away from zero
    ("EUR", -5, "USD", 0.9, -5),
    ("EUR", 1_000, "JPY", 0.006, 600),  # a thousand yen, which have no cents, are six euros
    ("EUR", 1_000, "KWD", 3, 300),  # a dinar has a thousand fils
    ("JPY", 600, "EUR", 160, 960),
    ("KWD", 300, "EUR", 0.3, 900),
    ("JPY", 1_000, "KWD", 500, 500),
    ("EUR", 10_000, "USD", None, None),
    ("EUR", 10_000, "USD", 0, None),  # a tool that knows no rate writes 0
    ("EUR", 10_000, "USD", -0.9, None),
    ("EUR", 10_000, "USD", 2_000_000, None),
    ("EUR", 10**20, "EUR", None, None),
    ("EUR", 10**14, "USD", 100, None),
    ("EUR", None, "USD", 0.9, None),
]


def _fields(amount: Any, currency: str | None, rate: Any) -> dict[str, Any]:
    said = {"net_minor": amount, "currency": currency, "exchange_rate": rate}
    return {name: value for name, value in said.items() if value is not None}


@pytest.mark.parametrize(("company", "amount", "currency", "rate", "expected"), AMOUNTS)
def test_an_amount_in_the_companys_currency(
    company: str, amount: Any, currency: str | None, rate: Any, expected: int | None
) -> None:
    assert base_amount(_fields(amount, currency, rate), "net_minor", company) == expected


def test_what_is_no_amount_is_none() -> None:
    for value in ("12", True, [1], {"eur": 1}):
        assert base_amount({"net_minor": value}, "net_minor", "EUR") is None
    assert (
        base_amount({"net_minor": 1, "currency": "USD", "exchange_rate": True}, "x", "EUR") is None
    )


def test_the_database_tells_amounts_as_the_function_does(database: Database) -> None:
    rows = [
        Row(f"books:i:{at:02}", "invoice", _fields(amount, currency, rate))
        for at, (_, amount, currency, rate, _) in enumerate(AMOUNTS)
    ]
    lay(database, rows)
    ref = canonical_records.c.ref
    found: dict[tuple[str, int], Any] = {}
    with database.reading() as tx:
        for company in ("EUR", "JPY", "KWD"):
            select = sa.select(base_amount_sql(tx, "net_minor", company)).order_by(ref)
            for at, value in enumerate(tx.execute(select).scalars()):
                found[company, at] = value
    wrong = [
        (case, found[case[0], at])
        for at, case in enumerate(AMOUNTS)
        if found[case[0], at] != case[-1]
    ]
    assert wrong == []
