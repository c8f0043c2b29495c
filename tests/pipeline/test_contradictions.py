"""Values that systems name differently: who holds them, since when, and what hangs on them."""

from dataclasses import replace

from hub.model.fact import Subject
from hub.pipeline.contradictions import contradictions
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.test_alert import Hub
from tests.street_rows import Row

LONG_AGO = "2026-11-18T10:00:00.000Z"
CRM = Row("crm:accounts:1", "organization", {"name": "Weber", "vat_id": "DE1"}, (), "01A", LONG_AGO)
ERP = replace(CRM, ref="erp:customers:1", fields={"name": "Weber", "vat_id": "DE2"})
OPEN = Row(
    "erp:invoices:1",
    "invoice",
    {
        "number": "R-1",
        "status": "open",
        "balance_minor": 119_00,
        "currency": "EUR",
        "due_on": "2026-12-01",
    },
    [("organization", ERP.ref)],
)
PAID = replace(OPEN, ref="erp:invoices:2", fields={**OPEN.fields, "balance_minor": 0})


def test_what_hangs_on_a_contradiction_is_named(database: Database, clock: HandClock) -> None:
    hub = Hub(database, clock)
    hub.sync()
    hub.lay(CRM, ERP, OPEN, PAID)
    hub.sweep()
    alert = hub.alert("R18", Subject("conflict", "01A/vat_id"))
    assert alert is not None
    with database.reading() as tx:
        (found,), following = contradictions(tx, None, after=None, limit=10)
        assert contradictions(tx, "01B", after=None, limit=10) == ([], None)
    assert following is None
    assert (found["field"], found["since"], found["open_invoices"]) == ("vat_id", "2026-11-18", 1)
    assert [(one["connection"], one["value"]) for one in found["claims"]] == [
        ("crm", "DE1"),
        ("erp", "DE2"),
    ]
    assert found["invoices"] == [
        {
            "ref": OPEN.ref,
            "number": "R-1",
            "balance_minor": 119_00,
            "currency": "EUR",
            "due_on": "2026-12-01",
        }
    ]
    assert found["alert"] == alert.id
    hub.lay(replace(ERP, fields=CRM.fields))
    hub.sweep()
    assert hub.condition("R18", Subject("conflict", "01A/vat_id")) == "resolved"
    with database.reading() as tx:
        assert contradictions(tx, None, after=None, limit=10) == ([], None)
