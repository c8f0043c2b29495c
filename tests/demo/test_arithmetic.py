"""The planted cases, the sums and the dates of a world, reckoned by hand from its rows."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import phonenumbers
import pytest
from stdnum import iban as stdnum_iban
from stdnum.de import vat as stdnum_vat

from hub.demo.cast import ROLES
from hub.demo.draft import LOCAL
from hub.demo.model import Deal, Invoice, Order, Planted, Project, Ticket, World
from hub.demo.planted import CASES
from hub.demo.planting import Subject, ref_of
from hub.demo.trading import PROBABILITY
from hub.demo.world import world

TODAYS = (
    date(2024, 2, 29),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2026, 3, 29),
    date(2026, 10, 25),
)
"""A leap day, both sides of a year's end, and the two days on which clocks change."""


@pytest.fixture(scope="module", params=TODAYS, ids=str)
def company(request: pytest.FixtureRequest) -> World:
    return world(3, request.param, 80)


class Index:
    """A world's rows by record ref, and its cases by name."""

    def __init__(self, company: World) -> None:
        self.today = company.today
        rows: tuple[Subject, ...] = (
            *company.deals,
            *company.tickets,
            *company.projects,
            *company.invoices,
            *company.orders,
            *company.leads,
            *company.recipients,
            *company.contacts,
        )
        self.rows: dict[str, Any] = {ref_of(row): row for row in rows}
        self.rows |= {ref_of(contract): contract for contract in company.contracts}
        self.cases = {c.case: c for c in (*company.planted, *company.near_misses)}
        self.world = company

    def case(self, name: str) -> tuple[Planted, list[Any]]:
        """Return a case and the rows it names, companies left out."""
        case = self.cases[name]
        return case, [self.rows[ref] for ref in case.refs if ref in self.rows]

    def ago(self, day: date) -> int:
        return (self.today - day).days


@pytest.fixture(scope="module")
def index(company: World) -> Index:
    return Index(company)


@pytest.mark.parametrize(
    ("case", "euros", "stage", "closes_in", "kind", "priority", "age"),
    [
        ("R01-ticket", 64_000, 4, 9, "incident", "high", 15),
        ("R01-complaint", 12_400, 3, 45, "complaint", "normal", 8),
        ("R01-near-small", 4_900, 4, 40, "complaint", "normal", 10),
        ("R01-near-early", 60_000, 2, 60, "complaint", "high", 9),
        ("R01-near-solved", 52_000, 4, 35, "complaint", "high", 12),
        ("R01-near-sister", 32_000, 4, 50, "complaint", "normal", 12),
        ("R01-near-namesake", 32_000, 4, 50, "incident", "urgent", 12),
    ],
)
def test_a_deal_meets_a_ticket(
    index: Index,
    case: str,
    euros: int,
    stage: int,
    closes_in: int,
    kind: str,
    priority: str,
    age: int,
) -> None:
    _, (deal, ticket) = index.case(case)
    assert (deal.amount_minor, deal.stage, deal.status) == (euros * 100, stage, "Offen")
    assert deal.probability == PROBABILITY[stage]
    assert index.ago(deal.expected_close) == -closes_in
    assert deal.closed_on is None
    assert (ticket.kind, ticket.priority) == (kind, priority)
    assert index.ago(ticket.opened_at.date()) == age
    assert (ticket.closed_at is not None) == (case == "R01-near-solved")


def test_the_youngest_ticket_was_opened_at_two_on_the_last_working_day(index: Index) -> None:
    _, (deal, ticket) = index.case("R01-near-new")
    opened = ticket.opened_at
    assert (opened.hour, opened.minute) == (14, 0)
    assert opened.weekday() < 5
    between = index.ago(opened.date()) - 1
    assert all((opened.date() + timedelta(days=1 + n)).weekday() >= 5 for n in range(between))
    assert deal.amount_minor == 3_800_000


def test_a_ticket_below_its_contract(index: Index) -> None:
    for case, priority in (("R02-contract", "low"), ("R02-near", "high")):
        _, (ticket, contract) = index.case(case)
        assert ticket.priority == priority
        assert (contract.sla_class, contract.sla_floor) == ("Gold", "high")
        assert contract.annual_value_minor == 1_440_000
        assert contract.company == ticket.company
    _, (ticket, project) = index.case("R02-golive")
    assert index.ago(project.planned_end) == -9
    assert project.status == "laufend"
    assert ticket.priority == "normal"


@pytest.mark.parametrize(("case", "latest"), [("R03", 150_000), ("R03-near", 478_000)])
def test_turnover_month_by_month(index: Index, case: str, latest: int) -> None:
    planted, (ticket, invoice) = index.case(case)
    assert ticket.kind == "complaint"
    assert invoice.net_minor == latest
    nets = [
        i.net_minor
        for i in index.world.invoices
        if i.company == planted.company and i.contract is None and i is not invoice
    ]
    assert len(nets) == 12
    assert all(465_000 <= net <= 495_000 for net in nets)
    assert (abs(latest - median(nets)) > 0.2 * median(nets)) == (case == "R03")


@pytest.mark.parametrize(("case", "burn", "slipped"), [("R04", 82, 14), ("R04-near", 74, 0)])
def test_hours_run_ahead_of_progress(index: Index, case: str, burn: int, slipped: int) -> None:
    _, (project,) = index.case(case)
    assert 100 * project.hours_actual == burn * project.hours_planned
    assert project.progress_pct == 55
    assert (project.planned_end - project.first_planned_end).days == slipped
    assert project.unbilled_minor >= 1_000_000
    assert (burn - 55 >= 20) == (case == "R04")


@pytest.mark.parametrize("case", ["R05", "R05-near"])
def test_a_disputed_invoice_and_its_project(index: Index, case: str) -> None:
    _, (invoice, project) = index.case(case)
    assert invoice.disputed
    assert invoice.open_minor == invoice.gross_minor
    assert invoice.vorgang == project.vorgang
    assert sum(project.weekly_hours) == project.hours_actual
    last = sum(project.weekly_hours[-2:])
    usual = 2 * median(project.weekly_hours[:-2])
    assert (last > 3 * usual) == (case == "R05")
    assert index.ago(project.ended_on) == 45


@pytest.mark.parametrize(("case", "weighted"), [("R06", 3_300_000), ("R06-near", 1_890_000)])
def test_a_forecast_while_reminders_go_out(index: Index, case: str, weighted: int) -> None:
    _, (invoice, *deals) = index.case(case)
    assert sum(d.amount_minor * d.probability // 100 for d in deals) == weighted
    assert invoice.dunning_level == 2
    assert invoice.open_minor == invoice.gross_minor == 404_600
    assert index.ago(invoice.due_on) == 62 - 14


@pytest.mark.parametrize(
    ("case", "euros", "won_ago"),
    [
        ("R07-warning", 38_400, 8),
        ("R07-critical", 22_750, 21),
        ("R07-near-new", 25_000, 3),
        ("R07-near-small", 1_900, 30),
        ("R07-near-project", 16_800, 12),
    ],
)
def test_a_won_deal_that_nobody_ordered(index: Index, case: str, euros: int, won_ago: int) -> None:
    _, (deal, *project) = index.case(case)
    assert (deal.amount_minor, deal.status, deal.probability) == (euros * 100, "Gewonnen", 100)
    assert index.ago(deal.closed_on) == won_ago
    assert deal.vorgang not in {order.vorgang for order in index.world.orders}
    assert bool(project) == (case == "R07-near-project")
    assert all(deal.number in found.name for found in project)


@pytest.mark.parametrize(
    ("case", "unbilled", "since", "ends_ago"),
    [
        ("R08-completed", 1_830_000, 40, 20),
        ("R08-old", 690_000, 160, -40),
        ("R08-near", 48_000, 40, 25),
    ],
)
def test_work_that_nobody_billed(
    index: Index, case: str, unbilled: int, since: int, ends_ago: int
) -> None:
    _, (project,) = index.case(case)
    assert project.unbilled_minor == unbilled
    assert index.ago(project.unbilled_since) == since
    assert index.ago(project.planned_end) == ends_ago
    assert (project.ended_on is None) == (ends_ago < 0)
    billed = sum(i.net_minor for i in index.world.invoices if i.vorgang == project.vorgang)
    if project.ended_on:
        assert billed + unbilled == project.budget_minor
    else:
        assert billed == 0


@pytest.mark.parametrize(("case", "silent"), [("R19", 140), ("R19-near", 4)])
def test_a_silent_offer(index: Index, case: str, silent: int) -> None:
    _, (deal,) = index.case(case)
    assert deal.amount_minor == 1_850_000
    assert (deal.status, deal.stage) == ("Offen", 3)
    assert index.ago(deal.last_activity_at.date()) == silent
    assert index.ago(deal.created_at.date()) == silent + 60


def test_every_case_belongs_to_the_customer_it_names(index: Index) -> None:
    companies = {c.id: c for c in index.world.companies}
    elsewhere = {"R01-near-sister", "R01-near-namesake"}
    assert index.cases.keys() == {*CASES, *elsewhere, "R11-reminded", "R20", "R20-ahead"}
    for name, case in index.cases.items():
        if case.company is None:
            assert case.rule == "R20"
            continue
        assert companies[case.company].name == case.customer
        owners = {index.rows[ref].company for ref in case.refs if ref in index.rows}
        assert case.company in owners
        assert len(owners) == (2 if name in elsewhere else 1)
        if name in ROLES:
            assert companies[case.company].core == ROLES[name].core
            assert companies[case.company].address.city == ROLES[name].city


def test_money_adds_up(company: World) -> None:
    paid: dict[str, int] = {}
    for payment in company.payments:
        paid[payment.invoice] = paid.get(payment.invoice, 0) + payment.amount_minor
    for invoice in company.invoices:
        assert invoice.tax_minor == round(invoice.net_minor * 0.19 + 1e-9)
        assert invoice.gross_minor == invoice.net_minor + invoice.tax_minor
        assert invoice.open_minor + paid.get(invoice.number, 0) == invoice.gross_minor
        settled = invoice.open_minor == 0
        assert (invoice.status == "bezahlt") == settled == (invoice.paid_on is not None)
        assert not (settled and (invoice.dunning_level or invoice.disputed))
        assert invoice.net_minor > 0
        assert bool(invoice.order) + bool(invoice.contract) <= 1
    for project in company.projects:
        assert 0 <= project.progress_pct <= 100
        assert project.budget_minor > 0
        assert min(project.weekly_hours) >= 0
    for contract in company.contracts:
        assert contract.annual_value_minor % 12 == 0


def test_a_contract_is_billed_a_twelfth_a_month(company: World) -> None:
    for contract in company.contracts:
        bills = [i for i in company.invoices if i.contract == contract.number]
        assert len(bills) == 12
        assert {bill.net_minor * 12 for bill in bills} == {contract.annual_value_minor}
        months = [bill.issued_on.year * 12 + bill.issued_on.month for bill in bills]
        assert {later - earlier for earlier, later in pairwise(months)} == {1}
        assert {bill.issued_on.day for bill in bills} == {5}


def dated_in_order(*days: date | None) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known)


def test_nothing_happens_before_what_it_follows(company: World) -> None:
    deals = {d.vorgang: d for d in company.deals}
    orders = {o.number: o for o in company.orders}
    for deal in company.deals:
        assert dated_in_order(deal.created_at.date(), deal.last_activity_at.date(), deal.closed_on)
        assert deal.number.startswith(f"AN-{deal.created_at.year}-")
    for order in company.orders:
        assert dated_in_order(deals[order.vorgang].closed_on, order.ordered_on)
        assert order.number.startswith(f"AU-{order.ordered_on.year}-")
        assert (order.delivered_on is not None) == (
            order.status == "abgeschlossen" or order.status == "zurückgestellt"
        )
    for invoice in company.invoices:
        assert dated_in_order(invoice.issued_on, invoice.due_on)
        assert invoice.number.startswith(f"RE-{invoice.issued_on.year}-")
        if invoice.order:
            assert orders[invoice.order].ordered_on <= invoice.issued_on
            assert invoice.order in invoice.subject
        assert invoice.paid_on is None or invoice.issued_on <= invoice.paid_on
    for project in company.projects:
        assert dated_in_order(project.starts_on, project.unbilled_since)
        assert project.hours_until < company.today
        assert project.number.startswith(f"P-{project.starts_on.year}-")
        assert (project.ended_on is None) == (project.status == "laufend")
    for ticket in company.tickets:
        assert dated_in_order(ticket.opened_at.date(), ticket.last_message_at.date())
        assert ticket.closed_at is None or ticket.opened_at < ticket.closed_at
        assert all(ticket.opened_at <= reply.at for reply in ticket.replies)
    for contract in company.contracts:
        assert dated_in_order(contract.starts_on, contract.notice_on, contract.ends_on)
        assert contract.starts_on.day == 1
        assert (contract.ends_on.month, contract.ends_on.day) == (12, 31)
        assert contract.ends_on > company.today


def test_all_that_happened_lies_before_today_whatever_today_is(company: World) -> None:
    moments = [d.updated_at for d in company.deals] + [t.updated_at for t in company.tickets]
    moments += [i.updated_at for i in company.invoices] + [o.updated_at for o in company.orders]
    moments += [p.updated_at for p in company.projects] + [p.updated_at for p in company.payments]
    moments += [r.updated_at for r in company.recipients]
    moments += [a.updated_at for a in company.accounts] + [a.created_at for a in company.accounts]
    for at in moments:
        assert at.tzinfo is LOCAL
        assert at.date() < company.today
    assert company.today - max(at.date() for at in moments) == timedelta(days=1)


def free_numbers(text: str) -> bool:
    free = ("3023125", "6990009", "4066969", "2214710", "8999998", "17139200", "176040690")
    parsed = phonenumbers.parse(text, "DE")
    return str(parsed.national_number).startswith(free) and parsed.country_code == 49


def test_nothing_in_it_reaches_anybody(company: World) -> None:
    phones = {c.phone for c in company.companies} | {p.phone for p in company.people}
    phones |= {p.mobile for p in company.people if p.mobile}
    phones |= {t.requester_phone for t in company.tickets if t.requester_phone}
    phones |= {d.phone for d in company.debtors if d.phone}
    assert all(map(free_numbers, phones))
    freemail = {"t-online.de", "gmx.de", "web.de", "gmail.com"}
    mails = {t.requester_email for t in company.tickets} | {p.email for p in company.people}
    mails |= {r.email for r in company.recipients} | {a.email for a in company.accounts if a.email}
    mails |= {d.email for d in company.debtors if d.email}
    cores = {c.domain: c for c in company.companies}
    for mail in mails:
        local, _, host = mail.partition("@")
        assert mail.isascii()
        assert host.endswith(".example") or host in freemail
        # At a real mail service only names that no register holds: the firm's own is in them.
        assert host not in freemail or "-" in local
        assert host in cores
    for account in company.accounts:
        assert not account.website or account.website == f"www.{account.website[4:]}"
        assert account.website.endswith(".example") or not account.website
    assert all(stdnum_vat.is_valid(c.vat_id) for c in company.companies)
    assert all(c.vat_id.startswith("DE99") for c in company.companies)
    assert all(stdnum_iban.is_valid(c.iban) and c.iban[4] == "9" for c in company.companies)


def test_refs_name_their_stream(company: World) -> None:
    samples: list[Deal | Ticket | Project | Invoice] = [
        company.deals[0],
        company.tickets[0],
        company.projects[0],
        company.invoices[0],
    ]
    assert [ref_of(sample).rsplit(":", 1)[0] for sample in samples] == [
        "crm:deals",
        "helpdesk:tickets",
        "projects:projects",
        "books:invoices",
    ]
    assert ref_of(company.contracts[0]) == f"books:contracts:{company.contracts[0].number}"
    assert ref_of(company.companies[0]) == "books:customers:10001"


def test_an_order_without_an_answer_is_only_the_parked_one(company: World) -> None:
    known = {"abgeschlossen", "in Arbeit"}
    odd: list[Order] = [o for o in company.orders if o.status not in known]
    assert [f"books:orders:{o.number}" for o in odd] == list(
        company.dirt["status without a mapping"]
    )
