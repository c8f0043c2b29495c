"""Profiles whose tokens an earlier edition made are read anew by themselves, at the next run."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import pytest
import sqlalchemy as sa

from hub.model.resolution import Profile
from hub.pipeline import imprint
from hub.pipeline.resolve import resolve_due, reweigh, reweigh_some
from hub.resolution.edition import EDITION
from hub.resolution.facets import facets_of
from hub.resolution.tokens import tokens_of_facets
from hub.store import holders, tables, work
from hub.store import profiles as index
from hub.store.database import Database
from tests.conftest import HandClock
from tests.pipeline.test_resolve import MODELS, OTHER, WEBER, WEBER_CRM, Hub
from tests.pipeline.test_weights import stored

KNOWN = {1: "c21e", 2: "b239", 3: "b8e5", 4: "b8e5", 5: "b8e5"}
"""What `told` is in each edition. Where it is another one now, raise `edition.EDITION` and note it
here: hubs hold what the last edition made of their records. The fifth knows more abbreviations, of
which none stands in these."""
COMPANY = {
    "org_name": ("Müller & Söhne Maschinenbau GmbH & Co. KG, Ulm", "IBM"),
    "email": ("info@mueller.example", "e.weber@mueller.example"),
    "phone": ("0731 4711-12",),
    "website": ("https://www.mueller.example/de",),
    "street": ("Lange Str. 5a",),
    "address": ("Hauptstraße 7, 89073 Ulm",),
    "vat": ("DE136695976",),
    "register_number": ("HRB 4711 Ulm",),
    "iban": ("DE89370400440532013000",),
    "identifier:tax": ("12/345/67890",),
    "person_name": ("Dr. Erika Weber-Meier",),
    "category:branch": ("Maschinenbau",),
    "country": ("DE",),
    "region": ("Bayern",),
}
PERSON = {
    "person_name": ("Weber, Erika",),
    "given_name": ("Hans-Peter",),
    "email": ("erika.weber@gmx.example",),
    "date_of_birth": ("1980-02-03",),
    "org_name": ("Müller GmbH",),
}
THING = {
    "text": ("Einführung XK-200, Phase 2",),
    "text:title": ("Wartung 2026",),
    "number:price": ("1.200,50",),
    "date:start": ("03.02.2026",),
    "identifier:number": ("P-2026-17",),
    "city": ("Neu-Ulm",),
}


def told() -> str:
    """Return a hash of all facets and tokens of some records."""
    digest = blake2b(digest_size=2)
    for kind, features in (("organization", COMPANY), ("person", PERSON), ("project", THING)):
        facets = facets_of(Profile("crm:a:1", kind, "crm", features))
        digest.update(repr((sorted(facets.items()), tokens_of_facets(facets))).encode())
    return digest.hexdigest()


def test_whoever_changes_tokens_raises_the_edition() -> None:
    assert KNOWN.get(EDITION) == told(), f"{told()}: see KNOWN"


@pytest.mark.parametrize("due", ["nothing", "a new record", "a deleted record"])
def test_tokens_of_an_earlier_edition_are_read_anew(
    new_database: Callable[[], Database], due: str
) -> None:
    old, fresh = (Hub(new_database(), HandClock()) for _ in range(2))
    state: dict[str, Any] = {
        "books:c:1": WEBER,
        "crm:a:1": WEBER_CRM,
        "crm:a:2": OTHER,
        "crm:a:3": {**OTHER, "name": "Nordwind AG"},
    }
    old.put(state)
    old.resolve()
    as_an_earlier_one(old.db)
    if due == "a deleted record":
        del state["crm:a:1"]
        old.put({"crm:a:1": None})
    if due == "a new record":
        state["crm:a:4"] = {"name": "Adler Spedition GmbH", "city": "Kiel"}
        old.put({"crm:a:4": state["crm:a:4"]})
    old.resolve()
    fresh.put(state)
    fresh.resolve()
    assert stored(old.db) == stored(fresh.db)
    assert old.clusters() == fresh.clusters()
    assert base(old.db).edition == EDITION


def test_tokens_of_this_edition_are_left_alone(new_database: Callable[[], Database]) -> None:
    hub = Hub(new_database(), HandClock())
    hub.put({"books:c:1": WEBER, "crm:a:1": WEBER_CRM})
    hub.resolve()
    as_an_earlier_one(hub.db, EDITION)
    before = stored(hub.db)
    reweigh(hub.db, MODELS, hub.clock())
    assert stored(hub.db) == before


def test_profiles_are_read_anew_in_portions(
    new_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process takes over after each portion; what is due meanwhile waits for the last."""
    monkeypatch.setattr(imprint, "READ_AT_ONCE", 2)
    old, fresh = (Hub(new_database(), HandClock()) for _ in range(2))
    state: dict[str, Any] = {
        f"crm:a:{at}": {**OTHER, "name": f"Nordwind {at} AG"} for at in range(5)
    }
    old.put(state)
    old.resolve()
    as_an_earlier_one(old.db)
    with old.db.transaction() as tx:
        work.add(tx, imprint.READING, [f"organization:{EDITION - 1}:{1 << 62}"])
    state["crm:a:x"] = {"name": "Adler Spedition GmbH", "city": "Kiel"}
    old.put({"crm:a:x": state["crm:a:x"]})
    for _ in range(3):
        assert resolve_due(old.db, MODELS, old.clock()) == 0
        assert reweigh_some(old.db, MODELS, old.clock())
        assert base(old.db).edition != EDITION
    reweigh_some(old.db, MODELS, old.clock())
    assert base(old.db).edition == EDITION
    with old.db.reading() as tx:  # who is gone since must not stand among what is scored whole
        assert not work.take(tx, "resolve", 1)
    old.resolve()
    fresh.put(state)
    fresh.resolve()
    assert stored(old.db) == stored(fresh.db)
    assert old.clusters() == fresh.clusters()
    with old.db.reading() as tx:
        assert not work.take(tx, imprint.READING, 1)


def as_an_earlier_one(db: Database, edition: int = 0) -> None:
    """Let an edition that knew nothing but one token have indexed all companies."""
    kind = "organization"
    with db.transaction() as tx:
        ids = index.of_kind(tx, kind, after=-1, limit=99)
        index.read_again(tx, {one: index.Indexed({}, {"name": ("?",)}, [8], ()) for one in ids})
        tx.execute(sa.delete(tables.edges))
        holders.count_again(tx, kind, 255)
        index.save_base(tx, kind, index.base(tx, kind)._replace(edition=edition))


def base(db: Database) -> index.Base:
    with db.reading() as tx:
        return index.base(tx, "organization")
