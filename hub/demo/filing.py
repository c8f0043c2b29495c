"""Files each customer in every department's own way: CRM accounts and contacts, debtor, newsletter.

Dirt is made here and noted by kind, so that a reader can count and find it.
"""

from dataclasses import replace
from datetime import timedelta

from hub.demo import people_names
from hub.demo.draft import Draft
from hub.demo.model import Account, Company, Contact, Debtor, Person
from hub.demo.reach import Recipient
from hub.demo.spelling import FIELD_WIDTH, cut, family_first, spelt_out, typo


def account_ref(key: str) -> str:
    """Return the record ref of a CRM account."""
    return f"crm:accounts:{key}"


def debtor_ref(number: int) -> str:
    """Return the record ref of a debtor."""
    return f"books:customers:{number}"


def ticket_ref(key: int) -> str:
    """Return the record ref of a ticket."""
    return f"helpdesk:tickets:{key}"


def file_customer(draft: Draft, company: Company, *, debtor: bool, doubled: bool) -> None:
    """Enter a company in the CRM, in the newsletter and, where it ever bought, in the books.

    doubled: the CRM holds it twice.
    """
    booked = _debtor(draft, company) if debtor else None
    account = _account(draft, company, booked)
    people = draft.people_of[company.id]
    for person in people:
        _contact(draft, account, person, primary=person is people[0])
    if doubled:
        twin = _twin(draft, account)
        if draft.chance(0.5):
            _contact(draft, twin, people[-1], primary=True)
    if draft.chance(0.25):
        _recipient(draft, company, people[0])


def _debtor(draft: Draft, company: Company) -> Debtor:
    rng, number = draft.rng, 10000 + company.id
    name = company.name
    if draft.chance(0.12):
        name = spelt_out(name)
        if name != company.name:
            draft.dirt["umlauts spelt out"].append(debtor_ref(number))
    if len(name) > FIELD_WIDTH and (company.id in draft.legible or draft.chance(0.7)):
        name = cut(name)
        draft.dirt["name cut at 30 characters"].append(debtor_ref(number))
    mailbox = rng.choice(("rechnung", "buchhaltung", "rechnungen"))
    email = f"{mailbox}@{company.domain}" if company.email.endswith(".example") else company.email
    if draft.chance(0.25):
        email = ""
    elif email != company.email:
        draft.dirt["role mailbox"].append(debtor_ref(number))
    debtor = Debtor(
        number=number,
        company=company.id,
        name=name,
        address=company.address,
        vat_id=company.vat_id,
        iban=company.iban if draft.chance(0.8) else "",
        email=email,
        phone=company.phone if draft.chance(0.7) else "",
        credit_limit_minor=rng.choice((0, 100_000_000, 150_000_000)),
        updated_at=draft.at(draft.day(rng.randint(5, 900))),
    )
    draft.debtors.append(debtor)
    draft.debtor_of[company.id] = debtor
    return debtor


def _account(draft: Draft, company: Company, debtor: Debtor | None) -> Account:
    rng, key = draft.rng, f"A-{10000 + len(draft.accounts) + 1}"
    ref, person = account_ref(key), draft.people_of[company.id][0]
    name, address = company.name, company.address
    if draft.chance(0.15):
        name = company.core
        draft.dirt["legal form dropped"].append(ref)
    elif company.id not in draft.legible and draft.chance(0.03):
        name = f"{typo(rng, company.core)} {company.form}"
        draft.dirt["typing mistake"].append(ref)
    if company.moved_from:
        address = company.moved_from
        draft.dirt["old address"].append(ref)
    if company.email.startswith(("info@", "kontakt@", "zentrale@", "office@")):
        draft.dirt["role mailbox"].append(ref)
    created = draft.day(rng.randint(400, 2500))
    named = draft.chance(0.7)
    account = Account(
        id=key,
        company=company.id,
        name=name,
        address=address,
        phone=company.phone,
        email=company.email,
        website=f"www.{company.domain}" if company.domain.endswith(".example") else "",
        vat_id=company.vat_id if draft.chance(0.5) else "",
        debtor=str(debtor.number) if debtor and draft.chance(0.35) else "",
        trade=company.trade,
        status="Kunde" if debtor else "Interessent",
        owner=rng.choice(people_names.STAFF),
        contact=f"{person.given_name} {person.family_name}" if named else "",
        contact_email=person.email if named else "",
        created_at=draft.at(created),
        updated_at=draft.at(draft.day(rng.randint(3, 400))),
    )
    draft.accounts.append(account)
    return account


def _twin(draft: Draft, account: Account) -> Account:
    """Enter the same company once more, as a hurried colleague did: less data, other spelling."""
    rng, key = draft.rng, f"A-{10000 + len(draft.accounts) + 1}"
    company = draft.companies[account.company - 1]
    twin = replace(
        account,
        id=key,
        name=spelt_out(company.core if account.name != company.core else company.name),
        vat_id="",
        debtor="",
        website="",
        email=account.email if draft.chance(0.5) else "",
        contact="",
        contact_email="",
        owner=rng.choice(people_names.STAFF),
        created_at=account.created_at + timedelta(days=rng.randint(20, 300)),
    )
    draft.accounts.append(twin)
    draft.dirt["duplicate in the CRM"].append(account_ref(key))
    return twin


def _contact(draft: Draft, account: Account, person: Person, *, primary: bool) -> None:
    key = f"K-{20000 + len(draft.contacts) + 1}"
    name = f"{person.given_name} {person.family_name}"
    if draft.chance(0.45):
        name = family_first(person.given_name, person.family_name)
        draft.dirt["family name first"].append(f"crm:contacts:{key}")
    contact = Contact(
        id=key,
        account=account.id,
        company=person.company,
        person=person.id,
        name=name,
        salutation=person.salutation,
        title=person.title,
        email=person.email if draft.chance(0.9) else "",
        phone=person.phone if draft.chance(0.7) else "",
        mobile=person.mobile,
        position=person.position,
        is_primary=primary,
        updated_at=draft.at(draft.day(draft.rng.randint(3, 600))),
    )
    draft.contacts.append(contact)
    draft.contacts_of[person.company].append(contact)


def _recipient(draft: Draft, company: Company, person: Person) -> None:
    draft.recipients.append(
        Recipient(
            id=f"N-{30000 + len(draft.recipients) + 1}",
            company=company.id,
            person=person.id,
            email=person.email,
            name=f"{person.given_name} {person.family_name}",
            company_name=company.core,
            consent=draft.rng.choice(("ja", "ja", "ja", "widerrufen")),
            updated_at=draft.at(draft.day(draft.rng.randint(10, 500))),
        )
    )


def requester_company(draft: Draft, company: Company, ref: str) -> str:
    """Return the company as a requester writes it to the help desk; "" for a missing one."""
    legible = company.id in draft.legible
    if not legible and draft.chance(0.05):
        draft.dirt["no company named"].append(ref)
        return ""
    name = company.core if draft.chance(0.65) else company.name
    if name == company.core:
        draft.dirt["legal form dropped"].append(ref)
    if draft.chance(0.4) and spelt_out(name) != name:
        name = spelt_out(name)
        draft.dirt["umlauts spelt out"].append(ref)
    if not legible and draft.chance(0.04):
        name = name.replace(core := name.removesuffix(f" {company.form}"), typo(draft.rng, core))
        draft.dirt["typing mistake"].append(ref)
    return name.lower() if draft.chance(0.05) else name


def client_text(draft: Draft, company: Company, project: str) -> str:
    """Return the client of a project, by its number, as a project manager types it: free form."""
    ref = f"projects:projects:{project}"
    name = company.core if draft.chance(0.6) else company.name
    if name == company.core:
        draft.dirt["legal form dropped"].append(ref)
    if draft.chance(0.2) and spelt_out(name) != name:
        name = spelt_out(name)
        draft.dirt["umlauts spelt out"].append(ref)
    shares = (80, 20, 0, 0) if company.id in draft.legible else (60, 15, 15, 10)
    form = draft.rng.choices(("{}", "Fa. {}", "{}, {}", "{} ({})"), shares)[0]
    return form.format(name, company.address.city)


def keep_master_data(draft: Draft) -> None:
    """Let no department contradict another about a customer who owes something, unless planted so.

    What the books cut off, or the CRM did not hear of, was put right with the first open invoice.
    """
    owing = {one.company for one in draft.invoices if one.open_minor}
    owing -= {case.company for case in draft.planted if case.rule == "R18" and case.company}
    companies = {company.id: company for company in draft.companies}
    for place, debtor in enumerate(draft.debtors):
        company = companies[debtor.company]
        if company.id in owing and len(company.core) < FIELD_WIDTH < len(company.name):
            as_it_is = debtor.name.startswith(company.core)
            name = company.name if as_it_is else spelt_out(company.name)
            draft.debtors[place] = replace(debtor, name=name)
            _clean(draft, "name cut at 30 characters", debtor_ref(debtor.number))
    for place, account in enumerate(draft.accounts):
        company = companies[account.company]
        if company.moved_from and company.id in owing:
            draft.accounts[place] = replace(account, address=company.address)
            _clean(draft, "old address", account_ref(account.id))


def _clean(draft: Draft, kind: str, ref: str) -> None:
    if ref in draft.dirt[kind]:
        draft.dirt[kind].remove(ref)
