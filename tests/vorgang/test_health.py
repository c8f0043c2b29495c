"""Health: what is missing, wrong, or takes longer than usual."""

from datetime import date

import pytest

from hub.model.vorgang import Dwell
from hub.vorgang.health import FEWEST, health

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("since", "usual", "gaps", "contradictions", "state", "reasons"),
    [
        ("2026-11-13", Dwell(10, FEWEST), {}, 0, "sound", ()),
        ("2026-11-12", Dwell(10, FEWEST), {}, 0, "attention", ("slow",)),
        ("2026-11-02", Dwell(10, FEWEST), {}, 0, "critical", ("stuck",)),
        ("2026-11-02", Dwell(10, FEWEST - 1), {}, 0, "sound", ()),
        (None, Dwell(10, FEWEST), {}, 0, "sound", ()),
        ("2026-11-20", None, {"value_drift": "2026-11-23"}, 0, "attention", ("value_drift",)),
        ("2026-11-20", None, {"value_drift": "2026-11-24"}, 0, "sound", ()),
        ("2026-11-20", None, {}, 1, "critical", ("contradiction",)),
    ],
)
def test_a_case_is_as_its_worst_reason_says(
    since: str | None,
    usual: Dwell | None,
    gaps: dict[str, str],
    contradictions: int,
    state: str,
    reasons: tuple[str, ...],
) -> None:
    found = health(
        phase="invoiced",
        since=since,
        gaps=gaps,
        contradictions=contradictions,
        usual=usual,
        today=TODAY,
    )
    assert (found.state, found.reasons) == (state, reasons)


def test_what_is_closed_takes_no_time() -> None:
    found = health(
        phase="closed",
        since="2020-01-01",
        gaps={},
        contradictions=0,
        usual=Dwell(1, 100),
        today=TODAY,
    )
    assert found.state == "sound"
