"""Filing a customer in every department: once each, doubled, and with dirt that is noted."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from hub.demo import (
    filing,
    founding,
    spelling,
)
from hub.demo.draft import Draft
from tests.demo.drafts import CHARTER, TODAY, drafted

SEEDS = st.integers(0, 10**6)


@given(SEEDS)
def test_a_customer_is_filed_once_in_each_department(seed: int) -> None:
    draft, company = drafted(seed)
    (account,), (debtor,) = draft.accounts, draft.debtors
    assert account.company == debtor.company == company.id
    assert draft.debtor_of[company.id] is debtor
    assert debtor.number == 10_000 + company.id
    assert account.debtor in ("", str(debtor.number))
    assert account.vat_id in ("", company.vat_id)
    assert account.status == "Kunde"
    assert [c.person for c in draft.contacts] == [p.id for p in draft.people]
    assert draft.contacts[0].is_primary
    assert sum(c.is_primary for c in draft.contacts) == 1
    assert len(draft.recipients) <= 1
    assert draft.account_of(company.id) == account.id


@given(SEEDS)
def test_a_prospect_is_unknown_to_the_books(seed: int) -> None:
    draft = Draft(seed, TODAY, Random(seed))
    company = founding.found(draft, CHARTER)
    filing.file_customer(draft, company, debtor=False, doubled=False)
    assert draft.debtors == []
    assert company.id not in draft.debtor_of
    assert draft.accounts[0].status == "Interessent"
    assert draft.accounts[0].debtor == ""


@given(SEEDS)
def test_a_double_says_less_and_spells_otherwise(seed: int) -> None:
    draft = Draft(seed, TODAY, Random(seed))
    company = founding.found(draft, CHARTER)
    filing.file_customer(draft, company, debtor=True, doubled=True)
    first, twin = draft.accounts
    assert twin.company == first.company
    assert twin.id != first.id
    assert (twin.vat_id, twin.debtor, twin.website, twin.contact) == ("", "", "", "")
    assert twin.name.isascii()
    assert twin.name != first.name
    assert twin.created_at > first.created_at
    assert draft.dirt["duplicate in the CRM"] == [filing.account_ref(twin.id)]


@given(SEEDS)
def test_dirt_is_noted_where_it_is_made(seed: int) -> None:
    draft, company = drafted(seed)
    debtor = draft.debtors[0]
    noted = draft.dirt["umlauts spelt out"]
    spelt = debtor.name.replace("oe", "ö") == company.name and debtor.name != company.name
    assert (filing.debtor_ref(debtor.number) in noted) == spelt
    for contact in draft.contacts:
        turned = "," in contact.name
        assert (f"crm:contacts:{contact.id}" in draft.dirt["family name first"]) == turned
        person = draft.people[contact.person - 1]
        plain = f"{person.given_name} {person.family_name}"
        assert contact.name == (f"{person.family_name}, {person.given_name}" if turned else plain)


@given(SEEDS)
def test_what_a_requester_writes_names_the_company_or_is_noted(seed: int) -> None:
    draft, company = drafted(seed)
    written = filing.requester_company(draft, company, "helpdesk:tickets:1")
    missing = draft.dirt["no company named"]
    assert (written == "") == (missing == ["helpdesk:tickets:1"])
    if written and not draft.dirt["typing mistake"]:
        folded = spelling.spelt_out(company.name).lower()
        assert folded.startswith(spelling.spelt_out(written).lower())
    draft.legible.add(company.id)
    legible = filing.requester_company(draft, company, "helpdesk:tickets:2")
    assert spelling.spelt_out(company.name).lower().startswith(spelling.spelt_out(legible).lower())


@given(SEEDS)
def test_a_client_is_written_in_one_of_four_ways(seed: int) -> None:
    draft, company = drafted(seed)
    name = filing.client_text(draft, company, "P-1")
    bare = name.removeprefix("Fa. ").removesuffix(", Augsburg").removesuffix(" (Augsburg)")
    assert bare in {
        form(text) for form in (str, spelling.spelt_out) for text in (company.core, company.name)
    }
