"""A sole trader is erased: what the law keeps stays unread until its day, the rest goes."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from connectors.sdk.record import RecordKey
from hub import eraser
from hub.errors import NotFoundError
from hub.runtime import Runtime, opened
from hub.store import records, tables
from hub.store.scrubbing import remaining
from tests.conftest import HandClock
from tests.flow import canary
from tests.flow.hub_folder import HubFolder

TRADER = "Kanarigold Elektro"
TOLD: canary.Rows = {
    "books/customers": [
        {"kundennr": "20001", "name": TRADER, "email": "gold@kanarigold.example"},
        {"kundennr": "20002", "name": "Sonnenschein AG", "email": "info@sonne.example"},
    ],
    "books/orders": [
        {"auftragsnr": "AB-1", "kundennr": "20001", "auftragsdatum": "2019-05-05"},
        {"auftragsnr": "AB-2", "kundennr": "20001", "auftragsdatum": "2024-05-05"},
    ],
    "books/invoices": [
        {"rechnungsnr": "RE-1", "kundennr": "20001", "rechnungsdatum": "2026-10-01"}
        | {"art": "Rechnung", "betreff": "Kanarigold Elektro, Wartung"},
        {"rechnungsnr": "RE-2", "kundennr": "20002", "rechnungsdatum": "2026-10-01"},
    ],
    "books/lines": [{"id": "1", "rechnungsnr": "RE-1", "bezeichnung": "Wartung kanarigelb"}],
    "crm/accounts": [{"Konto-ID": "A-9", "Firma": TRADER, "E-Mail": "gold@kanarigold.example"}],
    "crm/deals": [{"Chance-ID": "D-9", "Konto-ID": "A-9", "Bezeichnung": "Kanarigold Anlage"}],
}


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime(2026, 11, 28, 12, 0, tzinfo=UTC))


@pytest.fixture
def hub(tmp_path: Path, sqlite_template: Path, clock: HandClock) -> Iterator[Runtime]:
    shutil.copy(sqlite_template, tmp_path / "hub.db")
    folder: HubFolder = canary.lay_out(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}", TOLD)
    env = {**folder.env, "HUB_VAULT_KEY_FILE": str(folder.path / "vault.key")}
    with opened(folder.path / "configs/hub.yaml", env, clock) as runtime:
        read(runtime)
        yield runtime


def read(hub: Runtime) -> None:
    for name in ("books", "crm"):
        assert hub.sync(name, accept_deletes=True).state == "succeeded"
    hub.walk()


def stored(hub: Runtime) -> set[str]:
    c = tables.source_records.c
    with hub.database.reading() as tx:
        return {f"{row.stream}:{row.key}" for row in tx.execute(sa.select(c.stream, c.key))}


def test_vouchers_and_letters_stay_unread_until_their_day(hub: Runtime, clock: HandClock) -> None:
    plan = eraser.preview(hub, "books/customers/20001")
    assert {one.ref: (one.fate, one.until) for one in plan.records} == {
        "books:customers:20001": ("goes", None),
        "crm:accounts:A-9": ("goes", None),
        "crm:deals:D-9": ("goes", None),
        "books:orders:AB-1": ("goes", None),  # six years were over with 2025
        "books:orders:AB-2": ("kept", "2030-12-31"),
        "books:invoices:RE-1": ("kept", "2034-12-31"),
        "books:lines:1": ("kept", "2034-12-31"),
    }
    assert "§ 147 (1) no. 4 AO" in next(
        one.why for one in plan.records if one.ref == "books:invoices:RE-1"
    )
    done = eraser.carry_out(hub, "books/customers/20001", reason="a request", author="me")
    kept = {"orders:AB-2", "invoices:RE-1", "lines:1"}
    others = {"customers:20002", "invoices:RE-2"}
    for again in (False, True):
        if again:
            read(hub)
        assert stored(hub) == kept | others
        with hub.database.reading() as tx:
            assert set(remaining(tx, ["kanarigold"])) == {"source_versions.payload"}
            with pytest.raises(NotFoundError, match="the law keeps it until 2034-12-31"):
                records.get(tx, RecordKey("books", "invoices", "RE-1"), versions=1)
    clock.at = datetime(2031, 1, 1, tzinfo=UTC)
    hub.sweep()
    read(hub)
    assert stored(hub) == kept - {"orders:AB-2"} | others
    clock.at = datetime(2035, 1, 1, tzinfo=UTC)
    hub.sweep()
    read(hub)
    assert stored(hub) == others
    assert eraser.page(hub)[0].id == done.id


def test_lifted_what_was_kept_is_read_again(hub: Runtime) -> None:
    done = eraser.carry_out(hub, "books/customers/20001", reason="a request", author="me")
    eraser.lift(hub, done.id, reason="a new order", author="me")
    read(hub)
    with hub.database.reading() as tx:
        found = records.get(tx, RecordKey("books", "invoices", "RE-1"), versions=1)
    assert found is not None
    assert [one.kind for one in found.canonical] == ["invoice"]
    assert "customers:20001" in stored(hub)
