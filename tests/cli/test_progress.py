"""Progress: plain lines where nobody watches, bars on a terminal."""

from io import StringIO

import pytest
from rich.console import Console

from hub.cli import progress
from hub.cli.progress import say, shown, tell_stages


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds on the clock, turned by hand."""
    seconds = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: seconds[0])
    return seconds


def _plain() -> tuple[Console, StringIO]:
    out = StringIO()
    return Console(file=out, width=40), out


def test_a_line_every_other_second_with_rate_and_what_is_left(at: list[float]) -> None:
    console, out = _plain()
    with shown(console) as show:
        for second, done in ((0, 0), (1, 1000), (2, 2000), (3, 3000), (4, 4000)):
            at[0] = second
            show.tell("crm accounts", done, 10_000)
    assert out.getvalue().splitlines() == [
        "crm accounts: 2,000 of 10,000 (1,000/s, 8 s left)",
        "crm accounts: 4,000 of 10,000 (1,000/s, 6 s left)",
    ]


def test_what_nobody_knows_is_not_said(at: list[float]) -> None:
    console, out = _plain()
    with shown(console) as show:
        show.tell("crm accounts", 0, None)
        at[0] = 4
        show.tell("crm accounts", 4000, None)
        at[0] = 8
        show.tell("crm accounts", 4000, None)  # nothing has moved
    assert out.getvalue() == "crm accounts: 4,000 (1,000/s)\n"


def test_quick_work_says_nothing(at: list[float]) -> None:
    console, out = _plain()
    with shown(console) as show:
        show.tell("crm accounts", 5, 5)
    assert out.getvalue() == ""


def test_the_stages_of_a_walk(at: list[float]) -> None:
    console, out = _plain()
    with shown(console) as show:
        tell_stages(show, {"canonicalize": 0, "resolve": 0}, {"canonicalize": 10, "resolve": 40})
        at[0] = 5
        tell_stages(show, {"canonicalize": 10, "resolve": 0}, {"resolve": 80})
        at[0] = 10
        tell_stages(show, {"canonicalize": 10, "resolve": 40}, {"resolve": 40, "render": 3})
    assert out.getvalue().splitlines() == [
        "canonicalize: 10 of 10 (2/s, 0 s left)",
        "resolve: 40 of 80 (8/s, 5 s left)",
    ]


def test_time_in_which_others_moved_is_not_counted(at: list[float]) -> None:
    console, out = _plain()
    with shown(console) as show:
        for second, done in ((0, 0), (5, 10), (95, 10), (100, 20)):
            at[0] = second
            show.tell("render", done, 30)
    assert out.getvalue().splitlines() == [
        "render: 10 of 30 (2/s, 10 s left)",
        "render: 20 of 30 (2/s, 5 s left)",
    ]


def test_bars_on_a_terminal_are_gone_in_the_end() -> None:
    out = StringIO()
    console = Console(file=out, force_terminal=True, width=100, color_system=None)
    with shown(console) as show:
        show.tell("crm accounts", 0, 10)
        show.tell("crm accounts", 5, 10)
        show.tell("crm deals", 1, None)
    text = out.getvalue()
    assert "crm accounts" in text
    assert "5/10" in text
    assert text.endswith("\x1b[2K")


def test_lines_are_said_as_they_are_however_long() -> None:
    console, out = _plain()
    say(console, "x" * 90 + " [bold]not markup[/bold]")
    assert out.getvalue() == "x" * 90 + " [bold]not markup[/bold]\n"
