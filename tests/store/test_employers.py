"""Names that a company's people and projects are told, and who is to be told anew."""

from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from hub.store import employers
from hub.store.database import Database, Tx
from hub.store.tables import crosswalk, profile_records, profiles
from tests.store.canonical_rows import NOW, made, put
from tests.store.undone import undone

ANNA, WORK = "crm:p:1", "crm:w:1"
CRM, BOOKS, TICKET = "crm:a:2", "books:c:1", "desk:t:1#company"


def stand(tx: Tx, **entities: list[str]) -> None:
    rows = [
        {"ref": ref, "entity_id": entity, "method": "model", "score": None, "valid_from": NOW}
        for entity, refs in entities.items()
        for ref in refs
    ]
    tx.execute(sa.insert(crosswalk), rows)


def told(tx: Tx, ref: str, kind: str, *names: str) -> None:
    """Store a profile that was told these names."""
    number = sum(ref.encode())
    features = msgspec.json.encode({"org_name": sorted(names)} if names else {}).decode()
    row: dict[str, Any] = {"id": number, "kind": kind, "features": features, "itself": 0.0}
    row |= {"facets": "{}", "tokens": b"", "exclusive": "[]"}
    tx.execute(sa.insert(profiles), [row])
    tx.execute(sa.insert(profile_records), [{"ref": ref, "kind": kind, "profile_id": number}])


def company(tx: Tx) -> None:
    """Store a company that is spelt four ways, and who belongs to its ticket."""
    put(tx, made(tx, CRM, name="Trita Software GmbH"), made(tx, BOOKS, name="Trita SW GmbH"))
    put(tx, made(tx, TICKET, name="trita"), made(tx, "desk:t:2#company", name="Trita S."))
    put(tx, made(tx, ANNA, "person", refs=[("organization", TICKET), ("user", CRM)]))
    put(tx, made(tx, WORK, "project", refs=[("organization", TICKET)]))
    stand(tx, one=[TICKET, "desk:t:2#company", CRM, BOOKS])


def test_who_belongs_to_a_company_is_told_its_first_names_and_the_one_it_knows(
    lent: Database,
) -> None:
    with undone(lent) as tx:
        company(tx)
        every = {"trita", "Trita SW GmbH", "Trita Software GmbH"}
        assert employers.names(tx, [ANNA, WORK, CRM]) == {ANNA: every, WORK: every}


def test_who_knows_no_name_is_told_those_that_others_state(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, TICKET), made(tx, "desk:t:3#company"), made(tx, CRM, name="Trita"))
        put(tx, made(tx, ANNA, "person", refs=[("organization", TICKET)]))
        put(tx, made(tx, WORK, "project", refs=[("organization", "desk:t:3#company")]))
        stand(tx, one=[TICKET, CRM])
        assert employers.names(tx, [ANNA, WORK]) == {ANNA: {"Trita"}}


@pytest.mark.parametrize(
    ("names", "due"),
    [
        (("trita", "Trita SW GmbH", "Trita Software GmbH"), set()),
        (("trita", "Trita SW GmbH"), {ANNA}),
        ((), {ANNA}),
    ],
)
def test_who_was_told_otherwise_is_due(
    lent: Database, names: tuple[str, ...], due: set[str]
) -> None:
    with undone(lent) as tx:
        company(tx)
        told(tx, ANNA, "person", *names)
        assert set(employers.outdated(tx, ["one", "another"])) == due
        assert set(employers.outdated(tx, ["another"])) == set()
