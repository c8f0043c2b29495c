"""One of everything, straight into the store."""

import sqlalchemy as sa

from connectors.sdk.record import Record, RecordKey, Rejected
from hub.model.alert import Alert, AlertEvent, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.model.link import Link
from hub.model.resolution import EntityEvent
from hub.model.run import StreamProgress
from hub.model.view import RenderedView, ViewRow
from hub.store import (
    alerts,
    canonical,
    entities,
    links,
    quarantine,
    runs,
    search,
    staging,
    views,
)
from hub.store.database import Tx
from hub.store.tables import edges, profile_records
from mapping.canonical import CanonicalRecord, Issue

NOW = "2026-11-23T10:00:00.000Z"
BEFORE = "2026-11-23T09:00:00.000Z"
CUSTOMERS = [f"01CUSTOMER{number:016d}" for number in range(7)]
MERGED, PERSON = "01MERGED000000000000000000", "01PERSON000000000000000000"


def seed(tx: Tx) -> None:
    """Put one of everything into the store."""
    _records(tx)
    _entities(tx)
    _alerts(tx)
    run = runs.start(tx, "crm", BEFORE)
    run.state, run.finished_at = "succeeded", BEFORE
    run.streams = {"accounts": StreamProgress(state="succeeded", read=2, created=2)}
    runs.save(tx, run)
    rejected = [Rejected(f"line {n}", "is no JSON", f"accounts.jsonl line {n}") for n in (1, 2, 3)]
    quarantine.put(tx, "crm", "accounts", rejected, run_id=run.id, now=BEFORE)


def _records(tx: Tx) -> None:
    for name, now in (("Weber GmbH", BEFORE), ("Weber Logistik GmbH", NOW)):
        records = [Record("A-1", {"name": name}), Record("A/2 #x", {"name": "Weber Logistik"})]
        staging.stage(tx, "crm", "accounts", records, now=now)
    staging.stage(tx, "crm", "tickets", [Record("T-1", {"subject": "Export"})], now=NOW)
    made = [
        _made(1, "accounts", "A-1", "organization", {"name": "Weber Logistik GmbH"}, None),
        _made(2, "accounts", "A/2 #x", "organization", {"name": "Weber Logistik"}, None),
        _made(3, "tickets", "T-1", "ticket", {"subject": "Export", "status": "open"}, "2026-11-20"),
        _made(1, "accounts", "A-1", "person", {"name": "Eva Weber"}, None, part="contact"),
    ]
    canonical.replace(tx, [1, 2, 3], made)


def _made(
    source_id: int,
    stream: str,
    key: str,
    kind: str,
    fields: dict[str, object],
    at: str | None,
    part: str = "",
) -> canonical.Made:
    record = CanonicalRecord(
        key=RecordKey("crm", stream, key),
        part=part,
        kind=kind,  # type: ignore[arg-type]
        fields=fields,
        raw={},
        refs=(),
        issues=(Issue("status", "Offn", "is not mapped"),) if kind == "ticket" else (),
    )
    title = fields.get("name") or fields.get("subject")
    return canonical.Made(record, source_id, 1, BEFORE, NOW, at, str(title))


def _entities(tx: Tx) -> None:
    created = [EntityEvent("created", one) for one in (*CUSTOMERS, MERGED)]
    entities.apply_events(tx, "organization", created, {}, BEFORE)
    merged = [EntityEvent("merged", CUSTOMERS[0], (MERGED,))]
    entities.apply_events(tx, "organization", merged, {MERGED: CUSTOMERS[0]}, NOW)
    entities.apply_events(tx, "person", [EntityEvent("created", PERSON)], {}, NOW)
    entities.move(
        tx,
        [
            entities.Membership("crm:accounts:A-1", CUSTOMERS[0], "model", 0.98),
            entities.Membership("crm:accounts:A/2 %23x", CUSTOMERS[0], "model", 0.98),
            entities.Membership("crm:accounts:A-1#contact", PERSON, "single", None),
        ],
        [],
        NOW,
    )
    rendered = [
        _view(one, "organization", f"Weber {number}", firing=number == 0)
        for number, one in enumerate(CUSTOMERS)
    ]
    views.put(tx, [*rendered, _view(PERSON, "person", "Eva Weber", firing=False)], NOW)
    items = [
        search.SearchItem(view.row.id, view.row.kind, view.row.name, view.row.city or "")
        for view in [*rendered, _view(PERSON, "person", "Eva Müller", firing=False)]
    ]
    search.put(tx, [*items, search.SearchItem("crm:tickets:T-1", "ticket", "Export stops", "T-1")])
    link = Link("crm:tickets:T-1", "organization", CUSTOMERS[0], "key", 1.0, {})
    links.replace(tx, [], [link])


def _view(entity_id: str, kind: str, name: str, *, firing: bool) -> RenderedView:
    city = "Regensburg" if firing else "Köln"
    row = ViewRow(entity_id, kind, name, name.lower(), "DE", city, int(firing), f"etag-{name[-1]}")
    return RenderedView(
        row, f'{{"id":"{entity_id}","kind":"{kind}","name":"{name}","golden":{{}},"records":[]}}'
    )


def _alerts(tx: Tx) -> None:
    for number, condition in enumerate((Condition.FIRING, Condition.PENDING, Condition.RESOLVED)):
        state = AlertState(condition, Severity.WARNING, NOW, f"2026-11-2{number}T10:00:00.000Z")
        alert = Alert(f"R0{number}", Subject("deal", "crm:deals:D-1"), CUSTOMERS[0], state, NOW)
        alerts.put(tx, [alert])
        event = AlertEvent(NOW, None, condition, Severity.WARNING, "the rule came true", {"a": 1})
        alerts.append(tx, [(alert.id, event)])


def seed_evidence(tx: Tx) -> None:
    """Put one of everything into the store, and a score between two records."""
    seed(tx)
    refs = ("crm:accounts:A-1", "crm:accounts:A/2 %23x")
    rows = [{"ref": ref, "kind": "organization", "profile_id": n} for n, ref in enumerate(refs)]
    tx.execute(sa.insert(profile_records), rows)
    edge = {"left_id": 0, "right_id": 1, "kind": "organization", "bits": 6.0}
    tx.execute(sa.insert(edges), [edge])
