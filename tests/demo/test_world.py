"""The demo company's world as a whole: deterministic, dated from today, true, and quiet."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from hub.demo.model import World
from hub.demo.spelling import spelt_out
from hub.demo.world import SMALLEST, world

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def company() -> World:
    return world(7, TODAY)


def test_the_same_arguments_give_the_same_world(company: World) -> None:
    assert world(7, TODAY) == company
    assert world(8, TODAY) != company


@pytest.mark.parametrize("customers", [SMALLEST, 300, 1000])
def test_it_has_as_many_customers_as_asked(customers: int) -> None:
    assert len(world(1, TODAY, customers).companies) == customers


def test_too_few_customers_are_refused() -> None:
    with pytest.raises(ValueError, match=f"at least {SMALLEST} customers, got 5"):
        world(1, TODAY, 5)


def test_a_week_later_everything_is_a_week_later(company: World) -> None:
    later = world(7, TODAY + timedelta(days=7))
    week = timedelta(days=7)
    assert [d.expected_close + week for d in company.deals] == [
        d.expected_close for d in later.deals
    ]
    assert [t.opened_at.replace(tzinfo=None) + week for t in company.tickets] == [
        t.opened_at.replace(tzinfo=None) for t in later.tickets
    ]
    assert [p.planned_end + week for p in company.projects] == [
        p.planned_end for p in later.projects
    ]
    assert [case.customer for case in company.planted] == [case.customer for case in later.planted]


def test_nothing_that_happened_lies_after_yesterday(company: World) -> None:
    happened: list[datetime] = []
    for ticket in company.tickets:
        happened += [ticket.opened_at, ticket.last_message_at, ticket.updated_at]
        happened += [ticket.closed_at] if ticket.closed_at else []
    for deal in company.deals:
        happened += [deal.created_at, deal.last_activity_at, deal.updated_at]
    happened += [a.updated_at for a in company.accounts]
    happened += [c.updated_at for c in company.contacts]
    happened += [d.updated_at for d in company.debtors]
    happened += [o.updated_at for o in company.orders]
    happened += [i.updated_at for i in company.invoices]
    happened += [p.updated_at for p in company.payments]
    happened += [c.updated_at for c in company.contracts]
    happened += [p.updated_at for p in company.projects]
    assert max(happened).date() < TODAY
    days = [i.issued_on for i in company.invoices] + [p.booked_on for p in company.payments]
    days += [o.ordered_on for o in company.orders] + [p.starts_on for p in company.projects]
    days += [d.closed_on for d in company.deals if d.closed_on]
    assert max(days) < TODAY


def test_keys_are_unique(company: World) -> None:
    keys: list[list[object]] = [
        [a.id for a in company.accounts],
        [c.id for c in company.contacts],
        [d.number for d in company.debtors],
        [d.id for d in company.deals],
        [d.number for d in company.deals],
        [o.number for o in company.orders],
        [i.number for i in company.invoices],
        [p.number for p in company.payments],
        [c.number for c in company.contracts],
        [t.id for t in company.tickets],
        [p.number for p in company.projects],
        [r.id for r in company.recipients],
        [c.vat_id for c in company.companies],
        [c.iban for c in company.companies],
    ]
    for column in keys:
        assert len(set(column)) == len(column)


def test_every_reference_leads_to_a_record_of_the_same_company(company: World) -> None:
    accounts = {a.id: a.company for a in company.accounts}
    contacts = {c.id: c for c in company.contacts}
    debtors = {d.number: d.company for d in company.debtors}
    people = {p.id: p.company for p in company.people}
    orders = {o.number: o for o in company.orders}
    invoices = {i.number: i for i in company.invoices}
    for contact in company.contacts:
        assert accounts[contact.account] == contact.company == people[contact.person]
    for deal in company.deals:
        assert accounts[deal.account] == deal.company == contacts[deal.contact].company
    booked = [(o.debtor, o.company) for o in company.orders]
    booked += [(i.debtor, i.company) for i in company.invoices]
    booked += [(p.debtor, p.company) for p in company.payments]
    booked += [(c.debtor, c.company) for c in company.contracts]
    assert all(debtors[debtor] == customer for debtor, customer in booked)
    for invoice in company.invoices:
        if invoice.order:
            assert orders[invoice.order].company == invoice.company
            assert orders[invoice.order].vorgang == invoice.vorgang
    for payment in company.payments:
        assert invoices[payment.invoice].gross_minor == payment.amount_minor
        assert invoices[payment.invoice].open_minor == 0
        assert invoices[payment.invoice].paid_on == payment.booked_on
    for ticket in company.tickets:
        assert ticket.person is None or people[ticket.person] == ticket.company
    for project in company.projects:
        assert project.person is None or people[project.person] == project.company
        assert not project.order or orders[project.order].vorgang == project.vorgang


def test_a_vorgang_has_one_deal_and_everything_in_it_one_customer(company: World) -> None:
    deals = {deal.vorgang: deal for deal in company.deals}
    assert len(deals) == len(company.deals)
    followed = [(o.vorgang, o.company) for o in company.orders]
    followed += [(p.vorgang, p.company) for p in company.projects]
    for vorgang, customer in followed:
        assert deals[vorgang].company == customer
        assert deals[vorgang].status == "Gewonnen"
    for invoice in company.invoices:
        assert invoice.vorgang is None or deals[invoice.vorgang].company == invoice.company


def test_sisters_share_house_switchboard_and_domain_but_no_vat_id(company: World) -> None:
    families: dict[int, list[int]] = {}
    for member in company.companies:
        families.setdefault(member.family, []).append(member.id)
    groups = [ids for ids in families.values() if len(ids) > 1]
    sisters = namesakes = 0
    for ids in groups:
        first, *others = (company.companies[id_ - 1] for id_ in ids)
        for other in others:
            assert other.vat_id != first.vat_id
            assert other.iban != first.iban
            if other.domain == first.domain:
                sisters += 1
                assert (other.address, other.phone) == (first.address, first.phone)
                assert other.name != first.name
            else:
                namesakes += 1
                assert other.name == first.name
                assert other.address.city != first.address.city
                assert other.phone != first.phone
    assert sisters == len(company.dirt["sister company"]) >= 4
    assert namesakes == len(company.dirt["unrelated namesake"]) >= 3


def test_nobody_real_can_be_written_to(company: World) -> None:
    freemail = ("t-online.de", "gmx.de", "web.de", "gmail.com")
    for member in company.companies:
        assert member.domain.endswith(".example") or member.domain in freemail
    for person in company.people:
        local, _, domain = person.email.partition("@")
        assert domain.endswith(".example") or local.count(".") == 2
        assert person.email.isascii()


def test_dirt_is_counted_where_it_is(company: World) -> None:
    names = {c.id: c.name for c in company.companies}
    cut = {f"books:customers:{d.number}": d for d in company.debtors if len(d.name) <= 30}
    for ref in company.dirt["name cut at 30 characters"]:
        assert len(spelt_out(names[cut[ref].company])) > 30
    doubles = Counter(a.company for a in company.accounts)
    assert sum(n - 1 for n in doubles.values()) == len(company.dirt["duplicate in the CRM"])
    moved = {f"crm:accounts:{a.id}": a for a in company.accounts}
    addresses = {c.id: c.address for c in company.companies}
    for ref in company.dirt["old address"]:
        assert moved[ref].address.city != addresses[moved[ref].company].city
    assert len(company.dirt["old address"]) >= 10
    unnamed = {f"helpdesk:tickets:{t.id}" for t in company.tickets if not t.company_name}
    assert unnamed == set(company.dirt["no company named"])
    assert len(company.dirt["status without a mapping"]) == 1
