"""A record that turns out to be something else: a person is never left standing as a company."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.clock import instant_text
from hub.pipeline.canonicalize import canonicalize
from hub.pipeline.resolve import resolve_due
from hub.store import entities, judgements, tables, views
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.hand_street import HandHub, clusters, outcome

WEBER = {"type": "org", "name": "Weber Logistik GmbH", "city": "Ulm", "vat": "DE136695976"}
TWIN = {**WEBER, "name": "Weber Logistik"}
ERIKA = {"type": "person", "name": "Erika Weber", "city": "Ulm"}
ONE, TWO = "crm:things:1", "erp:things:2"


@pytest.fixture
def hub(database: Database, clock: HandClock) -> HandHub:
    return HandHub(database, clock)


def entity_of(hub: HandHub, ref: str) -> str:
    with hub.db.reading() as tx:
        return entities.current(tx, [ref])[ref].entity_id


def stored(hub: HandHub, table: Any, *columns: str) -> list[tuple[Any, ...]]:
    with hub.db.reading() as tx:
        rows = tx.execute(sa.select(*(table.c[name] for name in columns)))
        return sorted(tuple(row) for row in rows)


def test_a_company_that_is_a_person_leaves_its_entity(hub: HandHub) -> None:
    hub.feed({"crm:1": WEBER, "erp:2": TWIN})
    company = entity_of(hub, ONE)
    assert clusters(hub.db) == {company: ("organization", [ONE, TWO])}
    hub.feed({"crm:1": ERIKA})
    person = entity_of(hub, ONE)
    assert clusters(hub.db) == {company: ("organization", [TWO]), person: ("person", [ONE])}
    with hub.db.reading() as tx:
        assert [row.ref for row in entities.history(tx, company)] == [ONE]
        assert [event.type for event in entities.events(tx, person)] == ["created"]
        found = views.get(tx, person)
    assert found is not None
    assert (found.kind, found.name) == ("person", "Erika Weber")
    assert stored(hub, tables.profile_records, "ref", "kind") == [
        (ONE, "person"),
        (TWO, "organization"),
    ]
    assert stored(hub, tables.resolution_bases, "kind", "profiles") == [
        ("organization", 1),
        ("person", 1),
    ]
    assert min(holders for _, holders in stored(hub, tables.token_holders, "kind", "holders")) == 1


def test_an_id_never_changes_its_kind_and_each_comes_back(hub: HandHub) -> None:
    seen = []
    for row in (WEBER, ERIKA, WEBER, ERIKA):
        hub.feed({"crm:1": row})
        ((entity, (kind, _)),) = clusters(hub.db).items()
        seen.append((entity, kind))
        with hub.db.reading() as tx:
            living = tx.execute(sa.select(tables.views.c.id, tables.views.c.kind)).all()
        assert [tuple(view) for view in living] == [(entity, kind)]
    assert seen[:2] == seen[2:]
    assert [kind for _, kind in seen[:2]] == ["organization", "person"]
    assert seen[0][0] != seen[1][0]


def test_a_neighbour_may_vanish_in_the_same_moment(hub: HandHub) -> None:
    hub.feed({"crm:1": WEBER, "erp:2": TWIN, "erp:3": {**TWIN, "name": "Weber"}})
    assert len(clusters(hub.db)) == 1
    hub.feed({"crm:1": ERIKA, "erp:2": None})
    found = sorted(clusters(hub.db).values())
    assert found == [("organization", ["erp:things:3"]), ("person", [ONE])]


@pytest.mark.parametrize("becomes", ["a person", "nothing"])
def test_a_record_that_waits_for_its_whole_kind_may_change_before(
    hub: HandHub, becomes: str
) -> None:
    """Its profile is stored, and it stands for nobody yet."""
    hub.stage({"crm:1": WEBER, "erp:2": TWIN, "crm:3": ERIKA})
    models = hub.street.models
    canonicalize(hub.db, hub.mappings, hub.clock())
    assert resolve_due(hub.db, models, hub.clock()) == 3
    assert clusters(hub.db) == {}
    assert len(stored(hub, tables.profile_records, "ref")) == 3
    hub.stage({"crm:1": ERIKA if becomes == "a person" else None})
    hub.walk()
    expected = [("organization", [TWO]), ("person", ["crm:things:3"])]
    if becomes == "a person":
        expected[1] = ("person", [ONE, "crm:things:3"])
    assert sorted(clusters(hub.db).values()) == expected
    assert stored(hub, tables.resolution_bases, "kind", "profiles") == [
        ("organization", 1),
        ("person", 1),
    ]
    assert len(stored(hub, tables.profiles, "id")) == 2


@pytest.mark.parametrize("other", ["deal", "ticket", "none", None])
def test_what_is_a_paper_now_stands_for_nobody(hub: HandHub, other: str | None) -> None:
    hub.feed({"crm:1": WEBER, "erp:2": {"type": "deal", "name": "Halle", "of": "2"}})
    row = {"type": other, "name": "Kran", "number": "K-1000", "s": "o"} if other else None
    hub.feed({"crm:1": row})
    assert clusters(hub.db) == {}
    assert stored(hub, tables.views, "id") == stored(hub, tables.profiles, "id") == []
    paper = [ONE] if other in ("deal", "ticket") else []
    assert [item for (item,) in stored(hub, tables.search_items, "item")] == [*paper, TWO]
    hub.feed({"crm:1": WEBER})
    assert [refs for _, refs in clusters(hub.db).values()] == [[ONE]]
    assert ONE not in [item for (item,) in stored(hub, tables.search_items, "item")]


def test_who_refers_to_it_is_linked_anew(hub: HandHub) -> None:
    hub.feed({"crm:1": WEBER, "crm:2": {"type": "deal", "name": "Halle", "of": "1"}})
    company = entity_of(hub, ONE)
    assert stored(hub, tables.links, "target") == [(company,)]
    hub.feed({"crm:1": ERIKA})
    assert company not in [target for (target,) in stored(hub, tables.links, "target")]
    hub.feed({"crm:1": WEBER})
    assert stored(hub, tables.links, "target", "role") == [(company, "organization")]


def test_a_judgement_joins_nothing_across_kinds(hub: HandHub) -> None:
    hub.feed({"crm:1": WEBER, "erp:2": {"type": "org", "name": "Bäckerei Sonne", "city": "Kiel"}})
    with hub.db.transaction() as tx:
        now = instant_text(hub.clock())
        judgements.add(tx, ONE, TWO, "same", author="anna", reason="", now=now)
    hub.walk()
    assert len(clusters(hub.db)) == 1
    hub.feed({"crm:1": ERIKA})
    assert sorted(clusters(hub.db).values()) == [("organization", [TWO]), ("person", [ONE])]
    hub.feed({"erp:2": {**ERIKA, "name": "Otto Kahn", "city": "Kiel"}})
    assert sorted(clusters(hub.db).values()) == [("person", [ONE, TWO])], "of one kind again"


_THING = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["org", "org", "person", "project", "deal", "ticket", "none"]),
        "name": st.sampled_from(["Weber Logistik GmbH", "Erika Weber", "Halle zu AN-2026-0001"]),
        "city": st.sampled_from(["Ulm", "Kiel"]),
        "number": st.sampled_from(["AN-2026-0001", "P-1000"]),
        "of": st.sampled_from(["1", "2", "3"]),
    },
    optional={"vat": st.just("DE136695976"), "phone": st.just("+49 731 12345"), "s": st.just("o")},
)
_ROWS = st.dictionaries(
    st.sampled_from([f"{name}:{key}" for name in ("crm", "erp") for key in "123"]),
    st.none() | _THING | _THING,
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(_ROWS, min_size=2, max_size=4))
def test_whatever_records_turn_into_the_end_is_that_of_one_run(
    new_sqlite_url: Callable[[], str], increments: list[dict[str, Any]]
) -> None:
    clock = HandClock()
    step_by_step, at_once = (HandHub(Database(new_sqlite_url()), clock) for _ in range(2))
    for rows in increments:  # the clock stands: of two values the newer would win
        step_by_step.stage(rows)
        step_by_step.walk()
    step_by_step.sweep()
    final = {name: row for rows in increments for name, row in rows.items() if row is not None}
    last = {name: row for rows in increments for name, row in rows.items()}
    at_once.stage({name: row for name, row in final.items() if last[name] is not None})
    at_once.walk()
    at_once.sweep()
    assert outcome(step_by_step.db) == outcome(at_once.db)
    for hub in (step_by_step, at_once):
        hub.db.close()
