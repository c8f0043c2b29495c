"""Partitions of records under judgements: a person's last word holds, whatever the evidence."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.resolution import Edge, Judgement, Merge, Verdict
from hub.resolution.division import Member
from hub.resolution.explain import how
from hub.resolution.model import Model
from hub.resolution.resolver import Partition, partition

MODEL = Model("organization", "test", prior=0.0, scale=0.0, propose=3.0, weights={})
REFS = tuple(f"crm:a:{at}" for at in range(6))
VERDICTS: tuple[Verdict, ...] = ("same", "different", "unsure")

PAIRS = st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(lambda pair: pair[0] < pair[1])
EVIDENCE = st.dictionaries(PAIRS, st.integers(-6, 12).map(float), max_size=10)
JUDGEMENTS = st.lists(
    st.builds(
        lambda pair, verdict, turned: Judgement(
            REFS[pair[turned]], REFS[pair[1 - turned]], verdict
        ),
        PAIRS,
        st.sampled_from(VERDICTS),
        st.integers(0, 1),
    ),
    max_size=5,
)


def members(itself: float = 9.0) -> list[Member]:
    """Return six profiles with one record each."""
    return [Member(at + 1, (ref,), itself) for at, ref in enumerate(REFS)]


def edges(evidence: dict[tuple[int, int], float]) -> list[Edge]:
    return [Edge(a + 1, b + 1, bits) for (a, b), bits in evidence.items()]


def divided(
    evidence: dict[tuple[int, int], float], judgements: list[Judgement] | None = None
) -> Partition:
    return partition(members(), edges(evidence), judgements or [], MODEL)


def place_of(found: Partition) -> dict[str, int]:
    return {ref: number for number, refs in enumerate(found.clusters) for ref in refs}


def last_words(judgements: list[Judgement]) -> dict[frozenset[str], str]:
    """Return per pair the last verdict that says something."""
    return {
        frozenset((each.left, each.right)): each.verdict
        for each in judgements
        if each.verdict != "unsure"
    }


@settings(max_examples=100, deadline=None)
@given(EVIDENCE, JUDGEMENTS)
def test_every_record_is_in_one_cluster_and_judged_pairs_where_they_belong(
    evidence: dict[tuple[int, int], float], judgements: list[Judgement]
) -> None:
    found = divided(evidence, judgements)
    assert sorted(ref for refs in found.clusters for ref in refs) == sorted(REFS)
    assert list(found.clusters) == sorted(tuple(sorted(refs)) for refs in found.clusters)
    place, said = place_of(found), last_words(judgements)
    joined = {pair for pair, word in said.items() if word == "same"}
    for one, other in map(sorted, joined):
        assert place[one] == place[other]
    if not joined:
        for one, other in (sorted(pair) for pair, word in said.items() if word == "different"):
            assert place[one] != place[other]


@settings(max_examples=60, deadline=None)
@given(EVIDENCE, JUDGEMENTS, st.integers(0, 10**6))
def test_the_order_of_members_and_edges_does_not_matter(
    evidence: dict[tuple[int, int], float], judgements: list[Judgement], seed: int
) -> None:
    mixed = random.Random(seed)
    people, told = members(), edges(evidence)
    expected = partition(people, told, judgements, MODEL)
    mixed.shuffle(people)
    mixed.shuffle(told)
    assert partition(people, told, judgements, MODEL) == expected


@settings(max_examples=60, deadline=None)
@given(EVIDENCE, JUDGEMENTS)
def test_unsure_says_nothing_and_sides_may_change_places(
    evidence: dict[tuple[int, int], float], judgements: list[Judgement]
) -> None:
    expected = divided(evidence, judgements).clusters
    sure = [each for each in judgements if each.verdict != "unsure"]
    turned = [Judgement(each.right, each.left, each.verdict) for each in sure]
    assert divided(evidence, sure).clusters == expected
    assert divided(evidence, turned).clusters == expected


@settings(max_examples=60, deadline=None)
@given(EVIDENCE)
def test_merges_tell_how_each_cluster_came_about(evidence: dict[tuple[int, int], float]) -> None:
    found = divided(evidence)
    for refs in found.clusters:
        steps = how(refs, found.merges)
        assert len(steps) == len(refs) - 1
        if steps:
            assert sorted(steps[-1].left + steps[-1].right) == sorted(refs)
    assert sum(len(refs) - 1 for refs in found.clusters) == len(found.merges)


@settings(max_examples=60, deadline=None)
@given(EVIDENCE)
def test_without_rivalry_the_edges_come_back_as_they_were(
    evidence: dict[tuple[int, int], float],
) -> None:
    linked = {pair: bits for pair, bits in evidence.items() if bits >= MODEL.link}
    found = divided(linked)
    assert {(edge.left - 1, edge.right - 1): edge.bits for edge in found.edges} == linked
    assert list(found.edges) == sorted(found.edges, key=lambda edge: (edge.left, edge.right))


@pytest.mark.parametrize(
    ("words", "together"),
    [
        (["same"], True),
        (["different"], False),
        (["same", "different"], False),
        (["different", "same"], True),
        (["same", "unsure"], True),
        (["different", "unsure"], False),
        (["same", "different", "same"], True),
    ],
)
@pytest.mark.parametrize("bits", [-6.0, 0.0, 12.0])
def test_the_last_sure_word_on_a_pair_counts(
    words: list[Verdict], together: bool, bits: float
) -> None:
    said = [Judgement(REFS[0], REFS[1], word) for word in words]
    place = place_of(divided({(0, 1): bits}, said))
    assert (place[REFS[0]] == place[REFS[1]]) is together


def test_judgements_on_strangers_and_on_oneself_change_nothing() -> None:
    evidence = {(0, 1): 6.0, (2, 3): 6.0}
    said = [
        Judgement(REFS[0], "erp:x:1", "same"),
        Judgement("erp:x:1", "erp:x:2", "different"),
        Judgement(REFS[0], REFS[0], "different"),
        Judgement(REFS[4], REFS[4], "same"),
    ]
    assert divided(evidence, said).clusters == divided(evidence).clusters


def test_records_that_say_the_same_are_one_where_their_profile_knows_itself() -> None:
    twins = ("crm:a:1", "crm:a:2", "erp:b:1")
    assert partition([Member(1, twins, 5.0)], [], [], MODEL).clusters == (twins,)
    assert partition([Member(1, twins, -1.0)], [], [], MODEL).clusters == tuple(
        (ref,) for ref in twins
    )
    stranger = Member(2, ("erp:c:1",), 5.0)
    apart = partition([Member(1, twins, -1.0), stranger], [Edge(1, 2, 9.0)], [], MODEL)
    assert apart.clusters == (*((ref,) for ref in twins), ("erp:c:1",))


def test_a_record_that_a_judgement_names_leaves_its_twins() -> None:
    twins = Member(1, ("crm:a:1", "crm:a:2", "crm:a:3"), 5.0)
    other = Member(2, ("crm:b:1",), 5.0)
    said = [Judgement("crm:a:2", "crm:b:1", "different")]
    found = partition([twins, other], [Edge(1, 2, 9.0)], said, MODEL)
    place = place_of(found)
    assert place["crm:a:2"] != place["crm:b:1"]
    said = [Judgement("crm:a:1", "crm:a:3", "different")]
    found = partition([twins], [], said, MODEL)
    place = place_of(found)
    assert place["crm:a:1"] != place["crm:a:3"]


@pytest.mark.parametrize("verdict", VERDICTS)
def test_one_exclusive_value_each_keeps_apart_unless_a_person_joins(verdict: Verdict) -> None:
    pair = [
        Member(1, ("crm:a:1",), 9.0, frozenset({"register_number:hrb1"})),
        Member(2, ("crm:a:2",), 9.0, frozenset({"register_number:hrb2"})),
    ]
    said = [Judgement("crm:a:1", "crm:a:2", verdict)]
    found = partition(pair, [Edge(1, 2, 12.0)], said, MODEL)
    assert len(found.clusters) == (1 if verdict == "same" else 2)


@pytest.mark.parametrize("kind", ["judgement", "evidence"])
def test_a_merge_says_whether_a_person_or_evidence_made_it(kind: str) -> None:
    said = [Judgement(REFS[0], REFS[1], "same")] if kind == "judgement" else []
    (merge,) = divided({(0, 1): 6.0}, said).merges
    assert merge == Merge((REFS[0],), (REFS[1],), 6.0, kind)  # type: ignore[arg-type]


def test_nobody_is_nobody() -> None:
    assert partition([], [], [], MODEL) == Partition(())
