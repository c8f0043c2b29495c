"""What may come is told of what stands in the store, with evidence, and not of natural persons."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from hub.errors import NotFoundError
from hub.model.fact import Subject
from hub.model.run import StreamProgress
from hub.model.setting import Company, ConnectionInfo
from hub.pipeline.foresee import Foresight
from hub.pipeline.observe import Observer, observe
from hub.pipeline.thread import thread
from hub.store import facts, runs
from hub.store.database import Database
from tests.street_rows import NOW as NOW_TEXT
from tests.street_rows import Row, lay, work_off

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = date(2026, 11, 23)
KINDS = frozenset({"organization", "deal", "ticket", "invoice", "project", "contract", "message"})
CONNECTIONS = (ConnectionInfo("all", "erp", KINDS),)
FORESIGHT = Foresight(Company(), CONNECTIONS)
FIRM = Row("all:a:1", "organization", {"name": "Weber GmbH", "legal_form": "GmbH"}, entity="01A")
TRADER = Row("all:a:2", "organization", {"name": "Anna Adler"}, entity="01B")


def _of(ref: str, noun: str, of: Row = FIRM, /, *more: tuple[str, str], **fields: Any) -> Row:
    return Row(ref, noun, fields, [("organization", of.ref), *more])


def _rows() -> Iterator[Row]:
    yield from (FIRM, TRADER)
    deal = {"status": "open", "probability": 50, "expected_close": "2026-12-01"}
    yield _of("all:d:1", "deal", **deal)
    yield _of("all:d:2", "deal", TRADER, **deal)
    yield _of("all:d:3", "deal", **{**deal, "status": "won"})
    yield Row("all:d:4", "deal", deal)
    yield Row(
        "all:p:1",
        "project",
        {"status": "active", "planned_end": "2026-11-27"},
        [("organization", FIRM.ref)],
        entity="01K",
    )
    yield _of("all:c:1", "contract", status="active", sla_priority_floor="urgent")
    complaint = {"status": "open", "kind": "complaint", "opened_at": "2026-11-20T09:00:00Z"}
    link = ("contract", "all:c:1")
    yield _of("all:t:1", "ticket", FIRM, link, priority="normal", **complaint)
    yield _of("all:t:2", "ticket", **complaint)
    for at in range(12):
        due = TODAY - timedelta(days=30 * at + 60)
        paid = {"status": "paid", "gross_minor": 100, "issued_on": f"{due - timedelta(days=14)}"}
        whose = FIRM if at % 2 else TRADER
        late = timedelta(days=20 if at % 2 else 2)
        if at == 1:  # says nothing itself: its payment tells
            booked = {"booked_on": f"{due + late}", "amount_minor": 100}
            yield _of("all:b:1", "payment", whose, ("invoice", "all:i:1"), **booked)
        else:
            paid["paid_on"] = f"{due + late}"
        yield _of(f"all:i:{at}", "invoice", whose, due_on=f"{due}", **paid)
    yield _of("all:i:unpaid", "invoice", status="paid", due_on="2026-01-01")
    yield _of("all:i:old", "invoice", status="open", balance_minor=1, due_on="2025-01-01")
    owed = {"status": "open", "balance_minor": 100, "due_on": "2026-11-20"}
    yield _of("all:i:open", "invoice", **owed)
    yield _of("all:i:traders", "invoice", TRADER, **owed)


@pytest.fixture
def laid(database: Database) -> Database:
    lay(database, _rows())
    work_off(database, "thread", lambda: thread(database))
    with database.transaction() as tx:
        run = runs.start(tx, "all", NOW_TEXT)
        run.state, run.finished_at = "succeeded", NOW_TEXT
        run.streams = {"a": StreamProgress(state="succeeded")}
        runs.save(tx, run)
        seen = {Subject("customer", "01A"), Subject("customer", "01B"), Subject("project", "01K")}
        kinds = {"d": "deal", "c": "contract", "t": "ticket", "i": "invoice"}
        for row in _rows():
            kind = kinds.get(row.ref.split(":")[1])
            if kind:
                seen.add(Subject(kind, row.ref))
        observe(tx, Observer(Company(), NOW), seen)
    return database


def _ask(db: Database, kind: str, name: str, by: Foresight = FORESIGHT) -> Any:
    with db.reading() as tx:
        return getattr(by, kind)(tx, name, NOW)


def test_a_deal_is_judged_by_its_customers_complaints_too(laid: Database) -> None:
    found = _ask(laid, "deal", "all:d:1")
    assert (found.customer, found.withheld, found.at) == ("01A", None, NOW_TEXT)
    assert found.judgement.probability > found.judgement.alone
    assert found.judgement.reasons[0].name == "complaints"
    (evidence,) = found.judgement.reasons[0].evidence
    assert (evidence.value, evidence.sources) == (2, ("all",))
    assert evidence.subject == Subject("customer", "01A")


def test_a_ticket_is_never_proposed_below_its_contract(laid: Database) -> None:
    named = _ask(laid, "ticket", "all:t:1").judgement
    assert (named.proposed, named.alone) == ("urgent", "normal")
    assert named.reasons[0].evidence[0].subject == Subject("contract", "all:c:1")
    assert "closing" in {reason.name for reason in named.reasons}


def test_a_payment_is_expected_as_the_customer_pays(laid: Database) -> None:
    found = _ask(laid, "invoice", "all:i:open").judgement
    assert found.own_invoices == 6
    assert found.alone_on == date(2026, 12, 10)
    assert found.expected_on > found.alone_on  # there are complaints
    assert found.earliest_on <= found.expected_on <= found.latest_on


def test_a_customers_health_is_less_for_a_complaint(laid: Database) -> None:
    found = _ask(laid, "customer", "01A").judgement
    assert 0 < found.score < 100
    (part,) = [part for part in found.parts if part.name == "complaints"]
    assert part.points == pytest.approx(part.of / 3)


def test_a_natural_person_is_judged_only_where_that_is_asked_for(laid: Database) -> None:
    allowed = Foresight(Company(), CONNECTIONS, natural_persons=True)
    asked = [("deal", "all:d:2"), ("invoice", "all:i:traders"), ("customer", "01B")]
    for kind, name in asked:
        found = _ask(laid, kind, name)
        assert (found.judgement, found.withheld) == (None, "natural_person"), kind
        assert _ask(laid, kind, name, allowed).judgement is not None, kind


def test_what_is_not_judged_says_why(laid: Database) -> None:
    for kind, name, withheld in (
        ("deal", "all:d:3", "not_open"),
        ("deal", "all:d:4", "no_customer"),
        ("invoice", "all:i:3", "not_open"),
        ("invoice", "all:i:old", "never_so_late"),
    ):
        found = _ask(laid, kind, name)
        assert (found.judgement, found.withheld) == (None, withheld), name


def test_what_is_not_known_is_not_found(laid: Database) -> None:
    with pytest.raises(NotFoundError, match="a deal none"):
        _ask(laid, "deal", "none")
    with laid.reading() as tx:
        assert Subject("deal", "none") not in facts.subjects(tx)
