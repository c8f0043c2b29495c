"""The mapping shipped for Tryton: what was paid, by whom to whom."""

from pathlib import Path

import pytest

from connectors.sdk.record import Record, RecordKey
from mapping.apply import apply
from mapping.compile import compile_spec
from mapping.load import load_spec

FILE = Path(__file__).resolve().parents[2] / "configs/mappings/tryton.yaml"
STREAMS = ("parties", "opportunities", "sales", "invoices", "projects")


@pytest.mark.parametrize(
    ("kind", "credit", "debit", "paid"),
    [
        ("out", "142.80", "0.00", ("incoming", 14280)),  # a customer pays
        ("out", "0.00", "20.00", ("outgoing", 2000)),  # and is given some of it back
        ("in", "0.0", "80.00", ("outgoing", 8000)),  # a supplier is paid
        ("in", "5.00", "0", ("incoming", 500)),
    ],
)
def test_payments_have_an_amount_and_a_direction(
    kind: str, credit: str, debit: str, paid: tuple[str, int]
) -> None:
    mapping = compile_spec(load_spec(FILE.read_text(), file=str(FILE), streams=STREAMS))
    line = {"id": 9, "credit": credit, "debit": debit, "date": "2026-11-20"}
    data = {"id": 7, "number": "1", "type": kind, "state": "paid", "party": 3}
    data |= {"currency": {"code": "EUR"}, "payment_lines": [line]}
    made = apply(mapping, RecordKey("books", "invoices", "7"), Record("7", data))
    payments = [one for one in made if one.kind == "payment"]
    assert [one.part for one in payments] == ["payment.9"]
    (fields,) = (one.fields for one in payments)
    assert (fields["direction"], fields["amount_minor"]) == paid
