"""Who is passed over in a sweep: only subjects of whom looking closer would write nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.alerts import prefilter
from hub.alerts.alone import look_of
from hub.alerts.business_time import BusinessTime
from hub.alerts.facts import KINDS, Knowledge, Told, derive
from hub.alerts.model import SUBJECTS
from hub.alerts.moment import moment
from hub.alerts.rule_files import load_rules
from hub.alerts.rules import CompiledRule
from hub.alerts.ways import WAYS
from hub.clock import instant_text
from hub.model.alert import Verdict
from hub.model.fact import Subject
from hub.model.setting import Company
from hub.pipeline.alert import evaluate
from hub.pipeline.scene import fields_read, scene_of
from hub.pipeline.sift import Sieve, Sifted
from hub.pipeline.watch import Watch
from hub.store import facts
from hub.store.database import Database
from hub.store.restless import NEVER
from tests.conftest import ROOT
from tests.street_rows import Row, lay

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
AT = moment(NOW, BusinessTime(Company()))
RULES = load_rules(
    {path.name: path.read_text() for path in (ROOT / "configs/rules").glob("*.yaml")}
)
ASKED = sorted({rule.rule.subject for rule in RULES} - {"source"})
DAYS = st.integers(-200, 400).map(
    lambda days: date.fromordinal(NOW.date().toordinal() - days).isoformat()
)
INSTANTS = DAYS.map("{}T08:00:00Z".format)
DATES = DAYS | INSTANTS
WORDS = ["open", "won", "active", "closed", "completed", "receivable", "complaint"]
NUMBERS = [0, 1, 2, 3, 90, 1_000_000, 50_000_000, 2**62]
BY_LETTER: dict[str, st.SearchStrategy[Any]] = {
    "s": st.sampled_from(WORDS),
    "i": st.sampled_from(NUMBERS),
    "d": st.sampled_from([0.0, 3.5, 20.0, 90.0, -40.0]),
    "b": st.booleans(),
}
KNOWN = st.sets(st.sampled_from(KINDS), min_size=len(KINDS) - 3).map(
    lambda kinds: Knowledge(dict.fromkeys(kinds, ("one",)))
)


def parts(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """Return observations of a kind, half of each left out."""
    found: dict[str, st.SearchStrategy[Any]] = {}
    for name, way in WAYS[kind].items():
        if name == "id":
            continue
        found |= dict.fromkeys(way.unclear, st.sampled_from([0, 0, 0, 1]))
        if way.of == "tickets_before":
            found[way.of] = BY_LETTER["i"]
        elif way.how is not None:
            found[way.of] = DATES
        else:
            found[way.of] = BY_LETTER[SUBJECTS[kind][name]]
    found |= dict.fromkeys(("period_from", "period_to", "left_on"), DAYS)
    found |= dict.fromkeys(("created_at", "first_touch_at"), INSTANTS)
    return st.fixed_dictionaries({}, optional=found)


def held(kind: str, found: dict[str, Any]) -> facts.Held:
    text = msgspec.json.encode(found).decode()
    return (kind, f"{kind}:1", "01C", "one", text, '{"":"2026-11-01"}', "2026-11-01", 0)


@settings(max_examples=30, deadline=None)
@given(data=st.data(), known=KNOWN)
def test_of_whom_is_passed_over_no_rule_is_true_or_fails(
    data: st.DataObject, known: Knowledge
) -> None:
    rows = [held(kind, data.draw(parts(kind))) for kind in ASKED]
    scene = scene_of(known, AT, [facts.stored(row[:7]) for row in rows])
    left = Sieve(RULES, (), known, AT).sift(rows).left
    for rule in RULES:
        subject = Subject(rule.rule.subject, f"{rule.rule.subject}:1")
        if subject in scene.stored and subject not in left:
            outcome, _ = rule.run(scene.seen_by(subject, fields_read(rule)))
            assert outcome.verdict in (Verdict.FALSE, Verdict.UNKNOWN), rule.id


CLOCKWISE = load_rules(
    {
        f"{name}.yaml": f"""
id: {name}
name: {name}
subject: {name.partition("_")[0]}
severity: info
when: {when}
"""
        for name, when in {
            "ticket_old": 'ticket.status == "open" && ticket.age_bh >= 4',
            "ticket_due": "ticket.sla_remaining_bh < 3 || ticket.sla_remaining_bh > 40",
            "lead_waits": "has(lead.age_bh) && lead.age_bh > 2",
            "invoice_late": "invoice.days_overdue > 3",
            "customer_late": "customer.oldest_overdue_days >= 10",
            "customer_more": "double(customer.tickets_30d) > 2.0 * customer.tickets_30d_baseline",
            "campaign_near": "campaign.starts_in_hours <= 7",
        }.items()
    }
)
"""Rules of their own, most of which the hours of a day make true."""
HOURS = st.integers(-30, 30).map(lambda hours: instant_text(NOW + timedelta(hours=hours)))
MIDNIGHT = datetime(2026, 11, 22, 23, tzinfo=UTC)
"""When the day of NOW begins in Berlin."""
MINUTES = st.integers(0, 24 * 60 - 1)


@settings(max_examples=120, deadline=None)
@given(data=st.data(), known=KNOWN, rule=st.sampled_from([*CLOCKWISE, *RULES]), idle=st.booleans())
def test_who_is_at_rest_stays_so_until_it_wakes(
    data: st.DataObject, known: Knowledge, rule: CompiledRule, idle: bool
) -> None:
    """Whether the rule is asked now or only later, at whatever time of the day."""
    kind, rules = rule.rule.subject, [rule]
    found = data.draw(parts(kind))
    for name in ("opened_at", "due_at", "created_at", "starts_at"):
        if name in found:
            found[name] = data.draw(HOURS)
    rows = [held(kind, found)]
    wakes = Sieve(rules, [rule.id] * idle, known, AT).sift(rows).wakes
    wakes_on = wakes[0][2] if wakes else NEVER
    days = (date.fromisoformat(wakes_on) - AT.today).days if wakes_on else 0
    if not days:
        return
    ahead = st.sampled_from([0, days - 1]) | st.integers(0, days - 1)
    for _ in range(3):
        after = timedelta(days=min(data.draw(ahead), 900), minutes=data.draw(MINUTES))
        later = moment(MIDNIGHT + after, BusinessTime(Company()))
        assert not Sieve(rules, (), known, later).sift(rows).left, wakes_on


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize(
    ("fact", "part"), [("days_overdue", "due_on"), ("next_dunning_in_days", "next_dunning_on")]
)
def test_one_wakes_on_the_very_day_that_a_rule_may_be_true(sign: str, fact: str, part: str) -> None:
    text = f"{{id: R, name: R, subject: invoice, severity: info, when: invoice.{fact} {sign} 2}}"
    rules, known = load_rules({"r.yaml": text}), Knowledge(dict.fromkeys(KINDS, ("one",)))
    today = AT.today.toordinal()

    def sifted(on: int, after: int) -> Sifted:
        rows = [held("invoice", {part: date.fromordinal(on).isoformat()})]
        at = moment(NOW + timedelta(days=after), BusinessTime(Company()))
        return Sieve(rules, (), known, at).sift(rows)

    for on in range(today - 5, today + 6):
        left = [after for after in range(9) if sifted(on, after).left]
        wakes = sifted(on, 0).wakes
        first = min(left, default=None)
        if first is None:
            assert not wakes
        else:
            day = date.fromordinal(today + first).isoformat() if first else ""
            assert [one[2] for one in wakes] == [day]


@settings(max_examples=30, deadline=None)
@given(data=st.data(), known=KNOWN, kind=st.sampled_from(sorted(WAYS)))
def test_a_fact_asked_for_alone_is_the_one_told_with_all_others(
    data: st.DataObject, known: Knowledge, kind: str
) -> None:
    found = data.draw(parts(kind))
    every = derive(kind, "1", found, known, AT)
    names = data.draw(st.permutations(sorted(WAYS[kind])))
    told = Told(kind, "1", found, known, AT)
    assert {name: told[name] for name in names if told[name] is not None} == every


SOME = [Knowledge(dict.fromkeys(kinds, ("one",))) for kinds in (KINDS, KINDS[::2], KINDS[1::2], ())]
NUMERIC = st.sampled_from([2**64, -(2**70), -1, 0, 3.0, 0.5, True, False])
ODD = NUMERIC | st.sampled_from(["x" * 3_000, "7", ""])


def amount_of(fact: str) -> prefilter.Test:
    """Return a test that tells a fact itself, as a number: a text by how long it is."""
    asked = f"told[{fact!r}]"
    text = f"-1 if {asked} is None else len({asked}) if type({asked}) is str else {asked} * 1.0"
    return prefilter.Test(text, eval(f"lambda told: {text}"))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), known=st.sampled_from(SOME))
def test_facts_in_one_function_are_those_asked_for_alone(
    data: st.DataObject, known: Knowledge
) -> None:
    """Every fact of a kind, also of a record that holds text for a number."""
    kind = data.draw(st.sampled_from(sorted(WAYS)))
    found = data.draw(parts(kind))
    for fact, way in WAYS[kind].items():
        if way.of in found and way.how is None and data.draw(st.booleans()):
            found[way.of] = data.draw(ODD if SUBJECTS[kind][fact] in "sb" else NUMERIC)
    for fact in WAYS[kind]:
        test = amount_of(fact)
        told = test(Told(kind, "kind:1", found, known, AT))
        assert look_of(kind, [test], known)(found, "kind:1", known, AT) == told, fact


@settings(max_examples=40, deadline=None)
@given(data=st.data(), known=st.sampled_from(SOME))
def test_all_tests_in_one_find_what_each_finds(data: st.DataObject, known: Knowledge) -> None:
    kind = data.draw(st.sampled_from(ASKED))
    found = data.draw(parts(kind))
    tests = [rule.prefilter for rule in [*RULES, *CLOCKWISE] if rule.rule.subject == kind]
    told = Told(kind, "kind:1", found, known, AT)
    each = [one(told) if one is not None else 0.0 for one in tests]
    assert look_of(kind, tests, known)(found, "kind:1", known, AT) == min(each)
    for one, days in zip(tests, each, strict=True):
        assert look_of(kind, [one], known)(found, "kind:1", known, AT) == days


def test_the_rest_is_left_with_all_that_lies_beside_it(database: Database) -> None:
    rows = []
    for n in (1, 2, 3):
        of = [("organization", f"crm:a:{n}")]
        deal = {"status": "open", "stage_order": 3 if n == 1 else 2, "amount_minor": 600_000}
        ticket = {"status": "open", "kind": "complaint", "opened_at": "2026-11-01T08:00:00Z"}
        rows += [
            Row(f"crm:a:{n}", "organization", {"name": f"Firma {n}"}, entity=f"0{n}"),
            Row(f"crm:d:{n}", "deal", deal, of),
            Row(f"desk:t:{n}", "ticket", {**ticket, "status": "closed"} if n == 3 else ticket, of),
        ]
    lay(database, rows)
    watch = Watch([rule for rule in RULES if rule.id == "R01"], Company(), [])
    evaluate(database, watch, NOW)
    known = Knowledge(dict.fromkeys(KINDS, ("one",)))
    with database.reading() as tx:
        batch = facts.held_by(tx, ["01", "02", "03"])
    sifted = Sieve(watch.rules, (), known, AT).sift(batch)
    assert sifted.left <= {Subject("deal", "crm:d:1")}
    assert {one.customer for one in sifted.scene.stored.values()} <= {"01"}
    idle = Sieve(watch.rules, ("R01",), known, AT).sift(batch)
    assert not idle.left
    assert not idle.scene.stored
    at_rest = {"02", "03"} - {customer for _, customer, _ in idle.wakes}
    assert at_rest == {"02", "03"}  # its deal waits for the rule to be asked again
    alerted = [(*row[:7], 1) for row in batch if row[0] == "deal"]
    assert len(Sieve(watch.rules, ("R01",), known, AT).sift(alerted).left) == len(alerted)
