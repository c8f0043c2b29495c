"""Companies as departments know them: some one, some sisters, some rivals, and a crowd besides."""

from typing import Any

import sqlalchemy as sa

from connectors.sdk.record import parse_ref
from hub.model.resolution import Profile
from hub.pipeline.profiles import profile_of
from hub.resolution.model import default_model
from hub.store.canonical import Made
from hub.store.database import Tx
from hub.store.tables import source_records
from mapping.canonical import CanonicalRecord

SEEN = "2026-01-01T00:00:00.000Z"

MODELS = {kind: default_model(kind) for kind in ("organization", "person", "project")}

_WEBER = {
    "name": "Weber Logistik GmbH",
    "vat_id": "DE136695976",
    "city": "Ulm",
    "postcode": "89073",
    "phones": ["+4973112345"],
}
_TOWN = {"city": "Fulda", "postcode": "36037"}
COMPANIES: dict[str, dict[str, Any] | None] = {
    "crm:accounts:1": _WEBER,
    "erp:kunden:1": _WEBER,
    "desk:firms:1": {"name": "Weber Logistik", "city": "Ulm", "phones": ["+4973112345"]},
    "crm:accounts:7": {"name": "Nordlicht AG", **_TOWN, "register_number": "HRB 11 Fulda"},
    "crm:accounts:8": {"name": "Nordlicht AG", **_TOWN, "register_number": "HRB 12 Fulda"},
    "desk:firms:9": {"name": "Brandt Technik", "city": "Kassel"},
    "crm:accounts:10": {
        "name": "Brandt Technik Nord GmbH",
        "city": "Kassel",
        "vat_id": "DE811907980",
    },
    "crm:accounts:11": {
        "name": "Brandt Technik Holding AG",
        "city": "Kassel",
        "vat_id": "DE811569869",
    },
    "crm:accounts:12": {
        "name": "Keller Druck GmbH",
        "city": "Trier",
        "emails": ["a@keller.example"],
    },
    "desk:firms:12": {
        "name": "Keller Druck Service",
        "city": "Konz",
        "emails": ["info@keller.example"],
    },
}
FILLING: dict[str, dict[str, Any] | None] = {
    f"crm:filling:{at}": {
        "name": f"{first}{second} {third} GmbH",
        "city": third,
        "postcode": f"{10000 + at * 37}",
    }
    for at, (first, second, third) in enumerate(
        (first, second, third)
        for first in ("Berg", "Stein", "Rosen", "Linden", "Eichen")
        for second in ("bauer", "müller", "hof", "weiler", "blick")
        for third in ("Köln", "Bonn", "Jena")
    )
}


def organization_profiles(records: dict[str, dict[str, Any] | None]) -> list[Profile]:
    """Return the profiles of canonical organizations given by ref."""
    return [
        profile_of(ref, "organization", ref.partition(":")[0], fields, ())
        for ref, fields in records.items()
        if fields
    ]


def made_of(tx: Tx, records: dict[str, dict[str, Any] | None]) -> list[Made]:
    """Return canonical organizations ready to be stored, each with a source record of its own."""
    made = []
    for ref, fields in records.items():
        if fields is None:
            continue
        key, part = parse_ref(ref)
        row = {
            "connection": key.connection,
            "stream": key.stream,
            "key": key.key,
            "version": 1,
            "hash": b"",
            "deleted": False,
            "first_seen_at": SEEN,
            "fetched_at": SEEN,
        }
        source = tx.execute(sa.insert(source_records).returning(source_records.c.id), [row])
        record = CanonicalRecord(key, part, "organization", fields, {}, (), ())
        made.append(Made(record, source.scalar_one(), 1, SEEN, SEEN, None, fields["name"]))
    return made
