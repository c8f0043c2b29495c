"""Why and how, from the store: the stored bits to the last one, and clusters as they stand."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from hub.errors import ConflictError, NotFoundError
from hub.pipeline.neighbourhood import around, edges_at
from hub.pipeline.resolve import resolve as resolve_all
from hub.pipeline.why import PairTold, how, why
from hub.resolution.batch import base_of, resolve
from hub.resolution.mentions import BITS
from hub.resolution.model import Holding
from hub.resolution.sources import between
from hub.store import entities, profiles
from hub.store.database import Database
from hub.store.tables import edges
from tests.conftest import HandClock
from tests.pipeline.companies import COMPANIES, FILLING, MODELS, organization_profiles
from tests.pipeline.test_resolve import DOUBTFUL, WEBER_CRM, Hub

MODEL = MODELS["organization"]
HELD = {"crm": Holding(-3.0, 0.5), "desk": Holding(-1.0, 1.5), "erp": Holding(-2.0, 0.25)}
ORDERLY = {**MODELS, "organization": replace(MODEL, name="orderly", sources=HELD)}


@pytest.fixture
def hub(database: Database, clock: HandClock) -> Hub:
    hub = Hub(database, clock)
    hub.put({**COMPANIES, **FILLING})
    hub.resolve()
    return hub


def told(hub: Hub, left: str, right: str) -> PairTold:
    with hub.db.reading() as tx:
        return why(tx, MODELS, left, right)


def test_every_stored_edge_is_explained_to_the_last_bit(hub: Hub) -> None:
    with hub.db.reading() as tx:
        stored = tx.execute(sa.select(edges).order_by(edges.c.bits)).all()
        records = profiles.records_of(tx, {side for row in stored for side in row[:2]})
        asked = [(records[row.left_id][0], records[row.right_id][0], row.bits) for row in stored]
        assert len(asked) > 50
        for left, right, bits in [*asked[:: len(asked) // 20], *asked[-5:]]:
            answer = why(tx, MODELS, left, right)
            rows = answer.explanation.evidence
            rivals = sum(row.bits for row in rows if row.comparison == "rivals")
            assert answer.scored == bits
            assert answer.explanation.bits - rivals == bits
            assert answer.explanation.prior + sum(row.bits for row in rows) == pytest.approx(
                answer.explanation.bits, abs=0
            )
            decided = answer.one == (answer.explanation.bits >= MODEL.merge)
            assert decided or not answer.explanation.turning


def test_rivals_are_heard_as_the_clustering_hears_them(hub: Hub) -> None:
    divided = resolve(organization_profiles({**COMPANIES, **FILLING}), [], MODEL)
    ids = base_of(organization_profiles({**COMPANIES, **FILLING})).ids
    links = divided.edges
    whole = {
        (ids[a], ids[b]): bits
        for a, b, bits in zip(
            links.left.tolist(), links.right.tolist(), links.bits.tolist(), strict=True
        )
    }
    with hub.db.reading() as tx:
        for one in ids:
            for edge in edges_at(tx, [one], MODEL):
                assert whole[edge.left, edge.right] == edge.bits


@pytest.fixture
def orderly(hub: Hub) -> Hub:
    """The hub after a model was switched on that knows which sources hold a thing once."""
    hub.clock.turn(seconds=1)
    resolve_all(hub.db, ORDERLY, hub.clock())
    return hub


def test_what_sources_tell_is_told_with_each_pair_and_merge(orderly: Hub) -> None:
    model = ORDERLY["organization"]
    with orderly.db.reading() as tx:
        stored = tx.execute(sa.select(edges)).all()
        ids = {side for row in stored for side in row[:2]}
        records = profiles.records_of(tx, ids)
        here = around(tx, "organization", ids, model)
        parted = here.parted(model)
        linked = {ref for refs in records.values() for ref in refs}  # whoever has an edge at all
        parts = [each for each in orderly.clusters() if not linked.isdisjoint(each)]
        assert [list(each) for each in parted.clusters] == parts
        assert sum(map(len, parts)) == len(linked)
        heard = {(edge.left, edge.right): edge.bits for edge in parted.edges}
        seen = set()
        mixed = [row for row in stored if not _is_crm(records, row.left_id, row.right_id)]
        assert mixed
        for row in (*stored[:: len(stored) // 20], *mixed[:10]):
            pair = row.left_id, row.right_id
            answer = why(tx, ORDERLY, records[pair[0]][0], records[pair[1]][0])
            told = {each.comparison: each.bits for each in answer.explanation.evidence}
            one, other = ({ref.split(":")[0] for ref in records[side]} for side in pair)
            lost = model.sources[min(one)].both if one == other and len(one) == 1 else 0.0
            assert told.get("source", 0.0) == lost
            assert answer.explanation.bits == heard[pair]
            assert answer.explanation.prior + sum(
                each.bits for each in answer.explanation.evidence
            ) == pytest.approx(heard[pair], abs=0)
            seen.add(lost)
        assert len(seen) > 1
        steps = [
            step
            for refs in parted.clusters
            if len(refs) > 1
            for step in how(tx, "organization", model, refs)
        ]
    for step in steps:
        if step.reason == "evidence":
            left, right = (
                frozenset(ref.split(":")[0] for ref in side) for side in (step.left, step.right)
            )
            assert step.sources == between(model, left, right)


def _is_crm(records: dict[int, list[str]], *ids: int) -> bool:
    return all(ref.startswith("crm:") for one in ids for ref in records[one])


def test_why_two_are_not_one_says_what_their_sources_tell(orderly: Hub) -> None:
    with orderly.db.reading() as tx:
        answer = why(tx, ORDERLY, "crm:accounts:7", "crm:accounts:8")
    assert "both sides have a record of crm: -3.00 bits on top of the average" in answer.obstacles


def test_a_neighbourhood_parts_as_the_store_did(hub: Hub) -> None:
    with hub.db.reading() as tx:
        every = set(profiles.everything(tx, "organization")[0])
        parted = around(tx, "organization", every, MODEL).parted(MODEL)
    assert [list(each) for each in parted.clusters] == hub.clusters()


def test_two_that_are_one_say_which_merge_joined_them(hub: Hub) -> None:
    answer = told(hub, "crm:accounts:1", "desk:firms:1")
    assert answer.one
    assert answer.obstacles == ()
    assert answer.left.entity_id == answer.right.entity_id == hub.entity_of("crm:accounts:1")
    assert answer.joined is not None
    assert answer.joined.reason == "evidence"
    assert (answer.left.name, answer.right.name) == ("Weber Logistik GmbH", "Weber Logistik")


def test_a_mention_that_was_brought_home_says_so(hub: Hub) -> None:
    hub.models["organization"] = replace(MODEL, name="doubtful", prior=DOUBTFUL)
    tickets = [f"desk:t:{at}#company" for at in range(3)]
    hub.put({ref: {"emails": [f"{ref[7]}.d@kamp.example"]} for ref in tickets})
    hub.put({"crm:a:1": {**WEBER_CRM, "emails": ["info@kamp.example"]}})
    hub.resolve()
    with hub.db.reading() as tx:
        joined = why(tx, hub.models, "crm:a:1", tickets[0]).joined
        assert joined is not None
        of_it = {*joined.left, *tickets}
        steps = how(tx, "organization", hub.models["organization"], sorted(of_it))
    assert (joined.reason, joined.bits, joined.right) == ("domain", BITS, (tickets[0],))
    assert [step.reason for step in steps].count("domain") == len(tickets)


def test_either_order_tells_the_same_from_the_other_side(hub: Hub) -> None:
    one, other = (
        told(hub, *pair)
        for pair in (("crm:accounts:1", "desk:firms:1"), ("desk:firms:1", "crm:accounts:1"))
    )
    assert (one.explanation.left, other.explanation.left) == ("crm:accounts:1", "desk:firms:1")
    for row, turned in zip(one.explanation.evidence, other.explanation.evidence, strict=True):
        assert (row.left, row.right, row.bits) == (turned.right, turned.left, turned.bits)


def test_records_that_say_the_same_are_one_before_any_evidence(hub: Hub) -> None:
    answer = told(hub, "crm:accounts:1", "erp:kunden:1")
    assert answer.one
    assert answer.joined is not None
    assert answer.joined.reason == "identical"
    assert answer.scored == answer.joined.bits


def test_what_was_never_compared_says_so(hub: Hub) -> None:
    answer = told(hub, "crm:accounts:1", "crm:filling:3")
    assert not answer.one
    assert answer.scored is None
    assert answer.obstacles[0].startswith("never compared: what they share tells too little")


def test_a_register_number_keeps_apart_and_is_named(hub: Hub) -> None:
    answer = told(hub, "crm:accounts:7", "crm:accounts:8")
    assert not answer.one
    assert any("they state different ones: register_number:" in why for why in answer.obstacles)


def test_a_judgement_is_the_first_obstacle_and_undone_it_is_none(hub: Hub) -> None:
    said = hub.judge("crm:accounts:1", "desk:firms:1", "different")
    hub.resolve()
    answer = told(hub, "crm:accounts:1", "desk:firms:1")
    assert not answer.one
    assert answer.judgement is not None
    assert answer.judgement.author == "anna"
    assert answer.obstacles[0] == "judged different: crm:accounts:1 and desk:firms:1"
    assert not answer.explanation.turning
    hub.undo(said)
    hub.resolve()
    assert told(hub, "crm:accounts:1", "desk:firms:1").one


def test_a_judgement_joins_and_is_the_step_that_did(hub: Hub) -> None:
    hub.judge("crm:accounts:1", "crm:filling:3", "same")
    hub.resolve()
    answer = told(hub, "crm:accounts:1", "crm:filling:3")
    assert answer.one
    assert answer.joined is not None
    assert answer.joined.reason == "judgement"


def test_rivals_are_named_with_the_side_they_resemble(hub: Hub) -> None:
    answer = told(hub, "desk:firms:9", "crm:accounts:10")
    assert {rival.refs[0] for rival in answer.rivals} == {"crm:accounts:11"}
    assert {rival.beside for rival in answer.rivals} == {"desk:firms:9"}


def test_the_steps_of_an_entity_join_all_its_records(hub: Hub) -> None:
    entity = hub.entity_of("crm:accounts:1")
    with hub.db.reading() as tx:
        refs = entities.records_of(tx, [entity])[entity]
        steps = how(tx, "organization", MODEL, refs)
    assert len(refs) == 3
    assert [step.reason for step in steps] == ["identical", "evidence"]
    assert sorted((*steps[-1].left, *steps[-1].right)) == refs
    assert len(set(steps[-1].strongest) & set(steps[-1].left)) == 1


@pytest.mark.parametrize(
    ("left", "right", "error", "text"),
    [
        ("crm:accounts:1", "crm:accounts:404", NotFoundError, "no record crm:accounts:404"),
        ("crm:accounts:1", "crm:accounts:1", ConflictError, "two are needed"),
    ],
)
def test_what_cannot_be_asked(
    hub: Hub, left: str, right: str, error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        told(hub, left, right)


def test_a_record_that_waits_is_said_to_wait(hub: Hub) -> None:
    hub.put({"crm:accounts:99": {"name": "Neu GmbH"}})
    with pytest.raises(NotFoundError, match="not resolved yet"):
        told(hub, "crm:accounts:99", "crm:accounts:1")
