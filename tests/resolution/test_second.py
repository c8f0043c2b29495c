"""What is told of the second round is what it reckoned with."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.resolution import Edge, Judgement
from hub.resolution.division import Member
from hub.resolution.model import Model
from hub.resolution.resolver import partition
from hub.resolution.second import second_round
from tests.resolution.test_groups import EVIDENCE, FOUR, MODEL, SIZE, SOURCES, SURE, Pair


def members(sources: list[str]) -> list[Member]:
    return [
        Member(at, (f"{one}:a:{at}",), 9.0, frozenset(), (one,)) for at, one in enumerate(sources)
    ]


def edges(evidence: dict[Pair, float]) -> list[Edge]:
    return [Edge(a, b, bits) for (a, b), bits in sorted(evidence.items())]


def test_a_group_and_a_record_that_stay_two() -> None:
    every = members([*FOUR, "crm"])
    known = edges({**SURE, **{(at, 4): -2.0 for at in range(4)}})
    told = second_round(every, known, (), MODEL, ("crm:a:0", "crm:a:4"))
    assert told is not None
    assert told.verdict == "different"
    rows = {row.comparison: row for row in told.evidence}
    assert rows["average"].left == ("books:a:1", "crm:a:0", "desk:a:2", "desk:a:3")
    assert rows["average"].right == ("crm:a:4",)
    assert rows["sources"].bits < 0, "both sides have a record of crm"
    assert rows["size"].level == "4 and 1"
    other = second_round(every, known, (), MODEL, ("crm:a:4", "crm:a:0"))
    assert other is not None
    assert other.bits == told.bits
    assert other.evidence[0].left == ("crm:a:4",)


@pytest.mark.parametrize(
    ("pair", "model"),
    [
        (("crm:a:0", "books:a:1"), MODEL),
        (("crm:a:0", "crm:a:5"), MODEL),
        (("crm:a:0", "crm:a:4"), replace(MODEL, again={})),
    ],
    ids=["one group", "nothing between them", "one round"],
)
def test_where_no_second_round_held_them_against_each_other(
    pair: tuple[str, str], model: Model
) -> None:
    every = members([*FOUR, "crm", "crm"])
    known = edges({**SURE, **{(at, 4): -2.0 for at in range(4)}})
    judged = [Judgement("crm:a:5", "desk:a:2", "unsure")]
    assert second_round(every, known, judged, model, pair) is None


@settings(max_examples=60, deadline=None)
@given(evidence=EVIDENCE, sources=SOURCES, one=st.integers(0, SIZE - 1))
def test_rows_add_up_and_a_merge_of_two_groups_alone_tells_the_same(
    evidence: dict[Pair, float], sources: list[str], one: int
) -> None:
    every = members(sources)
    merges = partition(every, edges(evidence), (), MODEL).merges
    for other in range(SIZE):
        pair = every[one].refs[0], every[other].refs[0]
        told = second_round(every, edges(evidence), (), MODEL, pair)
        if told is None:
            continue
        assert told.bits == pytest.approx(told.prior + sum(row.bits for row in told.evidence))
        rows = {row.comparison: row for row in told.evidence}
        if "average" not in rows:
            continue
        sides = {frozenset(rows["average"].left), frozenset(rows["average"].right)}
        for merge in merges:
            if {frozenset(merge.left), frozenset(merge.right)} == sides:
                assert merge.bits == pytest.approx(told.bits)
