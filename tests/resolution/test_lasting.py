"""Lasting ids through merge and split."""

from time import process_time

from hub.model.resolution import EntityEvent
from hub.resolution.lasting import assign, entity_id

FAST_S = 5.0
"""Far above what one pass takes, far below what a pass for each cluster would."""
SEEN = {"a": 1000, "b": 2000, "c": 3000, "d": 4000}
OLD, NEW = entity_id("a", 1000), entity_id("b", 2000)


def test_an_id_is_a_ulid_made_of_time_and_ref() -> None:
    assert len(OLD) == 26
    assert OLD < NEW
    assert entity_id("a", 1000) == OLD
    assert entity_id("a", 1000, salt=1) != OLD


def test_a_new_cluster_is_called_after_its_oldest_record() -> None:
    done = assign([("b", "a")], before={}, first_seen_ms=SEEN)
    assert done.entity_of == {"a": OLD, "b": OLD}
    assert done.events == (EntityEvent("created", OLD),)


def test_of_a_merge_the_older_id_survives_and_the_other_redirects() -> None:
    done = assign([("a", "b")], before={"a": OLD, "b": NEW}, first_seen_ms=SEEN)
    assert set(done.entity_of.values()) == {OLD}
    assert done.redirects == {NEW: OLD}
    assert done.events == (EntityEvent("merged", OLD, (NEW,)),)


def test_of_a_merge_the_entity_made_first_survives_whatever_its_records_say() -> None:
    made = {OLD: "2026-11-23T10:00:00.001Z", NEW: "2026-11-23T10:00:00.000Z"}
    before = {"a": OLD, "b": NEW}
    done = assign([("a", "b")], before=before, first_seen_ms=SEEN, created=made)
    assert done.redirects == {OLD: NEW}


def test_of_a_split_the_larger_part_keeps_the_id() -> None:
    before = dict.fromkeys("abc", OLD)
    done = assign([("a",), ("b", "c")], before=before, first_seen_ms=SEEN)
    assert done.entity_of["b"] == done.entity_of["c"] == OLD
    assert done.entity_of["a"] != OLD
    assert done.events == (EntityEvent("split", done.entity_of["a"], (OLD,)),)


def test_of_an_even_split_the_part_with_the_oldest_record_keeps_the_id() -> None:
    done = assign([("b",), ("a",)], before={"a": OLD, "b": OLD}, first_seen_ms=SEEN)
    assert done.entity_of == {"a": OLD, "b": NEW}


def test_a_used_id_is_never_given_again() -> None:
    done = assign([("b",)], before={}, first_seen_ms=SEEN, taken=frozenset({NEW}))
    assert done.entity_of["b"] == entity_id("b", 2000, salt=1)


def test_what_lost_its_records_is_emptied() -> None:
    done = assign([], before={"b": NEW, "a": OLD}, first_seen_ms={})
    assert done.events == (EntityEvent("emptied", OLD), EntityEvent("emptied", NEW))
    assert done.entity_of == {}


def test_what_else_begins_with_records_is_never_called_as_an_entity_is() -> None:
    assert entity_id("a", 1000, realm="vorgang") not in (OLD, entity_id("a", 1000, realm="link"))
    done = assign([("a",)], before={}, first_seen_ms=SEEN, realm="vorgang")
    assert done.entity_of == {"a": entity_id("a", 1000, realm="vorgang")}


def test_nothing_new_is_no_event() -> None:
    done = assign([("a", "b")], before={"a": OLD, "b": OLD}, first_seen_ms=SEEN)
    assert done.events == ()
    assert done.redirects == {}


def test_records_moving_between_entities_change_no_id() -> None:
    before = {"a": OLD, "b": OLD, "c": NEW, "d": NEW}
    done = assign([("a",), ("b", "c", "d")], before=before, first_seen_ms=SEEN)
    assert done.entity_of == {"a": OLD, "b": NEW, "c": NEW, "d": NEW}
    assert done.redirects == {}


def test_a_whole_hub_is_assigned_in_one_pass() -> None:
    refs = [f"r{number}" for number in range(20_000)]
    before = {ref: entity_id(ref, 1000) for ref in refs}
    clusters = [(refs[0], refs[1]), *((ref,) for ref in refs[2:])]
    started = process_time()
    done = assign(clusters, before=before, first_seen_ms=dict.fromkeys(refs, 1000))
    assert process_time() - started < FAST_S
    assert [event.kind for event in done.events] == ["merged"]
    assert len(done.redirects) == 1
