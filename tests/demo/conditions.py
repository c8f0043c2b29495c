"""The starred rules of the catalogue, reckoned on the truth of a world instead of on facts."""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median

from hub.demo.draft import LOCAL
from hub.demo.model import Company, Deal, Invoice, Project, Ticket, World
from hub.demo.planting import ref_of
from hub.demo.reach import Recipient

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
        today = self.world.today
        for invoice in self.invoices.get(company.id, ()):
            day = invoice.issued_on
            place = (today.year - day.year) * 12 + today.month - day.month - 1
            if 0 <= place < 13:
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
            and (p.unbilled_minor >= 1_000_000 or self._billed_soon(p))
            and (
                100 * p.hours_actual / p.hours_planned - p.progress_pct >= 20
                or (p.planned_end - p.first_planned_end).days >= 10
                or anomaly(p)[0] >= 3.5
                or 0.6745 * max(p.weekly_hours) / 4 >= 3.5  # may stray from its like, who take few
            )
        ]

    def _billed_soon(self, project: Project) -> bool:
        ahead = (
            one.due_on
            for one in self.world.papers.milestones
            if one.project == project.number and one.amount_minor and one.reached_on is None
        )
        return any(-self._ago(due) <= 30 for due in ahead)

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

    def r09(self) -> list[str]:
        """Subjects are business cases; a case is named here by its deal."""
        orders = {order.vorgang: order.net_minor for order in self.world.orders}
        billed: dict[int, int] = {}
        done: set[int] = set()
        for invoice in self.world.invoices:
            if invoice.vorgang:
                done |= set() if invoice.open_minor else {invoice.vorgang}
                billed[invoice.vorgang] = billed.get(invoice.vorgang, 0) + invoice.net_minor
        return [
            ref_of(deal)
            for deal in self.world.deals
            if deal.vorgang in orders
            and (
                abs(orders[deal.vorgang] - deal.amount_minor) * 20 > deal.amount_minor
                or billed.get(deal.vorgang, 0) * 20 > orders[deal.vorgang] * 21
                or (deal.vorgang in done and billed[deal.vorgang] * 20 < orders[deal.vorgang] * 19)
            )
        ]

    def r10(self) -> list[str]:
        soon = self.world.today + timedelta(days=3)
        return [
            ref_of(invoice)
            for invoice in self.world.invoices
            if invoice.open_minor > 0
            and (
                invoice.dunning_level >= 1
                or (invoice.next_dunning_on is not None and invoice.next_dunning_on <= soon)
            )
            and any(
                ticket.kind in ("complaint", "billing")
                for ticket in self.open_tickets.get(invoice.company, ())
            )
        ]

    def r11(self) -> list[str]:
        limits = {debtor.company: debtor.credit_limit_minor for debtor in self.world.debtors}
        fired = []
        for company, deals in self.open_deals.items():
            unpaid = [i for i in self.invoices.get(company, ()) if i.open_minor > 0]
            late = [i for i in unpaid if self._ago(i.due_on) > 0]
            overdue = sum(i.open_minor for i in late)
            oldest = max((self._ago(i.due_on) for i in late), default=0)
            level = max((i.dunning_level for i in unpaid), default=0)
            owed, limit = sum(i.open_minor for i in unpaid), limits.get(company, 0)
            fired += [
                ref_of(deal)
                for deal in deals
                if deal.stage >= 3
                and (
                    (overdue >= 100_000 and oldest >= 30)
                    or level >= 2
                    or (limit > 0 and owed + deal.amount_minor > limit)
                )
            ]
        return fired

    def r12(self) -> list[str]:
        covered = {contract.company for contract in self.world.contracts}
        return [
            ref_of(ticket)
            for company, tickets in self.open_tickets.items()
            for ticket in tickets
            if (ticket.hours or 0) >= 1 and not ticket.billable and company not in covered
        ]

    def r13(self) -> list[str]:
        return [
            ref_of(contract)
            for contract in self.world.contracts
            if 0 <= -self._ago(contract.notice_on) <= 60
            and contract.annual_value_minor >= 600_000
            and any(t.kind == "complaint" for t in self.open_tickets.get(contract.company, ()))
        ]

    def r14(self) -> list[str]:
        fired = []
        for contract in self.world.contracts:
            if contract.period is None:
                continue
            first, last = contract.period
            elapsed = 100 * self._ago(first) / ((last - first).days + 1)
            used = 100 * contract.hours_used / contract.hours_included
            if used >= max(elapsed + 25, 60):
                fired.append(ref_of(contract))
        return fired

    def r15(self) -> list[str]:
        reached = {one.id: one for one in self.world.recipients}
        return [
            ref_of(campaign)
            for campaign in self.world.campaigns
            if timedelta(0) <= campaign.starts_at - self.now <= timedelta(hours=72)
            and any(self._unfit(reached[one]) for one in campaign.recipients)
        ]

    def _unfit(self, recipient: Recipient) -> bool:
        return (
            recipient.consent != "ja"
            or any(t.kind == "complaint" for t in self.open_tickets.get(recipient.company, ()))
            or any(i.dunning_level for i in self.invoices.get(recipient.company, ()))
        )

    def r17(self) -> list[str]:
        bounced = {one.person for one in self.world.recipients if one.bounced}
        served = {contract.company for contract in self.world.contracts}
        return [
            ref_of(contact)
            for contact in self.world.contacts
            if contact.person in bounced
            and contact.is_primary
            and (
                contact.company in self.open_deals
                or contact.company in served
                or any(p.status == "laufend" for p in self.projects.get(contact.company, ()))
            )
        ]

    def r16(self) -> list[str]:
        owners: dict[int, set[str]] = {}
        for account in self.world.accounts:
            owners.setdefault(account.company, set()).add(account.owner)
        return [
            ref_of(lead)
            for lead in self.world.leads
            if lead.company and lead.owner not in owners.get(lead.company, set())
        ]

    def r18(self) -> list[str]:
        """Subjects are customers: where CRM and books differ in what an open invoice hangs on."""
        debtors = {one.company: one for one in self.world.debtors}
        fired = []
        for account in self.world.accounts:
            debtor = debtors.get(account.company)
            owed = [i for i in self.invoices.get(account.company, ()) if i.open_minor > 0]
            if debtor is None or not owed:
                continue
            due = min((-self._ago(i.due_on) for i in owed if self._ago(i.due_on) <= 0), default=99)
            moved = account.address != debtor.address
            other = account.vat_id not in ("", debtor.vat_id)
            changed = debtor.iban_changed_on and self._ago(debtor.iban_changed_on) <= 14
            paid_wrong = account.iban not in ("", debtor.iban) and changed and due <= 14
            if moved or other or paid_wrong or _cut_in_its_form(debtor.name):
                fired.append(f"books:customers:{debtor.number}")
        return fired

    def r19(self) -> list[str]:
        """Subjects are business cases, named by what is stuck: offers untouched and invoices
        neither paid nor followed up for longer than others take at the least."""
        reminded = {one.invoice: one.sent_on for one in self.world.papers.reminders}
        offers = [
            ref_of(deal)
            for deals in self.open_deals.values()
            for deal in deals
            if self._ago(deal.last_activity_at.date()) > 30
        ]
        return offers + [
            ref_of(invoice)
            for invoice in self.world.invoices
            if invoice.open_minor > 0
            and self._ago(max(invoice.due_on, reminded.get(invoice.number, invoice.due_on))) > 12
        ]

    def _ago(self, day: date) -> int:
        return (self.world.today - day).days


def _cut_in_its_form(name: str) -> bool:
    """A legal name of which the field kept only the beginning of the form."""
    return name.endswith((" GmbH &", " GmbH & Co", " GmbH & Co.", " GmbH & Co. K"))


def anomaly(project: Project) -> tuple[float, date]:
    """Highest robust z of a week's hours against the first half, and that week's last day."""
    hours = project.weekly_hours
    first = hours[: max(len(hours) // 2, 1)]
    usual = median(first)
    spread = max(median(abs(h - usual) for h in first), usual * 0.02)
    place = max(range(len(hours)), key=hours.__getitem__)
    week = project.hours_until - timedelta(days=7 * (len(hours) - 1 - place))
    return 0.6745 * (hours[place] - usual) / spread, week
