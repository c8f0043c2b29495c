"""A database, a clock and the moves between a change and its alert."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.alerts.rule_files import load_rules
from hub.clock import instant_text
from hub.model.alert import Alert
from hub.model.fact import Subject
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.alert import alert, evaluate
from hub.pipeline.insight import Insight
from hub.pipeline.judge import Evaluated
from hub.pipeline.thread import thread
from hub.pipeline.watch import Watch
from hub.store import alerts, tables, work
from hub.store.database import Database
from tests.conftest import ROOT, HandClock
from tests.street_rows import Row, lay, work_off

RULES = {path.name: path.read_text() for path in Path(ROOT / "configs/rules").glob("*.yaml")}


QUARTER = timedelta(minutes=15)


CONNECTIONS = [
    ConnectionInfo("crm", "crm", expected_every=QUARTER),
    ConnectionInfo("desk", "ticketing", expected_every=QUARTER),
    ConnectionInfo("erp", "accounting"),
    ConnectionInfo("pm", "projects"),
]


WATCH = Watch(load_rules(RULES), Company(), CONNECTIONS)


INSIGHT = Insight(Company(), CONNECTIONS)


CUSTOMER = Row("crm:accounts:1", "organization", {"name": "Weber"}, entity="01A")


OF = [("organization", CUSTOMER.ref)]


DEAL = Row(
    "crm:deals:1",
    "deal",
    {
        "number": "D-1",
        "name": "Halle",
        "status": "open",
        "stage_order": 3,
        "amount_minor": 500_000,
        "currency": "EUR",
        "expected_close": "2026-12-24",
    },
    OF,
)


WON = Row(
    "crm:deals:2",
    "deal",
    {"number": "D-2", "status": "won", "amount_minor": 200_000, "closed_on": "2026-11-18"},
    OF,
)


FIRE = Row(
    "desk:tickets:1",
    "ticket",
    {
        "number": "T-1",
        "subject": "Es brennt",
        "text": "geheim",
        "status": "open",
        "priority": "urgent",
        "opened_at": "2026-11-19T08:00:00Z",
    },
    OF,
)


R01, R07 = Subject("deal", DEAL.ref), Subject("deal", WON.ref)


def with_fields(row: Row, **fields: Any) -> Row:
    return Row(row.ref, row.kind, {**row.fields, **fields}, row.refs, row.entity)


class Hub:
    """A database, a clock, and the moves between a change and its alert."""

    def __init__(self, db: Database, clock: HandClock) -> None:
        self.db, self.clock = db, clock

    def sync(self, *connections: str, state: str = "succeeded", **counts: int) -> None:
        """Note a run that just began, of every connection unless some are named."""
        streams = {"all": {"state": state, **counts}}
        rows = [
            {
                "connection": name,
                "state": state,
                "started_at": instant_text(self.clock()),
                "finished_at": instant_text(self.clock()),
                "progress": msgspec.json.encode(streams).decode(),
            }
            for name in connections or [one.name for one in CONNECTIONS]
        ]
        with self.db.transaction() as tx:
            tx.execute(sa.insert(tables.runs), rows)

    def lay(self, *rows: Row) -> None:
        """Bring records and let what is due be judged, as the street does."""
        lay(self.db, rows)
        self.walk()

    def walk(self) -> None:
        work_off(self.db, "thread", lambda: thread(self.db))
        work_off(self.db, "alert", lambda: alert(self.db, WATCH, self.clock()))

    def sweep(self, watch: Watch = WATCH, **turn: float) -> Evaluated:
        """Turn the clock and evaluate everything."""
        self.clock.turn(**turn)
        return evaluate(self.db, watch, self.clock())

    def alert(self, rule: str, subject: Subject) -> Alert | None:
        with self.db.reading() as tx:
            found = alerts.latest(tx, {subject}).values()
        return next((one for one in found if one.rule == rule), None)

    def condition(self, rule: str, subject: Subject) -> str:
        found = self.alert(rule, subject)
        return found.state.condition.value if found else "none"

    def facts(self, subject: Subject, insight: Insight = INSIGHT) -> dict[str, object]:
        with self.db.reading() as tx:
            found = insight.of(tx, [subject], self.clock())
        return {name: fact.value for name, fact in found.get(subject, {}).items()}

    def due(self, stage: str) -> set[str]:
        with self.db.transaction() as tx:
            found = work.take(tx, stage, 1000)
            work.done(tx, stage, found)
        return set(found)

    def events(self, rule: str, subject: Subject) -> list[str]:
        found = self.alert(rule, subject)
        assert found is not None
        with self.db.reading() as tx:
            return [event.after.value for event in alerts.events_of(tx, found.id)]

    def reasons(self, rule: str, subject: Subject) -> list[str]:
        found = self.alert(rule, subject)
        assert found is not None
        with self.db.reading() as tx:
            return [event.reason for event in alerts.events_of(tx, found.id)]
