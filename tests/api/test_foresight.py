"""Foresight over the API: one answer of each kind, and none about natural persons."""

from datetime import date, timedelta

import pytest

from hub.model.fact import Subject
from hub.pipeline.observe import Observer, observe
from hub.pipeline.thread import thread
from tests.api.seeding import CUSTOMERS, MERGED
from tests.api.serving import Hub
from tests.street_rows import Row, lay, work_off

FIRM = Row("crm:f:1", "organization", {"name": "Ost GmbH", "legal_form": "GmbH"}, entity="01FIRM")
TRADER = Row("crm:f:2", "organization", {"name": "Eva Ost"}, entity="01TRADER")
OF_FIRM = [("organization", FIRM.ref)]
DUE = date(2026, 10, 1)
ROWS = [
    FIRM,
    TRADER,
    Row("crm:deals:D#1", "deal", {"status": "open", "probability": 10}, OF_FIRM),
    Row("crm:t:1", "ticket", {"status": "open", "priority": "high"}, OF_FIRM),
    Row("crm:i:1", "invoice", {"status": "open", "balance_minor": 5, "due_on": f"{DUE}"}, OF_FIRM),
    *(
        Row(
            f"crm:i:paid{days}",
            "invoice",
            {"status": "paid", "due_on": f"{DUE}", "paid_on": f"{DUE + timedelta(days=days)}"},
            OF_FIRM,
        )
        for days in (60, 70, 80, 90, 100)
    ),
]
SUBJECTS = {
    Subject("deal", "crm:deals:D#1"),
    Subject("ticket", "crm:t:1"),
    Subject("invoice", "crm:i:1"),
    Subject("customer", "01FIRM"),
    Subject("customer", "01TRADER"),
}


@pytest.fixture
def foresighted(own_hub: Hub) -> Hub:
    """A hub that knows a firm and a person."""
    db, runtime = own_hub.runtime.database, own_hub.runtime
    lay(db, ROWS)
    work_off(db, "thread", lambda: thread(db))
    with db.transaction() as tx:
        observe(tx, Observer(runtime.watch.company, runtime.clock()), SUBJECTS)
    return own_hub


def test_each_answer(foresighted: Hub) -> None:
    with foresighted.client("read") as client:

        def judgement(path: str) -> dict[str, object]:
            answer = client.get(f"/v1/foresight/{path}")
            assert answer.status_code == 200, answer.text
            body = answer.json()
            assert (body["customer"], body["withheld"]) == ("01FIRM", None)
            found: dict[str, object] = body["judgement"]
            return found

        risk = judgement("deals/crm:deals:D%231")
        assert isinstance(risk["probability"], float)
        assert 0.5 < risk["probability"] < 1
        assert "complaints" in risk["unknown"]  # type: ignore[operator]  # no tickets are read here
        assert judgement("tickets/crm:t:1")["proposed"] == "high"
        payment = judgement("invoices/crm:i:1")
        assert (payment["expected_on"], payment["own_invoices"]) == ("2026-12-20", 5)
        health = judgement("customers/01FIRM")
        assert health["score"] is None  # nothing about it is known
        trader = client.get("/v1/foresight/customers/01TRADER").json()
        assert (trader["judgement"], trader["withheld"]) == (None, "natural_person")
        assert client.get("/v1/foresight/deals/none").status_code == 404
        moved = client.get(f"/v1/foresight/customers/{MERGED}")
        assert moved.status_code == 301
        assert moved.headers["location"] == f"/v1/foresight/customers/{CUSTOMERS[0]}"
    with foresighted.client("") as client:
        assert client.get("/v1/foresight/customers/01FIRM").status_code == 401
