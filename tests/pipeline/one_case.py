"""One case over three systems, and the moves that make cases of links."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import sqlalchemy as sa

from hub.pipeline.propose import propose
from hub.pipeline.thread import thread
from hub.pipeline.vorgang import Telling, tell
from hub.store import tables, vorgaenge
from hub.store.database import Database
from tests.street_rows import Row, work_off

_seconds = count()


CRM = Row("crm:accounts:1", "organization", {"name": "Weber"}, entity="01A")


ERP = Row("erp:debtors:1", "organization", {"name": "Weber"}, entity="01A")


OF_ERP = [("organization", "erp:debtors:1")]


DEAL = Row(
    "crm:deals:1",
    "deal",
    {
        "number": "AN-2026-00011",
        "name": "Anlage",
        "status": "won",
        "amount_minor": 1000_00,
        "currency": "EUR",
        "created_at": "2026-01-01T08:00:00Z",
        "closed_on": "2026-02-01",
    },
    [("organization", "crm:accounts:1")],
)


ORDER = Row(
    "erp:orders:1",
    "order",
    {
        "number": "AB-2026-00021",
        "status": "confirmed",
        "net_minor": 1000_00,
        "currency": "EUR",
        "ordered_on": "2026-02-03",
        "reference": "Ihr Angebot AN-2026-00011",
    },
    OF_ERP,
)


OTHER = replace(
    ORDER,
    ref="erp:orders:2",
    fields={**ORDER.fields, "number": "AB-2026-00022", "net_minor": 3000_00, "reference": None},
)


INVOICE = Row(
    "erp:invoices:1",
    "invoice",
    {
        "number": "RE-2026-00031",
        "status": "open",
        "net_minor": 1000_00,
        "gross_minor": 1190_00,
        "currency": "EUR",
        "issued_on": "2026-03-01",
    },
    [*OF_ERP, ("order", "erp:orders:1")],
)


PAYMENT = Row(
    "bank:lines:1",
    "payment",
    {
        "amount_minor": 1190_00,
        "currency": "EUR",
        "booked_on": "2026-03-14",
        "reference": "SVWZ+RE 2026 00031 DANKE",
    },
)


CHAIN = [CRM, ERP, DEAL, ORDER, INVOICE, PAYMENT]


def run(db: Database) -> None:
    """Work everything off, a second later than the last time."""
    now = datetime(2026, 11, 23, 10, tzinfo=UTC) + timedelta(seconds=next(_seconds))
    for _ in range(3):
        work_off(db, "thread", lambda: thread(db))
        work_off(db, "propose", lambda: propose(db))
        work_off(db, "vorgang", lambda: tell(db, now, Telling()))


def cases(db: Database) -> dict[str, list[str]]:
    """Return the members of each living case."""
    found: dict[str, list[str]] = {}
    with db.reading() as tx:
        v = tables.vorgaenge.c
        ids = tx.execute(sa.select(v.id).where(v.state == "living")).scalars().all()
        for row in vorgaenge.members(tx, ids):
            found.setdefault(row.vorgang_id, []).append(row.ref)
    return {one: sorted(refs) for one, refs in found.items()}
