"""Whatever happens, who was told that an alert fires is told once that it is over."""

from datetime import UTC, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.alerts.business_time import BusinessTime
from hub.alerts.delivery import OVER, doubted, gate, speakers, told_after, wanted, world
from hub.alerts.grouping import Key, gather
from hub.alerts.lifecycle import Timing, closed_by_hand, next_state
from hub.alerts.quiet import QuietTime
from hub.clock import instant_text
from hub.model.alert import AlertState, Condition, Severity, Verdict
from hub.model.fact import Subject
from hub.model.notice import (
    Group,
    Handled,
    Handling,
    Pace,
    Quiet,
    Reason,
    Route,
    Routing,
    Silence,
    Standing,
    Telling,
)
from hub.model.setting import Company

START = datetime(2026, 11, 23, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
COMPANY = Company()
BUSINESS = BusinessTime(COMPANY)
QUIET = Quiet(time(18), time(7, 30))
ROUTING = Routing(
    routes=(Route(("mail",)), Route(("boss",), severity=Severity.CRITICAL)),
    targets=frozenset({"mail", "boss"}),
    digests={"boss": time(8)},
    pace=Pace(quiet=QUIET),
)
CALM = QuietTime(COMPANY, QUIET)
CUSTOMER = Subject("customer", "01A")


class Life:
    """One alert, what people do about it, and all that was told of it."""

    def __init__(self, timing: Timing) -> None:
        self.timing, self.now = timing, START
        self.state: AlertState | None = None
        self.handled = Handled()
        self.silences: list[Silence] = []
        self.told: dict[str, Telling] = {}
        self.groups: dict[Key, Group] = {}
        self.heard: dict[str, list[Reason]] = {"mail": [], "boss": []}

    def turn(self, hours: float) -> None:
        self.now += hours * HOUR

    def judge(self, verdict: Verdict, severity: Severity) -> None:
        before = self.state
        self.state = next_state(before, verdict, severity, now=self.now, timing=self.timing)
        if (
            before
            and before.condition is Condition.RESOLVED
            and self.state is not None
            and self.state.condition is not before.condition
        ):
            self.handled = Handled()

    def do(self, what: str) -> None:
        at = instant_text(self.now)
        if what == "ack":
            until = instant_text(self.now + 24 * HOUR)
            self.handled = Handled(Handling.ACKNOWLEDGED, "me", until)
        elif what == "silence":
            until = instant_text(self.now + 48 * HOUR)
            self.silences.append(Silence(f"s{len(self.silences)}", at, until, "", "", at))
        elif what == "close" and self.state and self.state.condition is Condition.FIRING:
            self.state = closed_by_hand(self.state, self.now)

    def look(self) -> None:
        if self.state is None:
            return
        state = self.state
        alert = Standing(
            f"a{state.generation}",
            "R",
            CUSTOMER,
            "01A",
            state.condition,
            state.severity,
            state.since,
            state.reopened,
            None,
            self.handled,
        )
        here = world(self.now, ROUTING, [alert], silences=self.silences)
        speaking = speakers(here)
        items = wanted(
            alert,
            self.told,
            gate(alert, here, speaking),
            source_doubted=doubted(alert, here, speaking) is not None,
            world=here,
            business=BUSINESS,
        )
        told = [item for item in items if item.reason is not None]
        gathered = gather(
            told, {alert.id: alert}, self.groups, routing=ROUTING, quiet=CALM, now=self.now
        )
        self.groups |= {key: one for key, one in gathered.groups.items() if one}
        flushed = [item for *_, some in gathered.notices for item in some]
        assert not flushed or state.condition is not Condition.PENDING
        for item in [*flushed, *(item for item in items if item.reason is None)]:
            if item.reason is Reason.RESOLVED:
                del self.told[item.target]
            else:
                before = self.told.get(item.target)
                at = instant_text(self.now)
                self.told[item.target] = told_after(alert, item.reason, before, at)
            if item.reason is not None:
                self.heard[item.target].append(item.reason)
        for target in {item.target for item in flushed}:
            assert len([item for item in flushed if item.target == target]) == 1


STEPS = st.lists(
    st.tuples(
        st.floats(-30, 200, allow_nan=False),
        st.sampled_from([*Verdict, Verdict.TRUE, Verdict.FALSE, Verdict.TRUE]),
        st.sampled_from([Severity.INFO, Severity.WARNING, Severity.CRITICAL]),
        st.sampled_from(["", "", "", "ack", "silence", "close"]),
        st.booleans(),
    ),
    max_size=25,
)
TIMINGS = st.builds(
    Timing, st.sampled_from([0 * HOUR, 24 * HOUR]), st.sampled_from([0 * HOUR, HOUR])
)


@settings(max_examples=300, deadline=None)
@given(STEPS, TIMINGS)
def test_who_was_told_is_told_of_the_end_once(
    steps: list[tuple[float, Verdict, Severity, str, bool]], timing: Timing
) -> None:
    life = Life(timing)
    for hours, verdict, severity, what, looks in steps:
        life.turn(hours)
        life.judge(verdict, severity)
        life.do(what)
        if looks:
            life.look()
        if verdict is Verdict.UNKNOWN and life.state and life.state.condition is Condition.UNKNOWN:
            before = [list(some) for some in life.heard.values()]
            life.look()
            assert [list(some) for some in life.heard.values()] == before  # stale says nothing
    for _ in range(3):  # let it end, whatever it was
        life.turn(24 * 400)
        life.judge(Verdict.FALSE, Severity.INFO)
    assert life.state is None or life.state.condition in OVER
    for _ in range(50):
        life.turn(5)
        life.look()
    assert life.told == {}
    for heard in life.heard.values():
        fires = False
        for reason in heard:
            if reason in (Reason.NEW, Reason.REOPENED):
                assert not fires, "told twice that it fires"
                fires = True
            elif reason is Reason.RESOLVED:
                fires = False
        assert not fires, f"never told of the end: {heard}"


def test_it_tells_reminds_and_tells_the_end() -> None:
    """Three business days, then six: Monday 10:10, Thursday, the Friday after next."""
    life = Life(Timing())
    life.judge(Verdict.TRUE, Severity.WARNING)
    told_at = []
    for _ in range(24 * 14):
        before = len(life.heard["mail"])
        life.look()
        if len(life.heard["mail"]) > before:
            told_at.append(life.now)
        life.turn(1)
    assert life.heard["mail"] == [Reason.NEW, Reason.REPEAT, Reason.REPEAT]
    assert [at.date().isoformat() for at in told_at] == ["2026-11-23", "2026-11-26", "2026-12-04"]
    life.do("silence")
    life.judge(Verdict.FALSE, Severity.WARNING)
    life.turn(24)
    for _ in range(48):
        life.look()
        life.turn(1)
    assert life.heard["mail"][-1] is Reason.RESOLVED  # silenced, and told all the same


def test_an_acknowledgement_stops_reminders_until_it_ends() -> None:
    life = Life(Timing())
    life.judge(Verdict.TRUE, Severity.WARNING)
    life.look()
    life.turn(1)
    life.look()
    life.turn(24 * 6)
    life.do("ack")
    life.look()
    assert life.heard["mail"] == [Reason.NEW]
    life.turn(25)
    life.look()
    life.turn(1)
    life.look()
    assert life.heard["mail"] == [Reason.NEW, Reason.REPEAT]
    life.do("ack")
    life.judge(Verdict.FALSE, Severity.WARNING)
    for _ in range(24):
        life.turn(1)
        life.look()
    assert life.heard["mail"][-1] is Reason.RESOLVED


def test_worse_breaks_through_an_acknowledgement_and_reaches_others() -> None:
    life = Life(Timing())
    life.judge(Verdict.TRUE, Severity.WARNING)
    life.look()
    life.turn(1)
    life.look()
    life.do("ack")
    life.judge(Verdict.TRUE, Severity.CRITICAL)
    life.look()
    life.turn(1)
    life.look()
    assert life.heard["mail"] == [Reason.NEW, Reason.WORSE]


def test_a_clock_that_jumps_back_a_year_only_starts_the_wait_anew() -> None:
    life = Life(Timing())
    life.judge(Verdict.TRUE, Severity.WARNING)
    life.look()
    life.turn(1)
    life.look()
    life.turn(-24 * 365)
    life.look()
    life.turn(24 * 8)
    life.look()
    life.turn(1)
    life.look()
    assert life.heard["mail"] == [Reason.NEW, Reason.REPEAT]
