"""The truth by record ref."""

from datetime import date

import pytest

from hub.demo import truth
from hub.demo.model import World
from hub.demo.world import world


@pytest.fixture(scope="module")
def company() -> World:
    return world(7, date(2026, 11, 23), 80)


def test_every_record_that_stands_for_a_company_is_named_once(company: World) -> None:
    refs = [ref for ref, _ in truth.organizations(company)]
    assert len(set(refs)) == len(refs)
    assert len(refs) == sum(
        len(rows)
        for rows in (
            company.accounts,
            company.debtors,
            company.tickets,
            company.projects,
            company.recipients,
            company.leads,
        )
    )
    assert {true for _, true in truth.organizations(company)} == {
        member.id for member in company.companies
    }


def test_a_person_stands_under_the_name_that_a_department_wrote(company: World) -> None:
    people = {person.id: person for person in company.people}
    named = dict(truth.persons(company))
    for contact in company.contacts:
        assert people[named[f"crm:contacts:{contact.id}"]].family_name in contact.name
    for account in company.accounts:
        ref = f"crm:accounts:{account.id}#contact"
        assert (ref in named) == bool(account.contact)
        assert not account.contact or people[named[ref]].family_name in account.contact
    for ticket in company.tickets:
        ref = f"helpdesk:tickets:{ticket.id}#requester"
        assert (ref in named) == bool(ticket.requester_name)
        assert ref not in named or people[named[ref]].family_name in ticket.requester_name
