"""BottleCRM (Django-CRM): accounts, contacts, leads, deals, cases, invoices and projects.

Nothing there can be asked for by its last change: every run lists all and compares.
"""

from connectors.bottlecrm.models import Account, Case, Contact, Deal, Invoice, Lead, Project
from connectors.sdk import Connector, Stream, auth, pages

SIZE = ("limit", 500)


def _listed(total: str) -> pages.Offset:
    """Return pages whose answer says how many rows there are."""
    return pages.Offset(size=SIZE, total=total)


# Open and closed ones stand in two lists of one answer, both paged by the same offset.
def _both(opened: str, closed: str) -> pages.Offset:
    return pages.Offset(size=SIZE, step="size", total=(opened, closed))


STREAMS = [
    Stream(
        Account,
        "/api/accounts/",
        items=("active_accounts.open_accounts", "closed_accounts.close_accounts"),
        params={"slim": "true"},
        pages=_both("active_accounts.open_accounts_count", "closed_accounts.close_accounts_count"),
        maps_to="organization",
    ),
    Stream(Contact, "/api/contacts/", items="results", pages=_listed("count"), maps_to="person"),
    Stream(
        Lead,
        "/api/leads/",
        items=("open_leads.open_leads", "close_leads.close_leads"),
        pages=_both("open_leads.leads_count", "close_leads.leads_count"),
        maps_to="lead",
    ),
    Stream(
        Deal,
        "/api/opportunities/",
        name="deals",
        items="opportunities",
        pages=_listed("opportunities_count"),
        maps_to="deal",
    ),
    Stream(
        Case,
        "/api/cases/",
        items="cases",
        params={"slim": "true"},
        pages=_listed("cases_count"),
        # While a case waits for its customer these move on with every second.
        volatile=("first_response_sla_deadline", "resolution_sla_deadline"),
        maps_to="ticket",
    ),
    Stream(Invoice, "/api/invoices/", items="results", pages=_listed("count"), maps_to="invoice"),
    Stream(Project, "/api/projects/", items="projects", pages=_listed("count"), maps_to="project"),
]

BottleCrmConnector = Connector(
    "bottlecrm", auth=auth.Bearer(), streams=STREAMS, check="/api/accounts/?limit=1"
)
