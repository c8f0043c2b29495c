"""Resolution in the store: one result whatever the order, ids that last, histories that stay."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sdk.record import RecordKey, parse_ref
from hub.clock import instant_text
from hub.model.resolution import probability_of
from hub.pipeline.changes import announce
from hub.pipeline.resolve import resolve
from hub.pipeline.whole import reckon, take_over
from hub.resolution.mentions import BITS
from hub.resolution.model import default_model
from hub.store import canonical, entities, judgements, profiles, work
from hub.store.canonical import Made
from hub.store.database import Database, Tx
from hub.store.tables import crosswalk, edges, source_records
from mapping.canonical import CanonicalRecord
from tests.conftest import HandClock
from tests.pipeline.companies import FILLING

MODELS = {kind: default_model(kind) for kind in ("organization", "person", "project")}

WEBER = {"name": "Weber Logistik GmbH", "vat_id": "DE136695976", "city": "Ulm", "postcode": "89073"}
WEBER_DESK = {
    "name": "Weber Logistik",
    "city": "Ulm",
    "postcode": "89073",
    "emails": ["info@weber.example"],
}
WEBER_CRM = {
    "name": "Weber Logistik GmbH",
    "vat_id": "DE136695976",
    "emails": ["info@weber.example"],
}
DOUBTFUL = MODELS["organization"].prior - 5
"""A prior by which tickets that share a domain and nothing else are nearer to two than to one."""
PROBABLE = round(probability_of(BITS), 6)
OTHER = {"name": "Bäckerei Sonnenschein", "city": "Kiel", "postcode": "24103"}


class Hub:
    """A store with the resolution stage alone."""

    def __init__(self, db: Database, clock: HandClock, whole_from: int = 500) -> None:
        self.db, self.clock, self.whole_from = db, clock, whole_from
        self.models = dict(MODELS)

    def put(self, records: dict[str, dict[str, Any] | None]) -> None:
        """Write or (None) remove canonical organizations by ref, as a sync would."""
        with self.db.transaction() as tx:
            made = [self._made(tx, ref, fields) for ref, fields in records.items() if fields]
            gone = [self._source(tx, ref) for ref, fields in records.items() if fields is None]
            sources = [*(one.source_id for one in made), *gone]
            announce(tx, canonical.replace(tx, sources, made))

    def resolve(self) -> None:
        self.clock.turn(seconds=1)
        resolve(self.db, self.models, self.clock(), whole_from=self.whole_from)

    def judge(self, left: str, right: str, verdict: Any) -> int:
        with self.db.transaction() as tx:
            now = instant_text(self.clock())
            return judgements.add(
                tx, left, right, verdict, author="anna", reason="phoned", now=now
            ).id

    def undo(self, judgement_id: int) -> None:
        with self.db.transaction() as tx:
            judgements.undo(tx, judgement_id, instant_text(self.clock()))

    def clusters(self) -> list[list[str]]:
        found: dict[str, list[str]] = {}
        with self.db.reading() as tx:
            rows = tx.execute(sa.select(crosswalk.c.entity_id, crosswalk.c.ref))
            for entity_id, ref in rows:
                found.setdefault(entity_id, []).append(ref)
        return sorted(sorted(refs) for refs in found.values())

    def entity_of(self, ref: str) -> str:
        with self.db.reading() as tx:
            return entities.current(tx, [ref])[ref].entity_id

    def _source(self, tx: Tx, ref: str) -> int:
        key, _ = parse_ref(ref)
        s = source_records.c
        found = tx.execute(
            sa.select(s.id).where(
                s.connection == key.connection, s.stream == key.stream, s.key == key.key
            )
        ).scalar_one_or_none()
        if found is not None:
            return int(found)
        row = {
            "connection": key.connection,
            "stream": key.stream,
            "key": key.key,
            "version": 1,
            "hash": b"",
            "deleted": False,
            "first_seen_at": _seen(key),
            "fetched_at": _seen(key),
        }
        return int(
            tx.execute(sa.insert(source_records).returning(source_records.c.id), [row]).scalar_one()
        )

    def _made(self, tx: Tx, ref: str, fields: dict[str, Any]) -> Made:
        key, part = parse_ref(ref)
        record = CanonicalRecord(key, part, "organization", fields, {}, (), ())
        return Made(
            record, self._source(tx, ref), 1, _seen(key), _seen(key), None, fields.get("name")
        )


def _seen(key: RecordKey) -> str:
    """A first-seen time that depends on the record alone, so that ids do not depend on order."""
    return f"2026-01-01T00:00:{sum(key.key.encode()) % 60:02d}.000Z"


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    return Hub(database, clock)


def test_tickets_without_a_company_join_the_only_one_of_their_domain(hub: Hub) -> None:
    tickets = [f"desk:t:{at}#company" for at in range(3)]
    hub.models["organization"] = replace(MODELS["organization"], name="doubtful", prior=DOUBTFUL)
    hub.put({ref: {"emails": [f"{ref[7]}.d@weber.example"]} for ref in tickets})
    hub.put({**FILLING, "crm:a:1": WEBER_CRM})
    hub.resolve()
    assert ["crm:a:1", *tickets] in hub.clusters()
    with hub.db.reading() as tx:
        joined = entities.current(tx, ["crm:a:1", *tickets])
    assert {(one.method, one.score) for one in joined.values()} == {("model", PROBABLE)}
    hub.put({"crm:a:2": {"name": "Weber Immobilien GmbH", "emails": ["b@weber.example"]}})
    hub.resolve()
    assert all([ref] in hub.clusters() for ref in tickets)
    hub.put({"crm:a:2": None})
    hub.resolve()
    assert ["crm:a:1", *tickets] in hub.clusters()


@pytest.mark.parametrize("whole_from", [1, 10**9])
def test_a_mention_that_a_judgement_parts_from_its_like_joins_the_company_of_its_domain(
    database: Database, clock: HandClock, whole_from: int
) -> None:
    """Account and ticket say the same, word for word; the account is also what others call so."""
    hub = Hub(database, clock, whole_from)
    hub.put(FILLING)
    hub.resolve()
    others = [f"books:c:{at}" for at in range(9)]
    hub.put({"crm:a:1": WEBER_DESK, "desk:t:1#company": WEBER_DESK})
    hub.put({ref: {"phones": [f"+49731700{at}"]} for at, ref in enumerate(others)})
    for ref in others:
        hub.judge("crm:a:1", ref, "same")
    hub.resolve()
    assert sorted(["crm:a:1", "desk:t:1#company", *others]) in hub.clusters()


def test_records_of_one_company_become_one_entity(hub: Hub) -> None:
    hub.put({"books:c:1": WEBER, "desk:t:1": WEBER_DESK, "crm:a:1": WEBER_CRM, "crm:a:2": OTHER})
    hub.resolve()
    assert hub.clusters() == [["books:c:1", "crm:a:1", "desk:t:1"], ["crm:a:2"]]
    with hub.db.reading() as tx:
        found = entities.current(tx, ["books:c:1", "crm:a:2"])
        assert work.counts(tx).get("resolve", 0) == 0
        assert set(work.take(tx, "render", 10)) == {m.entity_id for m in found.values()}
    assert found["books:c:1"].method == "model"
    assert (found["books:c:1"].score or 0) > 0.9
    assert found["crm:a:2"].method == "single"


def test_on_a_merge_the_older_id_survives_and_the_other_redirects(hub: Hub) -> None:
    apart = {"name": "Weber Logistik GmbH", "city": "Ulm"}
    hub.put({"books:c:1": WEBER, "crm:a:9": {**OTHER, "name": "Wbr"}})
    hub.resolve()
    first, second = hub.entity_of("books:c:1"), hub.entity_of("crm:a:9")
    hub.put({"crm:a:9": {**WEBER_CRM, **apart}})
    hub.resolve()
    survivor, redirected = min(first, second), max(first, second)
    assert hub.entity_of("books:c:1") == hub.entity_of("crm:a:9") == survivor
    with hub.db.reading() as tx:
        row = entities.get(tx, redirected)
        assert row is not None
        assert row.merged_into == survivor
        assert [event.type for event in entities.events(tx, survivor)] == ["created", "merged"]
        assert {past.entity_id for past in entities.history(tx, redirected)} == {redirected}


def test_a_judgement_splits_and_its_undoing_restores_both_ids(hub: Hub) -> None:
    hub.put({"books:c:1": WEBER, "crm:a:1": WEBER_CRM})
    hub.resolve()
    together = hub.entity_of("books:c:1")
    judged = hub.judge("crm:a:1", "books:c:1", "different")
    hub.resolve()
    assert hub.clusters() == [["books:c:1"], ["crm:a:1"]]
    hub.put({"crm:a:1": {**WEBER_CRM, "emails": ["neu@weber.example"]}})
    hub.resolve()
    assert len(hub.clusters()) == 2, "a judgement survives a new version and a new run"
    hub.undo(judged)
    hub.resolve()
    assert hub.entity_of("books:c:1") == hub.entity_of("crm:a:1") == together


def test_a_judgement_joins_what_no_score_would(hub: Hub) -> None:
    hub.put({"books:c:1": WEBER, "crm:a:2": OTHER})
    hub.judge("books:c:1", "crm:a:2", "same")
    hub.resolve()
    assert hub.clusters() == [["books:c:1", "crm:a:2"]]
    with hub.db.reading() as tx:
        assert entities.current(tx, ["crm:a:2"])["crm:a:2"].method == "judgement"


def test_who_was_joined_by_a_judgement_alone_stays_when_the_other_goes(hub: Hub) -> None:
    hub.put({"books:c:1": WEBER, "crm:a:2": OTHER})
    hub.judge("books:c:1", "crm:a:2", "same")
    hub.resolve()
    together = hub.entity_of("books:c:1")
    for gone, left in (("crm:a:2", "books:c:1"), ("books:c:1", None)):
        hub.put({gone: None})
        hub.resolve()
        with hub.db.reading() as tx:
            row = entities.get(tx, together)
            assert row is not None
            assert (row.ended_at is None) == bool(left)
            assert {ref: one.method for ref, one in entities.current(tx, [left or ""]).items()} == (
                {left: "single"} if left else {}
            )


def test_a_record_that_goes_and_comes_back_is_who_it_was(hub: Hub) -> None:
    hub.put({"crm:a:2": OTHER})
    hub.resolve()
    before = hub.entity_of("crm:a:2")
    hub.put({"crm:a:2": None})
    hub.resolve()
    assert hub.clusters() == []
    with hub.db.reading() as tx:
        row = entities.get(tx, before)
        assert row is not None
        assert row.ended_at is not None
    hub.put({"crm:a:2": OTHER})
    hub.resolve()
    assert hub.entity_of("crm:a:2") == before
    with hub.db.reading() as tx:
        row = entities.get(tx, before)
        assert row is not None
        assert row.ended_at is None


def test_another_model_scores_everything_again(hub: Hub) -> None:
    hub.put({"books:c:1": WEBER, "crm:a:1": WEBER_CRM})
    hub.resolve()
    assert len(hub.clusters()) == 1
    model = MODELS["organization"]
    strict = replace(model, name="strict", merge=1000.0)
    resolve(hub.db, {**MODELS, "organization": strict}, hub.clock())
    assert len(hub.clusters()) == 2
    with hub.db.reading() as tx:
        assert profiles.base(tx, "organization").model == "strict"


@pytest.mark.parametrize(
    ("meanwhile", "left"), [("nothing", 3), ("a new one", 3), ("one is gone", 2)]
)
def test_a_whole_kind_is_written_as_it_was_reckoned_or_not_at_all(
    hub: Hub, meanwhile: str, left: int
) -> None:
    hub.put({"books:c:1": WEBER, "crm:a:1": WEBER_CRM, "crm:a:2": OTHER})
    hub.resolve()
    strict = replace(MODELS["organization"], name="strict", merge=1000.0)
    with hub.db.reading() as tx:
        whole = reckon(tx, "organization", strict)
    if meanwhile == "a new one":
        hub.put({"crm:a:3": {**OTHER, "name": "Nordwind AG"}})
        hub.resolve()
    if meanwhile == "one is gone":
        hub.put({"crm:a:2": None})
    with hub.db.transaction() as tx:
        assert take_over(tx, whole, hub.clock()) == (meanwhile == "nothing")
        assert (profiles.base(tx, "organization").model == "strict") == (meanwhile == "nothing")
    assert len(hub.clusters()) == left


_NAMES = ["Weber Logistik GmbH", "Weber Logistik", "Weber Immobilien GmbH", "Sonnenschein AG", ""]
_company = st.fixed_dictionaries(
    {"name": st.sampled_from(_NAMES)},
    optional={
        "vat_id": st.sampled_from(["DE136695976", "DE811569869"]),
        "city": st.sampled_from(["Ulm", "Kiel"]),
        "emails": st.sampled_from(
            [["info@weber.example"], ["a.b@sonne.example"], ["c.d@weber.example"]]
        ),
        "phones": st.sampled_from([["+4973112345"], ["+49431555"]]),
    },
)
_ref = st.sampled_from(
    [f"{connection}:a:{n}" for connection in ("crm", "desk") for n in range(5)]
    + [f"desk:t:{n}#company" for n in range(4)]
)
_change = st.tuples(_ref, st.one_of(st.none(), _company, _company))
_verdict = st.tuples(_ref, _ref, st.sampled_from(["same", "different", "unsure"]))


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    increments=st.lists(st.lists(_change, min_size=1, max_size=4), min_size=1, max_size=6),
    words=st.lists(_verdict, max_size=2),
)
def test_any_order_of_increments_ends_where_one_full_run_ends(
    new_database: Callable[[], Database],
    increments: list[list[tuple[str, dict[str, Any] | None]]],
    words: list[tuple[str, str, Any]],
) -> None:
    slow, at_once = (Hub(new_database(), HandClock(), whole_from) for whole_from in (10**9, 1))
    half, final = _state(increments[: len(increments) // 2]), _state(increments)
    for number, changes in enumerate(increments):
        if number == len(increments) // 2:
            _say(slow, words, half)
        slow.put(dict(changes))
        slow.resolve()
    at_once.put(half)
    _say(at_once, words, half)
    at_once.put(final)
    at_once.resolve()
    assert slow.clusters() == at_once.clusters()
    assert _edges(slow.db) == _edges(at_once.db)


_State = dict[str, dict[str, Any] | None]


def _state(increments: Iterable[Iterable[tuple[str, dict[str, Any] | None]]]) -> _State:
    return {ref: fields for changes in increments for ref, fields in changes}


def _say(hub: Hub, words: Iterable[tuple[str, str, Any]], known: _State) -> None:
    for left, right, verdict in words:
        if left != right and known.get(left) and known.get(right):
            hub.judge(left, right, verdict)


def _edges(db: Database) -> list[tuple[Any, ...]]:
    with db.reading() as tx:
        return [
            tuple(row)
            for row in tx.execute(sa.select(edges).order_by(edges.c.left_id, edges.c.right_id))
        ]
