"""A project is held against those that are billed and planned alike."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.alerts.peers import FEWEST, beside_peers, group_of, norms_of, strays

ALIKE: dict[str, Any] = {
    "status": "active",
    "billing": "fixed",
    "hours_planned": 100.0,
    "burn_pct": 52.0,
    "progress_pct": 50.0,
    "requests": 1,
}


def alike(count: int = 12, **changes: Any) -> list[dict[str, Any]]:
    return [{**ALIKE, **changes} for _ in range(count)]


@pytest.mark.parametrize(
    ("found", "group"),
    [
        (ALIKE, "fixed hours 320"),
        ({**ALIKE, "hours_planned": 80.0}, "fixed hours 80"),
        ({**ALIKE, "hours_planned": 5_000.0}, "fixed hours more"),
        ({"billing": "fixed", "budget": 900_000}, "fixed budget 1000000"),
        ({"billing": "fixed", "hours_planned": 0.0, "budget": 900_000}, "fixed budget 1000000"),
        ({"billing": "fixed"}, None),
        ({"hours_planned": 100.0}, None),
    ],
)
def test_alike_is_what_is_billed_and_planned_alike(
    found: dict[str, Any], group: str | None
) -> None:
    assert group_of(found) == group


@pytest.mark.parametrize(
    ("changes", "score", "words"),
    [
        ({"burn_pct": 92.0}, 5.4, "cost against progress"),
        ({"requests": 8}, 4.7, "open change requests"),
        ({"requests": 8, "burn_pct": 92.0}, 5.4, "cost against progress"),
        ({"requests": 3}, None, ""),  # 1.3: nothing to speak of
        ({"burn_pct": 10.0}, None, ""),  # less than usual is no trouble
        ({"burn_pct": 92.0, "status": "planned"}, None, ""),
        ({"burn_pct": 92.0, "hours_planned": 2_000.0}, None, ""),  # alone of its size
        ({"burn_pct": 92.0, "billing": None}, None, ""),
        ({"burn_pct": None}, None, ""),
    ],
)
def test_more_than_usual_strays(changes: dict[str, Any], score: float | None, words: str) -> None:
    found = {**ALIKE, **changes}
    told = strays(found, norms_of([*alike(), found]))
    assert told.get("peer_score") == score
    if score:
        assert told["peer_words"]["en"].startswith(words)
        assert "against 12 projects" in told["peer_words"]["en"]
        assert "gegen 12 ebenso" in told["peer_words"]["de"]


def test_a_few_projects_are_no_peers() -> None:
    found = {**ALIKE, "burn_pct": 92.0}
    assert strays(found, norms_of([*alike(FEWEST - 1), found])) == {}
    assert strays(found, norms_of([*alike(FEWEST), found])) != {}


def test_the_greater_anomaly_stands_with_its_day_and_words() -> None:
    found = {**ALIKE, "burn_pct": 92.0, "anomaly_score": 4.0, "anomaly_on": "2026-10-05"}
    norms = norms_of([*alike(), found])
    told = beside_peers(found, norms, {}, "2026-11-28")
    assert (told["anomaly_score"], told["anomaly_on"]) == (5.4, "2026-11-28")
    assert told["anomaly"] == told["peer_words"]
    later = beside_peers(found, norms, told, "2026-12-24")
    assert later["anomaly_on"] == "2026-11-28"
    own = beside_peers({**found, "anomaly_score": 9.0}, norms, {}, "2026-11-28")
    assert "anomaly_score" not in own
    assert own["peer_score"] == 5.4


@given(st.lists(st.floats(0, 300), min_size=1, max_size=30))
def test_of_projects_alike_fewer_than_half_stray(burnt: list[float]) -> None:
    projects = [{**ALIKE, "burn_pct": one} for one in burnt]
    norms = norms_of(projects)
    assert sum(bool(strays(one, norms)) for one in projects) <= len(projects) / 2
