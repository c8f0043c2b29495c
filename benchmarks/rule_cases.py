"""A customer's papers as most customers have them, and the case of a rule planted in some."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.clock import instant_text

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AT = instant_text(NOW)
EVERY = 500
"""One customer in so many has a given planted case."""
Paper = tuple[str, str, dict[str, Any], dict[str, str]]  # ref, kind, fields, role -> target
Fields = dict[str, Any]


def day(ahead: int) -> str:
    """Return the day so many days from today."""
    return (NOW.date() + timedelta(days=ahead)).isoformat()


def entity(kind: str, n: int) -> str:
    """Return the id of the n-th customer (C) or project (P)."""
    return f"01{kind}{n:023d}"


@dataclass(slots=True)
class Papers:
    """What is on file of one customer; nothing in it makes a rule fire."""

    n: int
    deal: Fields = field(
        default_factory=lambda: {
            "status": "open",
            "stage_order": 2,
            "amount_minor": 100_000,
            "probability": 50,
            "expected_close": day(90),
            "created_at": AT,
        }
    )
    ticket: Fields = field(
        default_factory=lambda: {
            "status": "closed",
            "priority": "normal",
            "kind": "incident",
            "reopened": False,
            "opened_at": f"{day(-60)}T08:00:00Z",
            "closed_at": f"{day(-58)}T08:00:00Z",
            "hours": 1,
            "billable": True,
        }
    )
    project: Fields = field(
        default_factory=lambda: {
            "status": "active",
            "planned_end": day(100),
            "progress_pct": 50,
            "billing": "time_and_materials",
        }
    )
    contract: Fields = field(
        default_factory=lambda: {
            "status": "active",
            "notice_on": day(200),
            "annual_value_minor": 300_000,
            "ends_on": day(290),
            "hours_included": 100,
            "hours_used": 40,
            "period_starts_on": day(-182),
            "period_ends_on": day(183),
        }
    )
    paid: Fields = field(
        default_factory=lambda: {
            "status": "paid",
            "kind": "receivable",
            "net_minor": 100_000,
            "balance_minor": 0,
            "issued_on": day(-100),
            "due_on": day(-70),
            "paid_on": day(-80),
        }
    )
    owed: Fields = field(
        default_factory=lambda: {
            "status": "open",
            "kind": "receivable",
            "net_minor": 100_000,
            "balance_minor": 119_000,
            "issued_on": day(-20),
            "due_on": day(10),
            "paid_on": None,
        }
    )
    ticket_of: dict[str, str] = field(default_factory=dict)
    """What the ticket names beside its customer."""
    has_project: bool = False
    more: list[Paper] = field(default_factory=list)

    @property
    def of(self) -> dict[str, str]:
        """Return whose the papers are."""
        return {"organization": entity("C", self.n)}

    def ref(self, kind: str) -> str:
        """Return the ref of the customer's paper of a kind."""
        return f"{kind[:1]}:{kind}:{self.n}"

    @property
    def owed_ref(self) -> str:
        """Return the ref of the invoice that is not paid."""
        return f"{self.ref('invoice')}-owed"

    def all(self) -> list[Paper]:
        """Return the papers as records."""
        of = self.of
        found: list[Paper] = [
            (self.ref("deal"), "deal", self.deal, of),
            (self.ref("ticket"), "ticket", self.ticket, of | self.ticket_of),
            (f"{self.ref('ticket')}-old", "ticket", self._old_ticket, of),
            (self.ref("contract"), "contract", self.contract, of),
            (self.owed_ref, "invoice", self.owed, of),
            *((f"{self.ref('invoice')}-{i}", "invoice", self.paid, of) for i in range(3)),
            (self.ref("order"), "order", {"status": "confirmed", "net_minor": 100_000}, of),
        ]
        if self.has_project:
            found.append((f"pm:project:{self.n}", "project", self.project, of))
        return [*found, *self.more]

    @property
    def _old_ticket(self) -> Fields:
        return {**self.ticket, "status": "closed", "closed_at": AT}


def _unresolved_service_case(papers: Papers) -> str:
    papers.deal |= {"stage_order": 3, "amount_minor": 600_000}
    papers.ticket |= {"status": "open", "kind": "complaint", "closed_at": None}
    return papers.ref("deal")


def _won_without_order(papers: Papers) -> str:
    papers.deal |= {"status": "won", "closed_on": day(-10), "amount_minor": 300_000}
    return papers.ref("deal")


def _milestone_not_invoiced(papers: Papers) -> str:
    done = {"status": "reached", "reached_on": day(-50), "amount_minor": 100_000}
    project = entity("P", papers.n)
    papers.more.append((f"pm:milestone:{papers.n}", "milestone", done, {"project": project}))
    papers.has_project = True
    return project


def _dunned_in_dispute(papers: Papers) -> str:
    papers.owed |= {"dunning_level": 1, "due_on": day(-5)}
    papers.ticket |= {"status": "open", "kind": "billing", "closed_at": None}
    return papers.owed_ref


def _work_without_contract(papers: Papers) -> str:
    papers.ticket |= {"status": "open", "hours": 3, "billable": False, "closed_at": None}
    papers.contract |= {"status": "ended"}
    return papers.ref("ticket")


def _hours_used_up(papers: Papers) -> str:
    papers.contract |= {"hours_used": 90}
    return papers.ref("contract")


def _priority_below_contract(papers: Papers) -> str:
    papers.contract |= {"sla_priority_floor": "high"}
    papers.ticket |= {"status": "open", "closed_at": None}
    papers.ticket_of = {"contract": papers.ref("contract")}
    return papers.ref("ticket")


def _notice_near_with_complaint(papers: Papers) -> str:
    papers.contract |= {"notice_on": day(40), "annual_value_minor": 700_000}
    papers.ticket |= {"status": "open", "kind": "complaint", "closed_at": None}
    return papers.ref("contract")


def _sells_to_who_owes(papers: Papers) -> str:
    papers.deal |= {"stage_order": 3}
    papers.owed |= {"balance_minor": 200_000, "due_on": day(-40), "issued_on": day(-70)}
    return papers.ref("deal")


def _sells_while_late(papers: Papers) -> str:
    papers.deal |= {"amount_minor": 5_000_000}
    papers.project |= {"planned_end": day(-20)}
    papers.has_project = True
    return papers.of["organization"]


CASES: dict[int, tuple[str, Callable[[Papers], str]]] = {
    1: ("R01", _unresolved_service_case),
    2: ("R07", _won_without_order),
    3: ("R08", _milestone_not_invoiced),
    4: ("R10", _dunned_in_dispute),
    5: ("R12", _work_without_contract),
    6: ("R14", _hours_used_up),
    7: ("R02", _priority_below_contract),
    8: ("R13", _notice_near_with_complaint),
    9: ("R11", _sells_to_who_owes),
    10: ("R06", _sells_while_late),
}
"""Number of a customer in EVERY -> the rule, and what plants its case and returns its subject."""


def papers(n: int) -> tuple[list[Paper], list[tuple[str, str]]]:
    """Return a customer's papers, and (rule, subject) of what is planted in them."""
    made = Papers(n, has_project=n % 3 == 0)
    rule, plant = CASES.get(n % EVERY, ("", None))
    planted = [(rule, plant(made))] if plant else []
    return made.all(), planted
