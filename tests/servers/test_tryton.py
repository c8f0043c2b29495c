"""Tryton, the real one: parties, invoices, payments, opportunities and projects as it has them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.servers.accounts import tryton_account
from tests.servers.apis import Tryton, decimal
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Hub, hub

pytestmark = pytest.mark.light_servers
COMPARED = {
    "opportunities": (
        "sale.opportunity",
        ("number", "description", "state", "amount", "party"),
    ),
    "invoices": (
        "account.invoice",
        (
            "number",
            "reference",
            "state",
            "type",
            "invoice_date",
            "party",
            "total_amount",
            "untaxed_amount",
            "tax_amount",
            "amount_to_pay",
        ),
    ),
    "projects": ("project.work", ("name", "type", "party", "parent")),
}


@pytest.fixture
def tryton(servers: Servers) -> Tryton:
    return Tryton(servers["tryton"])


@pytest.fixture
def books(tryton: Tryton, tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with hub(tmp_path, new_sqlite_url(), {"books": tryton_account(tryton)}) as opened:
        yield opened


def written(value: Any) -> Any:
    """Return one of Tryton's typed values as text, in a second, shorter reading."""
    match value:
        case {"__class__": "Decimal", "decimal": text}:
            return text
        case {"__class__": "date", "year": year, "month": month, "day": day}:
            return f"{year:04}-{month:02}-{day:02}"
    return value


def everything_matches(books: Hub, tryton: Tryton) -> None:
    for stream, (model, names) in COMPARED.items():
        sent = tryton.all(model, *names)
        stored = books.stored("books", stream)
        assert stored.keys() == sent.keys(), stream
        for key, row in stored.items():
            for name in names:
                assert row.get(name) == written(sent[key][name]), (stream, key, name)
    parties_match(books, tryton)


def parties_match(books: Hub, tryton: Tryton) -> None:
    active = [["active", "in", [True, False]]]
    sent = tryton.all(
        "party.party", "name", "code", "email", "phone", "addresses.city", domain=active
    )
    stored = books.stored("books", "parties")
    assert stored.keys() == sent.keys()
    for key, row in stored.items():
        for name in ("name", "code", "email", "phone"):
            assert row[name] == sent[key][name], (key, name)
        cities = [each["city"] for each in sent[key]["addresses"]]
        assert [each["city"] for each in row["addresses"]] == cities


def test_everything_arrives_and_then_what_changed(tryton: Tryton, books: Hub) -> None:
    books.sync("books")
    everything_matches(books, tryton)
    run = books.sync("books")
    assert sum(one.created + one.changed for one in run.streams.values()) == 0
    assert run.streams["parties"].read < len(books.stored("books", "parties"))

    opportunity = next(iter(books.stored("books", "opportunities")))
    tryton.change("sale.opportunity", opportunity, amount=decimal("9999.99"))
    project = next(iter(books.stored("books", "projects")))
    tryton.change("project.work", project, name="Umbau – größer")
    run = books.sync("books")
    changed = {name: one.changed for name, one in run.streams.items() if one.changed}
    assert changed == {"opportunities": 1, "projects": 1}
    everything_matches(books, tryton)


def test_an_address_that_moves_moves_its_party(tryton: Tryton, books: Hub) -> None:
    """A party's own stamp stays where it is when its address or mail address changes."""
    books.sync("books")
    parties = tryton.all("party.party", "write_date", "addresses.id", "contact_mechanisms.id")
    with_both = [
        key for key, row in parties.items() if row["addresses"] and row["contact_mechanisms"]
    ]
    first, second = with_both[:2]
    tryton.change("party.address", str(parties[first]["addresses"][0]["id"]), city="Görlitz")
    mechanism = str(parties[second]["contact_mechanisms"][0]["id"])
    tryton.change("party.contact_mechanism", mechanism, value="neu@zaunkoenig.example")
    stamps = tryton.all("party.party", "write_date")
    assert all(stamps[key]["write_date"] == parties[key]["write_date"] for key in (first, second))

    assert books.sync("books").streams["parties"].changed == 2
    parties_match(books, tryton)
    assert books.stored("books", "parties")[first]["addresses"][0]["city"] == "Görlitz"


def test_what_is_deactivated_stays_and_what_is_deleted_goes(tryton: Tryton, books: Hub) -> None:
    books.sync("books")
    idle = tryton.create("party.party", name="RUHT GMBH", code="X0001")
    gone = tryton.create("party.party", name="GEHT GMBH", code="X0002")
    books.sync("books")
    tryton.change("party.party", idle, active=False)
    tryton.delete("party.party", gone)
    books.sync("books")
    assert gone in books.stored("books", "parties")  # what changed cannot tell what is gone
    run = books.list_whole("books", "parties")
    assert run.streams["parties"].deleted == 1
    assert idle in books.stored("books", "parties")
    parties_match(books, tryton)


def test_a_cancelled_draft_is_void(tryton: Tryton, books: Hub) -> None:
    books.sync("books")
    states = tryton.all("account.invoice", "state")
    first, second, *_ = (key for key, row in states.items() if row["state"] == "draft")
    tryton.change("account.invoice", first, reference="PO 4711")
    tryton.api.ask("POST", f"/account.invoice/{second}/cancel", json={})
    assert books.sync("books").streams["invoices"].changed == 2
    everything_matches(books, tryton)
    assert books.stored("books", "invoices")[second]["state"] == "cancelled"
