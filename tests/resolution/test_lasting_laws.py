"""Lasting ids under every partition: merges, splits, comings, goings, and their way back."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ulid import ULID

from hub.model.resolution import Assignment, EntityEvent
from hub.resolution.lasting import assign, entity_id

REFS = tuple(f"crm:a:{key}" for key in "abcdefgh")
SEEN = {ref: 1_000 * (at + 1) for at, ref in enumerate(REFS)}
CROCKFORD = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
A, B, C, D = REFS[:4]

Partition = list[tuple[str, ...]]
Cut = st.lists(st.integers(0, 4), min_size=len(REFS), max_size=len(REFS))
"""Per record the number of its cluster; 4 stands for a record that is not there."""


def partition(cut: Sequence[int]) -> Partition:
    """Return the clusters that a cut makes of the records."""
    groups: dict[int, list[str]] = {}
    for ref, group in zip(REFS, cut, strict=True):
        if group != 4:
            groups.setdefault(group, []).append(ref)
    return [tuple(refs) for refs in groups.values()]


def ids(clusters: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return the crosswalk of clusters that were made at once from nothing."""
    return dict(assign(clusters, before={}, first_seen_ms=SEEN).entity_of)


def kinds(done: Assignment) -> list[str]:
    return sorted(event.kind for event in done.events)


@pytest.mark.parametrize("ref", ["crm:a:1", "crm:a:1#contact", "ü:ß:%23", "x" * 5_000, ""])
@pytest.mark.parametrize("seen", [0, 1, 1_700_000_000_000, (1 << 48) - 1])
def test_an_id_is_a_ulid_whose_time_is_when_its_record_was_first_seen(ref: str, seen: int) -> None:
    found = entity_id(ref, seen)
    assert len(found) == 26
    assert set(found) <= CROCKFORD
    assert ULID.from_str(found).milliseconds == seen
    assert entity_id(ref, seen) == found


def test_a_time_before_1970_or_beyond_all_calendars_still_makes_an_id() -> None:
    assert ULID.from_str(entity_id("a", -5)).milliseconds == 0
    assert ULID.from_str(entity_id("a", (1 << 48) + 7)).milliseconds == 7


def test_half_a_letter_in_a_key_makes_an_id_as_well() -> None:
    assert entity_id("crm:a:\ud83d", 1) != entity_id("crm:a:\ude00", 1)


@given(st.lists(st.text(max_size=12), unique=True, min_size=2, max_size=30), st.integers(0, 9))
def test_different_records_and_salts_have_different_ids(refs: list[str], salt: int) -> None:
    found = {entity_id(ref, 5, number) for ref in refs for number in {0, salt, salt + 1}}
    assert len(found) == len(refs) * len({0, salt, salt + 1})


@given(st.integers(0, (1 << 48) - 2), st.integers(1, 10**6))
def test_ids_sort_by_time(seen: int, later: int) -> None:
    assert entity_id("b", seen) < entity_id("a", min(seen + later, (1 << 48) - 1))


@given(Cut)
def test_from_nothing_every_cluster_is_created_after_its_oldest_record(cut: list[int]) -> None:
    clusters = partition(cut)
    done = assign(clusters, before={}, first_seen_ms=SEEN)
    for refs in clusters:
        oldest = min(refs, key=lambda ref: SEEN[ref])
        assert {done.entity_of[ref] for ref in refs} == {entity_id(oldest, SEEN[oldest])}
    assert kinds(done) == ["created"] * len(clusters)
    assert done.redirects == {}


def check(
    done: Assignment, clusters: Partition, before: Mapping[str, str], taken: frozenset[str]
) -> None:
    """Hold an assignment against everything it promises."""
    living = {ref for refs in clusters for ref in refs}
    assert done.entity_of.keys() == living
    named = [done.entity_of[refs[0]] for refs in clusters]
    assert len(set(named)) == len(clusters)
    for refs, entity in zip(clusters, named, strict=True):
        assert {done.entity_of[ref] for ref in refs} == {entity}
    old = set(before.values())
    alive = {before[ref] for ref in living if ref in before}
    fresh = set(named) - old
    assert not fresh & taken
    assert not done.redirects.keys() & set(named)
    assert done.redirects.keys() <= alive
    assert set(done.redirects.values()) <= set(named) & old
    # No old entity is lost: it goes on, redirects, or is said to be empty.
    gone = {event.entity for event in done.events if event.kind == "emptied"}
    assert gone == old - alive
    assert alive == (set(named) & old) | done.redirects.keys()
    said = {
        other: event.entity
        for event in done.events
        if event.kind == "merged"
        for other in event.others
    }
    assert said == dict(done.redirects)
    new = {event.entity for event in done.events if event.kind in ("created", "split")}
    assert new == fresh
    for event in done.events:
        if event.kind == "split":
            members = [ref for ref in living if done.entity_of[ref] == event.entity]
            assert set(event.others) == {before[ref] for ref in members if ref in before}
        if event.kind in ("created", "emptied"):
            assert event.others == ()


@settings(max_examples=150)
@given(Cut, Cut, st.sets(st.sampled_from(REFS)))
def test_from_any_partition_to_any_other(old: list[int], new: list[int], used: set[str]) -> None:
    before, clusters = ids(partition(old)), partition(new)
    taken = frozenset(entity_id(ref, SEEN[ref]) for ref in used)
    done = assign(clusters, before=before, first_seen_ms=SEEN, taken=taken)
    check(done, clusters, before, taken)


@given(Cut)
def test_nothing_new_is_no_event(cut: list[int]) -> None:
    clusters = partition(cut)
    before = ids(clusters)
    done = assign(clusters, before=before, first_seen_ms=SEEN)
    assert dict(done.entity_of) == before
    assert (done.events, done.redirects) == ((), {})


@settings(max_examples=60)
@given(Cut, Cut)
def test_the_order_of_clusters_and_records_does_not_matter(old: list[int], new: list[int]) -> None:
    before, clusters = ids(partition(old)), partition(new)
    expected = assign(clusters, before=before, first_seen_ms=SEEN)
    turned = [tuple(reversed(refs)) for refs in reversed(clusters)]
    mixed = dict(reversed(list(before.items())))
    assert assign(turned, before=mixed, first_seen_ms=SEEN) == expected
    assert assign(iter(clusters), before=before, first_seen_ms=SEEN) == expected


def test_all_orders_of_three_clusters_agree() -> None:
    before = ids([(A, B, C, D)])
    clusters = [(A,), (B, C), (D,)]
    found = {
        tuple(sorted(assign(order, before=before, first_seen_ms=SEEN).entity_of.items()))
        for order in permutations(clusters)
    }
    assert len(found) == 1


@given(Cut, Cut)
def test_a_merge_keeps_the_one_created_first(old: list[int], new: list[int]) -> None:
    before, clusters = ids(partition(old)), partition(new)
    entities = sorted(set(before.values()))
    for created in (
        {entity: f"2026-01-{at + 1:02}" for at, entity in enumerate(entities)},
        {entity: f"2026-01-{at + 1:02}" for at, entity in enumerate(reversed(entities))},
    ):
        done = assign(clusters, before=before, first_seen_ms=SEEN, created=created)
        for gone, kept in done.redirects.items():
            assert created[kept] < created[gone]
        check(done, clusters, before, frozenset())


def test_of_two_created_in_one_moment_the_smaller_id_survives() -> None:
    before = ids([(A,), (B,)])
    moment = dict.fromkeys(before.values(), "2026-01-01")
    done = assign([(A, B)], before=before, first_seen_ms=SEEN, created=moment)
    assert set(done.entity_of.values()) == {min(before.values())}


@pytest.mark.parametrize(
    ("clusters", "heir"),
    [
        ([(A,), (B, C, D)], (B, C, D)),
        ([(A, B), (C, D)], (A, B)),
        ([(D, C), (B, A)], (A, B)),
        ([(A,), (B,), (C,), (D,)], (A,)),
        ([(A, D), (B,), (C,)], (A, D)),
        ([(B, C), (D,)], (B, C)),
        ([(D,)], (D,)),
    ],
)
def test_of_a_split_the_most_records_then_the_oldest_keep_the_id(
    clusters: Partition, heir: tuple[str, ...]
) -> None:
    before = ids([(A, B, C, D)])
    done = assign(clusters, before=before, first_seen_ms=SEEN)
    keeps = {ref for ref, entity in done.entity_of.items() if entity == before[A]}
    assert keeps == set(heir)
    assert kinds(done) == ["split"] * (len(clusters) - 1)
    assert all(event.others == (before[A],) for event in done.events)


def test_a_split_counts_only_what_the_entity_had() -> None:
    before = ids([(A, B, C)])
    # D and E are new: they add to the size of the part, not to its claim.
    done = assign([(A, D, REFS[4], REFS[5]), (B, C)], before=before, first_seen_ms=SEEN)
    assert done.entity_of[B] == before[A]
    assert done.entity_of[A] != before[A]


def test_a_merge_and_a_split_at_once() -> None:
    before = ids([(A, B), (C, D)])
    done = assign([(A,), (B, C, D)], before=before, first_seen_ms=SEEN)
    assert done.entity_of == {A: before[A], B: before[C], C: before[C], D: before[C]}
    assert done.events == ()
    done = assign([(A, C), (B,), (D,)], before=before, first_seen_ms=SEEN)
    assert done.entity_of[A] == done.entity_of[C] == before[A]
    assert done.redirects == {before[C]: before[A]}
    assert kinds(done) == ["merged", "split", "split"]


def test_joined_parted_and_joined_again_the_survivor_is_the_same() -> None:
    crosswalk = ids([(A,), (B,)])
    first, second = crosswalk[A], crosswalk[B]
    used = frozenset(crosswalk.values())
    joined = assign([(A, B)], before=crosswalk, first_seen_ms=SEEN, taken=used)
    assert joined.redirects == {second: first}
    parted = assign([(A,), (B,)], before=joined.entity_of, first_seen_ms=SEEN, taken=used)
    assert parted.entity_of[A] == first
    # The redirected id stays a redirect: who wrote it down still lands on the survivor.
    assert parted.entity_of[B] == entity_id(B, SEEN[B], salt=1)
    again = assign(
        [(A, B)],
        before=parted.entity_of,
        first_seen_ms=SEEN,
        taken=used | set(parted.entity_of.values()),
    )
    assert dict(again.entity_of) == {A: first, B: first}
    assert again.redirects == {parted.entity_of[B]: first}


def test_salts_go_up_until_an_id_is_free() -> None:
    taken = frozenset(entity_id(B, SEEN[B], salt) for salt in range(5))
    done = assign([(B,)], before={}, first_seen_ms=SEEN, taken=taken)
    assert done.entity_of[B] == entity_id(B, SEEN[B], salt=5)


def test_two_new_clusters_never_share_an_id_even_with_one_oldest_moment() -> None:
    moment = dict.fromkeys(REFS, 77)
    done = assign([(ref,) for ref in REFS], before={}, first_seen_ms=moment)
    assert len(set(done.entity_of.values())) == len(REFS)
    assert {ULID.from_str(found).milliseconds for found in done.entity_of.values()} == {77}


def test_what_is_deleted_in_part_stays_and_in_whole_is_emptied() -> None:
    before = ids([(A, B), (C,)])
    done = assign([(B,)], before=before, first_seen_ms={B: SEEN[B]})
    assert dict(done.entity_of) == {B: before[A]}
    assert done.events == (EntityEvent("emptied", before[C]),)
    done = assign([], before=before, first_seen_ms={})
    assert [event.entity for event in done.events] == sorted({before[A], before[C]})


def test_a_record_that_comes_back_to_an_emptied_entity_gets_a_new_one() -> None:
    before = ids([(A,)])
    done = assign([(A,)], before={}, first_seen_ms=SEEN, taken=frozenset(before.values()))
    assert done.entity_of[A] == entity_id(A, SEEN[A], salt=1)
    assert kinds(done) == ["created"]


@settings(max_examples=80)
@given(st.lists(Cut, min_size=2, max_size=6))
def test_through_any_history_an_old_id_leads_to_what_it_became(cuts: list[list[int]]) -> None:
    crosswalk: dict[str, str] = {}
    taken: set[str] = set()
    redirects: dict[str, str] = {}
    emptied: set[str] = set()
    created: dict[str, str] = {}
    for step, cut in enumerate(cuts):
        clusters = partition(cut)
        done = assign(
            clusters,
            before=crosswalk,
            first_seen_ms=SEEN,
            created=created,
            taken=frozenset(taken),
        )
        check(done, clusters, crosswalk, frozenset(taken - set(crosswalk.values())))
        crosswalk = dict(done.entity_of)
        redirects |= done.redirects
        emptied |= {event.entity for event in done.events if event.kind == "emptied"}
        for entity in crosswalk.values():
            created.setdefault(entity, f"{step:03}")
        taken |= set(crosswalk.values())
        living = set(crosswalk.values())
        assert not living & (redirects.keys() | emptied)
        for entity in taken:
            seen = set()
            while entity in redirects:
                assert entity not in seen
                seen.add(entity)
                entity = redirects[entity]
            assert entity in living | emptied
