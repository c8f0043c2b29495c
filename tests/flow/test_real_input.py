"""Three departments' data that no one here wrote, from the files to one customer's view."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from connectors.sdk.record import parse_ref
from hub.runtime import Runtime, opened
from hub.store import views
from hub.store.tables import crosswalk
from tests.conftest import ROOT, HandClock

CONFIG = ROOT / "tests/flow/real/hub.yaml"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def hub(request: pytest.FixtureRequest, shared_data: Path) -> Iterator[Runtime]:
    new_url: Callable[[], str] = request.getfixturevalue(f"new_{request.param}_url")
    folder = shared_data / "departments"
    env = {
        "DEPARTMENTS": str(folder),
        "NORTHWIND_URL": f"sqlite:///{folder / 'northwind.sqlite'}",
        "HUB_DATABASE_URL": new_url(),
    }
    with opened(CONFIG, env, HandClock()) as runtime:
        yield runtime


def _customer_of_chat(folder: Path) -> dict[str, str]:
    chats = json.loads((folder / "departments/customer_support_chats.json").read_text())
    return {str(chat["chat_id"]): chat["customer_id"] for chat in chats}


def _persons(hub: Runtime, shared_data: Path) -> dict[str, dict[str, set[str]]]:
    """Return for each true customer id the entities of its people by connection."""
    customer_of_chat = _customer_of_chat(shared_data)
    with hub.database.reading() as tx:
        rows = tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id)).all()
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for ref, entity in rows:
        key, part = parse_ref(ref)
        customer = {
            "books": key.key.lower() if part == "contact" else None,
            "crm": key.key,
            "helpdesk": customer_of_chat.get(key.key),
        }.get(key.connection)
        if customer is not None:
            found[customer][key.connection].add(entity)
    return found


def _view(hub: Runtime, entity: str) -> Any:
    with hub.database.reading() as tx:
        stored = views.get(tx, entity)
    assert stored is not None
    return msgspec.json.decode(stored.document)


def test_customers_of_three_departments_come_out_whole_and_a_second_sync_finds_nothing(
    hub: Runtime, shared_data: Path
) -> None:
    runs = [hub.sync(name) for name in hub.connections]
    assert [run.state for run in runs] == ["succeeded"] * 4
    assert sum(run.total("created") for run in runs) == 15_923
    assert sum(run.total("quarantined") for run in runs) == 0
    hub.walk()
    _check_customers(hub, shared_data)

    again = [hub.sync(name) for name in hub.connections]
    assert sum(run.total("unchanged") for run in again) == 15_923
    done = hub.walk().items
    assert done.pop("alert") == 4, "each source is judged after each of its runs"
    assert set(done.values()) == {0}


def _check_customers(hub: Runtime, shared_data: Path) -> None:
    persons = _persons(hub, shared_data)
    everywhere = {c: by for c, by in persons.items() if set(by) == {"books", "crm", "helpdesk"}}
    whole = {
        customer: entity
        for customer, by in everywhere.items()
        for entity in set.union(*by.values())
        if all(ones == {entity} for ones in by.values())
    }
    assert len(everywhere) == 88
    assert len(whole) >= 84

    customers_of = defaultdict(set)
    for customer, by in persons.items():
        for entity in set.union(*by.values()):
            customers_of[entity].add(customer)
    assert {entity for entity, ids in customers_of.items() if len(ids) > 1} == set()

    _check_departments_meet(hub, whole["arout"])


def _check_departments_meet(hub: Runtime, person: str) -> None:
    """One person and their company show the same orders and tickets, from all three."""
    document = _view(hub, person)
    assert document["golden"]["name"]["value"] == "Thomas Hardy"
    assert {record["connection"] for record in document["records"]} == {"books", "crm", "helpdesk"}
    assert {item["connection"] for item in document["orders"]["items"]} >= {"crm"}
    assert {item["connection"] for item in document["tickets"]["items"]} == {"helpdesk"}
    (company,) = document["organizations"]["items"]
    customer = _view(hub, company["id"])
    assert customer["name"] == "Around the Horn"
    assert customer["orders"]["total"] == document["orders"]["total"] > 200
    assert customer["tickets"]["total"] == document["tickets"]["total"] > 10
