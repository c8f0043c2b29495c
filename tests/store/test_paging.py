"""Every list page by page: each row once and in order, however many bear one name or one day."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.clock import instant_text
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.model.link import Link
from hub.model.view import Page, RenderedView, ViewRow
from hub.store import alerts, documents, links, views
from hub.store.alerts import LIVE
from hub.store.database import Database
from tests.conftest import HandClock
from tests.store.canonical_rows import made, put
from tests.store.undone import undone

NOW = instant_text(HandClock()())
_SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_LIMIT = st.integers(1, 5)


def turned(read: Callable[[tuple[str, ...] | None], Page[Any]], limit: int) -> list[Any]:
    """Read to the end; every page but the last is full, and says that there is more."""
    found: list[Any] = []
    page = read(None)
    while page.next is not None:
        assert len(page.items) == limit
        found += page.items
        page = read(page.next)
    assert len(page.items) <= limit
    return found + list(page.items)


_VIEW = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["organization", "organization", "person"]),
        "sort_name": st.sampled_from(["", "a", "A", "ä", "weber", "🦜"]),
        "country": st.sampled_from([None, "DE", "AT"]),
        "city": st.sampled_from([None, "Köln", "KÖLN", "köln", "Öhringen", "Bonn"]),
        "firing": st.integers(0, 2),
    }
)


@_SMALL
@given(
    given_views=st.lists(_VIEW, max_size=14),
    limit=_LIMIT,
    asked=st.just({})
    | st.fixed_dictionaries(
        {
            "country": st.sampled_from([None, "DE"]),
            "city": st.sampled_from([None, "köln", "ÖHRINGEN"]),
            "firing": st.sampled_from([None, True, False]),
        }
    ),
    some=st.booleans(),
)
def test_entities(
    lent: Database,
    given_views: list[dict[str, Any]],
    limit: int,
    asked: dict[str, Any],
    some: bool,
) -> None:
    country, city, firing = (asked.get(name) for name in ("country", "city", "firing"))
    rows = [
        ViewRow(id=f"{n * 7 % 16:02d}", name=one["sort_name"].title(), etag=f"e{n}", **one)
        for n, one in enumerate(given_views)
    ]
    ids = {row.id for row in rows[::2]} | {"none"} if some else None
    wanted = [
        row
        for row in sorted(rows, key=lambda row: (row.sort_name.encode(), row.id))
        if row.kind == "organization"
        and (ids is None or row.id in ids)
        and (country is None or row.country == country)
        and (city is None or (row.city or "").lower() == city.lower())
        and (firing is None or (row.firing > 0) is firing)
    ]
    with undone(lent) as tx:
        views.put(tx, [RenderedView(row, "{}") for row in rows], NOW)

        def read(after: tuple[str, ...] | None) -> Page[Any]:
            return views.page(tx, "organization", ids=ids, after=after, limit=limit, **asked)

        assert turned(read, limit) == wanted


_DAYS = [None, "2026-01-01", "2026-01-01T10:00:00Z", "2026-01-02", "2025-12-31"]
_DOCUMENT = st.tuples(
    st.sampled_from(_DAYS),
    st.sampled_from(["order", "invoice", "ticket"]),
    st.lists(st.sampled_from(["organization", "person", "order"]), max_size=2, unique=True),
)


@_SMALL
@given(st.lists(_DOCUMENT, max_size=9), _LIMIT, st.sampled_from([("order", "ticket"), None]))
def test_the_timeline(
    lent: Database,
    papers: list[tuple[str | None, Any, list[str]]],
    limit: int,
    kinds: tuple[str, ...] | None,
) -> None:
    ref = "erp:x:{}".format
    shown = [
        (at or "", ref(n))
        for n, (at, kind, roles) in enumerate(papers)
        if roles and (kinds is None or kind in kinds)
    ]
    wanted = sorted(sorted(shown, key=lambda one: one[1]), key=lambda one: one[0], reverse=True)
    with undone(lent) as tx:
        put(tx, *(made(tx, ref(n), kind, at=at) for n, (at, kind, _) in enumerate(papers)))
        new = [
            Link(ref(n), role, "01A", "key", 1.0, {})
            for n, (*_, roles) in enumerate(papers)
            for role in roles
        ]
        links.replace(tx, [], new)

        def read(after: tuple[str, ...] | None) -> Page[Any]:
            chosen = {} if kinds is None else {"kinds": kinds}
            return documents.timeline_page(tx, "01A", after=after, limit=limit, **chosen)

        found = turned(read, limit)
        assert [(item.at or "", item.ref) for item in found] == wanted
        for item in found:
            assert item.roles == tuple(sorted(papers[int(item.ref.split(":")[2])][2]))


_ALERT = st.tuples(
    st.integers(0, 2),
    st.sampled_from(list(Condition)),
    st.sampled_from(["R01", "R02"]),
    st.sampled_from(["customer", "deal"]),
)


@_SMALL
@given(st.lists(_ALERT, max_size=12), _LIMIT, st.sampled_from([None, "R01"]), st.booleans())
def test_alerts(
    lent: Database,
    given_alerts: list[tuple[int, Condition, str, str]],
    limit: int,
    rule: str | None,
    deals: bool,
) -> None:
    made_alerts = []
    for n, (hour, condition, name, kind) in enumerate(given_alerts):
        at = f"2026-11-23T1{hour}:00:00.000Z"
        state = AlertState(condition, Severity.INFO, at, at)
        made_alerts.append(Alert(name, Subject(kind, f"s{n}"), None, state, at))
    wanted = [
        one
        for one in sorted(made_alerts, key=lambda one: one.id)
        if one.state.condition in LIVE
        and (rule is None or one.rule == rule)
        and (not deals or one.subject.kind == "deal")
    ]
    wanted.sort(key=lambda one: one.state.opened_at, reverse=True)
    with undone(lent) as tx:
        alerts.put(tx, made_alerts)
        wanted_kind = "deal" if deals else None

        def read(after: tuple[str, ...] | None) -> Page[Any]:
            return alerts.page(tx, rule=rule, subject_kind=wanted_kind, after=after, limit=limit)

        assert turned(read, limit) == wanted
        assert alerts.live_subjects(tx) == {
            one.subject for one in made_alerts if one.state.condition in LIVE
        }
        assert sum(alerts.counts(tx).values()) == len(made_alerts)


def test_alerts_around_entities_and_their_last_generation(lent: Database) -> None:
    def one(n: int, generation: int, condition: Condition, entity: str | None) -> Alert:
        at = f"2026-11-23T1{n}:00:00.000Z"
        state = AlertState(condition, Severity.WARNING, at, at, generation=generation)
        return Alert("R01", Subject("deal", f"crm:d:{n % 2}"), entity, state, at)

    over, live = Condition.RESOLVED, Condition.FIRING
    first, second = one(1, 1, over, "01A"), one(3, 2, live, "01A")
    other = one(2, 1, live, "01B")
    with undone(lent) as tx:
        alerts.put(tx, [second, first, other])
        by_entity, by_subject = alerts.around(tx, ["01A", "01C"], ["crm:d:0", "crm:d:9"])
        assert (by_entity, by_subject) == ({"01A": [second]}, {"crm:d:0": [other]})
        assert alerts.latest(tx, None) == {one.fingerprint: one for one in (second, other)}
        asked = {Subject("deal", "crm:d:1"), Subject("customer", "crm:d:0")}
        assert alerts.latest(tx, asked) == {second.fingerprint: second}
        assert alerts.latest(tx, set()) == {}
        alerts.put(tx, [one(3, 2, Condition.RECOVERING, "01A")])
        (again,) = alerts.page(tx, entity_id="01A").items
        assert (again.id, again.state.condition) == (second.id, Condition.RECOVERING)
