"""Quiet hours, weekends and holidays; the storm brake; what speaks for what."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from hub.alerts.delivery import gate, speakers, world
from hub.alerts.quiet import QuietTime
from hub.alerts.storm import is_storm
from hub.model.alert import Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import Delivery, Quiet, Routing, Silence, Standing
from hub.model.setting import Company

NIGHTS = Quiet(time(18), time(7, 30))
DAILY = Quiet(time(18), time(7, 30), weekends=False, holidays=False)
EARLY = Quiet(time(22), time(2, 30), weekends=False, holidays=False)
DAY = timedelta(days=1)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("quiet", "now", "until"),
    [
        (NIGHTS, "2026-11-23T10:00+01:00", None),
        (NIGHTS, "2026-11-23T18:00+01:00", "2026-11-24T07:30+01:00"),
        (NIGHTS, "2026-11-24T07:29+01:00", "2026-11-24T07:30+01:00"),
        (NIGHTS, "2026-11-27T19:00+01:00", "2026-11-30T07:30+01:00"),  # the weekend joins on
        (NIGHTS, "2026-12-24T18:30+01:00", "2026-12-28T07:30+01:00"),  # and so does Christmas
        (Quiet(), "2026-11-23T23:00+01:00", None),
        (Quiet(weekends=False, holidays=False), "2026-11-28T12:00+01:00", None),
        (Quiet(time(12), time(13)), "2026-11-23T12:30+01:00", "2026-11-23T13:00+01:00"),
        (Quiet(time(0), time(0)), "2026-11-23T12:30+01:00", None),
        (Quiet(time(7), time(7)), "2026-11-23T12:30+01:00", None),
        (Quiet(time(18), None), "2026-11-23T19:00+01:00", None),
        (Quiet(None, time(7)), "2026-11-23T06:00+01:00", None),
        (Quiet(holidays=False), "2026-12-25T12:00+01:00", None),
        # The clock goes back at three: half past two comes twice, and the second one counts.
        (DAILY, "2026-10-24T23:00+02:00", "2026-10-25T07:30+01:00"),
        (EARLY, "2026-10-25T01:00+02:00", "2026-10-25T02:30+01:00"),
        (EARLY, "2026-10-25T02:40+02:00", "2026-10-25T02:30+01:00"),
        (EARLY, "2026-10-25T02:10+01:00", "2026-10-25T02:30+01:00"),
        (EARLY, "2026-10-25T02:30+01:00", None),
        # It goes on at two: half past two does not come, an hour later it does.
        (DAILY, "2027-03-27T23:00+01:00", "2027-03-28T07:30+02:00"),
        (EARLY, "2027-03-28T01:30+01:00", "2027-03-28T03:30+02:00"),
        (EARLY, "2027-03-28T03:10+02:00", "2027-03-28T03:30+02:00"),
        (EARLY, "2027-03-28T03:30+02:00", None),
    ],
)
def test_quiet_lasts_until(quiet: Quiet, now: str, until: str | None) -> None:
    found = QuietTime(Company(), quiet).until(datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(until) if until else None)


def test_holidays_are_those_of_the_state() -> None:
    corpus_christi = datetime.fromisoformat("2026-06-04T10:00+02:00")
    assert QuietTime(Company(state="BY"), Quiet()).until(corpus_christi) is not None
    assert QuietTime(Company(state="BE"), Quiet()).until(corpus_christi) is None


def test_a_digest_comes_on_the_next_day_to_work() -> None:
    friday = datetime.fromisoformat("2026-11-27T09:00+01:00")
    found = QuietTime(Company(), NIGHTS).next_at(time(8), friday)
    assert found == datetime.fromisoformat("2026-11-30T08:00+01:00")


@pytest.mark.parametrize(
    ("new", "a_day_before", "days", "storm"),
    [
        (50, 0, 0, False),
        (51, 0, 0, True),
        (51, 40, 31, True),
        (20, 3, 31, True),
        (15, 3, 31, False),
        (20, 3, 10, False),  # it has not fired for long enough to know what is usual
        (20, 3, 20, False),
        (10, 1, 31, False),
    ],
)
def test_a_storm_is_many_at_once(new: int, a_day_before: int, days: int, storm: bool) -> None:
    past = [NOW - DAY * (n + 1) - timedelta(hours=1) for n in range(days)]
    fired = [at for at in past for _ in range(a_day_before)] + [NOW - timedelta(hours=2)] * new
    assert is_storm(fired, NOW, None) is storm
    assert not is_storm(fired, NOW, NOW - timedelta(hours=1))  # let go since
    assert is_storm(fired, NOW, NOW + timedelta(days=365)) is storm  # the clock was put back


def alert(
    rule: str, subject: Subject, severity: Severity, customer: str | None = "01A"
) -> Standing:
    name = f"{rule}/{subject.id}"
    return Standing(name, rule, subject, customer, Condition.FIRING, severity, "")


DEAL = Subject("deal", "crm:deals:1")
WARNED = alert("R20", Subject("source", "desk"), Severity.WARNING, None)
BAD_SOURCE = replace(WARNED, source="desk")
ROUTING = Routing(
    systems={"R01": frozenset({"ticketing"}), "R11": frozenset({"accounting"})},
    connections={"desk": frozenset({"ticketing"}), "erp": frozenset({"accounting"})},
    inhibits={"R10": frozenset({"R11"}), "R07": frozenset({"R19"})},
)
R01 = alert("R01", DEAL, Severity.WARNING)
R11 = alert("R11", DEAL, Severity.WARNING)
R10 = alert("R10", Subject("invoice", "erp:invoices:1"), Severity.WARNING)
CRITICAL = alert("R07", DEAL, Severity.CRITICAL)
STUCK = alert("R19", Subject("vorgang", "01V"), Severity.INFO)
WON = replace(alert("R07", DEAL, Severity.INFO), cases=frozenset({"01V"}))


@pytest.mark.parametrize(
    ("of", "others", "because"),
    [
        (R01, [], None),
        (R01, [BAD_SOURCE], BAD_SOURCE.id),
        (R01, [WARNED], None),  # its access ends soon: what was read counts
        (R11, [BAD_SOURCE], None),
        (BAD_SOURCE, [R01], None),
        (R01, [CRITICAL], CRITICAL.id),
        (CRITICAL, [R01], None),
        (R11, [R10], R10.id),
        (R10, [R11], None),
        (STUCK, [WON], WON.id),
        (STUCK, [replace(WON, cases=frozenset({"01W"}))], None),
        (WON, [STUCK], None),
        (alert("R11", DEAL, Severity.WARNING, "01B"), [R10], None),
    ],
)
def test_what_speaks_for_what(of: Standing, others: list[Standing], because: str | None) -> None:
    here = world(NOW, ROUTING, [of, *others])
    found = gate(of, here, speakers(here))
    assert (found.state is Delivery.INHIBITED, found.because) == (because is not None, because)


@pytest.mark.parametrize(
    ("matcher", "matches"),
    [
        ({}, True),
        ({"rule": "R01"}, True),
        ({"rule": "R02"}, False),
        ({"subject": DEAL, "severity": Severity.WARNING}, True),
        ({"subject": Subject("deal", "crm:deals:2")}, False),
        ({"severity": Severity.CRITICAL}, False),
        ({"customer": "01B"}, False),
        ({"starts_at": "2026-11-24T00:00:00.000Z"}, False),
        ({"until": "2026-11-23T10:00:00.000Z"}, False),
    ],
)
def test_a_silence_matches_all_it_names(matcher: dict[str, object], matches: bool) -> None:
    said = {
        "id": "S",
        "starts_at": "2026-11-23T09:00:00.000Z",
        "until": "2026-11-23T12:00:00.000Z",
        "why": "moving house",
        "author": "me",
        "created_at": "",
    }
    silence = Silence(**{**said, **matcher})  # type: ignore[arg-type]  # a table of cases
    here = world(NOW, ROUTING, [R01], silences=[silence])
    found = gate(R01, here, speakers(here))
    assert (found.state is Delivery.SILENCED) is matches
    # What is silenced itself speaks for nobody.
    silenced = Silence(**{**said, "rule": "R07"})  # type: ignore[arg-type]
    here = world(NOW, ROUTING, [R01, CRITICAL], silences=[silenced])
    assert gate(R01, here, speakers(here)).state is Delivery.OPEN
