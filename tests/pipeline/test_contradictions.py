"""Values that systems name differently: who holds them, since when, and what hangs on them."""

from dataclasses import replace
from typing import Any

import pytest

from hub.alerts.reasons import told
from hub.model.fact import Subject
from hub.pipeline.contradictions import contradictions
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.alerting import Hub
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


ACCOUNT = {"iban": "DE02120300000000202051"}
PLACE = {"street": "Hafenweg", "postcode": "20457", "city": "Hamburg"}
FIRM = {"legal_form": "gmbh"}


@pytest.mark.parametrize(
    ("name", "fields", "other", "shown", "others"),
    [
        ("vat_id", {"vat_id": "DE1"}, {"vat_id": "DE2"}, "DE1", "DE2"),
        ("iban", ACCOUNT, {"iban": "DE88100900001234567892"}, "DE02 … 2051", "DE88 … 7892"),
        ("iban", ACCOUNT, {"iban": "DE02500105170137072051"}, "DE02 … 00202051", "DE02 … 37072051"),
        (
            "billing_address",
            {**FIRM, **PLACE, "house_number": "1"},
            {**PLACE, "house_number": "3"},
            "Hafenweg 1 20457 Hamburg",
            "Hafenweg 3 20457 Hamburg",
        ),
        (
            "billing_address",  # of a customer who may be a person
            PLACE,
            {"street": "Hang", "postcode": "20459", "city": "Hamburg"},
            "20457 Hamburg",
            "20459 Hamburg",
        ),
        (
            "legal_name",
            {"name": "Weber GmbH", "legal_form": "gmbh"},
            {"name": "Weber AG", "legal_form": "ag"},
            "Weber GmbH",
            "Weber AG",
        ),
    ],
)
def test_an_alert_tells_the_values_with_source_and_age(
    database: Database,
    clock: HandClock,
    name: str,
    fields: dict[str, Any],
    other: dict[str, Any],
    shown: str,
    others: str,
) -> None:
    hub = Hub(database, clock)
    hub.sync()
    newer = {f"{name}_changed_on": "2026-11-20"} if name == "iban" else {}
    crm = replace(CRM, fields={"name": "Weber", "updated_at": "2026-11-19T08:00:00Z", **fields})
    erp = replace(
        ERP, fields={"name": "Weber", **other, **newer}, fetched_at="2026-11-20T10:00:00.000Z"
    )
    hub.lay(erp, crm, OPEN)
    hub.sweep()
    alert = hub.alert("R18", Subject("conflict", f"01A/{name}"))
    assert alert is not None
    current = alert.evidence["current"]
    seen = [
        (one["connection"], one["ref"], one["value"], one["as_of"], one["fetched_at"])
        for one in current["records"]["claims"]
    ]
    assert seen == [
        ("crm", CRM.ref, shown, "2026-11-18", LONG_AGO),
        ("erp", ERP.ref, others, "2026-11-20", "2026-11-20T10:00:00.000Z"),
    ]
    assert told(current)["de"][1:] == [
        f"crm: {shown} (Stand 18.11.2026)",
        f"erp: {others} (Stand 20.11.2026)",
    ]
    assert told(current)["en"][1:] == [
        f"crm: {shown} (as of 2026-11-18)",
        f"erp: {others} (as of 2026-11-20)",
    ]
