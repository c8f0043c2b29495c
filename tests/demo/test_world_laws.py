"""What holds of every world, whatever its seed, its day and its size."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.demo import people_names, texts
from hub.demo.draft import LOCAL, Draft
from hub.demo.model import Person
from hub.demo.ordinary import draw_amount
from hub.demo.planted import CASES
from hub.demo.planting import Subject, open_ticket, ref_of
from hub.demo.world import SMALLEST, world


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10**9),
    st.dates(date(1999, 1, 1), date(2050, 12, 31)),
    st.integers(SMALLEST, 160),
)
def test_every_world_is_whole(seed: int, today: date, customers: int) -> None:
    made = world(seed, today, customers)
    assert len(made.companies) == customers
    assert [c.id for c in made.companies] == list(range(1, customers + 1))
    assert made.today == today
    rows: tuple[Subject, ...] = (*made.deals, *made.tickets, *made.projects, *made.invoices)
    keys = list(map(ref_of, rows))
    assert len(set(keys)) == len(keys)
    assert {c.case for c in (*made.planted, *made.near_misses)} >= set(CASES)
    assert len({c.name + c.address.city for c in made.companies}) == customers
    more: tuple[Subject, ...] = (
        *made.contracts,
        *made.companies,
        *made.orders,
        *made.leads,
        *made.campaigns,
        *made.recipients,
        *made.contacts,
        *made.accounts,
    )
    refs = {*keys, *map(ref_of, more), "marketing", "projects"}
    for case in (*made.planted, *made.near_misses):
        assert set(case.refs) <= refs
    for person in made.people:
        colleagues = [p for p in made.people if p.company == person.company]
        assert len({(p.given_name, p.family_name) for p in colleagues}) == len(colleagues)
    for kind in ("sister company", "unrelated namesake"):
        assert made.dirt[kind]


@pytest.mark.parametrize("customers", [80, 81, 100, 250, 600, 1000])
def test_a_larger_world_has_more_of_everything_and_the_same_cases(customers: int) -> None:
    made = world(9, date(2026, 11, 23), customers)
    assert len(made.companies) == customers
    assert len(made.accounts) == customers + len(made.dirt["duplicate in the CRM"])
    assert customers <= len(made.people) <= 3 * customers
    assert len(made.planted) == 29
    assert len({c.email for c in made.people}) >= 0.97 * len(made.people)
    bought = {d.company for d in made.debtors}
    assert {o.company for o in made.orders} <= bought
    assert 0.75 * customers <= len(bought) <= customers


@pytest.mark.parametrize("customers", [-1, 0, 1, SMALLEST - 1])
def test_a_world_too_small_for_its_cases_is_refused(customers: int) -> None:
    with pytest.raises(ValueError, match=f"at least {SMALLEST} customers, got {customers}"):
        world(1, date(2026, 11, 23), customers)


def empty_draft(today: date) -> Draft:
    return Draft(1, today, Random(1))


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 3_000))
def test_office_hours_are_eight_to_five_and_never_tomorrow(today: date, ago: int) -> None:
    draft = empty_draft(today)
    at = draft.at(draft.day(ago))
    assert 8 <= at.hour < 17
    assert at.date() == min(today - timedelta(days=ago), today - timedelta(days=1))
    assert at.tzinfo is LOCAL


@given(st.integers(0, 10**6))
def test_amounts_are_whole_tens_of_euros_between_the_bounds(seed: int) -> None:
    minor = draw_amount(Draft(seed, date(2026, 11, 23), Random(seed)))
    assert 220_000 <= minor <= 18_000_000
    assert minor % 1_000 == 0


@pytest.mark.parametrize("weekday", range(7))
def test_a_ticket_of_no_age_is_of_the_last_working_day(weekday: int) -> None:
    monday = date(2026, 11, 23)
    draft = empty_draft(monday + timedelta(days=weekday))
    customer = world(1, monday, SMALLEST).companies[0]
    draft.people_of[customer.id].append(a_person(customer.id))
    ticket = open_ticket(draft, customer, "incident", "high", days_ago=0)
    expected = {0: 3, 6: 2}.get(weekday, 1)
    assert ticket.opened_at.date() == draft.today - timedelta(days=expected)
    assert ticket.closed_at is None


def a_person(customer: int) -> Person:
    """Return somebody who works there."""
    return Person(1, customer, "Frau", "", "Anna", "Berg", "a@b.example", "030 1", "", "Einkauf")


@pytest.mark.parametrize(
    "stock",
    [
        people_names.FEMALE,
        people_names.MALE,
        people_names.FAMILY,
        people_names.POSITIONS,
        people_names.STAFF,
        texts.WORKS,
        texts.CONTRACTS,
        texts.REPLIES,
        *texts.SUBJECTS.values(),
    ],
)
def test_a_stock_holds_each_of_its_words_once(stock: tuple[str, ...]) -> None:
    assert stock
    assert len(set(stock)) == len(stock)
    assert all(word == word.strip() and word for word in stock)
