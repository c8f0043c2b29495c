"""Other people's data through a mapping: nothing raises, little is misread, totals are right."""

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from connectors.sdk.record import Record, RecordKey
from mapping.apply import apply
from mapping.canonical import CanonicalRecord
from mapping.compile import compile_spec
from mapping.load import load_spec
from mapping.normalize.company import company_name

MAPPING = compile_spec(
    load_spec(
        """
defaults: {country: DE, currency: EUR, time_zone: Europe/Berlin}
streams:
  sales:
    - kind: order
      fields:
        number: sales_record_id
        net_minor: discounted_price
        gross_minor: actual_price
        currency: {const: INR}
        ordered_on: Date_of_Purchase
  chats:
    - kind: ticket
      fields: {subject: product_name, text: text, opened_at: interaction_date}
      refs: {person: "#requester"}
    - part: requester
      kind: person
      fields: {name: customer_name}
  customers:
    - kind: organization
      fields:
        name: CompanyName
        street: Address
        city: City
        postcode: PostalCode
        country: Country
        phones: {paths: [Phone, Fax]}
    - part: contact
      kind: person
      when: ContactName
      fields: {name: ContactName, position: ContactTitle}
      refs: {organization: "#"}
  clients:
    - kind: organization
      fields: {name: business_name, address: registered_address, phones: phone_number}
""",
        file="real.yaml",
        streams=("sales", "chats", "customers", "clients"),
    )
)


def mapped(stream: str, rows: list[dict[str, Any]]) -> list[CanonicalRecord]:
    """Return what rows make, keyed by their position."""
    return [
        made
        for number, row in enumerate(rows)
        for made in apply(MAPPING, RecordKey("real", stream, str(number)), Record(str(number), row))
    ]


@pytest.fixture(scope="module")
def departments(shared_data: Path) -> Path:
    return shared_data / "departments"


def test_every_sale_has_its_price_and_its_date(departments: Path) -> None:
    rows = json.loads((departments / "sales.json").read_text("utf-8"))
    orders = mapped("sales", rows)
    assert len(orders) == 13_510
    assert not any(order.issues for order in orders)
    for row, order in zip(rows, orders, strict=True):
        price = re.sub(r"[₹,]", "", row["discounted_price"])
        assert order.fields["net_minor"] == round(float(price) * 100)
        assert order.fields["ordered_on"] == row["Date_of_Purchase"]


def test_every_chat_has_its_requester(departments: Path) -> None:
    rows = json.loads((departments / "customer_support_chats.json").read_text("utf-8"))
    made = mapped("chats", rows)
    assert Counter(record.kind for record in made) == {"ticket": 1000, "person": 1000}
    assert not any(record.issues for record in made)
    people = [record for record in made if record.kind == "person"]
    assert [p.fields["name"] for p in people] == [row["customer_name"] for row in rows]


def test_customers_of_many_countries_keep_to_their_own_habits(departments: Path) -> None:
    source = sqlite3.connect(f"file:{departments}/northwind.sqlite?mode=ro&immutable=1", uri=True)
    source.row_factory = sqlite3.Row
    rows = [dict(row) for row in source.execute("SELECT * FROM Customers ORDER BY CustomerID")]
    source.close()
    made = {record.ref: record for record in mapped("customers", rows)}
    firms = [record for record in made.values() if record.kind == "organization"]
    assert len(firms) == 93
    assert all(len(f.fields["country"]) == 2 for f in firms if f.raw.get("country"))
    assert {issue.field for firm in firms for issue in firm.issues} <= {"phones"}
    by_name = {firm.fields["name"]: firm.fields for firm in firms}
    alfred = by_name["Alfreds Futterkiste"]
    assert (alfred["street"], alfred["house_number"]) == ("Obere Straße", "57")
    assert alfred["phones"] == ["+49300074321", "+49300076545"]
    assert by_name["Chop-suey Chinese"]["street"] == "Hauptstrasse"
    assert by_name["Vins et alcools Chevalier"]["house_number"] == "59"
    assert by_name["Berglunds snabbköp"]["postcode"] == "958 22"
    assert made["real:customers:0#contact"].fields["family_name"] == "Anders"


def test_one_line_addresses_of_clients_are_read(departments: Path) -> None:
    rows = json.loads((departments / "clients.json").read_text("utf-8"))
    firms = mapped("clients", rows)
    assert len(firms) == 400
    for row, firm in zip(rows, firms, strict=True):
        assert row["registered_address"].endswith(
            f"{firm.fields['region']} {firm.fields['postcode']}"
        )
        assert firm.fields["country"] == "US"
    unread = [issue for firm in firms for issue in firm.issues]
    assert {issue.field for issue in unread} <= {"phones"}
    assert len(unread) < 20


def test_registered_bodies_show_their_legal_form(shared_data: Path) -> None:
    forms: Counter[str | None] = Counter()
    path = shared_data / "resolution" / "berlin_open" / "records.jsonl"
    for text in path.read_text("utf-8").splitlines():
        found = company_name(json.loads(text)["name"])
        assert found is not None
        forms[found.legal_form] += 1
        if re.search(r"\bg?GmbH\b", found.name):
            assert found.legal_form is not None, found
        if re.search(r"\be\. ?V\.$", found.name) and "c/o" not in found.name:
            assert found.legal_form == "e.V.", found
    assert forms["GmbH"] > 300
    assert forms["e.V."] > 100
    assert forms[None] < 0.6 * sum(forms.values())
