"""What every planted case needs: its refs, its note in the truth, and tickets of a given age."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from hub.demo.draft import LOCAL, Draft
from hub.demo.filing import account_ref, debtor_ref, ticket_ref
from hub.demo.helpdesk import add_ticket
from hub.demo.model import (
    Account,
    Company,
    Contact,
    Contract,
    Deal,
    Invoice,
    Order,
    Planted,
    Project,
    Ticket,
)
from hub.demo.reach import Campaign, Lead, Recipient

Subject = (
    Deal
    | Order
    | Ticket
    | Project
    | Invoice
    | Contract
    | Lead
    | Campaign
    | Recipient
    | Contact
    | Company
    | Account
)
Planter = Callable[[Draft, str, Company], None]
"""Plants the case of a part of the cast on the company that plays it."""


def ref_of(thing: Subject) -> str:
    """Return the record ref of a thing of this world; a company's is its debtor."""
    match thing:
        case Deal():
            return f"crm:deals:{thing.id}"
        case Order():
            return f"books:orders:{thing.number}"
        case Account():
            return account_ref(thing.id)
        case Contact():
            return f"crm:contacts:{thing.id}"
        case Campaign():
            return f"marketing:campaigns:{thing.id}"
        case Recipient():
            return f"marketing:recipients:{thing.id}"
        case Lead():
            return f"crm:leads:{thing.id}"
        case Ticket():
            return ticket_ref(thing.id)
        case Project():
            return f"projects:projects:{thing.number}"
        case Invoice():
            return f"books:invoices:{thing.number}"
        case Contract():
            return f"books:contracts:{thing.number}"
        case Company():
            return debtor_ref(10000 + thing.id)


def note(draft: Draft, part: str, company: Company, look_for: str, *things: Subject) -> None:
    """Write a case into the truth; the subject of its rule comes first."""
    draft.planted.append(
        Planted(
            case=part,
            rule=part.split("-")[0],
            fires="-near" not in part,
            customer=company.name,
            company=company.id,
            refs=tuple(ref_of(thing) for thing in things),
            look_for=look_for,
        )
    )


def open_ticket(
    draft: Draft, company: Company, kind: str, priority: str, *, days_ago: int
) -> Ticket:
    """Add an open ticket of that age; 0 days ago is the last working day at 14:00.

    That is fewer than 16 business hours before any time of today.
    """
    if days_ago:
        opened = draft.at(draft.day(days_ago))
    else:
        day = draft.day(1)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
        opened = datetime.combine(day, time(14), LOCAL)
    return add_ticket(draft, company, kind=kind, priority=priority, opened=opened)
