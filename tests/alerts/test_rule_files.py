"""Rule files: mistakes with file and line, parameters, fixtures, the shipped and other people's."""

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from hub.alerts.model import SUBJECTS
from hub.alerts.rule_files import Overrides, failed_fixtures, load_rules
from hub.alerts.rules import CompiledRule
from hub.errors import ConfigError
from hub.model.alert import Severity, Verdict
from tests.conftest import ROOT, SHARED

SHIPPED = {str(path): path.read_text() for path in sorted((ROOT / "configs/rules").glob("*.yaml"))}
RULE = """\
id: X1
name: {de: Groß, en: Big}
subject: deal
when: |
  deal.status == "open" &&
  deal.amount >= params.least
params: {least: 100, share: 0.5}
for: 2h
fresh: {crm: 1d}
severity: info
escalate: {to: critical, if: deal.days_to_close <= 3}
pos: {deal: {status: open, amount: 100}}
neg: {deal: {status: open, amount: 99}}
unk: {deal: {status: open}}
"""


def one(text: str = RULE, overrides: Overrides | None = None) -> CompiledRule:
    (rule,) = load_rules({"x.yaml": text}, overrides)
    return rule


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "deal.amount >=",
            "deal.amont >=",
            "x.yaml:6: when: deal has no 'amont'; did you mean 'amo",
        ),
        (
            "params.least",
            "params.lest",
            "x.yaml:6: when: params has no 'lest'; did you mean 'l",
        ),
        ("subject: deal", "subject: dael", "x.yaml:3: subject: there is no subject 'dael'"),
        (
            "for: 2h",
            "for: 2 weeks",
            "x.yaml:8: for: expected a duration such as 30s, 15m, 24h or 7d",
        ),
        ("for: 2h", "four: 2h", "x.yaml:8: four: there is no such key (did you mean for?)"),
        ("en: Big", "eng: Big", "x.yaml:2: name.eng: there is no such key (did you mean en?)"),
        ("severity: info", "severity: bad", "x.yaml:10: severity: expected 'info', 'warning' or"),
        ("subject: deal\n", "", "x.yaml:1: subject: is missing"),
        ("id: X1", "id: 1X", "x.yaml:1: id: "),
        ("days_to_close <= 3", "days_to_closed <= 3", "x.yaml:11: escalate.if: deal has no"),
        ("id: X1\n", "id: X1\nid: X2\n", "x.yaml:2: id: stands twice, first in line 1"),
        ("id: X1", "id: [", "x.yaml:"),
        (RULE, "hello", "x.yaml:1: expected a rule with id, name, subject"),
    ],
)
def test_a_mistake_is_named_by_file_line_and_key(old: str, new: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_rules({"x.yaml": RULE.replace(old, new, 1)})
    assert message in str(caught.value)


def test_every_mistake_is_told_at_once() -> None:
    bad = RULE.replace("X1", "X2").replace("deal.status", "deal.state")
    with pytest.raises(ConfigError) as caught:
        load_rules({"a.yaml": RULE, "b.yaml": bad, "c.yaml": RULE}, {"X1": {"lest": 1}, "Y": {}})
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["b.yaml:5", "c.yaml:1", *["hub.yaml:1"] * 2]
    assert "X1 stands twice, first in a.yaml:1" in lines[1]
    assert "did you mean 'least'?" in lines[2]
    assert "there is no rule Y (known: X1, X2)" in lines[3]


def test_every_mistake_in_a_condition_is_told_at_once() -> None:
    bad = RULE.replace("deal.status ==", "deal.statsu ==").replace(
        "deal.amount >= params.least", 'deal.amount > "x" || custmer.open_ar > params.lest'
    )
    with pytest.raises(ConfigError) as caught:
        load_rules({"x.yaml": bad})
    lines = str(caught.value).splitlines()
    assert lines[0] == "x.yaml:5: when: deal has no 'statsu'; did you mean 'status'?"
    assert [line.partition(" when: ")[0] for line in lines[1:]] == ["x.yaml:6:"] * 3
    for said in ("no matching overload for '_>_'", "no 'custmer'; did you mean 'cust", "no 'lest'"):
        assert sum(said in line for line in lines) == 1


def test_a_company_sets_parameters_of_the_same_type() -> None:
    assert one(overrides={"X1": {"least": 5, "share": 1}}).params == {"least": 5, "share": 1.0}
    with pytest.raises(ConfigError, match=r"expects int for 'least', such as 100, not 'much'"):
        one(overrides={"X1": {"least": "much"}})


def test_a_rule_that_is_true_may_weigh_more() -> None:
    rule = one()
    deal = {"status": "open", "amount": 100}
    assert rule.run({"deal": deal})[1] is Severity.INFO  # when it closes is not known
    assert rule.run({"deal": {**deal, "days_to_close": 4}})[1] is Severity.INFO
    assert rule.run({"deal": {**deal, "days_to_close": 3}})[1] is Severity.CRITICAL
    outcome, severity = rule.run({"deal": {**deal, "days_to_close": 3, "amount": 1}})
    assert (outcome.verdict, severity) == (Verdict.FALSE, Severity.INFO)
    assert rule.texts == {"name": {"de": "Groß", "en": "Big"}, "clears_when": None}


def test_fixtures_that_come_out_otherwise_are_told() -> None:
    assert failed_fixtures(one()) == []
    wrong = one(RULE.replace("amount: 99", "amount: 101").replace("unk:", "# unk:"))
    assert failed_fixtures(wrong) == [
        "rule X1 is true where false is expected",
        "rule X1 brings no facts for which it is unknown",
    ]


def test_the_shipped_rules_hold_in_both_languages() -> None:
    rules = load_rules(SHIPPED)
    assert [rule.id for rule in rules] == [f"R{n:02}" for n in range(1, 21)]
    for rule in rules:
        assert failed_fixtures(rule) == []
        assert all(rule.texts[name][to] for name in ("name", "clears_when") for to in ("de", "en"))


def test_a_source_that_tells_little_is_not_doubted() -> None:
    rule = {rule.id: rule for rule in load_rules(SHIPPED)}["R20"]
    calm: dict[str, object] = {"consecutive_errors": 0, "minutes_since_success": 9_999}
    cases: dict[Verdict, list[dict[str, object]]] = {
        Verdict.FALSE: [calm, {**calm, "records_median": 0.0, "records_last": 0}],
        Verdict.TRUE: [
            {**calm, "consecutive_errors": 3},
            {**calm, "delete_ratio": 0.2},
            {**calm, "records_median": 100.0, "records_last": 49},
            {**calm, "auth_expires_days": 7},
            {"consecutive_errors": 3},
        ],
        Verdict.UNKNOWN: [{"minutes_since_success": 5}, {}],
    }
    for verdict, given in cases.items():
        assert {rule.run({"source": facts})[0].verdict for facts in given} == {verdict}


@pytest.fixture
def shared_rules() -> Path:
    folder = SHARED / "rules"
    if not folder.is_dir():
        pytest.skip(f"no {folder}: set VERBUND_SHARED to run the conformance rules")
    return folder


def test_twenty_rules_with_sixty_fixtures_pass(shared_rules: Path) -> None:
    rules = load_rules({"rules.yaml": (shared_rules / "rules.yaml").read_text()})
    assert len(rules) == 20
    assert [failure for rule in rules for failure in failed_fixtures(rule)] == []


def test_the_fact_model_is_the_one_the_rules_were_written_for(shared_rules: Path) -> None:
    spec = spec_from_file_location("shared_fact_model", shared_rules / "model.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    named = {of: variable for variable, of in module.CONTEXT.items()}
    assert {named[of]: fields for of, fields in module.MODEL.items()} == {
        subject: dict(fields) for subject, fields in SUBJECTS.items()
    }
