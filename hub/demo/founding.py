"""Founds the customers: who exists, who is whose sister or namesake, and who works there."""

from dataclasses import dataclass

from hub.demo import firm_names, numbers, people_names
from hub.demo.draft import Draft
from hub.demo.model import Address, Company, Person
from hub.demo.spelling import domain_label, spelt_out

_FORM_NAMES = [name for name, _ in firm_names.FORMS]
_FORM_SHARES = [share for _, share in firm_names.FORMS]
_ROLE_BOXES = ("info", "kontakt", "zentrale", "office")


@dataclass(frozen=True, slots=True)
class Charter:
    """What a company is founded with; whatever is left out is drawn."""

    core: str
    form: str
    trade: str
    family: int
    address: Address
    domain: str = ""
    phone: str = ""
    moves: bool = False


def draw_address(draft: Draft, *, not_in: str = "") -> Address:
    """Return a street in some town other than `not_in`."""
    place = draft.rng.choice(firm_names.PLACES)
    while place[0] == not_in:
        place = draft.rng.choice(firm_names.PLACES)
    street = draft.rng.choice(firm_names.STREETS)
    return Address(street, str(draft.rng.randint(1, 189)), place[1], place[0])


def company_ref(company: Company) -> str:
    """Return how the truth names a company; no department knows this number."""
    return f"company:{company.id}"


def found(draft: Draft, charter: Charter) -> Company:
    """Add one company with its people and return it."""
    index = len(draft.companies) + 1
    domain = charter.domain or f"{domain_label(charter.core)}.example"
    box = draft.rng.choice(_ROLE_BOXES)
    if domain in firm_names.FREEMAIL:
        box = domain_label(charter.core)
    address, moved_from = charter.address, None
    if charter.moves:
        moved_from = draw_address(draft, not_in=address.city)
    company = Company(
        id=index,
        family=charter.family,
        core=charter.core,
        form=charter.form,
        address=address,
        domain=domain,
        email=f"{box}@{domain}",
        phone=charter.phone or numbers.switchboard(index),
        vat_id=numbers.vat_id(index * 7 + draft.seed % 7),
        iban=numbers.iban(index * 97 + draft.seed % 97),
        trade=charter.trade,
        moved_from=moved_from,
    )
    draft.companies.append(company)
    for extension in range(11, 11 + draft.rng.choice((1, 1, 2, 2, 3))):
        _employ(draft, company, extension + company.id % 8 * 10)
    return company


def _employ(draft: Draft, company: Company, extension: int) -> None:
    rng = draft.rng
    female = rng.random() < 0.45
    given = rng.choice(people_names.FEMALE if female else people_names.MALE)
    family = rng.choice(people_names.FAMILY)
    taken = {(p.given_name, p.family_name) for p in draft.people_of[company.id]}
    while (given, family) in taken:
        family = rng.choice(people_names.FAMILY)
    index = len(draft.people) + 1
    person = Person(
        id=index,
        company=company.id,
        salutation="Frau" if female else "Herr",
        title="Dr." if rng.random() < 0.06 else "",
        given_name=given,
        family_name=family,
        email=_mail_address(company, given, family),
        phone=numbers.direct_line(company.phone, extension),
        mobile=numbers.mobile(index // 3) if index % 3 == 0 else "",
        position=rng.choice(people_names.POSITIONS),
    )
    draft.people.append(person)
    draft.people_of[company.id].append(person)


def _mail_address(company: Company, given: str, family: str) -> str:
    local = f"{domain_label(given)}.{domain_label(family)}"
    if company.domain in firm_names.FREEMAIL:
        return f"{local}.{domain_label(company.core)}@{company.domain}"
    return f"{local}@{company.domain}"


def found_random(draft: Draft, count: int) -> None:
    """Add customers drawn at random until there are `count`: singles, sisters and namesakes."""
    names = {company.core for company in draft.companies}
    total = count - len(draft.companies)
    sisters, namesakes = max(1, total // 60), max(1, total // 75)
    for _ in range(sisters):
        _found_sisters(draft, names)
    for _ in range(namesakes):
        _found_namesakes(draft, names)
    while len(draft.companies) < count:
        trade = draft.rng.choice(firm_names.TRADES)
        core = _new_core(draft, names, trade)
        charter = Charter(
            core=core,
            form=_draw_form(draft),
            trade=trade,
            family=len(draft.companies) + 1,
            address=draw_address(draft),
            domain=draft.rng.choice(firm_names.FREEMAIL) if draft.chance(0.04) else "",
            moves=draft.chance(0.06),
        )
        found(draft, charter)


def _found_sisters(draft: Draft, names: set[str]) -> None:
    trade = draft.rng.choice(firm_names.TRADES)
    core = _new_core(draft, names, trade)
    stem = core.removesuffix(f" {trade}")
    eldest = found(
        draft, Charter(core, "GmbH", trade, len(draft.companies) + 1, draw_address(draft))
    )
    for sister in draft.rng.sample(firm_names.SISTER_TRADES, draft.rng.choice((1, 1, 2))):
        names.add(f"{stem} {sister}")
        found_sister(draft, eldest, core=f"{stem} {sister}", trade=sister)


def found_sister(draft: Draft, eldest: Company, *, core: str, trade: str) -> Company:
    """Add a company with the eldest's address, switchboard and domain, but its own VAT id."""
    charter = Charter(
        core, "GmbH", trade, eldest.family, eldest.address, eldest.domain, eldest.phone
    )
    sister = found(draft, charter)
    draft.dirt["sister company"].append(company_ref(sister))
    return sister


def _found_namesakes(draft: Draft, names: set[str]) -> None:
    trade = draft.rng.choice(firm_names.TRADES)
    core = _new_core(draft, names, trade)
    family, address = len(draft.companies) + 1, draw_address(draft)
    first = found(draft, Charter(core, "GmbH", trade, family, address))
    found_namesake(draft, first, draw_address(draft, not_in=address.city))


def found_namesake(draft: Draft, first: Company, address: Address) -> Company:
    """Add a company of the same name and form in another town, otherwise unrelated."""
    domain = f"{domain_label(f'{first.core} {address.city}')}.example"
    charter = Charter(first.core, first.form, first.trade, first.family, address, domain)
    namesake = found(draft, charter)
    draft.dirt["unrelated namesake"].append(company_ref(namesake))
    return namesake


def _new_core(draft: Draft, names: set[str], trade: str) -> str:
    while True:
        rng = draft.rng
        stem = rng.choice(firm_names.STEM_HEADS) + rng.choice(firm_names.STEM_TAILS)
        if rng.random() < 0.15:
            stem = f"{stem} & {rng.choice(people_names.FAMILY)}"
        core = f"{stem} {trade}"
        if core not in names and spelt_out(core) not in names:
            names.add(core)
            return core


def _draw_form(draft: Draft) -> str:
    return draft.rng.choices(_FORM_NAMES, _FORM_SHARES)[0]
