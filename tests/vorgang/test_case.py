"""Cases as their papers tell them: phases, gaps, contradictions, kinds and sums."""

from dataclasses import replace
from typing import Any

import pytest

from hub.model.vorgang import GapType, Vorgang
from hub.vorgang.case import Cover, Ground, vorgang
from hub.vorgang.gaps import OWNER
from hub.vorgang.paper import Paper
from hub.vorgang.threads import FlowLink, threads
from tests.vorgang.papers import PARTY, paper, told

LEAD = paper("lead", status="converted", created_at="2026-01-05T08:00:00Z", owner="x")
DEAL = paper("deal", status="open", created_at="2026-01-10T08:00:00Z", amount_minor=100_000)
WON = paper(
    "deal",
    status="won",
    created_at="2026-01-10T08:00:00Z",
    closed_on="2026-02-10",
    amount_minor=100_000,
    name="Steuerung",
)
QUOTE = paper(
    "quote", status="sent", issued_on="2026-02-01", valid_until="2026-03-01", net_minor=100_000
)
ORDER = paper("order", status="confirmed", ordered_on="2026-02-15", net_minor=100_000)
CLOSED_ORDER = paper(
    "order",
    status="closed",
    ordered_on="2026-02-15",
    delivered_on="2026-04-01",
    net_minor=100_000,
)
PROJECT = paper("project", "01PROJECT", status="active", starts_on="2026-02-20", name="Umbau")
DONE = paper(
    "project", "01PROJECT", status="completed", starts_on="2026-02-20", ended_on="2026-04-01"
)
DELIVERY = paper("delivery", status="accepted", accepted_on="2026-04-02")
INVOICE = paper(
    "invoice",
    status="open",
    issued_on="2026-04-05",
    net_minor=100_000,
    gross_minor=119_000,
    balance_minor=119_000,
)
PAID = paper(
    "invoice",
    status="paid",
    issued_on="2026-04-05",
    paid_on="2026-04-20",
    net_minor=100_000,
    gross_minor=119_000,
    balance_minor=0,
)
PAYMENT = paper("payment", amount_minor=119_000, booked_on="2026-04-20", invoices=("a:invoice:1",))
TICKET = paper("ticket", status="open", kind="incident", opened_at="2026-05-01T08:00:00Z")


def in_part(order: Paper, pct: float) -> Paper:
    return replace(order, fields={**order.fields, "delivered_pct": pct})


@pytest.mark.parametrize(
    ("papers", "phases"),
    [
        ([LEAD], {"attracted": "2026-01-05", "qualified": "2026-01-05"}),
        ([DEAL], {"qualified": "2026-01-10"}),
        ([DEAL, QUOTE], {"qualified": "2026-01-10", "offered": "2026-02-01"}),
        ([WON], {"qualified": "2026-01-10", "offered": "2026-02-10"}),
        ([WON, ORDER], {"ordered": "2026-02-15"}),
        ([WON, ORDER, PROJECT], {"ordered": "2026-02-15", "delivering": "2026-02-20"}),
        ([ORDER, DONE], {"delivering": "2026-02-20", "delivered": "2026-04-01"}),
        ([ORDER, DELIVERY], {"delivered": "2026-04-02"}),
        ([CLOSED_ORDER, INVOICE], {"delivered": "2026-04-01", "invoiced": "2026-04-05"}),
        ([CLOSED_ORDER, PAID], {"paid": "2026-04-20", "closed": "2026-04-20"}),
        ([CLOSED_ORDER, INVOICE, PAYMENT], {"paid": "2026-04-20", "closed": "2026-04-20"}),
        ([CLOSED_ORDER, PAID, TICKET], {"paid": "2026-04-20", "in_service": "2026-05-01"}),
        ([TICKET], {"in_service": "2026-05-01"}),
        ([paper("order", status="draft")], {"offered": None}),
        ([paper("payment", amount_minor=1, booked_on="2026-01-01")], {"paid": "2026-01-01"}),
        ([paper("deal", status="lost", closed_on="2026-03-01")], {"closed": "2026-03-01"}),
    ],
)
def test_a_case_is_in_the_phase_its_papers_have_reached(
    papers: list[Paper], phases: dict[str, str | None]
) -> None:
    case = told(*papers)
    entered = {entry.phase: entry.since for entry in case.entries}
    assert phases.items() <= entered.items()
    assert case.phase == list(phases)[-1]


def test_a_down_payment_is_not_the_invoice() -> None:
    down = paper("invoice", status="paid", issued_on="2026-02-16", net_minor=30_000)
    assert told(ORDER, PROJECT, down).phase == "delivering"
    rest = paper("invoice", "a:invoice:2", status="open", issued_on="2026-04-05", net_minor=70_000)
    case = told(ORDER, DONE, down, rest)
    assert (case.phase, case.phase_since) == ("invoiced", "2026-04-05")


def test_early_payment_discount_pays_an_invoice_and_a_part_of_it_does_not() -> None:
    for amount, phase in ((116_620, "closed"), (60_000, "invoiced")):
        payment = paper(
            "payment", amount_minor=amount, booked_on="2026-04-20", invoices=("a:invoice:1",)
        )
        assert told(CLOSED_ORDER, INVOICE, payment).phase == phase


def test_a_late_invoice_opens_a_case_again() -> None:
    late = paper("invoice", "a:invoice:2", status="open", issued_on="2026-06-01", net_minor=9_000)
    assert told(CLOSED_ORDER, PAID).closed_at == "2026-04-20"
    case = told(CLOSED_ORDER, PAID, late)
    assert (case.phase, case.closed_at) == ("invoiced", None)


LONE_LEAD = paper("lead", status="new", created_at="2026-01-05T08:00:00Z")
STRAY = paper("payment", amount_minor=5_000, booked_on="2026-01-01")
KNOWN = Ground(covers={PARTY: [Cover("2026-04-01", "2026-12-31")]})


@pytest.mark.parametrize(
    ("papers", "gap", "since"),
    [
        ([LONE_LEAD], "lead_without_owner", "2026-01-05"),
        ([DEAL, QUOTE], "quote_expired_deal_open", "2026-03-02"),
        ([WON], "won_without_order", "2026-02-10"),
        ([WON, ORDER], "order_without_project", "2026-02-15"),
        ([ORDER, DONE], "delivered_not_invoiced", "2026-04-01"),
        ([CLOSED_ORDER], "delivered_not_invoiced", "2026-04-01"),
        ([DELIVERY], "delivered_not_invoiced", "2026-04-02"),
        ([INVOICE], "invoiced_without_order", "2026-04-05"),
        ([STRAY], "paid_without_invoice", "2026-01-01"),
        ([TICKET], "service_without_contract", "2026-05-01"),
    ],
)
def test_a_gap_is_found_with_its_day_and_owner(
    papers: list[Paper], gap: GapType, since: str
) -> None:
    found = {one.type: one for one in told(*papers).gaps}
    assert set(found) == {gap}
    assert (found[gap].since, found[gap].department) == (since, OWNER[gap])
    assert set(found[gap].refs) <= {one.ref for one in papers}


@pytest.mark.parametrize(
    "papers",
    [
        [LEAD],
        [LONE_LEAD, DEAL],
        [WON, PROJECT],
        [WON, ORDER, PROJECT],
        [CLOSED_ORDER, INVOICE],
        [ORDER, paper("project", "01P", status="completed", billing="non_billable"), INVOICE],
        [paper("invoice", status="open", net_minor=1, contracts=("a:contract:1",))],
        [INVOICE, PAYMENT],
    ],
)
def test_what_follows_leaves_no_gap(papers: list[Paper]) -> None:
    gaps = {one.type for one in told(*papers).gaps}
    assert gaps <= ({"invoiced_without_order"} if papers[0] is INVOICE else set())


def test_service_lacks_a_contract_only_where_that_can_be_known() -> None:
    def gaps(ticket: Paper, ground: Ground) -> list[str]:
        return [gap.type for gap in told(ticket, ground=ground).gaps]

    assert gaps(TICKET, KNOWN) == []
    assert gaps(TICKET, Ground(contracts_known=False)) == []
    before = paper("ticket", status="open", opened_at="2026-03-01T08:00:00Z")
    assert gaps(before, KNOWN) == ["service_without_contract"]
    nobodys = paper("ticket", status="open", opened_at="2026-03-01T08:00:00Z", parties=())
    assert gaps(nobodys, KNOWN) == []
    assert told(ORDER, TICKET).gaps[0].type == "order_without_project"


@pytest.mark.parametrize(
    ("net", "drifts"), [(104_000, False), (106_000, True), (96_000, False), (94_000, True)]
)
def test_a_drift_beyond_five_percent_is_a_gap(net: int, drifts: bool) -> None:
    order = paper("order", status="confirmed", net_minor=net, ordered_on="2026-02-20")
    gaps = {gap.type for gap in told(QUOTE, order, PROJECT).gaps}
    assert ("value_drift" in gaps) is drifts
    billed = paper("invoice", status="open", net_minor=net, issued_on="2026-04-05")
    over = {gap.type for gap in told(CLOSED_ORDER, billed).gaps}
    assert ("value_drift" in over) is (net > 105_000)


DOUBLE = paper(
    "payment", "a:payment:2", amount_minor=119_000, booked_on="2026-04-28", invoices=["a:invoice:1"]
)
CREDIT = paper(
    "credit_note", status="open", gross_minor=-200_000, net_minor=-168_000, invoices=["a:invoice:1"]
)


@pytest.mark.parametrize(
    ("papers", "contradiction"),
    [
        ([ORDER, PAID, PAYMENT, DOUBLE], "paid_more_than_once"),
        ([ORDER, INVOICE, CREDIT], "credited_more_than_invoiced"),
        ([paper("deal", status="lost"), ORDER], "lost_but_ordered"),
        ([paper("order", status="cancelled"), INVOICE], "cancelled_but_invoiced"),
        ([ORDER, paper("invoice", status="paid", balance_minor=5)], "paid_but_open_balance"),
        ([DEAL, paper("order", parties=("01OTHER",))], "different_customers"),
        ([paper("project", "01P", parties=())], "project_without_customer"),
        ([paper("invoice", issued_on="9999-12-31")], "implausible_day"),
        ([paper("order", ordered_on="1900-01-00")], "implausible_day"),
    ],
)
def test_papers_that_cannot_all_be_right_are_shown(papers: list[Paper], contradiction: str) -> None:
    found = {one.type: one.refs for one in told(*papers).contradictions}
    assert contradiction in found
    assert set(found[contradiction]) <= {one.ref for one in papers}


def test_papers_that_agree_are_no_contradiction() -> None:
    assert told(LEAD, WON, QUOTE, CLOSED_ORDER, DONE, PAID, PAYMENT).contradictions == ()


@pytest.mark.parametrize(
    ("papers", "kind"),
    [
        ([DEAL], "new_business"),
        ([paper("deal", is_renewal=True)], "renewal"),
        ([paper("order", ordered_on="2026-05-01", contracts=("a:contract:1",))], "renewal"),
        ([paper("order", ordered_on="2025-01-01", contracts=("a:contract:1",))], "new_business"),
        ([PROJECT], "project"),
        ([PROJECT, INVOICE], "project"),
        ([TICKET], "service_case"),
        ([paper("ticket", kind="complaint")], "complaint"),
        ([ORDER, paper("ticket", kind="complaint")], "new_business"),
    ],
)
def test_a_case_is_of_the_kind_its_trunk_is(papers: list[Paper], kind: str) -> None:
    ground = Ground(contracts={"a:contract:1": Cover("2026-01-01", None)})
    assert told(*papers, ground=ground).kind == kind


def sums(case: Vorgang) -> tuple[object, ...]:
    a = case.amounts
    return a.currency, a.quoted, a.ordered, a.invoiced, a.credited, a.paid


def test_sums_are_net_in_one_currency_and_unknown_where_a_rate_is() -> None:
    case = told(WON, QUOTE, ORDER, PAID, PAYMENT)
    assert sums(case) == ("EUR", 100_000, 100_000, 100_000, None, 119_000)
    assert (case.amounts.value, case.title, case.party) == (100_000, "Steuerung", PARTY)
    dollars = paper("invoice", status="open", net_minor=110_000, currency="USD")
    foreign = told(ORDER, dollars)
    assert sums(foreign) == ("EUR", None, 100_000, None, None, None)
    assert [one.type for one in foreign.contradictions] == ["currency_without_rate"]
    rated = paper("invoice", status="open", net_minor=110_000, currency="USD", exchange_rate=0.9)
    assert told(ORDER, rated).amounts.invoiced == 99_000
    alone = told(paper("order", status="confirmed", net_minor=7, currency="CHF"))
    assert (alone.amounts.currency, alone.amounts.ordered) == ("CHF", 7)


def test_sums_are_told_in_the_companys_currency_too() -> None:
    def order(ref: str = "", **fields: Any) -> Paper:
        return paper("order", ref, status="confirmed", net_minor=1_000, **fields)

    yen = told(order(currency="JPY", exchange_rate=0.006)).amounts
    assert (yen.currency, yen.value, yen.value_base) == ("JPY", 1_000, 600)
    unknown = told(order(currency="JPY"), paper("deal", status="won", amount_minor=7)).amounts
    assert (unknown.ordered, unknown.value, unknown.value_base) == (None, 7, 7)
    alone = told(order(currency="JPY")).amounts
    assert (alone.value, alone.value_base) == (1_000, None)
    home = told(order()).amounts
    assert (home.value, home.value_base) == (1_000, 1_000)


YEN = paper(
    "invoice", net_minor=84_000, gross_minor=100_000, currency="JPY", exchange_rate=0.006
)  # 600 euros


@pytest.mark.parametrize(
    ("paid", "phase", "wrong"),
    [
        ({"amount_minor": 60_000}, "closed", []),
        ({"amount_minor": 100_000}, "closed", ["paid_too_much"]),
        ({"amount_minor": 95_000, "currency": "JPY"}, "closed", []),
        ({"amount_minor": 9_500}, "invoiced", []),
        ({"amount_minor": 60_000, "currency": "USD"}, "invoiced", ["currency_without_rate"]),
    ],
)
def test_an_invoice_is_paid_in_whatever_currency(
    paid: dict[str, Any], phase: str, wrong: list[str]
) -> None:
    invoice = replace(YEN, fields={**YEN.fields, "status": "open", "issued_on": "2026-05-01"})
    payment = paper("payment", booked_on="2026-06-01", invoices=[invoice.ref], **paid)
    case = told(invoice, payment)
    assert (case.phase, [one.type for one in case.contradictions]) == (phase, wrong)


def test_an_endless_amount_is_no_amount() -> None:
    case = told(paper("order", status="confirmed", net_minor=10**30))
    assert case.amounts.ordered is None


OTHER = paper(
    "invoice",
    "a:invoice:2",
    status="open",
    issued_on="2026-04-06",
    net_minor=50_000,
    gross_minor=59_500,
)
TWO = ("a:invoice:1", "a:invoice:2")


@pytest.mark.parametrize(
    ("papers", "phase"),
    [
        ([OTHER, paper("payment", amount_minor=178_500, invoices=TWO)], "closed"),
        ([OTHER, paper("payment", amount_minor=174_930, invoices=TWO)], "closed"),  # 2 % less
        ([OTHER, paper("payment", amount_minor=119_000, invoices=TWO)], "invoiced"),
        ([paper("payment", amount_minor=178_500, invoices=TWO)], "invoiced"),  # what is the other?
        ([paper("credit_note", gross_minor=119_000, invoices=TWO[:1])], "closed"),
        ([paper("credit_note", gross_minor=-119_000, invoices=TWO[:1])], "closed"),
        ([paper("credit_note", gross_minor=59_500, invoices=TWO[:1])], "invoiced"),
        ([paper("credit_note", status="draft", gross_minor=119_000, invoices=TWO[:1])], "invoiced"),
        (
            [
                paper("credit_note", gross_minor=59_500, invoices=TWO[:1]),
                paper("payment", amount_minor=59_500, invoices=TWO[:1]),
            ],
            "closed",
        ),
    ],
)
def test_what_names_several_invoices_or_takes_some_back_settles_them(
    papers: list[Paper], phase: str
) -> None:
    assert told(CLOSED_ORDER, INVOICE, *papers).phase == phase


def test_a_payment_also_settles_what_it_names_in_another_case() -> None:
    payment = paper("payment", amount_minor=178_500, booked_on="2026-04-20", invoices=TWO)
    second = paper("order", "a:order:2", status="closed", ordered_on="2026-02-16")
    papers = {one.ref: one for one in (CLOSED_ORDER, second, INVOICE, OTHER, payment)}
    links = [
        FlowLink(f"{upper}-{lower}", f"a:{upper}", f"a:{lower}", 1.0)
        for upper, lower in (
            ("order:1", "invoice:1"),
            ("order:2", "invoice:2"),
            ("invoice:1", "payment:1"),
            ("invoice:2", "payment:1"),
        )
    ]
    kinds = {ref: one.kind for ref, one in papers.items()}
    cases = [vorgang(one, papers, Ground()) for one in threads(kinds, links, {})]
    assert [case.phase for case in cases] == ["closed", "closed"]


SHIPPED = paper("delivery", status="delivered", delivered_on="2026-03-20")
RUNNING = paper("order", status="in_progress", ordered_on="2026-02-15", net_minor=100_000)


@pytest.mark.parametrize(
    ("papers", "phase"),
    [
        ([RUNNING, SHIPPED], "delivered"),
        ([RUNNING, SHIPPED, paper("delivery", "a:delivery:2", status="planned")], "delivering"),
        ([RUNNING, SHIPPED, paper("delivery", "a:delivery:2", status="shipped")], "delivering"),
        ([RUNNING, SHIPPED, paper("delivery", "a:delivery:2", status="rejected")], "delivered"),
        ([in_part(RUNNING, 40), SHIPPED], "delivering"),
        ([in_part(RUNNING, 0), SHIPPED], "delivering"),
        ([in_part(RUNNING, 100)], "delivered"),
        ([CLOSED_ORDER, paper("delivery", status="planned")], "delivered"),  # its own word
    ],
)
def test_a_part_that_was_delivered_is_not_all(papers: list[Paper], phase: str) -> None:
    assert told(*papers).phase == phase
    gaps = [gap.type for gap in told(*papers).gaps]
    assert ("delivered_not_invoiced" in gaps) is (phase == "delivered")
    assert ("order_without_project" in gaps) is False


def test_a_quote_that_was_never_sent_cannot_run_out() -> None:
    draft = paper("quote", status="draft", valid_until="2026-03-01", net_minor=100_000)
    assert told(DEAL, draft).gaps == ()
