"""CEL: what is refused at load, with its place; three-valued runs; bounded cost."""

import time

import pytest

from hub.alerts.cel import LONGEST, ConditionError, compile_condition
from hub.alerts.model import LISTS, SUBJECTS, typed
from hub.model.alert import Verdict


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('deal.statsu == "open"', 1, "deal has no 'statsu'; did you mean 'status'?"),
        ('dael.status == "open"', 1, "there is no 'dael'; did you mean 'deal'?"),
        (
            "deal.amount >= 1 &&\n  deal.amount < params.mx",
            2,
            "params has no 'mx'; did you mean 'max'?",
        ),
        ("deal.zzz == 1", 1, "deal has no 'zzz'; known are id, status, stage"),
        ("tickets.exists(t, t.knd == 'x')", 1, "ticket has no 'knd'; did you mean 'kind'?"),
        ("deal.status > 3", 1, "no matching overload for '_>_' applied to '(string, int)'"),
        ("deal.amount", 1, "gives int, expected a condition that is true or false"),
        ("deal.amount >", 1, "Syntax error"),
        ("", 1, "Syntax error"),
        ("(" * 40 + "true" + ")" * 40, 1, "limit"),
        ("true || " * 300 + "true", 1, f"at most {LONGEST} are allowed"),
    ],
)
def test_a_condition_that_is_wrong_is_refused_at_load(text: str, line: int, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        compile_condition(text, {"max": 7})
    assert message in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "facts", "verdict", "detail"),
    [
        ("deal.amount > 1", {"deal": {"amount": 2}}, Verdict.TRUE, ""),
        ("deal.amount > 1", {"deal": {"amount": 1}}, Verdict.FALSE, ""),
        ("deal.amount > 1", {"deal": {}}, Verdict.UNKNOWN, "amount"),
        ("deal.amount > 1", {}, Verdict.UNKNOWN, "deal"),
        ("deal.amount > 1 && false", {}, Verdict.FALSE, ""),
        ("deal.amount > 1 || true", {"deal": {}}, Verdict.TRUE, ""),
        ("has(deal.amount) && deal.amount > 1", {"deal": {}}, Verdict.FALSE, ""),
        ("deal.amount + 1 > 1", {"deal": {"amount": 2**63 - 1}}, Verdict.ERROR, "overflow"),
        ("1 / deal.amount > 1", {"deal": {"amount": 0}}, Verdict.ERROR, "divide by zero"),
        ("deal.amount > 1", {"deal": {"amount": "x"}}, Verdict.ERROR, "overload"),
        ("tickets.exists(t, t.reopened > 1)", {"tickets": []}, Verdict.FALSE, ""),
        ("tickets.exists(t, t.reopened > 1)", {"tickets": [{}]}, Verdict.UNKNOWN, "reopened"),
        ("tickets.exists(t, t.reopened > 1)", {"tickets": [{}, {"reopened": 2}]}, Verdict.TRUE, ""),
    ],
)
def test_a_run_has_three_outcomes_and_an_error_is_none_of_them(
    text: str, facts: dict[str, object], verdict: Verdict, detail: str
) -> None:
    outcome = compile_condition(text, {}).run(facts)
    assert outcome.verdict is verdict
    assert detail in outcome.detail


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("deal.amount > 1 || has(customer.open_ar)", {"deal.amount", "customer.open_ar"}),
        ("params.max > deal.amount", {"params.max", "deal.amount"}),
        (
            "tickets.exists(t, t.kind == deal.id && projects.all(p, p.id == t.project_id))",
            {"tickets", "tickets.kind", "tickets.project_id", "projects", "projects.id", "deal.id"},
        ),
        ("deal.status in ['a', customer.name]", {"deal.status", "customer.name"}),
        ("{'a': deal.status}['a'] == deal.stage", {"deal.status", "deal.stage"}),
        ("double(deal.amount) > 1.5 ? true : deal.orders == -2", {"deal.amount", "deal.orders"}),
    ],
)
def test_what_a_condition_reads_comes_from_its_syntax_tree(text: str, reads: set[str]) -> None:
    assert compile_condition(text, {"max": 1}).reads == reads


def test_a_hostile_condition_is_stopped() -> None:
    loops = "tickets.all(a, " * 8 + "a.id != 'x'" + ")" * 8
    condition = compile_condition(loops, {})
    start = time.monotonic()
    outcome = condition.run({"tickets": [{"id": str(n)} for n in range(10)]})
    assert time.monotonic() - start < 2
    assert outcome.verdict is Verdict.ERROR
    pattern = compile_condition("deal.status.matches('(a+)+$')", {})
    start = time.monotonic()
    pattern.run({"deal": {"status": "a" * 2_000 + "!"}})
    assert time.monotonic() - start < 2


def test_facts_get_the_models_types_and_long_texts_are_cut() -> None:
    given = {"status": "x" * 9_000, "amount": 5, "probability": 40, "foreign": 1, "stage": None}
    facts = typed("deal", given)
    assert facts == {"status": "x" * 2_000, "amount": 5, "probability": 40.0}
    assert isinstance(facts["probability"], float)
    assert set(LISTS.values()) <= set(SUBJECTS)
    assert len(SUBJECTS) == 15
