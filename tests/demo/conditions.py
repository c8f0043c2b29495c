"""The starred rules of the catalogue, reckoned on the truth of a world instead of on facts."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from hub.demo.draft import LOCAL
from hub.demo.model import Company, Deal, Invoice, Project, Ticket, World
from hub.demo.planting import ref_of

RANK = {"": 0, "low": 1, "normal": 2, "high": 3, "urgent": 4}


def business_hours(opened: datetime, until: datetime) -> float:
    """Hours between 8:00 and 18:00 local time, Monday to Friday; holidays count as work."""
    start, end = opened.astimezone(LOCAL), until.astimezone(LOCAL)
    total, day = 0.0, start.date()
    while day <= end.date():
        if day.weekday() < 5:
            opens, closes = (datetime.combine(day, time(hour), LOCAL) for hour in (8, 18))
            total += max((min(end, closes) - max(start, opens)).total_seconds(), 0) / 3600
        day += timedelta(days=1)
    return total


class Conditions:
    """One world, asked rule by rule which subjects fire on the evening of its day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = datetime.combine(world.today, time(20), LOCAL).astimezone(UTC)
        self.open_tickets: dict[int, list[Ticket]] = {}
        for ticket in world.tickets:
            if ticket.closed_at is None:
                self.open_tickets.setdefault(ticket.company, []).append(ticket)
        self.open_deals: dict[int, list[Deal]] = {}
        for deal in world.deals:
            if deal.status == "Offen":
                self.open_deals.setdefault(deal.company, []).append(deal)
        self.projects: dict[int, list[Project]] = {}
        for project in world.projects:
            self.projects.setdefault(project.company, []).append(project)
        self.invoices: dict[int, list[Invoice]] = {}
        for invoice in world.invoices:
            self.invoices.setdefault(invoice.company, []).append(invoice)

    def fired(self, rule: str) -> set[str]:
        """Refs of the subjects a rule fires on."""
        return set(getattr(self, rule.lower())())

    def r01(self) -> list[str]:
        return [
            ref_of(deal)
            for company, deals in self.open_deals.items()
            for deal in deals
            if deal.stage >= 3
            and deal.amount_minor >= 500_000
            and any(self._blocks(t) for t in self.open_tickets.get(company, ()))
        ]

    def _blocks(self, ticket: Ticket) -> bool:
        aged = business_hours(ticket.opened_at, self.now) >= 16
        return ticket.kind == "complaint" or (RANK[ticket.priority] >= 3 and aged)

    def r02(self) -> list[str]:
        floors: dict[int, int] = {}
        for contract in self.world.contracts:
            floors[contract.company] = max(
                floors.get(contract.company, 0), RANK[contract.sla_floor]
            )
        return [
            ref_of(ticket)
            for company, tickets in self.open_tickets.items()
            for ticket in tickets
            if RANK[ticket.priority] < floors.get(company, 0)
            or (RANK[ticket.priority] < 3 and self._pressing(company))
        ]

    def _pressing(self, company: int) -> bool:
        soon = self.world.today + timedelta(days=14)
        month = self.world.today + timedelta(days=30)
        return any(
            p.status == "laufend" and p.planned_end <= soon for p in self.projects.get(company, ())
        ) or any(
            d.amount_minor >= 2_500_000 and d.expected_close <= month
            for d in self.open_deals.get(company, ())
        )

    def r03(self) -> list[str]:
        return [
            ref_of(company)
            for company in self.world.companies
            if self._turnover_breaks(company)
            and any(
                t.kind == "complaint" or RANK[t.priority] >= 3
                for t in self.open_tickets.get(company.id, ())
            )
        ]

    def _turnover_breaks(self, company: Company) -> bool:
        months = [0] * 13
        for invoice in self.invoices.get(company.id, ()):
            place = self._ago(invoice.issued_on) // 30
            if place < 13:
                months[place] += invoice.net_minor
        usual = median(months[1:])
        if not usual or abs(months[0] - usual) < usual * 0.2:
            return False
        spread = median(abs(month - usual) for month in months[1:]) or 1
        return 0.6745 * abs(months[0] - usual) / spread >= 3.5

    def r04(self) -> list[str]:
        return [
            ref_of(p)
            for p in self.world.projects
            if p.status == "laufend"
            and p.unbilled_minor >= 1_000_000
            and (
                100 * p.hours_actual / p.hours_planned - p.progress_pct >= 20
                or (p.planned_end - p.first_planned_end).days >= 10
                or anomaly(p)[0] >= 3.5
            )
        ]

    def r05(self) -> list[str]:
        by_vorgang = {p.vorgang: p for p in self.world.projects}
        fired = []
        for invoice in self.world.invoices:
            project = by_vorgang.get(invoice.vorgang or 0)
            late = invoice.open_minor > 0 and self._ago(invoice.due_on) >= 14
            if project and (invoice.disputed or late):
                score, week = anomaly(project)
                ago = self._ago(week)
                if score >= 3.5 and 180 >= ago >= self._ago(invoice.issued_on) - 7:
                    fired.append(ref_of(invoice))
        return fired

    def r06(self) -> list[str]:
        return [
            ref_of(company)
            for company in self.world.companies
            if sum(
                d.amount_minor * d.probability // 100 for d in self.open_deals.get(company.id, ())
            )
            >= 2_000_000
            and (
                any(t.kind == "complaint" for t in self.open_tickets.get(company.id, ()))
                or any(i.dunning_level >= 2 for i in self.invoices.get(company.id, ()))
                or any(
                    p.status == "laufend" and self._ago(p.planned_end) > 14
                    for p in self.projects.get(company.id, ())
                )
            )
        ]

    def r07(self) -> list[str]:
        followed = {o.vorgang for o in self.world.orders} | {p.vorgang for p in self.world.projects}
        return [
            ref_of(deal)
            for deal in self.world.deals
            if deal.status == "Gewonnen"
            and deal.closed_on is not None
            and self._ago(deal.closed_on) >= 5
            and deal.amount_minor >= 200_000
            and deal.vorgang not in followed
        ]

    def r08(self) -> list[str]:
        return [
            ref_of(p)
            for p in self.world.projects
            if p.unbilled_minor >= 50_000
            and p.unbilled_since is not None
            and (
                (p.ended_on is not None and self._ago(p.ended_on) >= 10)
                or self._ago(p.unbilled_since) >= 45
            )
        ]

    def r19(self) -> list[str]:
        """Open offers untouched for longer than any other; the percentile comes from history."""
        return [
            ref_of(deal)
            for deals in self.open_deals.values()
            for deal in deals
            if self._ago(deal.last_activity_at.date()) > 30
        ]

    def _ago(self, day: date) -> int:
        return (self.world.today - day).days


def anomaly(project: Project) -> tuple[float, date]:
    """Highest robust z of a week's hours against the first half, and that week's last day."""
    hours = project.weekly_hours
    first = hours[: max(len(hours) // 2, 1)]
    usual = median(first)
    spread = max(median(abs(h - usual) for h in first), usual * 0.05, 1)
    place = max(range(len(hours)), key=hours.__getitem__)
    week = project.hours_until - timedelta(days=7 * (len(hours) - 1 - place))
    return 0.6745 * (hours[place] - usual) / spread, week
