"""A dry run's list and what switching on does: the same, whatever the records and the threshold."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.errors import BusyError, ConflictError
from hub.pipeline import lease
from hub.pipeline.resolve import resolve
from hub.pipeline.switch import list_name, preview, switch_on
from hub.resolution.model import Holding
from hub.store import profiles, work
from hub.store.database import Database
from hub.store.tables import crosswalk, entities
from tests.conftest import HandClock
from tests.pipeline.companies import COMPANIES, FILLING, MODELS
from tests.pipeline.test_resolve import Hub

MODEL = MODELS["organization"]
POOL: dict[str, dict[str, Any]] = {
    ref: fields for ref, fields in {**COMPANIES, **FILLING}.items() if fields
}
ORDERLY = {"crm": Holding(-3.0, 0.5), "desk": Holding(-1.0, 1.5)}
_told = st.lists(st.sampled_from(sorted(POOL)), min_size=20, max_size=60, unique=True)
_words = st.lists(
    st.tuples(
        st.sampled_from(sorted(COMPANIES)),
        st.sampled_from(sorted(COMPANIES)),
        st.sampled_from(["same", "different", "unsure"]),
    ),
    max_size=3,
)


def standing(db: Database) -> dict[str, str]:
    with db.reading() as tx:
        return dict(tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id)).all())


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    refs=_told,
    words=_words,
    thresholds=st.lists(st.sampled_from([-3.0, -1.0, 2.0, 5.0, 9.0]), min_size=1, max_size=3),
)
def test_switching_on_changes_what_was_listed_and_nothing_else(
    new_database: Callable[[], Database],
    refs: list[str],
    words: list[tuple[str, str, Any]],
    thresholds: list[float],
) -> None:
    hub = Hub(new_database(), HandClock())
    hub.put({ref: POOL[ref] for ref in refs})
    for left, right, verdict in words:
        if left != right and {left, right} <= set(refs):
            hub.judge(left, right, verdict)
    hub.resolve()
    for merge in thresholds:
        sources = ORDERLY if merge > 0 else {}
        model = replace(MODEL, name=f"merge {merge}", merge=merge, sources=sources)
        before = standing(hub.db)
        with hub.db.reading() as tx:
            listed = preview(tx, "organization", model)
        hub.clock.turn(seconds=1)
        name = list_name("organization", listed)
        done = switch_on(hub.db, hub.clock, "organization", model, lambda: None, expected=name)
        assert done == listed
        after = standing(hub.db)
        resolve(hub.db, {**MODELS, "organization": model}, hub.clock())
        assert standing(hub.db) == after
        told = {(ref, each.source, each.target) for each in listed for ref in each.records}
        assert told == {
            (ref, before[ref], after[ref]) for ref in before if before[ref] != after[ref]
        }
        with hub.db.reading() as tx:
            rows = tx.execute(sa.select(entities.c.id, entities.c.merged_into)).all()
        redirects = {row.id: row.merged_into for row in rows if row.id in set(before.values())}
        for each in listed:
            assert (redirects[each.source] == each.target) == (each.what == "merge")
            assert (each.target not in before.values()) == (each.what == "split")
        with hub.db.reading() as tx:
            assert preview(tx, "organization", model) == []
    hub.db.close()


def test_the_list_tells_of_words_said_meanwhile_and_of_no_record_that_is_due(
    database: Database,
) -> None:
    hub, model = filled(database), replace(MODEL, name="merge 9", merge=9.0)
    before = standing(hub.db)
    one, other = two_apart(before)
    hub.put({one: {"name": "Zwischenstand GmbH"}})
    hub.judge(one, other, "same")
    listed = switch_on(hub.db, hub.clock, "organization", model, lambda: None)
    after = standing(hub.db)
    assert after[one] == after[other]
    moved = {ref for each in listed for ref in each.records}
    assert {ref for ref in before if before[ref] != after[ref]} == moved
    with hub.db.reading() as tx:
        assert set(work.take(tx, "resolve", 100)) == {one, other}
        assert preview(tx, "organization", model) == []


def test_nothing_is_switched_on_while_a_record_that_is_gone_stands(database: Database) -> None:
    hub, model = filled(database), replace(MODEL, name="merge 9", merge=9.0)
    before = standing(hub.db)
    one, _ = two_apart(before)
    hub.put({one: None})
    with hub.db.reading() as tx:
        listed = preview(tx, "organization", model)
    assert listed
    assert one not in {ref for each in listed for ref in each.records}
    with pytest.raises(BusyError, match="try again"):
        switch_on(hub.db, hub.clock, "organization", model, no_file)
    assert standing(hub.db) == before


def filled(database: Database) -> Hub:
    hub = Hub(database, HandClock())
    hub.put({ref: POOL[ref] for ref in COMPANIES})
    hub.resolve()
    return hub


def two_apart(stand: dict[str, str]) -> tuple[str, str]:
    first = min(stand)
    return first, min(ref for ref in stand if stand[ref] != stand[first])


def no_file() -> None:
    raise AssertionError("nothing is written where nothing is switched on")


def test_a_list_that_is_not_expected_and_one_that_fails_change_nothing(database: Database) -> None:
    hub, model = filled(database), replace(MODEL, name="merge 9", merge=9.0)
    before = standing(hub.db)
    with pytest.raises(ConflictError, match="no longer 0a; nothing was switched on"):
        switch_on(hub.db, hub.clock, "organization", model, no_file, expected="0a")
    with pytest.raises(AssertionError, match="nothing is written"):
        switch_on(hub.db, hub.clock, "organization", model, no_file)
    assert standing(hub.db) == before
    with hub.db.reading() as tx:
        assert profiles.base(tx, "organization").model == MODEL.name
        assert not lease.held(tx, ["street"], hub.clock())
