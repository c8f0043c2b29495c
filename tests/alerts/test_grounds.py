"""Grounds: a condition taken apart means the same, and only what holds is told."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts.cel import compile_condition
from hub.alerts.grounds import Clause, Reason, clauses, grounds
from hub.alerts.rules import CompiledRule, Rule, compile_rule, given_facts
from hub.model.alert import Verdict

RULES = [
    compile_rule(Rule.model_validate(yaml.safe_load(path.read_text())))
    for path in sorted(Path("configs/rules").glob("*.yaml"))
]


def told(text: str, facts: dict[str, Any], **params: int) -> list[Reason]:
    known = {**given_facts(facts), "params": params}
    return grounds(clauses(compile_condition(text, params), params), known)


def parts(clause: Clause) -> list[str]:
    if not clause.joined:
        return [clause.condition.text]
    return [text for part in clause.parts for text in parts(part)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("deal.amount > 1", ["deal.amount > 1"]),
        ("(deal.amount > 1)", ["(deal.amount > 1)"]),
        (
            "deal.amount > 1 && (deal.orders == 0 || deal.projects == 0)",
            ["deal.amount > 1", "deal.orders == 0", "deal.projects == 0"],
        ),
        (
            "(deal.stage == \"a && (b\" || deal.stage == 'c || d')",
            ['deal.stage == "a && (b"', "deal.stage == 'c || d'"],
        ),
        (
            "(deal.amount > 1) && (deal.orders == 0)",
            ["deal.amount > 1", "deal.orders == 0"],
        ),
        ("!(deal.amount > 1 && deal.orders == 0)", ["!(deal.amount > 1 && deal.orders == 0)"]),
        (
            "deal.amount > 1 ? deal.orders == 0 || deal.amount > 5 : deal.projects == 0",
            ["deal.amount > 1 ? deal.orders == 0 || deal.amount > 5 : deal.projects == 0"],
        ),
        (
            "deal.amount > 1 // big && new\n && deal.orders == 0",
            ["deal.amount > 1", "deal.orders == 0"],
        ),
        (
            'deal.amount in [1, 2] && projects.exists(p, p.status == "x" && p.budget > 1)',
            ["deal.amount in [1, 2]", 'projects.exists(p, p.status == "x" && p.budget > 1)'],
        ),
    ],
)
def test_a_condition_is_taken_apart_at_its_outer_operators(text: str, expected: list[str]) -> None:
    assert parts(clauses(compile_condition(text, {}), {})) == expected


def test_only_what_is_true_is_told_and_no_question_whether_a_fact_is_known() -> None:
    text = "has(deal.amount) && deal.amount > params.least && (deal.orders == 1 || deal.orders < 1)"
    found = told(text, {"deal": {"amount": 9, "orders": 0}}, least=5)
    assert [one.text for one in found] == ["deal.amount > params.least", "deal.orders < 1"]
    assert [about.facts for one in found for about in one.about] == [{"amount": 9}, {"orders": 0}]
    assert told(text, {"deal": {"amount": 3, "orders": 0}}, least=5) == []
    assert told(text, {"deal": {}}, least=5) == []


@pytest.mark.parametrize(
    ("text", "statuses", "meant", "none"),
    [
        ('projects.exists(p, p.status == "active")', ["ended", "active", "active"], [1, 2], ()),
        ('!projects.exists(p, p.status == "active")', ["ended", "lost"], [0, 1], ()),
        ('!projects.exists(p, p.status == "active")', [], [], ("projects",)),
        ("projects.size() > 1", ["a", "b"], [0, 1], ()),
        ('projects.all(p, p.status == "a")', ["a", "a"], [0, 1], ()),
    ],
)
def test_of_a_list_those_are_told_that_it_is_true_by(
    text: str, statuses: list[str], meant: list[int], none: tuple[str, ...]
) -> None:
    (found,) = told(text, {"projects": [{"status": one} for one in statuses]})
    assert [about.position for about in found.about] == meant
    assert found.none == none


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_each_rule_has_grounds_where_it_is_true_and_none_elsewhere(rule: CompiledRule) -> None:
    assert len(parts(rule.parts.clause)) > 1
    assert rule.grounds(given_facts(rule.rule.pos or {}))
    assert rule.grounds(given_facts(rule.rule.neg or {})) == []
    assert rule.grounds(given_facts(rule.rule.unk or {})) == []


def _all_true(clause: Clause, facts: dict[str, Any]) -> bool:
    """Say whether the parts, joined as they are, make the whole true."""
    if not clause.joined:
        return clause.condition.run(facts).verdict is Verdict.TRUE
    truths = [_all_true(part, facts) for part in clause.parts]
    return all(truths) if clause.joined == "&&" else any(truths)


_NUMBERS = st.fixed_dictionaries(
    {}, optional={name: st.integers(0, 3) for name in ("amount", "orders", "projects")}
)
_ATOM = st.sampled_from(
    ["deal.amount > 1", "deal.orders == 0", "!(deal.projects > 1)", "has(deal.amount)"]
)
_TEXT = st.recursive(
    _ATOM,
    lambda inner: st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(
        lambda made: f"({made[0]}) {made[1]} {made[2]}"
    ),
    max_leaves=5,
)


@given(text=_TEXT, deal=_NUMBERS)
def test_taken_apart_a_condition_is_true_of_the_same(text: str, deal: dict[str, int]) -> None:
    facts = {"deal": deal, "params": {}}
    condition = compile_condition(text, {})
    truth = condition.run(facts).verdict is Verdict.TRUE
    clause = clauses(condition, {})
    assert _all_true(clause, facts) is truth
    assert bool(grounds(clause, facts)) <= truth
