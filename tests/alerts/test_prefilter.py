"""A condition found false without CEL is one that CEL finds false; most of what is quiet is."""

from functools import lru_cache
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.alerts.cel import compile_condition
from hub.alerts.model import SUBJECTS
from hub.alerts.prefilter import prefilter
from hub.alerts.rule_files import load_rules
from hub.model.alert import Verdict
from tests.conftest import ROOT

RULES = load_rules(
    {path.name: path.read_text() for path in (ROOT / "configs/rules").glob("*.yaml")}
)
PARAMS = {"whole": 7, "share": 2.5, "word": "open", "yes": True}
WHOLE = st.sampled_from([0, 1, -1, 3, 7, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]) | st.integers(
    -(2**63), 2**63 - 1
)
SHARE = st.sampled_from([0.0, -0.0, 2.5, 7.0, 1e300, float("nan"), float("inf")]) | st.floats()
WORD = st.sampled_from(["open", "closed", ""])
BY_LETTER = {"i": WHOLE, "d": SHARE, "s": WORD, "b": st.booleans()}
FIELDS = {
    letter: [f"deal.{name}" for name, each in SUBJECTS["deal"].items() if each == letter][:3]
    for letter in "isd"
} | {"b": ["contact.left_company"]}


class Given(dict[str, Any]):
    """Facts that give None for what is not known."""

    def __missing__(self, name: str) -> None:
        return None

    def holds(self, *facts: str) -> float:
        return 1


@lru_cache(maxsize=64)
def compiled(text: str, subject: str, params: tuple[tuple[str, Any], ...]) -> tuple[Any, Any]:
    """Return a condition compiled, and what tests it without CEL."""
    condition = compile_condition(text, dict(params))
    return condition, prefilter(condition.tree, subject, dict(params))


def agree(
    text: str, subject: str, params: dict[str, Any], facts: dict[str, Any], *, true: bool = False
) -> bool | None:
    """Return what is found without CEL, which must be what CEL finds. true: ask for that, too."""
    found = None
    for asked, value in ((text, False), (f"!({text})", True))[: 1 + true]:
        condition, test = compiled(asked, subject, tuple(params.items()))
        if test and test(Given(facts.get(subject, {}))):
            assert found is None
            assert condition.run({**facts, "params": params}).verdict is Verdict.FALSE, asked
            found = value
    return found


def numbers(letter: str) -> st.SearchStrategy[str]:
    """Return expressions of one type of number."""
    constants = (
        ["0", "7", "-1", "params.whole"] if letter == "i" else ["0.0", "2.5", "params.share"]
    )
    leaves = st.sampled_from([*FIELDS[letter], *constants])
    return st.recursive(
        leaves,
        lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        max_leaves=3,
    )


ORDER = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
COMPARED = st.one_of(
    st.tuples(numbers("i"), ORDER, numbers("i")).map(" ".join),
    st.tuples(numbers("d"), ORDER, numbers("d")).map(" ".join),
    st.tuples(numbers("i").map("double({})".format), ORDER, numbers("d")).map(" ".join),
    st.sampled_from(
        [
            *(f'{name} == "open"' for name in FIELDS["s"]),
            *(f"{name} != params.word" for name in FIELDS["s"]),
            *(f"has({name})" for some in ("i", "s", "d") for name in FIELDS[some]),
            "params.yes",
            "false",
            'deal.status in ["open"]',
            "customer.open_tickets > 0",
            'tickets.exists(t, t.kind == "open")',
            'deal.stage.startsWith("o")',
        ]
    ),
)
CONDITIONS = st.recursive(
    COMPARED,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        )
        | inner.map("!({})".format)
    ),
    max_leaves=5,
)
DEAL = st.fixed_dictionaries(
    {},
    optional={
        name.partition(".")[2]: BY_LETTER[letter] for letter in "isd" for name in FIELDS[letter]
    },
)


@settings(max_examples=400, deadline=None)
@given(text=CONDITIONS, deal=DEAL)
def test_what_is_decided_without_cel_is_what_cel_decides(text: str, deal: dict[str, Any]) -> None:
    agree(text, "deal", PARAMS, {"deal": deal, "tickets": [{"kind": "open"}, {}]})


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_shipped_rules_are_found_false_as_cel_finds_them(data: st.DataObject) -> None:
    for rule in RULES:
        subject, text = rule.rule.subject, rule.rule.when
        values = {
            name: BY_LETTER[letter] for name, letter in SUBJECTS[subject].items() if name in text
        }
        facts = {subject: data.draw(st.fixed_dictionaries({}, optional=values))}
        agree(text, subject, dict(rule.params), facts)


@pytest.mark.parametrize(
    ("text", "facts", "found"),
    [
        ('deal.status == "open"', {"status": "won"}, False),
        ('deal.status == "open"', {"status": "open"}, True),
        ('deal.status == "open"', {}, None),
        ('deal.status == "open" && customer.open_tickets > 0', {"status": "won"}, False),
        ('customer.open_tickets > 0 && deal.status == "open"', {"status": "won"}, False),
        ('deal.status == "open" || customer.open_tickets > 0', {"status": "won"}, None),
        ('tickets.all(t, t.reopened > 0) && deal.status == "open"', {"status": "won"}, None),
        ('deal.status == "open" && tickets.all(t, t.reopened > 0)', {"status": "won"}, False),
        (
            '(deal.amount > 1 || tickets.all(t, t.reopened > 0)) && deal.status == "open"',
            {"amount": 0, "status": "won"},
            None,
        ),
        ("deal.amount * 2 > 1", {"amount": 2**62}, None),
        ("deal.amount / 2 > 1", {"amount": 1}, None),
        ("has(deal.amount) && deal.amount > 1", {}, False),
        ("deal.amount >= -params.whole", {"amount": -8}, False),
        ("!(deal.amount > 1)", {"amount": 2}, False),
    ],
)
def test_what_the_subject_alone_decides(
    text: str, facts: dict[str, Any], found: bool | None
) -> None:
    assert agree(text, "deal", PARAMS, {"deal": facts}, true=True) is found


def test_a_loop_that_breaks_off_is_still_an_error() -> None:
    nested = "tickets.exists(a, tickets.exists(b, tickets.exists(c, a.reopened + b.reopened > 9)))"
    text = f'{nested} && deal.status == "open"'
    tickets = [{"reopened": 0}] * 200
    condition = compile_condition(text, {})
    assert condition.run({"deal": {"status": "won"}, "tickets": tickets}).verdict is Verdict.ERROR
    assert agree(text, "deal", {}, {"deal": {"status": "won"}}) is None


def test_a_rule_whose_subject_is_over_asks_cel_nothing() -> None:
    early = {rule.id: rule.prefilter for rule in RULES}
    over: dict[str, dict[str, Any]] = {
        "R01": {"status": "lost"},
        "R02": {"status_group": "closed"},
        "R10": {"balance": 0},
    }
    over |= {"R12": {"status_group": "closed"}, "R13": {"status": "ended"}}
    for name, facts in over.items():
        test = early[name]
        assert test is not None
        assert test(Given({"kind": "receivable", **facts})) == inf
