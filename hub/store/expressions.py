"""Expressions that read a record's fields alike in both databases."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from hub.model.money import HIGHEST_RATE, LARGEST, minor_steps
from hub.store.database import Row, Tx, among, chunks
from hub.store.place import dialect
from hub.store.tables import canonical_records
from mapping.normalize.currency import MINOR_DIGITS, USUAL_DIGITS

_r = canonical_records.c
FIRST_DAY, LAST_DAY = "1990-01-01", "2099-12-31"
"""A date outside stands for no date: software writes 1900 or 9999 where it knows none."""

Text = sa.ColumnElement[str]
Number = sa.ColumnElement[Any]
Truth = sa.ColumnElement[bool]


def text_field(tx: Tx, name: str) -> Text:
    """Return a field of a record as text."""
    if tx.dialect.name == "sqlite":
        return sa.func.json_extract(_r.fields, f"$.{name}")
    value: Text = sa.cast(_r.fields, dialect("postgresql").JSONB)[name].astext
    return value


def number_field(tx: Tx, name: str) -> Number:
    """Return a field of a record as a number, null where it is absent or beyond all measure."""
    value = sa.cast(text_field(tx, name), sa.Numeric(asdecimal=False))
    return sa.case((sa.func.abs(value) < LARGEST, value))


def true_field(tx: Tx, name: str) -> Truth:
    """Say whether a yes-or-no field of a record says yes; an absent one does not."""
    yes = ("1", "true") if tx.dialect.name != "sqlite" else (1,)
    return sa.func.coalesce(text_field(tx, name), "").in_(yes)


def day_field(tx: Tx, name: str) -> Text:
    """Return the date of a field, null where it stands for none."""
    day = sa.func.substr(text_field(tx, name), 1, 10)
    return sa.case((day.between(FIRST_DAY, LAST_DAY), day))


def base_amount(tx: Tx, name: str, company: str) -> Number:
    """Return an amount in the company's currency, as `hub.model.money.base_amount` tells it."""
    amount, of = number_field(tx, name), text_field(tx, "currency")
    rate = number_field(tx, "exchange_rate")
    known = sa.and_(rate > 0, rate <= HIGHEST_RATE)
    # PostgreSQL rounds halves of floats to even numbers, halves of decimals away from zero.
    exact = sa.cast(amount * rate * _minor_step(of, company), sa.Numeric(asdecimal=False))
    worth = sa.func.round(exact)
    foreign = sa.case((sa.and_(known, sa.func.abs(worth) < LARGEST), worth))
    return sa.case((sa.func.coalesce(of, company) == company, amount), else_=foreign)


def _minor_step(of: Text, company: str) -> Number:
    """Return how many minor units of the company's currency one of `of` counts, at a rate of 1."""
    odd: dict[int, list[str]] = {}
    for code, digits in MINOR_DIGITS.items():
        if digits != USUAL_DIGITS:
            odd.setdefault(minor_steps(code, company), []).append(code)
    steps = [(of.in_(codes), _power_of_ten(step)) for step, codes in odd.items()]
    return sa.case(*steps, else_=_power_of_ten(minor_steps("", company)))


def _power_of_ten(power: int) -> Number:
    return sa.literal(10.0**power)


def status() -> Text:
    """Return a record's status, `unknown` where it has none."""
    return sa.func.coalesce(_r.status, "unknown")


def of_kind(kind: str) -> Truth:
    """Say that a record is of a kind, in words that no index answers.

    The links of the subjects asked for are few; led by an index of kinds, SQLite would walk all
    records of that kind and hold each against the whole list of subjects.
    """
    return sa.func.coalesce(_r.kind, "") == kind


def sum_where(when: Truth, value: Number) -> Number:
    """Return the sum of `value` over the rows where `when` holds, 0 where there are none."""
    return sa.func.coalesce(sa.func.sum(sa.case((when, value), else_=0)), 0)


def count_where(when: Truth) -> sa.ColumnElement[int]:
    """Return how many rows there are where `when` holds."""
    return sa.func.coalesce(sa.func.sum(sa.case((when, 1), else_=0)), 0)


def rows_for(
    tx: Tx, select: sa.Select[*tuple[Any, ...]], column: sa.ColumnElement[str], ids: Collection[str]
) -> list[Row]:
    """Return the rows of a select whose `column` is one of `ids`, however many."""
    found: list[Row] = []
    for chunk in chunks(ids):  # all at once: a row asked for by itself costs three times as much
        found += tx.execute(select.where(among(column, chunk))).all()
    return found


def plain(value: Any) -> Any:
    """Return a sum as a number that goes with others: PostgreSQL gives decimals."""
    return float(value) if isinstance(value, Decimal) else value


BETWEEN = "\x1f"
"""What stands between texts that come as one."""


class all_texts(FunctionElement[str]):  # noqa: N801  # called as sa.func's own are
    """All texts of a column, in the order of its rows, as one."""

    type = sa.Text()
    inherit_cache = True


class all_as_hex(FunctionElement[str]):  # noqa: N801
    """All bytes of a column, in the order of its rows, end to end as hexadecimal digits."""

    type = sa.Text()
    inherit_cache = True


@compiles(all_texts, "sqlite")
def _texts_in_sqlite(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"group_concat({compiler.process(element.clauses, **kw)}, char({ord(BETWEEN)}))"


@compiles(all_texts, "postgresql")
def _texts_in_postgresql(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"string_agg({compiler.process(element.clauses, **kw)}, chr({ord(BETWEEN)}))"


@compiles(all_as_hex, "sqlite")
def _hex_in_sqlite(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"group_concat(hex({compiler.process(element.clauses, **kw)}), '')"


@compiles(all_as_hex, "postgresql")
def _hex_in_postgresql(element: FunctionElement[Any], compiler: Any, **kw: Any) -> str:
    return f"string_agg(encode({compiler.process(element.clauses, **kw)}, 'hex'), '')"
