"""A rule that means harm is refused, or ends as an error of its own, soon and in little memory."""

import resource
import time

import pytest

from hub.alerts.cel import ConditionError, compile_condition
from hub.model.alert import Verdict

TICKETS = [
    {"status_group": "open", "kind": "x" * 2_000, "priority_rank": n, "reopened": 0}
    for n in range(200)
]
NESTED = "true"
for depth in range(10):
    NESTED = f"tickets.all(t{depth}, {NESTED})"


@pytest.mark.parametrize(
    "text",
    [
        "tickets.exists(t, (t.kind + t.kind + t.kind).size() > 3)",
        "size([1] + [2]) == 2",
        '("a" + "b") == "ab"',
    ],
)
def test_texts_and_lists_are_not_put_together(text: str) -> None:
    with pytest.raises(ConditionError, match="together"):
        compile_condition(text, {})


@pytest.mark.parametrize("text", ["(" * 900 + "true" + ")" * 900, "true" + " || true" * 400])
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(ConditionError):
        compile_condition(text, {})


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (NESTED, Verdict.ERROR),
        ('tickets.exists(t, t.kind.matches("(x+x+)+y"))', Verdict.FALSE),
        ('tickets.all(a, tickets.all(b, a.kind.matches("^(x|x)*$")))', Verdict.ERROR),
        ("tickets[2].priority_rank * 9223372036854775807 > 1", Verdict.ERROR),
        ("1 / 0 == 1", Verdict.ERROR),
        ("tickets[100000].kind == 'x'", Verdict.ERROR),
    ],
    ids=["ten loops", "regex", "regex in loops", "overflow", "by zero", "beyond the list"],
)
def test_an_evaluation_is_bounded(text: str, verdict: Verdict) -> None:
    condition = compile_condition(text, {})
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    outcome = condition.run({"tickets": TICKETS, "params": {}})
    assert time.process_time() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB
    assert outcome.verdict is verdict
