"""BottleCRM, the real one: it cannot be asked for changes, so all is listed and compared."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.accounts import crm_account
from tests.servers.apis import BottleCrm
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Hub, hub, is_part

pytestmark = pytest.mark.servers
LISTS = {
    "accounts": (
        ("accounts", "active_accounts.open_accounts", "closed_accounts.close_accounts"),
        ("name", "email", "city", "postcode"),
    ),
    "contacts": (("contacts", "results"), ("first_name", "last_name", "email", "account")),
    "leads": (
        ("leads", "open_leads.open_leads", "close_leads.close_leads"),
        ("title", "email", "status", "company_name"),
    ),
    "deals": (("opportunities", "opportunities"), ("name", "amount", "stage", "account")),
    "cases": (("cases", "cases"), ("name", "status", "priority", "account")),
    "invoices": (("invoices", "results"), ("invoice_number", "total_amount", "status")),
    "projects": (("projects", "projects"), ("name", "status", "account")),
}


@pytest.fixture
def crm(servers: Servers) -> BottleCrm:
    return BottleCrm(servers["bottlecrm"])


@pytest.fixture
def sales(crm: BottleCrm, tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with hub(tmp_path, new_sqlite_url(), {"crm": crm_account(crm)}) as opened:
        yield opened


def everything_matches(sales: Hub, crm: BottleCrm) -> None:
    for stream, ((name, *paths), fields) in LISTS.items():
        sent = crm.all(name, *paths)
        stored = sales.stored("crm", stream)
        assert stored.keys() == sent.keys(), stream
        for key, row in stored.items():
            for field in fields:
                assert is_part(row[field], sent[key][field]), (stream, key, field)


def test_changes_and_deletes_arrive(crm: BottleCrm, sales: Hub) -> None:
    sales.sync("crm")
    everything_matches(sales, crm)
    run = sales.sync("crm")
    assert sum(one.created + one.changed for one in run.streams.values()) == 0

    case, contact = (next(iter(sales.stored("crm", name))) for name in ("cases", "contacts"))
    closed, gone = list(sales.stored("crm", "accounts"))[:2]
    crm.change("cases", case, status="Pending")
    crm.change("contacts", contact, phone="+49 30 5559999")
    crm.change("accounts", closed, is_active=False)
    crm.create("accounts", name="Neu & Größer OHG", city="Görlitz")
    run = sales.sync("crm")
    assert run.streams["accounts"].created == 1
    assert (run.streams["cases"].changed, run.streams["contacts"].changed) == (1, 1)
    everything_matches(sales, crm)

    crm.delete("cases", case)
    assert sales.sync("crm").streams["cases"].deleted == 1
    everything_matches(sales, crm)
    assert gone in sales.stored("crm", "accounts")


CHANGES = {
    "accounts": ("accounts", {"city": "Görlitz an der Neiße"}),
    "contacts": ("contacts", {"phone": "+49 30 5558888"}),
    "leads": ("leads", {"company_name": "Neu & Größer OHG"}),
    "deals": ("opportunities", {"name": "Umbau Halle 3"}),
    "cases": ("cases", {"name": "Band steht schon wieder"}),
}


def nobody_names(sales: Hub, stream: str) -> str:
    """Key of the last record no other stream refers to: those are changed without a webhook."""
    others = str([sales.stored("crm", name) for name in LISTS if name != stream])
    return [key for key in sales.stored("crm", stream) if key not in others][-1]


def test_its_own_webhooks_bring_what_changed_and_went(
    crm: BottleCrm, tmp_path: Path, new_sqlite_url: Callable[[], str]
) -> None:
    secret = crm.inside("subscribe")
    account = crm_account(crm, webhook_secret=secret)
    with hub(tmp_path, new_sqlite_url(), {"crm": account}) as sales:
        sales.sync("crm")
        for stream, (name, values) in CHANGES.items():
            crm.change(name, next(iter(sales.stored("crm", stream))), **values)
        gone = nobody_names(sales, "contacts")
        crm.delete("contacts", gone)
        deliveries = crm.inside("sent")
        assert len(deliveries) >= len(CHANGES) + 1
        for one in deliveries:
            headers = {name.lower(): value for name, value in one["headers"].items()}
            sales.runtime.hint("crm", headers, one["body"].encode())
        assert sales.runtime.reread("crm") == len(CHANGES) + 1
        for stream, (_, values) in CHANGES.items():
            (name, value) = next(iter(values.items()))
            assert value in {row[name] for row in sales.stored("crm", stream).values()}, stream
        assert gone not in sales.stored("crm", "contacts")
        run = sales.sync("crm")  # a record that is asked for alone is the one of the list
        assert sum(one.created + one.changed + one.deleted for one in run.streams.values()) == 0
        everything_matches(sales, crm)
