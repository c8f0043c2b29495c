"""Founds the cast, gives it an ordinary past, and plants the cases on it."""

from dataclasses import replace

from hub.demo.cast import found_cast
from hub.demo.draft import Draft
from hub.demo.filing import account_ref, file_customer
from hub.demo.helpdesk import add_settled_tickets
from hub.demo.model import Company, Planted
from hub.demo.planted_books import BOOKS_CASES
from hub.demo.planted_delivery import DELIVERY_CASES
from hub.demo.planted_marketing import MARKETING_CASES
from hub.demo.planted_sales import SALES_CASES
from hub.demo.planting import note, open_ticket, ref_of
from hub.demo.trading import Case, add_deal, run_case

CASES = {**SALES_CASES, **DELIVERY_CASES, **BOOKS_CASES, **MARKETING_CASES}


def plant(draft: Draft) -> None:
    """Add every case and near miss of the catalogue's starred rules."""
    cast = found_cast(draft)
    for part, company in cast.items():
        file_customer(draft, company, debtor=True, doubled=part == "doubled")
        if not part.startswith("R03"):
            won_ago = draft.rng.randint(330, 420)
            net_minor = draft.rng.randrange(400, 4000) * 1000
            run_case(draft, company, Case(won_ago, won_ago - 90, net_minor, project=True))
        add_settled_tickets(draft, company, 2)
    for part, planter in CASES.items():
        planter(draft, part, cast[part])
    _plant_relatives(draft, cast)
    _plant_sources(draft)
    _note_identities(draft, cast)
    _leave_unmapped(draft, cast["moved"])


def _plant_relatives(draft: Draft, cast: dict[str, Company]) -> None:
    """Let one sister sell while the other complains, and the same with two namesakes."""
    for part, seller, other, kind, priority in (
        ("R01-near-sister", cast["sisters"], cast["sisters-2"], "complaint", "normal"),
        ("R01-near-namesake", cast["namesakes"], cast["namesakes-2"], "incident", "urgent"),
    ):
        deal = add_deal(draft, seller, amount_minor=3_200_000, stage=4, closes_in=50)
        ticket = open_ticket(draft, other, kind, priority, days_ago=12)
        text = f"the ticket is of another company: {other.name}, {other.address.city}"
        note(draft, part, seller, text, deal, ticket)


def _plant_sources(draft: Draft) -> None:
    draft.planted.append(
        Planted(
            case="R20",
            rule="R20",
            fires=True,
            customer="",
            company=None,
            refs=("marketing",),
            look_for="the newsletter export stopped half way: its file never got its final name",
        )
    )
    draft.planted.append(
        Planted(
            case="R20-ahead",
            rule="R20",
            fires=True,
            customer="",
            company=None,
            refs=("projects",),
            look_for="the hub may read the project office's files for five more days",
        )
    )


def _note_identities(draft: Draft, cast: dict[str, Company]) -> None:
    """Name the customers on which resolution can be watched."""
    for part, others, look_for in (
        ("sisters", ("sisters-2",), "one address, switchboard and domain, two companies"),
        ("partner", ("partner-2",), "a KG and its general partner: two companies"),
        ("namesakes", ("namesakes-2",), "the same name in Rosenheim and Kiel: two companies"),
        ("moved", (), "the CRM still has the old address: one company"),
        ("doubled", (), "entered twice in the CRM: one company"),
        ("cut", (), "bookkeeping cut the name at 30 characters: one company"),
    ):
        companies = [cast[part], *(cast[other] for other in others)]
        ids = {company.id for company in companies}
        accounts = [account_ref(a.id) for a in draft.accounts if a.company in ids]
        debtors = [ref_of(company) for company in companies]
        draft.identities.append(
            Planted(
                case=part,
                rule="identity",
                fires=False,
                customer=companies[0].name,
                company=companies[0].id,
                refs=(*accounts, *debtors),
                look_for=look_for,
            )
        )


def _leave_unmapped(draft: Draft, company: Company) -> None:
    """Give one order a status that no mapping knows: it must be reported, never guessed."""
    for place, order in enumerate(draft.orders):
        if order.company == company.id:
            draft.orders[place] = replace(order, status="zurückgestellt")
            draft.dirt["status without a mapping"].append(f"books:orders:{order.number}")
