"""What rules can't see in a hub, and which of them can't fire there."""

from typing import get_args

import pytest

from hub.alerts.blind import Blind, blind
from hub.alerts.facts import KINDS
from hub.alerts.model import SUBJECTS
from hub.alerts.rule_files import load_rules
from hub.alerts.rules import CompiledRule
from hub.alerts.ways import WAYS
from mapping.nouns.kind import Kind
from tests.alerts.test_rule_files import SHIPPED

RULES = {rule.id: rule for rule in load_rules(SHIPPED)}
SALES = {"organization", "person", "deal"}


def rule(when: str, subject: str = "deal") -> CompiledRule:
    text = f"{{id: X1, name: {{de: a, en: b}}, subject: {subject}, severity: info, when: '{when}'}}"
    (one,) = load_rules({"x.yaml": text})
    return one


def test_every_kind_that_a_fact_needs_is_one_that_a_hub_may_know() -> None:
    needed = {kind for ways in WAYS.values() for way in ways.values() for kind in way.kinds}
    assert needed <= set(KINDS) <= set(get_args(Kind))
    assert WAYS.keys() <= SUBJECTS.keys()


def test_where_everything_is_given_nothing_is_missing() -> None:
    assert all(blind(one, KINDS) == Blind() for one in RULES.values())


def test_a_rule_that_needs_what_nobody_gives_cannot_fire() -> None:
    assert blind(RULES["R07"], SALES) == Blind(
        {"order": ("deal.orders",), "project": ("deal.projects",)}, fires=False
    )
    # Any of several reasons will do: the tickets are there, the invoices and projects are not.
    assert not blind(RULES["R06"], SALES).fires
    seen = blind(RULES["R06"], {*SALES, "ticket"})
    assert (seen.fires, sorted(seen.kinds)) == (True, ["invoice", "project"])
    # The escalation alone looks at what is missing.
    assert blind(RULES["R01"], {*SALES, "ticket"}) == Blind()


@pytest.mark.parametrize(
    ("when", "given", "fires"),
    [
        ("deal.orders == 0", {"deal"}, False),
        ("deal.orders == 0", {"deal", "order"}, True),
        ("deal.orders == 0", {"order"}, False),  # there is no deal to ask about
        ("deal.orders == 0 || deal.amount > 5", {"deal"}, True),
        ("deal.orders == 0 && deal.amount > 5", {"deal"}, False),
        ("has(deal.orders) && deal.orders == 0", {"deal"}, False),
        ("!has(deal.orders)", {"deal"}, True),
        ("(deal.amount > 5 ? deal.amount : deal.orders) > 3", {"deal"}, True),  # in doubt
        ("!(deal.orders == 0 && deal.amount > 5)", {"deal"}, True),  # true of small ones
        ("tickets.exists(t, t.reopened > 1)", {"deal"}, False),
        ("tickets.exists(t, t.handled_hours > 1.0 || t.reopened > 1)", {"deal", "ticket"}, True),
        ("customer.open_tickets > 0", {"deal", "organization"}, False),
        ("customer.open_tickets > 0", {"deal", "organization", "ticket"}, True),
    ],
)
def test_which_rules_may_be_true(when: str, given: set[str], fires: bool) -> None:
    assert blind(rule(when), given).fires is fires
