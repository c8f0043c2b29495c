"""Business cases in the store: lasting ids, shares, decisions, candidates, who hears of it."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from hub.store import (
    link_candidates,
    link_decisions,
    rebuild,
    tables,
    vorgaenge,
    work,
)
from hub.store.database import Database
from tests.pipeline.one_case import (
    CHAIN,
    CRM,
    DEAL,
    ERP,
    INVOICE,
    OF_ERP,
    ORDER,
    OTHER,
    PAYMENT,
    cases,
    run,
)
from tests.street_rows import NOW, Row, all_of, drop, lay


def the_one(db: Database) -> tuple[str, Any]:
    ((one, _),) = cases(db).items()
    with db.reading() as tx:
        return one, vorgaenge.rows(tx, [one])[one]


def due(db: Database, stage: str) -> set[str]:
    with db.reading() as tx:
        return set(work.take(tx, stage, 1000))


def test_records_of_three_systems_become_one_case(database: Database) -> None:
    lay(database, CHAIN)
    run(database)
    one, row = the_one(database)
    assert cases(database) == {one: sorted(each.ref for each in CHAIN[2:])}
    assert (row.kind, row.title, row.party) == ("new_business", "Anlage", "01A")
    assert (row.phase, row.phase_since) == ("paid", "2026-03-14")  # not closed: not yet delivered
    assert (row.ordered_minor, row.invoiced_minor, row.paid_minor) == (1000_00, 1000_00, 1190_00)
    assert row.departments == '["finance","sales"]'
    assert row.confidence == pytest.approx(0.9)  # the bank's text names no customer
    assert f"vorgang:{one}" in due(database, "alert")
    assert "01A" in due(database, "render")


def test_a_part_that_leaves_and_comes_back_finds_its_id_again(database: Database) -> None:
    lay(database, CHAIN)
    run(database)
    one, _ = the_one(database)
    lay(database, [replace(ORDER, fields={**ORDER.fields, "reference": None})])
    run(database)
    parted = cases(database)
    assert parted[one] == [PAYMENT.ref, INVOICE.ref, ORDER.ref]  # the larger part
    (other,) = parted.keys() - {one}
    assert parted[other] == [DEAL.ref]
    with database.reading() as tx:
        assert vorgaenge.rows(tx, [other])[other].split_from == one
    lay(database, [ORDER])
    run(database)
    assert set(cases(database)) == {one}
    with database.reading() as tx:
        row = vorgaenge.rows(tx, [other])[other]
    assert (row.state, row.merged_into) == ("merged", one)
    history = {(h["vorgang_id"], h["ref"]) for h in all_of(database, tables.vorgang_member_history)}
    assert (other, DEAL.ref) in history
    drop(database, [each.ref for each in CHAIN[2:]])
    run(database)
    assert cases(database) == {}
    assert {row["state"] for row in all_of(database, tables.vorgaenge)} == {"merged", "ended"}
    lay(database, CHAIN)
    run(database)
    assert set(cases(database)) == {one}


def test_a_collective_invoice_is_of_both_cases_by_share(database: Database) -> None:
    both = replace(INVOICE, refs=[*INVOICE.refs, ("order", OTHER.ref)])
    lay(database, [*CHAIN[:4], PAYMENT, OTHER, both])
    run(database)
    members = all_of(database, tables.vorgang_members)
    share = {(row["vorgang_id"], row["ref"]): row["share_pct"] for row in members}
    assert len(cases(database)) == 2
    assert sorted(pct for (_, ref), pct in share.items() if ref == INVOICE.ref) == [25.0, 75.0]
    assert sorted(pct for (_, ref), pct in share.items() if ref == PAYMENT.ref) == [25.0, 75.0]
    lines = [
        Row(
            f"erp:invoices:1#line.{n}",
            "line",
            {"net_minor": 500_00, "text": f"Lieferung zu {order.fields['number']}"},
            [("invoice", INVOICE.ref)],
        )
        for n, order in enumerate((ORDER, OTHER))
    ]
    lay(database, [replace(both, refs=OF_ERP), *lines])
    run(database)
    members = all_of(database, tables.vorgang_members)
    assert [row["share_pct"] for row in members if row["ref"] == INVOICE.ref] == [50.0, 50.0]
    drop(database, [lines[1].ref])
    run(database)
    members = all_of(database, tables.vorgang_members)
    assert [row["share_pct"] for row in members if row["ref"] == INVOICE.ref] == [100.0]


def test_shares_are_by_worth_in_one_currency(database: Database) -> None:
    yen = {**OTHER.fields, "net_minor": 500_000, "currency": "JPY", "exchange_rate": 0.006}
    both = replace(INVOICE, refs=[*INVOICE.refs, ("order", OTHER.ref)])
    lay(database, [*CHAIN[:4], replace(OTHER, fields=yen), both])
    run(database)
    members = all_of(database, tables.vorgang_members)
    shares = sorted(row["share_pct"] for row in members if row["ref"] == INVOICE.ref)
    assert shares == [25.0, 75.0]  # 1,000 euros and 3,000 euros' worth of yen


def test_what_is_given_back_is_taken_off_and_what_else_we_pay_is_in_no_case(
    database: Database,
) -> None:
    paid = {**PAYMENT.fields, "direction": "outgoing"}
    back = Row("erp:payments:1", "payment", paid, [("invoice", INVOICE.ref)])
    theirs = Row("bank:lines:2", "payment", paid)  # a supplier's number is like one of ours
    lay(database, [*CHAIN, theirs])
    run(database)
    _, row = the_one(database)
    assert (row.phase, row.paid_minor) == ("paid", 1190_00)
    lay(database, [back])
    run(database)
    one, row = the_one(database)
    assert (row.phase, row.paid_minor) == ("invoiced", 0)
    assert back.ref in cases(database)[one]
    assert theirs.ref not in cases(database)[one]


def test_context_joins_no_cases(database: Database) -> None:
    frame = Row("erp:contracts:1", "contract", {"status": "active", "number": "V-2026-1"}, OF_ERP)
    campaign = Row("mail:campaigns:1", "campaign", {"name": "Messe"})
    deals = [
        replace(
            DEAL,
            ref=f"crm:deals:{n}",
            fields={**DEAL.fields, "number": f"AN-2026-1{n}"},
            refs=[*DEAL.refs, ("contract", frame.ref), ("campaign", campaign.ref)],
        )
        for n in (1, 2, 3)
    ]
    lay(database, [CRM, ERP, frame, campaign, *deals])
    run(database)
    assert sorted(cases(database).values()) == [[deal.ref] for deal in deals]


def decide(db: Database, one: str, other: str, verdict: Any) -> int:
    with db.transaction() as tx:
        made = link_decisions.add(
            tx, one, other, verdict, author="kim", reason="seen the paper", now=NOW
        )
    run(db)
    return made.id


def test_a_person_outranks_evidence_until_undone(database: Database) -> None:
    lay(database, CHAIN)
    run(database)
    first = decide(database, ORDER.ref, DEAL.ref, "no_link")
    assert [DEAL.ref] in cases(database).values()
    with database.transaction() as tx:
        rebuild.start_over(tx)
        work.done(tx, "resolve", work.take(tx, "resolve", 10_000))
    run(database)
    assert [DEAL.ref] in cases(database).values()
    with database.transaction() as tx:
        link_decisions.undo(tx, first, NOW)
    run(database)
    one, _ = the_one(database)
    lay(database, [OTHER])
    run(database)
    assert len(cases(database)) == 2
    second = decide(database, OTHER.ref, DEAL.ref, "link")
    assert len(cases(database)[one]) == 5
    link = next(
        row
        for row in all_of(database, tables.links)
        if row["from_ref"] == OTHER.ref and row["role"] == "deal"
    )
    assert (link["method"], link["score"]) == ("judgement", 1.0)
    with database.transaction() as tx:
        link_decisions.undo(tx, second, NOW)
    run(database)
    assert [OTHER.ref] in cases(database).values()


def test_a_doubtful_link_waits_and_a_word_settles_it(database: Database) -> None:
    silent = replace(ORDER, fields={**ORDER.fields, "reference": None, "name": "Anlage Nord"})
    lay(database, [CRM, ERP, DEAL, silent])
    run(database)
    with database.reading() as tx:
        (waiting,) = link_candidates.page(tx)
    assert (waiting.from_ref, waiting.role, waiting.target) == (silent.ref, "deal", DEAL.ref)
    assert (waiting.method, waiting.score) == ("amount", 0.8)
    assert len(cases(database)) == 2
    decide(database, silent.ref, DEAL.ref, "link")
    assert len(cases(database)) == 1
    with database.reading() as tx:
        assert link_candidates.page(tx) == []
    with database.transaction() as tx:
        link_decisions.undo(tx, 1, NOW)
    decide(database, silent.ref, DEAL.ref, "no_link")
    with database.reading() as tx:
        assert link_candidates.page(tx) == []
    assert len(cases(database)) == 2


def test_answers_to_a_mail_come_to_its_ticket(database: Database) -> None:
    ticket = Row("desk:tickets:1", "ticket", {"thread_id": "<a@x.example>", "status": "open"})
    first = Row(
        "mail:messages:1",
        "message",
        {"message_id": "<b@x.example>", "in_reply_to": ["<a@x.example>"]},
    )
    second = Row("mail:messages:2", "message", {"in_reply_to": ["b@x.example"]})
    by_key = replace(first, refs=[("ticket", ticket.ref)])
    lay(database, [second, by_key, ticket])
    run(database)
    assert list(cases(database).values()) == [[ticket.ref, first.ref, second.ref]]
    lay(database, [first])  # the source no longer says so, but it answers the first mail
    run(database)
    assert list(cases(database).values()) == [[ticket.ref, first.ref, second.ref]]


def test_a_mail_that_comes_last_brings_all_that_answer_it(database: Database) -> None:
    ticket = Row("desk:tickets:1", "ticket", {"thread_id": "<0@x.example>", "status": "open"})
    mails = [
        Row(
            f"mail:messages:{n}",
            "message",
            {
                "message_id": f"<{n}@x.example>",
                "in_reply_to": [f"<{n - 1}@x.example>"] if n else [],
            },
        )
        for n in range(5)
    ]
    lay(database, [mails[4], mails[3], mails[1], mails[0], ticket])
    run(database)
    assert list(cases(database).values()) == [[ticket.ref, mails[0].ref, mails[1].ref]]
    lay(database, [mails[2]])
    run(database)
    assert list(cases(database).values()) == [[ticket.ref, *(mail.ref for mail in mails)]]
    drop(database, [mails[1].ref])
    run(database)
    assert list(cases(database).values()) == [[ticket.ref, mails[0].ref]]


def test_a_contract_that_comes_later_covers_service(database: Database) -> None:
    ticket = Row(
        "desk:tickets:1",
        "ticket",
        {"status": "open", "kind": "incident", "opened_at": "2026-05-01T08:00:00Z"},
        [("organization", CRM.ref)],
    )
    contract = Row(
        "erp:contracts:1", "contract", {"status": "active", "starts_on": "2026-01-01"}, OF_ERP
    )

    def gaps() -> list[str]:
        return [row["gap"] for row in all_of(database, tables.vorgang_gaps)]

    lay(database, [CRM, ERP, ticket])
    run(database)
    assert gaps() == ["service_without_contract"]
    lay(database, [contract])
    run(database)
    assert gaps() == []
    drop(database, [contract.ref])
    run(database)
    assert gaps() == ["service_without_contract"]


def test_how_long_nine_in_ten_stay_in_a_phase(database: Database) -> None:
    deals = [
        replace(
            DEAL,
            ref=f"crm:deals:{n}",
            fields={**DEAL.fields, "number": None, "closed_on": f"2026-01-{n + 1:02d}"},
        )
        for n in range(1, 21)
    ]
    lay(database, [CRM, *deals])
    run(database)
    (dwell,) = all_of(database, tables.vorgang_dwells)
    assert dwell == {"kind": "new_business", "phase": "qualified", "p90_days": 18, "vorgaenge": 20}


def test_circles_strange_days_and_endless_amounts_do_no_harm(database: Database) -> None:
    order = replace(
        ORDER,
        fields={**ORDER.fields, "ordered_on": "9999-12-31", "net_minor": 10**17},
        refs=[*OF_ERP, ("invoice", INVOICE.ref), ("project", "pm:projects:1")],
    )
    project = Row(
        "pm:projects:1",
        "project",
        {"starts_on": "1900-01-01", "status": "active"},
        [("order", order.ref), ("project", "pm:projects:1")],
        entity="01PROJECT",
    )
    invoice = replace(INVOICE, refs=[*INVOICE.refs, ("project", project.ref)])
    lay(database, [CRM, ERP, order, invoice, project])
    run(database)
    one, row = the_one(database)
    assert cases(database)[one] == ["01PROJECT", INVOICE.ref, order.ref]
    assert "implausible_day" in row.contradictions
    assert row.ordered_minor is None


def test_a_project_is_no_case_before_it_is_resolved(database: Database) -> None:
    project = Row("pm:projects:1", "project", {"name": "Umbau"}, OF_ERP)
    lay(database, [ERP, project])
    run(database)
    assert cases(database) == {}
    lay(database, [replace(project, entity="01PROJECT1")])
    run(database)
    assert list(cases(database).values()) == [["01PROJECT1"]]


def test_a_project_that_is_merged_brings_its_case_along(database: Database) -> None:
    one_project, other = (
        Row(f"pm:projects:{n}", "project", {"name": "Umbau"}, OF_ERP, entity=f"01PROJECT{n}")
        for n in (1, 2)
    )
    lay(database, [ERP, one_project, other])
    run(database)
    before = {tuple(refs): one for one, refs in cases(database).items()}
    with database.transaction() as tx:
        e = tables.entities.c
        tx.execute(
            sa.update(tables.entities)
            .where(e.id == "01PROJECT2")
            .values(merged_into="01PROJECT1", ended_at=NOW)
        )
    lay(database, [replace(other, entity="01PROJECT1")])
    run(database)
    kept, gone = sorted(before.values())  # made at one instant: the smaller id survives
    assert cases(database) == {kept: ["01PROJECT1"]}
    with database.reading() as tx:
        assert vorgaenge.rows(tx, [gone])[gone].merged_into == kept
