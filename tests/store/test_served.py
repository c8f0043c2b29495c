"""What the API reads beside views: source records, evidence, counts, documents for export."""

import msgspec

from connectors.sdk.record import RecordKey
from hub.store import evidence, golden, overview, records, views
from hub.store.database import Database
from tests.api.seeding import CUSTOMERS, MERGED, PERSON, seed_evidence


def test_a_source_record_with_what_was_made_of_it(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        record = records.get(tx, RecordKey("crm", "accounts", "A-1"), versions=20)
        assert record is not None
        assert [one.version for one in record.versions] == [2, 1]
        assert [one.data["name"] for one in record.versions] == [
            "Weber Logistik GmbH",
            "Weber GmbH",
        ]
        assert [one.entity_id for one in record.canonical] == [CUSTOMERS[0], PERSON]
        last = records.get(tx, RecordKey("crm", "accounts", "A-1"), versions=1)
        assert last is not None
        assert [one.version for one in last.versions] == [2]
        assert records.get(tx, RecordKey("crm", "accounts", "a-1"), versions=1) is None


def test_evidence_lies_between_the_records_of_one_entity(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        members = evidence.members(tx, CUSTOMERS[0])
        assert [one.ref for one in members] == ["crm:accounts:A-1", "crm:accounts:A/2 %23x"]
        (pair,) = evidence.pairs_within(tx, members)
        assert (pair.left, pair.right, pair.bits) == ((members[0].ref,), (members[1].ref,), 6.0)
        assert evidence.pairs_within(tx, members[:1]) == []
        assert evidence.pairs_within(tx, []) == []
        assert evidence.make_all_due(tx) == 3


def test_only_what_lives_has_a_kind(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        ids = (CUSTOMERS[0], PERSON, MERGED, "nobody")
        assert [evidence.kind_of(tx, one) for one in ids] == ["organization", "person", None, None]


def test_who_was_merged_away_is_called_as_who_it_is_now(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        found = views.names(tx, [CUSTOMERS[0], MERGED, "nobody"])
        assert found == {CUSTOMERS[0]: "Weber 0", MERGED: "Weber 0"}


def test_counts(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        assert overview.entities_by_kind(tx) == {"organization": 7, "person": 1}
        assert overview.records_by_stream(tx) == {("crm", "accounts"): 2, ("crm", "tickets"): 1}
        assert overview.alerts_by_condition(tx) == {"firing": 1, "pending": 1, "resolved": 1}


def test_documents_come_in_order_of_name_in_batches_of_any_size(database: Database) -> None:
    with database.transaction() as tx:
        seed_evidence(tx)
        for size in (1, 2, 7, 500):
            found = [msgspec.json.decode(one) for one in golden.documents(tx, "organization", size)]
            assert [one["name"] for one in found] == [f"Weber {number}" for number in range(7)]
        assert list(golden.documents(tx, "project")) == []
