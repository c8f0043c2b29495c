"""Who is who, by record ref: what resolution ought to find, to measure it against."""

from collections.abc import Iterator

from hub.demo.filing import account_ref, debtor_ref, ticket_ref
from hub.demo.model import World


def organizations(world: World) -> Iterator[tuple[str, int]]:
    """Yield every record (or part) that stands for an organisation, with the true company id.

    Parts are named as configs/demo/mappings names them.
    """
    for account in world.accounts:
        yield account_ref(account.id), account.company
    for debtor in world.debtors:
        yield debtor_ref(debtor.number), debtor.company
    for ticket in world.tickets:
        yield f"{ticket_ref(ticket.id)}#company", ticket.company
    for project in world.projects:
        yield f"projects:projects:{project.number}#client", project.company
    for recipient in world.recipients:
        yield f"marketing:recipients:{recipient.id}#company", recipient.company
    for lead in world.leads:
        yield f"crm:leads:{lead.id}#company", lead.company


def persons(world: World) -> Iterator[tuple[str, int]]:
    """Yield every record (or part) that stands for a person, with the true person id."""
    first_of: dict[int, int] = {}
    for person in world.people:
        first_of.setdefault(person.company, person.id)
    for account in world.accounts:
        if account.contact:
            yield f"{account_ref(account.id)}#contact", first_of[account.company]
    for contact in world.contacts:
        yield f"crm:contacts:{contact.id}", contact.person
    for ticket in world.tickets:
        if ticket.requester_name and ticket.person:
            yield f"{ticket_ref(ticket.id)}#requester", ticket.person
    for project in world.projects:
        if project.contact and project.person:
            yield f"projects:projects:{project.number}#contact", project.person
    for recipient in world.recipients:
        yield f"marketing:recipients:{recipient.id}", recipient.person
    for lead in world.leads:
        yield f"crm:leads:{lead.id}#contact", first_of[lead.company]
