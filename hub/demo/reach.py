"""Who is written to and who asks: the newsletter's recipients, its mailings, and enquiries."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """A newsletter recipient of the marketing tool."""

    id: str
    company: int
    person: int
    email: str
    name: str
    company_name: str
    consent: str
    updated_at: datetime
    bounced: bool = False


@dataclass(frozen=True, slots=True)
class Campaign:
    """A mailing of the marketing tool to all that stand in its list of recipients."""

    id: str
    name: str
    status: str
    starts_at: datetime
    cost_minor: int
    recipients: tuple[str, ...]
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Lead:
    """An enquiry as the CRM keeps it; company: 0 for a stranger."""

    id: str
    company: int
    company_name: str
    city: str
    name: str
    email: str
    status: str
    source: str
    owner: str
    created_at: datetime
    updated_at: datetime
