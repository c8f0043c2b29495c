"""The builders one by one, on a draft with a single company: each adds what it says, linked."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.demo import (
    billing,
    filing,
    firm_names,
    founding,
    helpdesk,
    ordinary,
    people_names,
    spelling,
    texts,
    trading,
    truth,
)
from hub.demo.accompany import accompany
from hub.demo.cast import ROLES, found_cast
from hub.demo.draft import LOCAL, Draft
from hub.demo.model import Address, Invoice
from hub.demo.planted import plant
from hub.demo.planting import note
from hub.demo.world import SMALLEST
from tests.demo.drafts import CHARTER, TODAY, drafted, won

SEEDS = st.integers(0, 10**6)


@given(SEEDS)
def test_a_company_is_founded_with_its_people(seed: int) -> None:
    draft, company = drafted(seed)
    assert company.name == "Hallwandt Fördertechnik GmbH"
    assert company.domain == "hallwandt-foerdertechnik.example"
    assert company.email.partition("@")[2] == company.domain
    assert company.moved_from is None
    people = draft.people_of[company.id]
    assert 1 <= len(people) <= 3
    for person in people:
        assert person.company == company.id
        assert person.email == (
            f"{spelling.domain_label(person.given_name)}."
            f"{spelling.domain_label(person.family_name)}@{company.domain}"
        )
        assert person.phone.startswith(f"{company.phone}-")
        female = person.given_name in people_names.FEMALE
        assert person.salutation == ("Frau" if female else "Herr")
    assert len({person.phone for person in people}) == len(people)


@pytest.mark.parametrize("host", firm_names.FREEMAIL)
def test_a_firm_without_a_domain_carries_its_name_in_the_mailbox(host: str) -> None:
    draft = Draft(1, TODAY, Random(1))
    charter = founding.Charter("Köhlborn Bau", "e.K.", "Bau", 1, CHARTER.address, domain=host)
    company = founding.found(draft, charter)
    assert company.email == f"koehlborn-bau@{host}"
    for person in draft.people_of[company.id]:
        assert person.email.endswith(f".koehlborn-bau@{host}")
    filing.file_customer(draft, company, debtor=False, doubled=False)
    assert draft.accounts[0].website == ""


@given(SEEDS)
def test_a_move_leaves_the_old_address_in_another_town(seed: int) -> None:
    draft = Draft(seed, TODAY, Random(seed))
    charter = founding.Charter("Xy Bau", "GmbH", "Bau", 1, CHARTER.address, moves=True)
    company = founding.found(draft, charter)
    assert company.moved_from is not None
    assert company.moved_from.city != "Augsburg"
    assert (company.moved_from.city, company.moved_from.postcode) in firm_names.PLACES
    filing.file_customer(draft, company, debtor=True, doubled=False)
    assert draft.accounts[0].address == company.moved_from
    assert draft.debtor_of[company.id].address == company.address
    assert draft.dirt["old address"] == [filing.account_ref(draft.accounts[0].id)]


def test_a_sister_shares_what_a_house_shares() -> None:
    draft, eldest = drafted()
    sister = founding.found_sister(draft, eldest, core="Hallwandt Immobilien", trade="Immobilien")
    assert sister.family == eldest.family
    assert (sister.address, sister.phone, sister.domain) == (
        eldest.address,
        eldest.phone,
        eldest.domain,
    )
    assert {sister.vat_id, sister.iban}.isdisjoint({eldest.vat_id, eldest.iban})
    assert draft.dirt["sister company"] == [founding.company_ref(sister)]


def test_a_namesake_shares_the_name_alone() -> None:
    draft, first = drafted()
    kiel = Address("Hafenstraße", "1", "24145", "Kiel")
    namesake = founding.found_namesake(draft, first, kiel)
    assert (namesake.name, namesake.family) == (first.name, first.family)
    assert namesake.address == kiel
    assert namesake.domain == "hallwandt-foerdertechnik-kiel.example"
    assert {namesake.phone, namesake.vat_id}.isdisjoint({first.phone, first.vat_id})


@given(SEEDS, st.integers(10, 90))
def test_random_customers_have_names_of_their_own(seed: int, count: int) -> None:
    draft = Draft(seed, TODAY, Random(seed))
    founding.found_random(draft, count)
    assert len(draft.companies) == count
    cores = Counter(company.core for company in draft.companies)
    doubled = {core for core, times in cores.items() if times > 1}
    assert len(doubled) == len(draft.dirt["unrelated namesake"]) == max(1, count // 75)
    assert max(cores.values()) <= 2
    forms = {form for form, _ in firm_names.FORMS}
    assert {company.form for company in draft.companies} <= forms
    assert len({c.phone for c in draft.companies}) == count - len(draft.dirt["sister company"])


@given(SEEDS, st.integers(100, 10**8), st.integers(0, 400), st.sampled_from([14, 30]))
def test_an_invoice_is_unpaid_until_its_receipt(
    seed: int, net_minor: int, ago: int, terms: int
) -> None:
    draft, company = drafted(seed)
    invoice = billing.add_invoice(
        draft, company, net_minor=net_minor, issued=draft.day(ago), terms=terms
    )
    assert invoice.open_minor == invoice.gross_minor
    assert (invoice.due_on - invoice.issued_on).days == terms
    assert invoice.status == "offen"
    billing.pay(draft, invoice, days_after_due=3)
    booked = invoice.due_on + timedelta(days=3)
    (now,) = draft.invoices
    if booked >= TODAY:
        assert now == invoice
        assert draft.payments == []
        return
    (payment,) = draft.payments
    assert (now.open_minor, now.status, now.paid_on) == (0, "bezahlt", booked)
    assert (payment.invoice, payment.amount_minor) == (invoice.number, invoice.gross_minor)
    assert payment.payer == payment.payer.upper()
    assert len(payment.payer) <= 27
    assert payment.reference == "Rechnung" or payment.reference.startswith(invoice.number)


@pytest.mark.parametrize(
    ("net", "tax"), [(0, 0), (1, 0), (2, 0), (3, 1), (100, 19), (10_050, 1_910), (99_999, 19_000)]
)
def test_tax_is_nineteen_percent_rounded_half_up(net: int, tax: int) -> None:
    draft, company = drafted()
    invoice: Invoice = billing.add_invoice(draft, company, net_minor=net, issued=draft.day(1))
    assert (invoice.tax_minor, invoice.gross_minor) == (tax, net + tax)


def test_nobody_pays_before_the_invoice_is_out() -> None:
    draft, company = drafted()
    invoice = billing.add_invoice(draft, company, net_minor=100, issued=draft.day(40), terms=14)
    billing.pay(draft, invoice, days_after_due=-30)
    assert draft.payments[0].booked_on == invoice.issued_on


def test_a_reminder_stays_on_the_invoice() -> None:
    draft, company = drafted()
    invoice = billing.add_invoice(draft, company, net_minor=100, issued=draft.day(60))
    assert billing.dun(draft, invoice, level=2).dunning_level == 2
    assert draft.invoices[0].dunning_level == 2
    assert draft.invoices[0].updated_at.date() == TODAY - timedelta(days=2)


@given(SEEDS, st.sampled_from([1, 6, 12]))
def test_a_contract_bills_its_months(seed: int, months: int) -> None:
    draft, company = drafted(seed)
    contract = billing.add_contract(draft, company, annual_minor=1_200_000, months_billed=months)
    bills = draft.invoices
    assert [bill.contract for bill in bills] == [contract.number] * months
    assert {bill.net_minor for bill in bills} == {100_000}
    assert {bill.subject for bill in bills} == {contract.name}
    assert [bill.issued_on for bill in bills] == [
        draft.month_day(month, 5) for month in range(months, 0, -1)
    ]
    assert contract.notice_on == contract.ends_on - timedelta(days=92)
    assert contract.sla_class == "Bronze"


@pytest.mark.parametrize(
    ("status", "stage", "chance"),
    [
        ("Offen", 1, 10),
        ("Offen", 3, 50),
        ("Offen", 5, 90),
        ("Gewonnen", 2, 100),
        ("Verloren", 4, 0),
    ],
)
def test_a_deal_s_probability_is_that_of_its_stage_or_outcome(
    status: str, stage: int, chance: int
) -> None:
    draft, company = drafted()
    deal = trading.add_deal(draft, company, amount_minor=1, stage=stage, status=status)
    assert deal.probability == chance
    assert (deal.closed_on is None) == (status == "Offen")
    assert deal.account == draft.accounts[0].id
    assert deal.contact == draft.contacts[0].id


def test_deals_are_numbered_on_and_each_opens_a_vorgang() -> None:
    draft, company = drafted()
    deals = [trading.add_deal(draft, company, amount_minor=1, stage=1) for _ in range(3)]
    assert [deal.id for deal in deals] == ["C-50001", "C-50002", "C-50003"]
    assert [deal.vorgang for deal in deals] == [1, 2, 3]
    assert [deal.number[-5:] for deal in deals] == ["00001", "00002", "00003"]


@given(SEEDS, st.integers(-90, 55))
def test_an_order_follows_its_deal(seed: int, ends_ago: int) -> None:
    draft, company = drafted(seed)
    deal = trading.add_won_deal(draft, company, won_ago=60, amount_minor=777)
    order = trading.add_order(draft, deal, ends_ago=ends_ago, reference="zu X")
    assert deal.closed_on is not None
    assert 1 <= (order.ordered_on - deal.closed_on).days <= 3
    assert (order.net_minor, order.vorgang, order.name) == (777, deal.vorgang, deal.name)
    assert (order.status, order.delivered_on) == (
        ("abgeschlossen", draft.day(ends_ago)) if ends_ago >= 0 else ("in Arbeit", None)
    )
    assert order.reference == "zu X"


@given(SEEDS)
def test_an_offer_is_cited_by_its_number(seed: int) -> None:
    draft, company = drafted(seed)
    deal = trading.add_deal(draft, company, amount_minor=1, stage=1)
    assert deal.number in trading.offer_reference(draft, deal)


@given(SEEDS, st.integers(-120, 55), st.booleans())
def test_a_project_runs_evenly(seed: int, ends_ago: int, cite: bool) -> None:
    draft, company = drafted(seed)
    deal, order = won(draft, company)
    project = trading.add_project(draft, deal, order, ends_ago=ends_ago, cite_offer=cite)
    done = ends_ago >= 0
    assert (project.status, project.ended_on) == (
        ("abgeschlossen", draft.day(ends_ago)) if done else ("laufend", None)
    )
    assert project.planned_end == project.first_planned_end == draft.day(ends_ago)
    assert (project.progress_pct == 100) == done
    burn = 100 * project.hours_actual / project.hours_planned
    assert burn - project.progress_pct < 20
    assert (project.offer == deal.number) == cite
    assert (deal.number in project.name) == cite
    assert (order.number in project.name) == (not cite)
    assert project.budget_minor == deal.amount_minor
    assert (project.unbilled_minor == 0) == done
    assert 2 <= len(project.weekly_hours) <= 26


@given(SEEDS, st.integers(0, 50), st.booleans(), st.booleans())
def test_a_whole_case_is_linked_from_deal_to_receipt(
    seed: int, ends_ago: int, project: bool, paid: bool
) -> None:
    draft, company = drafted(seed)
    case = trading.Case(60, ends_ago, 1_000_000, project=project, paid=paid)
    deal = trading.run_case(draft, company, case)
    (order,), (invoice,) = draft.orders, draft.invoices
    assert {order.vorgang, invoice.vorgang} == {deal.vorgang}
    assert invoice.order == order.number
    assert invoice.net_minor == order.net_minor == deal.amount_minor
    assert len(draft.projects) == project
    assert all(p.vorgang == deal.vorgang for p in draft.projects)
    due = invoice.due_on < TODAY
    assert (invoice.open_minor == 0) == (paid and due) == bool(draft.payments)
    cited = order.reference + "".join(p.name for p in draft.projects)
    assert deal.number in cited


def test_a_case_that_still_runs_is_not_billed() -> None:
    draft, company = drafted()
    trading.run_case(draft, company, trading.Case(30, -20, 1_000_000, project=True))
    assert draft.invoices == []
    assert draft.orders[0].status == "in Arbeit"


@given(SEEDS, st.sampled_from(sorted(texts.SUBJECTS)), st.booleans())
def test_a_ticket_is_of_its_kind_and_sender(seed: int, kind: str, closed: bool) -> None:
    draft, company = drafted(seed)
    _, order = won(draft, company)
    opened = datetime(2026, 11, 16, 9, 0, tzinfo=LOCAL)
    ticket = helpdesk.add_ticket(
        draft,
        company,
        kind=kind,
        priority="high",
        opened=opened,
        closed=opened + timedelta(hours=5) if closed else None,
        order=order,
    )
    assert ticket.subject.removesuffix(f" ({order.number})") in texts.SUBJECTS[kind]
    assert ticket.vorgang == order.vorgang
    assert (ticket.status in helpdesk.CLOSED) == closed
    assert (ticket.person is None) == (ticket.requester_name == "")
    if ticket.person is None:
        assert ticket.requester_email == company.email
    else:
        assert ticket.requester_email == draft.people[ticket.person - 1].email
        assert ticket.requester_name.endswith(draft.people[ticket.person - 1].family_name)
    assert ticket.last_message_at >= ticket.opened_at
    assert ticket.last_message_at.date() < TODAY


@given(SEEDS, st.integers(0, 8))
def test_settled_tickets_were_answered_within_two_days(seed: int, count: int) -> None:
    draft, company = drafted(seed)
    helpdesk.add_settled_tickets(draft, company, count)
    assert len(draft.tickets) == count
    for ticket in draft.tickets:
        assert ticket.closed_at is not None
        assert timedelta(hours=2) <= ticket.closed_at - ticket.opened_at <= timedelta(hours=46)


@given(SEEDS)
def test_a_family_has_one_mood(seed: int) -> None:
    draft = Draft(seed, TODAY, Random(seed))
    founding.found_random(draft, 20)
    ordinary.run_families(draft, draft.companies)
    booked = {debtor.company for debtor in draft.debtors}
    families: dict[int, list[int]] = {}
    for company in draft.companies:
        families.setdefault(company.family, []).append(company.id)
    for ids in families.values():
        assert len({company in booked for company in ids}) == 1
        selling = any(d.company in ids for d in draft.deals if d.status == "Offen")
        complaining = any(
            t.company in ids
            for t in draft.tickets
            if t.closed_at is None and t.priority in ("high", "urgent")
        )
        assert not (selling and complaining)


def test_the_cast_comes_first_and_each_part_has_one_player() -> None:
    draft = Draft(1, TODAY, Random(1))
    cast = found_cast(draft)
    assert [cast[part].core for part in ROLES] == [role.core for role in ROLES.values()]
    assert set(cast) == {*ROLES, "sisters-2", "partner-2", "namesakes-2"}
    assert draft.legible == {company.id for company in draft.companies}
    assert {company.id for company in cast.values()} == draft.legible


def test_a_note_puts_the_subject_first() -> None:
    draft, company = drafted()
    deal = trading.add_deal(draft, company, amount_minor=1, stage=1)
    note(draft, "R01-near-x", company, "look", deal, company)
    note(draft, "R07-y", company, "look", company)
    near, planted = draft.planted
    assert near.refs == (f"crm:deals:{deal.id}", "books:customers:10001")
    assert (near.rule, near.fires, planted.rule, planted.fires) == ("R01", False, "R07", True)


def test_planting_makes_the_smallest_world() -> None:
    draft = Draft(1, TODAY, Random(1))
    plant(draft)
    assert len(draft.companies) == len(ROLES) + 3 <= SMALLEST
    made = draft.finished(accompany(draft))
    assert {case.case for case in made.identities} == {
        "sisters",
        "partner",
        "namesakes",
        "moved",
        "doubled",
        "cut",
    }
    assert dict(truth.organizations(made)).keys() >= {
        ref for case in made.identities for ref in case.refs
    }
