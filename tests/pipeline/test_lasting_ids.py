"""Ids through splits and back: what was parted and joins again is who it was, event by event."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.store.database import Database
from hub.store.tables import crosswalk, entities, entity_events
from tests.conftest import HandClock
from tests.pipeline.test_resolve import Hub

NAMES = ("Weber Logistik GmbH", "Sonnenschein Solartechnik AG", "Kraus Hochbau KG")
TOWNS = ("Ulm", "Kiel", "Jena")


def _by_source(at: int) -> dict[str, dict[str, Any]]:
    """Return what each source tells of a firm beside its name and town."""
    phone, mail = {"phones": [f"+49731123{at}5"]}, {"emails": [f"info@firm{at}.example"]}
    return {
        "books": phone,
        "crm": {**phone, "postcode": f"1{at}115"},
        "desk": {**mail, **phone},
        "erp": mail,
    }


RECORDS: dict[str, dict[str, Any] | None] = {
    f"{source}:a:{at}": {"name": name, "city": TOWNS[at], **more}
    for at, name in enumerate(NAMES)
    for source, more in _by_source(at).items()
}
_SOURCES = ("books", "crm", "desk", "erp")
_PAIRS = [
    (f"{one}:a:{at}", f"{other}:a:{at}")
    for at in range(len(NAMES))
    for place, one in enumerate(_SOURCES)
    for other in _SOURCES[place + 1 :]
]


def standing(db: Database) -> dict[str, str]:
    with db.reading() as tx:
        return dict(tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id)).all())


def told_since(db: Database, seq: int) -> list[tuple[str, str]]:
    with db.reading() as tx:
        e = entity_events.c
        rows = tx.execute(sa.select(e.entity_id, e.type).where(e.seq > seq).order_by(e.seq))
        return [(row[0], row[1]) for row in rows]


def last_seq(db: Database) -> int:
    with db.reading() as tx:
        return int(tx.execute(sa.select(sa.func.max(entity_events.c.seq))).scalar_one())


def merged_into(db: Database, entity: str) -> str | None:
    with db.reading() as tx:
        query = sa.select(entities.c.merged_into).where(entities.c.id == entity)
        found: str | None = tx.execute(query).scalar_one()
    return found


def check_events(
    db: Database, before: Mapping[str, str], after: Mapping[str, str], seq: int
) -> None:
    """Hold what was told against what changed: a split for each new id, a merge for each gone."""
    told = told_since(db, seq)
    was, now = set(before.values()), set(after.values())
    assert {entity for entity, kind in told if kind == "split"} == now - was
    survivors = {merged_into(db, gone) for gone in was - now}
    assert {entity for entity, kind in told if kind == "merged"} == survivors
    assert survivors <= now


@pytest.fixture
def hub(new_database: Callable[[], Database]) -> Hub:
    hub = Hub(new_database(), HandClock())
    hub.put(RECORDS)
    hub.resolve()
    assert len(hub.clusters()) == len(NAMES)
    return hub


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_what_is_parted_and_joins_again_has_its_id_back(hub: Hub, data: st.DataObject) -> None:
    first = before = standing(hub.db)
    said = data.draw(st.lists(st.sampled_from(_PAIRS), min_size=1, max_size=4, unique=True))
    standing_words = []
    for left, right in said:
        seq = last_seq(hub.db)
        standing_words.append(hub.judge(left, right, "different"))
        hub.resolve()
        after = standing(hub.db)
        assert after[left] != after[right]
        check_events(hub.db, before, after, seq)
        before = after
    for word in data.draw(st.permutations(standing_words)):
        seq = last_seq(hub.db)
        hub.undo(word)
        hub.resolve()
        after = standing(hub.db)
        check_events(hub.db, before, after, seq)
        before = after
    assert before == first
