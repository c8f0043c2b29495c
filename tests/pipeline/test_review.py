"""The review queue: what waits is in doubt and unanswered, the weightiest first, in any order."""

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.link import Link
from hub.pipeline.review import doubt_at, review
from hub.store import links, work
from hub.store import review as queue
from hub.store.database import Database
from hub.store.review import Question
from hub.store.tables import review_pairs
from tests.conftest import HandClock
from tests.pipeline.companies import COMPANIES, FILLING, MODELS
from tests.pipeline.test_resolve import Hub
from tests.street_rows import work_off

MODEL = MODELS["organization"]


class Desk(Hub):
    """A hub that keeps its review queue."""

    def resolve(self) -> None:
        super().resolve()
        work_off(self.db, "review", lambda: review(self.db, MODELS))

    def questions(self, **more: object) -> list[Question]:
        with self.db.reading() as tx:
            return queue.page(tx, ["organization"], **more)  # type: ignore[arg-type]

    def asked(self) -> list[tuple[str, str, str, float, int]]:
        return [
            (each.task, each.left.ref, each.right.ref, each.bits, each.rank)
            for each in self.questions(limit=1000)
        ]

    def waits(self, left: str, right: str) -> bool:
        return any(each[1:3] == (left, right) for each in self.asked())


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    desk = Desk(database, clock)
    desk.put({**COMPANIES, **FILLING})
    desk.resolve()
    return desk


def test_what_waits_is_in_doubt_and_of_two_entities(desk: Desk) -> None:
    questions = desk.questions()
    merges = [each for each in questions if each.task == "merge"]
    assert merges
    for each in merges:
        assert each.left.entity_id != each.right.entity_id
        assert each.bits >= MODEL.review
        assert each.left.ref < each.right.ref
    ranks = [each.rank for each in questions]
    assert ranks == sorted(ranks, reverse=True)


def test_two_entities_are_asked_about_once(desk: Desk) -> None:
    found = [
        frozenset((each.left.entity_id, each.right.entity_id))
        for each in desk.questions(limit=1000)
        if each.task == "merge"
    ]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_judging_leaves_the_queue_and_undoing_brings_it_back(desk: Desk, verdict: str) -> None:
    before = desk.asked()
    _, left, right, *_ = before[0]
    said = desk.judge(left, right, verdict)
    desk.resolve()
    assert not desk.waits(left, right)
    desk.undo(said)
    desk.resolve()
    assert desk.asked() == before


def test_a_merge_that_only_just_came_about_is_asked_about(desk: Desk) -> None:
    splits = [each for each in desk.questions(limit=1000) if each.task == "split"]
    assert splits
    for each in splits:
        assert each.left.entity_id == each.right.entity_id
        assert MODEL.merge <= each.bits < MODEL.merge + (MODEL.merge - MODEL.review) / 2
    first = splits[0]
    desk.judge(first.left.ref, first.right.ref, "different")
    desk.resolve()
    assert desk.entity_of(first.left.ref) != desk.entity_of(first.right.ref)
    assert not desk.waits(first.left.ref, first.right.ref)


def test_documents_that_hang_on_an_entity_lend_weight(desk: Desk) -> None:
    before = desk.questions(limit=1000)
    last = next(each for each in reversed(desk.questions()) if each.task == "merge")
    hanging = [
        Link(f"crm:deals:{at}", "organization", side.entity_id, "key", 1.0, {"side": side.ref})
        for side in (last.left, last.right)
        for at in range(50)
    ]
    with desk.db.transaction() as tx:
        links.replace(tx, [], hanging)
    desk.resolve()
    first = desk.questions(limit=1)[0]
    assert (first.left.ref, first.right.ref) == (last.left.ref, last.right.ref)
    assert first.left.documents == 50
    assert first.rank == last.rank + 50 * (last.rank // min(last.left.records, last.right.records))
    with desk.db.transaction() as tx:
        links.replace(tx, hanging, [])
    desk.resolve()
    assert desk.questions(limit=1000) == before


def test_a_page_is_read_by_its_index_alone(desk: Desk) -> None:
    """Neither sorted nor joined: a page costs the same however many wait."""
    first = desk.questions(limit=1)[0]
    plans = []
    with desk.db.reading() as tx:

        def explained(_conn: Any, _cursor: Any, sql: str, *rest: Any) -> tuple[str, Any]:
            plans.append(sql)
            return f"EXPLAIN {'QUERY PLAN ' if desk.db.is_sqlite else ''}{sql}", rest[0]

        if not desk.db.is_sqlite:
            tx.exec_driver_sql("SET LOCAL enable_seqscan = off")
            tx.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        sa.event.listen(tx, "before_cursor_execute", explained, retval=True)
        for after in (None, first.position):
            rows = tx.execute(queue.page_query("organization", after=after, limit=50)).all()
            plan = " ".join(str(value) for row in rows for value in row)
            assert "ix_review_pairs_kind_place_left_ref_right_ref_task" in plan
            assert "crosswalk" not in plan
            assert not re.search(r"(?i)temp b-tree|sort", plan)
    assert len(plans) == 2


def test_pages_follow_each_other_without_gap_or_repeat(desk: Desk) -> None:
    whole, paged, after = desk.questions(limit=1000), [], None
    while page := desk.questions(limit=60, after=after):
        paged += page
        after = page[-1].position
    assert paged == whole


def test_a_record_that_is_gone_is_not_asked_about(desk: Desk) -> None:
    _, left, right, *_ = desk.asked()[0]
    desk.put({right: None})
    desk.resolve()
    assert not any(right in each for each in desk.asked())
    desk.put({right: COMPANIES.get(right) or FILLING[right]})
    desk.resolve()
    assert desk.waits(left, right)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32))
def test_any_order_leaves_the_queue_of_one_run(
    new_database: Callable[[], Database], clock: HandClock, seed: int
) -> None:
    records = {**COMPANIES, **dict(list(FILLING.items())[:30])}
    at_once = Desk(new_database(), clock)
    at_once.put(records)
    at_once.resolve()
    chance = random.Random(seed)
    refs = list(records)
    chance.shuffle(refs)
    piecewise = Desk(new_database(), clock, whole_from=1000)
    for part in (refs[:20], refs[20:35], refs[35:]):
        piecewise.put({ref: records[ref] for ref in part})
        for ref in chance.sample(part, 2):
            piecewise.put({ref: {"name": "Zwischenstand GmbH"}})
            piecewise.resolve()
            piecewise.put({ref: records[ref]})
        piecewise.resolve()
    assert piecewise.asked() == at_once.asked()
    with piecewise.db.reading() as one, at_once.db.reading() as other:
        # Which id an entity has depends on who was there first.
        kept = [column for column in review_pairs.c if not column.name.endswith("_entity")]
        mine, theirs = (set(tx.execute(sa.select(*kept)).all()) for tx in (one, other))
        assert mine == theirs
        assert work.counts(one).get("review") is None


@pytest.mark.parametrize(("bits", "doubt"), [(0.0, 1000), (1.0, 918), (-1.0, 918), (-60.0, 0)])
def test_doubt_is_what_an_answer_would_tell(bits: float, doubt: int) -> None:
    assert doubt_at(bits) == doubt
