"""What rooms must know of the company and its connections, without its configuration file."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Company:
    """The calendar and money a company thinks in. state: of the country, for its holidays."""

    time_zone: str = "Europe/Berlin"
    currency: str = "EUR"
    country: str = "DE"
    state: str | None = None


KINDS_OF_SYSTEM = {
    "crm": frozenset({"organization", "person", "deal"}),
    "ticketing": frozenset({"ticket"}),
    "accounting": frozenset({"organization", "order", "invoice", "payment"}),
    "erp": frozenset({"organization", "order", "invoice", "product"}),
    "projects": frozenset({"project"}),
    "contracts": frozenset({"contract"}),
    "marketing": frozenset({"organization", "person"}),
}

SYSTEM_BY_KIND = {
    "deal": "crm",
    "ticket": "ticketing",
    "invoice": "accounting",
    "order": "erp",
    "project": "projects",
    "contract": "contracts",
    "campaign": "marketing",
}
"""Kinds of records that a system is named for: who gives contracts stands for `contracts`, too."""


@dataclass(frozen=True, slots=True)
class ConnectionInfo:
    """An enabled connection. system: crm, ticketing, accounting, projects, erp ...

    kinds: what its mapping makes, e.g. {"deal", "person"}; where nobody says, what its system
    usually holds. expected_every: how old healthy data may become, None where nobody said.
    access_ends_on: when its key or account runs out, as the company says.
    """

    name: str
    system: str
    kinds: frozenset[str] | None = None
    expected_every: timedelta | None = None
    access_ends_on: date | None = None

    def gives(self, kind: str) -> bool:
        """Say whether records of this kind come from here."""
        kinds = KINDS_OF_SYSTEM.get(self.system, frozenset()) if self.kinds is None else self.kinds
        return kind in kinds

    @property
    def systems(self) -> frozenset[str]:
        """The system it is said to be, and those whose records come from here."""
        given = {system for kind, system in SYSTEM_BY_KIND.items() if self.gives(kind)}
        return frozenset({self.system, *given})
