"""BottleCRM (Django-CRM): accounts, contacts, leads, deals, cases, invoices and projects.

Nothing there can be asked for by its last change: every run lists all and compares.
"""

from typing import Any

from connectors.bottlecrm.models import Account, Case, Contact, Deal, Invoice, Lead, Project
from connectors.sdk import Connector, Stream, auth, pages, webhooks

SIZE = ("limit", 500)


def _listed(total: str) -> pages.Offset:
    """Return pages whose answer says how many rows there are."""
    return pages.Offset(size=SIZE, total=total)


def _told(events: str, **said: Any) -> dict[str, Any]:
    """Return how the CRM tells of changes."""
    signed = webhooks.Stamped(header="X-BottleCRM-Signature")
    return {"events": events, "event": "event", "key": "data.id", "verify": signed, **said}


def _case_in(body: Any) -> Any:
    """Return the case an event is about: a comment names the one it belongs to."""
    data = body["data"]
    return data.get("ticket_id") or data["id"]


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
        item="/api/accounts/{key}/",
        item_at="account_obj",
        webhook=_told("account.*"),
        maps_to="organization",
    ),
    Stream(
        Contact,
        "/api/contacts/",
        items="results",
        pages=_listed("count"),
        item="/api/contacts/{key}/",
        item_at="contact_obj",
        webhook=_told("contact.*"),
        maps_to="person",
    ),
    Stream(
        Lead,
        "/api/leads/",
        items=("open_leads.open_leads", "close_leads.close_leads"),
        pages=_both("open_leads.leads_count", "close_leads.leads_count"),
        item="/api/leads/{key}/",
        item_at="lead_obj",
        webhook=_told("lead.*"),
        maps_to="lead",
    ),
    Stream(
        Deal,
        "/api/opportunities/",
        name="deals",
        items="opportunities",
        pages=_listed("opportunities_count"),
        item="/api/opportunities/{key}/",
        item_at="opportunity_obj",
        webhook=_told("deal.*"),
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
        item="/api/cases/{key}/",
        item_at="cases_obj",
        webhook=_told("ticket.*", keys_of=_case_in),
        maps_to="ticket",
    ),
    # What one invoice answers is written in another way than in the list: it takes no webhooks.
    Stream(Invoice, "/api/invoices/", items="results", pages=_listed("count"), maps_to="invoice"),
    Stream(Project, "/api/projects/", items="projects", pages=_listed("count"), maps_to="project"),
]

BottleCrmConnector = Connector(
    "bottlecrm", auth=auth.Bearer(), streams=STREAMS, check="/api/accounts/?limit=1"
)
