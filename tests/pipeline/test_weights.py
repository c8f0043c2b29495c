"""What weighs something else since a change: scored again, in the end as a full run would."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.worlds import world
from hub.model.resolution import Profile
from hub.pipeline import reweigh as again
from hub.pipeline import scores
from hub.pipeline.resolve import resolve_due, reweigh, reweigh_some
from hub.pipeline.scores import SHARE, enough_for_whole
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.tokens import token_hash
from hub.store import profiles, work
from hub.store.database import Database
from hub.store.tables import edges, token_holders
from hub.store.tables import profiles as profile_rows
from tests.conftest import HandClock
from tests.pipeline.test_resolve import MODELS, OTHER, WEBER, WEBER_CRM, Hub

State = dict[str, dict[str, Any] | None]
FIELDS = {"org_name": "name", "vat": "vat_id"}
LISTS = {"email": "emails", "phone": "phones", "website": "websites"}


def fields(profile: Profile) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, values in profile.features.items():
        if name in LISTS:
            found[LISTS[name]] = list(values)
        else:
            found[FIELDS.get(name, name)] = values[0]
    return found


def stored(db: Database) -> tuple[Any, ...]:
    """Everything that resolution keeps and that must not depend on the way there."""
    p, t = profile_rows.c, token_holders.c
    with db.reading() as tx:
        return tuple(
            sorted(tuple(row) for row in tx.execute(query))
            for query in (
                sa.select(edges.c.left_id, edges.c.right_id, edges.c.kind, edges.c.bits),
                sa.select(p.id, p.itself, p.facets, p.tokens, p.exclusive),
                sa.select(t.kind, t.token, t.holders, sa.func.coalesce(t.ids, b"")),
            )
        )


def compare(walked: Hub, final: State, fresh: Hub) -> None:
    fresh.put({ref: one for ref, one in final.items() if one})
    fresh.resolve()
    assert walked.clusters() == fresh.clusters()
    assert stored(walked.db) == stored(fresh.db)


def test_a_world_record_by_record_is_the_world_at_once(
    new_database: Callable[[], Database],
) -> None:
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    made = [(each.ref, fields(each)) for each in world(70, seed=4).profiles]
    state: State = dict(made[:100])
    slow.put(state)
    slow.resolve()
    for at, (ref, record) in enumerate(made[100:]):
        old, other = made[at % 100][0], made[(at * 7 + 3) % 100][0]
        changed = {**(state.get(other) or record), "city": record.get("city", "Ulm")}
        step: State = {ref: record, old: None if at % 3 else record, other: changed}
        state |= step
        slow.put(step)
        slow.resolve()
    compare(slow, state, fresh)


@pytest.mark.parametrize("above", [1, -1])
def test_a_token_that_turns_generic_and_back(
    new_database: Callable[[], Database], above: int
) -> None:
    """Crosses the most holders that propose, one by one, upwards and downwards."""
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    crowd: State = {
        f"crm:a:{at}": {"name": f"{chr(97 + at % 26)}{at:x}q Bau", "emails": ["info@bau.example"]}
        for at in range(MOST_HOLDERS + 2)
    }
    refs = list(crowd)
    state = dict(list(crowd.items())[: MOST_HOLDERS - 1]) if above > 0 else dict(crowd)
    slow.put(state)
    slow.resolve()
    for ref in refs[MOST_HOLDERS - 1 :]:
        step: State = {ref: crowd[ref] if above > 0 else None}
        state |= step
        slow.put(step)
        slow.resolve()
    compare(slow, state, fresh)


def listed(db: Database) -> dict[int, tuple[int, int]]:
    """Return how many profiles hold each token, and of how many that is stored."""
    t = token_holders.c
    with db.reading() as tx:
        rows = tx.execute(sa.select(t.token, t.holders, t.ids))
        return {token: (count, len(ids or b"") // 8) for token, count, ids in rows}


def test_whoever_is_new_meets_all_holders_of_a_token_that_proposes_again(
    new_database: Callable[[], Database],
) -> None:
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    state: State = {
        f"crm:a:{at}": {"name": f"{chr(97 + at % 26)}{at:x}q Bau", "emails": ["info@bau.example"]}
        for at in range(MOST_HOLDERS + 1)
    }
    slow.put(state)
    slow.resolve()
    assert {stored for count, stored in listed(slow.db).values() if count > MOST_HOLDERS} == {0}
    step: State = {"crm:a:1": None, "crm:a:2": None, "crm:a:x": {**WEBER, "name": "Weber Bau"}}
    state |= step
    slow.put(step)
    resolve_due(slow.db, MODELS, slow.clock(), whole_from=10**9)
    assert [
        (count, stored)
        for token, (count, stored) in listed(slow.db).items()
        if token == token_hash("w:bau")
    ] == [(MOST_HOLDERS, MOST_HOLDERS)]
    slow.resolve()
    assert all(count == stored for count, stored in listed(slow.db).values())
    compare(slow, state, fresh)


def test_a_change_is_committed_before_what_it_makes_weigh_less(database: Database) -> None:
    hub = Hub(database, HandClock(), 10**9)
    hub.put({"books:c:1": WEBER, "crm:a:2": OTHER, "crm:a:3": {**OTHER, "name": "Nordwind AG"}})
    hub.resolve()
    hub.put({"crm:a:1": WEBER_CRM})
    assert resolve_due(hub.db, MODELS, hub.clock(), whole_from=10**9) == 1
    assert hub.entity_of("crm:a:1") == hub.entity_of("books:c:1")
    with hub.db.reading() as tx:
        assert work.take(tx, "reweigh", 100), "what is left to weigh outlives a crash here"
    hub.resolve()
    with hub.db.reading() as tx:
        assert not work.take(tx, "reweigh", 100)
    reweigh(hub.db, MODELS, hub.clock())


def test_a_base_that_doubles_is_scored_again(new_database: Callable[[], Database]) -> None:
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    made = [(each.ref, fields(each)) for each in world(60, seed=9).profiles][:131]
    state: State = dict(made[:125])
    slow.put(state)
    slow.resolve()
    for ref, record in made[125:]:
        state[ref] = record
        slow.put({ref: record})
        slow.resolve()
    with slow.db.reading() as tx:
        assert profiles.base(tx, "organization").profiles > 128
    compare(slow, state, fresh)


def test_profiles_scored_in_parts_end_where_all_at_once_end(
    new_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "AT_ONCE", 3)
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    made = [(each.ref, fields(each)) for each in world(30, seed=4).profiles]
    slow.put(dict(made[:-20]))
    slow.resolve()
    slow.put(dict(made[-20:]))
    slow.resolve()
    compare(slow, dict(made), fresh)


def test_what_weighs_something_else_is_scored_in_portions(
    new_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that are new, change or go between two portions; some of them end half noted."""
    monkeypatch.setattr(again, "AT_ONCE", 4)
    monkeypatch.setattr(again, "AMONG", 4)
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    made = [(each.ref, fields(each)) for each in world(40, seed=4).profiles]
    state: State = dict(made[:70])
    slow.put(state)
    slow.resolve()
    left = []
    for at, (ref, record) in enumerate(made[70:]):
        old, other = made[at % 70][0], made[(at * 7 + 3) % 70][0]
        changed = {**(state.get(other) or record), "city": record.get("city", "Ulm")}
        step: State = {ref: record, old: None if at % 3 else record, other: changed}
        state |= step
        slow.put(step)
        resolve_due(slow.db, MODELS, slow.clock(), whole_from=10**9)
        left.append(reweigh_some(slow.db, MODELS, slow.clock(), whole_from=10**9))
    assert sum(left) > 5
    slow.resolve()
    compare(slow, state, fresh)
    with slow.db.reading() as tx:
        assert not work.take(tx, again.STAGE, 1)


def test_whoever_lacks_a_word_is_scored_again_whichever_side_it_is(
    new_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 3)
    slow, fresh = (Hub(new_database(), HandClock(), whole) for whole in (10**9, 1))
    names = ["Brixal", "Corvan", "Dunmer", "Elphor", "Fangil", "Gostra", "Hulbek"]
    state: State = {}
    for at, name in enumerate(names):
        phone = [f"0731 47110{at}1"]
        state[f"crm:a:{at}"] = {"name": f"Zederholt {name}", "phones": phone}
        state[f"books:c:{at}"] = {"name": name, "phones": phone}
    slow.put(state)
    slow.resolve()
    before, _, _ = stored(slow.db)
    state["crm:a:x"] = {"name": "Zederholt Ibsanu", "phones": ["0731 998877"]}
    slow.put({"crm:a:x": state["crm:a:x"]})
    slow.resolve()
    after, _, _ = stored(slow.db)
    assert len({row[:2] for row in before} & {row[:2] for row in after}) >= len(names)
    assert not set(before) & set(after), "the eighth holder lets the word tell less in every pair"
    compare(slow, state, fresh)


@pytest.mark.parametrize(
    ("population", "expected"), [(10, 500), (500 * SHARE, 500), (501 * SHARE, 501)]
)
def test_of_a_large_kind_a_share_is_worked_on_by_itself(population: int, expected: int) -> None:
    assert enough_for_whole(population, 500) == expected
