"""Linking: keys, contacts, documents and numbers, whatever the order records arrive in."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.pipeline.thread import thread
from hub.store import links, tables, work
from hub.store.database import Database
from hub.vorgang.links import TELLING
from tests.street_rows import Row, all_of, drop, lay, work_off

A = Row("crm:accounts:1", "organization", {"name": "Weber"}, entity="01A")
B = Row("crm:accounts:2", "organization", {"name": "Adler"}, entity="01B")
ERIKA = Row(
    "crm:contacts:1",
    "person",
    {"name": "Erika Muster"},
    [("organization", "crm:accounts:1")],
    entity="01P",
)
CALLER = Row("desk:tickets:1#requester", "person", {"name": "Erika Muster"}, entity="01P")
TICKET = Row(
    "desk:tickets:1",
    "ticket",
    {"number": "T-1", "subject": "Frage zu AB-2024/0815"},
    [("person", "desk:tickets:1#requester")],
)
ORDER = Row(
    "erp:orders:7",
    "order",
    {"number": "AB 2024 0815", "net_minor": 100},
    [("organization", "crm:accounts:1")],
)
INVOICE = Row(
    "erp:invoices:9",
    "invoice",
    {"number": "RE-0009", "reference": "ab-2024-0815"},
    [("order", "erp:orders:7")],
)
PAYMENT = "erp:payments:1"


def run(db: Database, limit: int = 2000) -> None:
    work_off(db, "thread", lambda: thread(db, limit))


def ends(db: Database, ref: str) -> dict[tuple[str, str], str]:
    """Return (role, target) -> method of a record's links."""
    with db.reading() as tx:
        found = links.of_records(tx, [ref]).get(ref, [])
    return {(link.role, link.target): link.method for link in found}


def due(db: Database, stage: str) -> set[str]:
    with db.reading() as tx:
        return set(work.take(tx, stage, 1000))


def test_a_reference_leads_to_the_entity_or_the_document(database: Database) -> None:
    lay(database, [A, ORDER, INVOICE])
    run(database)
    assert ends(database, ORDER.ref) == {("organization", "01A"): "key"}
    assert ends(database, INVOICE.ref) == {
        ("order", ORDER.ref): "key",
        ("organization", "01A"): "document",
    }
    with database.reading() as tx:
        link = links.of_records(tx, [ORDER.ref])[ORDER.ref][0]
        assert links.get(tx, link.id) == link
        assert links.get(tx, "none") is None
    assert (link.score, link.evidence) == (
        1.0,
        {"refs": [{"ref": "crm:accounts:1", "role": "organization"}]},
    )


def test_who_must_hear_of_it_becomes_due(database: Database) -> None:
    deal = Row("crm:deals:1", "deal", {"number": "D-1000"}, [("organization", A.ref)])
    order = Row("erp:orders:1", "order", {}, [("deal", deal.ref), ("organization", B.ref)])
    lay(database, [A, B, deal, order])
    run(database)
    assert due(database, "thread") == set()
    assert due(database, "render") == {"01A", "01B"}
    told = due(database, "alert")
    assert told >= {"customer:01A", "customer:01B", "deal:crm:deals:1", "order:erp:orders:1"}


def test_a_person_of_one_organization_brings_the_document_there(database: Database) -> None:
    lay(database, [A, B, ERIKA, CALLER, TICKET])
    run(database)
    assert ends(database, TICKET.ref) == {
        ("person", "01P"): "key",
        ("organization", "01A"): "contact",
    }
    other = Row(
        "mail:contacts:3", "person", {"name": "Erika"}, [("organization", B.ref)], entity="01P"
    )
    lay(database, [other])
    run(database)
    assert ends(database, TICKET.ref) == {("person", "01P"): "key"}  # of two, which is meant?
    drop(database, [other.ref])
    run(database)
    assert ("organization", "01A") in ends(database, TICKET.ref)


def test_a_number_in_a_text_links_papers_of_one_customer(database: Database) -> None:
    lay(database, [A, ERIKA, CALLER, TICKET])
    run(database)
    assert ("order", ORDER.ref) not in ends(database, TICKET.ref)
    lay(database, [ORDER])  # what is named may arrive later
    run(database)
    assert ends(database, TICKET.ref)["order", ORDER.ref] == "number"
    with database.reading() as tx:
        found = links.of_records(tx, [TICKET.ref])[TICKET.ref]
    assert [link.evidence for link in found if link.method == "number"] == [
        {"customers": ["01A"], "field": "subject", "number": "ab20240815"}
    ]


def test_a_number_of_another_customer_or_of_two_papers_links_nothing(database: Database) -> None:
    ticket = Row(TICKET.ref, "ticket", {"subject": "Frage zu 47110815"}, TICKET.refs)
    order = Row(ORDER.ref, "order", {"number": "4711 0815"}, ORDER.refs)
    lay(database, [A, B, ERIKA, CALLER, ticket, replace(order, refs=[("organization", B.ref)])])
    run(database)
    assert ("order", ORDER.ref) not in ends(database, TICKET.ref)
    twin = Row("erp:orders:8", "order", order.fields, [("organization", A.ref)])
    lay(database, [order, twin])
    run(database)
    assert not {role for role, _ in ends(database, TICKET.ref)} & {"order"}
    drop(database, [twin.ref])
    run(database)
    assert ends(database, TICKET.ref)["order", ORDER.ref] == "number"


def test_a_telling_number_links_also_where_the_customer_is_another(database: Database) -> None:
    foreign = replace(ORDER, refs=[("organization", B.ref)])
    lay(database, [A, B, ERIKA, CALLER, TICKET, foreign])
    run(database)
    assert ends(database, TICKET.ref)["order", ORDER.ref] == "number"
    scores = {row["score"] for row in all_of(database, tables.links) if row["method"] == "number"}
    assert scores == {TELLING}
    lay(database, [replace(foreign, ref="erp:orders:8")])
    run(database)
    assert not {role for role, _ in ends(database, TICKET.ref)} & {"order"}


def test_what_vanishes_takes_its_links_numbers_and_words_along(database: Database) -> None:
    lay(database, [A, ERIKA, CALLER, TICKET, ORDER, INVOICE])
    run(database)
    drop(database, [ORDER.ref, TICKET.ref])
    run(database)
    assert ends(database, ORDER.ref) == {}
    assert ends(database, INVOICE.ref) == {}  # its customer was the order's
    assert {row["ref"] for row in all_of(database, tables.number_tokens)} == {INVOICE.ref}
    assert {row["item"] for row in all_of(database, tables.search_tokens)} == {INVOICE.ref}
    assert f"deal:{ORDER.ref}" in due(database, "alert")


def test_links_follow_a_record_to_its_new_entity(database: Database) -> None:
    lay(database, [A, B, ERIKA, CALLER, TICKET, ORDER])
    run(database)
    lay(database, [Row(A.ref, "organization", A.fields, entity="01B")])
    run(database)
    assert ends(database, ORDER.ref) == {("organization", "01B"): "key"}
    assert ends(database, TICKET.ref) == {
        ("person", "01P"): "key",
        ("organization", "01B"): "contact",
        ("order", ORDER.ref): "number",
    }
    lay(database, [Row(ERIKA.ref, "person", ERIKA.fields, ERIKA.refs, entity="01Q")])
    run(database)
    assert ends(database, TICKET.ref) == {
        ("person", "01P"): "key",
        ("order", ORDER.ref): "number",  # by its number alone
    }


def test_a_project_is_reached_as_an_entity_by_key_and_by_number(database: Database) -> None:
    project = Row(
        "pm:projects:1",
        "project",
        {"number": "P-4711", "name": "Umbau"},
        [("organization", A.ref)],
        entity="01J",
    )
    ticket = Row("desk:tickets:5", "ticket", {"subject": "wegen P-4711"}, [("organization", A.ref)])
    deal = Row("crm:deals:5", "deal", {}, [("project", project.ref)])
    lay(database, [A, ticket, deal, project])
    run(database)
    assert ends(database, ticket.ref)["project", "01J"] == "number"
    assert ends(database, deal.ref) == {("project", "01J"): "key"}
    lay(database, [Row(project.ref, "project", project.fields, project.refs, entity="01K")])
    run(database)
    assert ends(database, ticket.ref)["project", "01K"] == "number"


def test_references_in_a_circle_or_into_nothing_come_to_an_end(database: Database) -> None:
    one = Row("erp:orders:1", "order", {}, [("order", "erp:orders:2")])
    two = Row("erp:orders:2", "order", {}, [("order", "erp:orders:1"), ("deal", "crm:deals:none")])
    lay(database, [one, two, Row("erp:orders:3", "order", {}, [("order", "erp:orders:3")])])
    run(database)
    assert ends(database, one.ref) == {("order", two.ref): "key"}
    assert ends(database, two.ref) == {("order", one.ref): "key"}
    assert ends(database, "erp:orders:3") == {}


def test_a_strangers_number_leads_to_a_paper_of_the_same_worth_alone(database: Database) -> None:
    known = Row("erp:customers:2", "organization", {"name": "Adler"}, entity="01B")
    paid = Row(
        "bank:payments:3",
        "payment",
        {"reference": "AB 2024 0815", "amount_minor": 5_900},
        [("organization", B.ref)],
    )
    lay(database, [A, B, known, ORDER, paid])
    run(database)
    assert ("order", ORDER.ref) not in ends(database, paid.ref)
    dearer = {**ORDER.fields, "net_minor": 5_000, "gross_minor": 5_950}
    for fields, method in ((dearer, "number"), (ORDER.fields, None)):
        lay(database, [replace(ORDER, fields=fields)])
        run(database)
        assert ends(database, paid.ref).get(("order", ORDER.ref)) == method


def _mail(n: int, answers: int, refs: list[tuple[str, str]]) -> Row:
    return Row(
        f"mail:messages:{n}",
        "message",
        {"message_id": f"<{n}@x>", "in_reply_to": [f"<{answers}@x>"]},
        refs,
    )


def _versions() -> list[tuple[Row, Row]]:
    """Return records as they end, each with what it may have been before."""
    contact = [("organization", B.ref)]
    order = {"number": "AU-2025-0077", "customer_po_number": "PO 4711"}
    paid = Row("bank:payments:3", "payment", {"reference": "au20250077"}, contact)
    return [
        (
            Row("erp:customers:2", "organization", {"name": "Adler"}, entity="01B"),
            Row("erp:customers:2", "organization", {"name": "Adler"}, entity="01C"),
        ),
        (
            Row("erp:orders:3", "order", {**order, "net_minor": 5000}, [("organization", A.ref)]),
            Row("erp:orders:3", "order", {**order, "net_minor": 7000}, contact),
        ),
        (
            replace(paid, fields={**paid.fields, "amount_minor": 5000}),
            replace(paid, fields={**paid.fields, "amount_minor": 7000}),
        ),
        (
            Row("bank:payments:4", "payment", {"reference": "Auftrag 77 AU-25-77"}, contact),
            Row("bank:payments:4", "payment", {"reference": "AU 2025/77", "amount_minor": 9}),
        ),
        (
            Row("books:invoices:4", "invoice", {"reference": "AU 2025/77"}, ORDER.refs),
            Row("books:invoices:4", "invoice", {"reference": "PO 4711"}, contact),
        ),
        (
            Row("books:invoices:5", "invoice", {"customer_po_number": "po-4711"}, ORDER.refs),
            Row("books:invoices:5", "invoice", {"reference": "Auftrag 077"}, ORDER.refs),
        ),
        (_mail(1, 0, [("ticket", "desk:tickets:8")]), _mail(1, 9, [])),
        (_mail(2, 1, []), _mail(2, 3, [])),
        (_mail(3, 2, []), _mail(3, 4, [("ticket", "desk:tickets:2")])),
        (_mail(4, 3, []), _mail(4, 4, [])),
        (A, Row(A.ref, "organization", {"name": "W"}, entity="01C")),
        (B, B),
        (ERIKA, Row(ERIKA.ref, "person", {"name": "E"}, contact, entity="01Q")),
        (CALLER, Row(CALLER.ref, "person", {"name": "E"}, entity="01R")),
        (TICKET, Row(TICKET.ref, "ticket", {"subject": "RE-0009"}, [("organization", B.ref)])),
        (ORDER, Row(ORDER.ref, "order", {"number": "X-99999"}, [("person", ERIKA.ref)])),
        (INVOICE, Row(INVOICE.ref, "invoice", {"number": "AB20240815"}, contact)),
        (
            Row(
                "erp:payments:1",
                "payment",
                {"reference": "0009 RE-0009"},
                [("invoice", INVOICE.ref)],
            ),
            Row(
                "erp:payments:1", "payment", {"reference": "AB-2024-0815"}, [("invoice", ORDER.ref)]
            ),
        ),
        (
            Row(
                "pm:projects:1",
                "project",
                {"number": "P-4711", "name": "zu AB-2024-0815"},
                [("order", ORDER.ref)],
                entity="01J",
            ),
            Row("pm:projects:1", "project", {"number": "Q-1234"}, contact, entity="01K"),
        ),
        (
            Row("desk:tickets:8", "ticket", {}, [("person", CALLER.ref)]),
            Row("desk:tickets:8", "ticket", {}, [("person", ERIKA.ref)]),
        ),
        (
            Row("erp:payments:8", "payment", {}, [("invoice", "erp:invoices:8")]),
            Row("erp:payments:8", "payment", {}, [("invoice", INVOICE.ref)]),
        ),
        (
            Row("erp:invoices:8", "invoice", {}, [("organization", A.ref)]),
            Row("erp:invoices:8", "invoice", {}, [("person", ERIKA.ref)]),
        ),
        (
            Row("desk:tickets:2", "ticket", {"subject": "P-4711, T-1"}, [("person", CALLER.ref)]),
            Row("desk:tickets:2", "ticket", {"subject": "Q-1234"}, [("person", ERIKA.ref)]),
        ),
    ]


_KEPT = (tables.links, tables.number_tokens, tables.search_items, tables.search_tokens)


@pytest.fixture(scope="module")
def at_once() -> dict[str, object]:
    return {}


@given(
    order=st.permutations(range(len(_versions()))),
    early=st.sets(st.sampled_from(range(len(_versions())))),
    size=st.integers(1, 5),
    limit=st.sampled_from([1, 3, 2000]),
)
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_links_are_the_same_whatever_came_first(
    new_sqlite_url: Callable[[], str],
    at_once: dict[str, object],
    order: list[int],
    early: set[int],
    size: int,
    limit: int,
) -> None:
    versions = _versions()
    if not at_once:
        reference = Database(new_sqlite_url())
        lay(reference, [now for now, _ in versions])
        run(reference)
        at_once.update({table.name: all_of(reference, table) for table in _KEPT})
        reference.close()
    db = Database(new_sqlite_url())
    lay(db, [versions[at][1] for at in order if at in early])
    run(db, limit)
    for start in range(0, len(order), size):
        lay(db, [versions[at][0] for at in order[start : start + size]])
        run(db, limit)
    found = {table.name: all_of(db, table) for table in _KEPT}
    db.close()
    assert found == at_once


def test_the_words_nothing_holds_any_more_are_forgotten(database: Database) -> None:
    lay(database, [A, ORDER])
    run(database)
    lay(database, [Row(ORDER.ref, "order", {"number": "ZZ-55555"}, ORDER.refs)])
    run(database)
    with database.reading() as tx:
        grams = set(tx.execute(sa.select(tables.search_grams.c.token)).scalars())
    assert grams == {"zz", "55555", "zz55555"}


@pytest.mark.parametrize("late", [A, ERIKA, ORDER])
def test_what_arrives_late_reaches_all_that_rests_on_it(database: Database, late: Row) -> None:
    silent = Row("desk:tickets:8", "ticket", {}, [("person", CALLER.ref)])  # no number helps
    paid = Row("erp:invoices:8", "invoice", {}, [("order", ORDER.ref)])
    rows = [A, ERIKA, CALLER, ORDER, silent, paid]
    lay(database, [row for row in rows if row is not late])
    run(database, 1)
    lay(database, [late])
    run(database, 1)
    assert ends(database, silent.ref) == {
        ("person", "01P"): "key",
        ("organization", "01A"): "contact",
    }
    assert ends(database, paid.ref)["organization", "01A"] == "document"
