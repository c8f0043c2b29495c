"""A dry run's list and what switching on does: the same, whatever the records and the threshold."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.pipeline.resolve import resolve
from hub.pipeline.switch import preview
from hub.resolution.model import Holding
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
        resolve(hub.db, {**MODELS, "organization": model}, hub.clock())
        after = standing(hub.db)
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
