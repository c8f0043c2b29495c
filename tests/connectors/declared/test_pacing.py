"""No request goes earlier than the source allows, and none is lost to being told to wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from connectors.sdk import RetryableError, Surroundings
from connectors.sdk.pacing import Pace, RateLimit, rate_limit, retry_after_s
from tests.connectors.declared.conftest import HandTime
from tests.connectors.declared.opening import connect, rows
from tests.connectors.emulator import Asked, Emulator, Reply, numbered
from tests.connectors.reading import read_stream

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("12", 12.0),
        ("0.5", 0.5),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after_s(text, NOW) == seconds


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({"Retry-After": "7"}, [7.0]),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=11), usegmt=True)}, [11.0]),
        ({}, [0.25]),
    ],
)
def test_what_is_too_much_is_asked_again_not_earlier_than_allowed(
    source: Emulator,
    surroundings: Surroundings,
    time: HandTime,
    headers: dict[str, str],
    waits: list[float],
) -> None:
    source.date = NOW
    source.routes["/items"] = numbered(rows(7), size=3)
    at: list[float] = []

    def busy(asked: Asked) -> Reply | None:
        at.append(time.passed_s)
        return Reply({"message": "slow down"}, 429, headers) if len(source.asked) == 2 else None

    source.before = busy
    (stream,) = connect(source.url, surroundings).streams()
    assert len(read_stream(stream).keys) == 7
    assert at[2] - at[1] >= waits[0]
    assert time.slept[0] == pytest.approx(waits[0])


def test_a_burst_of_errors_is_waited_out_longer_each_time(
    source: Emulator, surroundings: Surroundings, time: HandTime
) -> None:
    source.routes["/items"] = numbered(rows(2), size=3)
    source.before = lambda asked: Reply(b"", 503) if len(source.asked) <= 4 else None
    (stream,) = connect(source.url, surroundings).streams()
    assert len(read_stream(stream).keys) == 2
    assert time.slept == [0.25, 0.5, 1.0, 2.0]


def test_a_wait_of_hours_is_left_to_the_next_run(
    source: Emulator, surroundings: Surroundings, time: HandTime
) -> None:
    source.before = lambda asked: Reply(b"", 429, {"Retry-After": "7200"})
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(RetryableError) as caught:
        list(stream.read(None))
    assert caught.value.retry_after_s == 7200
    assert time.slept == []


def test_fifty_requests_never_exceed_the_rate(
    source: Emulator, surroundings: Surroundings, time: HandTime
) -> None:
    source.routes["/items"] = numbered(rows(150), size=3)
    at: list[float] = []
    source.before = lambda asked: at.append(time.passed_s)
    (stream,) = connect(source.url, surroundings, rate="10/s").streams()
    assert len(read_stream(stream).keys) == 150
    assert len(at) == 50
    assert all(later - at[n] >= 1.0 for n, later in enumerate(at[10:]))
    assert time.passed_s == pytest.approx(4.0)


def test_an_allowance_that_is_used_up_is_waited_for(
    source: Emulator, surroundings: Surroundings, time: HandTime
) -> None:
    emptied = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"}
    source.routes["/items"] = lambda asked: Reply(
        numbered(rows(5), size=3)(asked).body, headers=emptied
    )
    (stream,) = connect(source.url, surroundings).streams()
    read_stream(stream)
    assert time.slept == [30.0]


def test_a_connection_may_ask_more_slowly(source: Emulator, surroundings: Surroundings) -> None:
    options = {"rate": "2/min"}
    connection = connect(source.url, surroundings, rate="10/s", options=options)
    assert connection._client._pace._rate == RateLimit(2, 60.0)


@pytest.mark.parametrize("text", ["", "5", "0/s", "5/fortnight", "-1/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a rate"):
        rate_limit(text)


def test_a_pause_shrinks_while_the_source_answers(time: HandTime) -> None:
    pace = Pace(None, monotonic=time.monotonic, sleep=time.sleep)
    assert [pace.slower() for _ in range(3)] == [0.25, 0.5, 1.0]
    for _ in range(60):
        pace.faster()
    pace.wait()
    pace.wait()
    assert time.passed_s < 0.01
