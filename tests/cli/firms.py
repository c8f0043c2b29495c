"""A hub of two sources that know the same firms, synced; some firms are sisters, some doubtful."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.store.database import Database
from tests.cli.running import hub

CONFIG = """\
home: ..
connections:
  crm:
    source: files
    system: crm
    mapping: mappings/firms.yaml
    config: {path: exports, streams: {firms: {path: crm.jsonl, key: id}}}
  desk:
    source: files
    system: ticketing
    mapping: mappings/firms.yaml
    config: {path: exports, streams: {firms: {path: desk.jsonl, key: id}}}
"""
MAPPING = """\
streams:
  firms:
    - kind: organization
      fields: {name: name, city: city, vat_id: vat, phones: phone, register_number: register}
"""
CRM = [
    {"id": "1", "name": "Weber Logistik GmbH", "city": "Ulm", "vat": "DE136695976"},
    {"id": "2", "name": "Nordlicht AG", "city": "Fulda"},
    {"id": "3", "name": "Keller Druck GmbH", "city": "Trier", "phone": "0651 4711"},
    {"id": "4", "name": "Brandt Technik GmbH", "city": "Kassel", "phone": "0561 12345"},
]
DESK = [
    {"id": "1", "name": "Weber Logistik", "city": "Ulm", "vat": "DE136695976"},
    {"id": "2", "name": "Nordlicht", "city": "Fulda"},
    {"id": "3", "name": "Keller Werbung", "city": "Konz", "phone": "0651 4711"},
    {"id": "4", "name": "Brandt", "city": ""},
]
OTHERS = [
    {"id": f"{first}{second}", "name": f"{first}{second} {town} GmbH", "city": town}
    for first in ("Berg", "Stein", "Rosen", "Linden")
    for second in ("bauer", "hof", "weiler", "blick")
    for town in ("Bonn", "Jena")[len(second) % 2 :][:1]
]


def lay_out(folder: Path, template: Path) -> None:
    """Write the configuration, the exports and an empty database."""
    for name, text in {
        "configs/hub.yaml": CONFIG,
        "configs/mappings/firms.yaml": MAPPING,
        "configs/rules/.keep": "",
        "exports/crm.jsonl": "".join(f"{json.dumps(row)}\n" for row in [*CRM, *OTHERS]),
        "exports/desk.jsonl": "".join(f"{json.dumps(row)}\n" for row in DESK),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "data").mkdir()
    (folder / "data/hub.db").write_bytes(template.read_bytes())
    assert hub("sync", folder=folder).returncode == 0


@contextmanager
def store_of(folder: Path) -> Iterator[Database]:
    """Open the hub's database."""
    db = Database(f"sqlite:///{folder / 'data/hub.db'}")
    yield db
    db.close()
