"""A rebuild of a hub that walked the street ends where the hub stood."""

from pathlib import Path

import sqlalchemy as sa

from hub.config import load_config
from hub.runtime import Runtime
from hub.store import rebuild
from hub.store.database import Database
from hub.store.tables import alerts, crosswalk, edges, facts, links, search_tokens, views
from tests.conftest import HandClock

CONFIG = """\
connections:
  crm:
    source: files
    system: crm
    mapping: crm.yaml
    config:
      path: exports
      streams:
        accounts: {path: accounts.jsonl, key: id}
        deals: {path: deals.jsonl, key: id}
rules: {folder: rules}
"""
MAPPING = """\
streams:
  accounts:
    - kind: organization
      fields: {name: name, city: city, vat_id: vat, emails: mail}
    - part: contact
      kind: person
      when: contact
      fields: {name: contact}
      refs: {organization: "#"}
  deals:
    - kind: deal
      fields: {number: id, name: name, amount_minor: amount, status: {path: s, values: {o: open}}}
      refs: {organization: {stream: accounts, path: account}}
"""
ACCOUNTS = """\
{"id": "1", "name": "Weber Logistik GmbH", "city": "Köln", "mail": "x@web.example", "contact": "I"}
{"id": "2", "name": "Weber Logistik GmbH", "city": "Köln", "mail": "x@web.example"}
{"id": "3", "name": "Bär Immobilien AG", "city": "Ulm"}
"""
DEALS = '{"id": "D-1", "name": "Lager", "amount": "12.000,00", "s": "o", "account": "2"}\n'
DERIVED = (crosswalk, edges, links, facts, views, search_tokens, alerts)


def _all(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as tx:
        return {
            table.name: sorted(tuple(row) for row in tx.execute(sa.select(table)))
            for table in DERIVED
        }


def test_a_rebuild_ends_where_the_increments_ended(
    database: Database, clock: HandClock, tmp_path: Path
) -> None:
    for name, text in {
        "hub.yaml": CONFIG,
        "crm.yaml": MAPPING,
        "rules/.keep": "",
        "exports/accounts.jsonl": ACCOUNTS,
        "exports/deals.jsonl": DEALS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    runtime = Runtime(load_config(tmp_path / "hub.yaml"), database, clock, {})
    assert runtime.sync("crm").state == "succeeded"
    runtime.walk()
    runtime.sweep()
    before = _all(database)
    assert len({row[1] for row in before["crosswalk"]}) == 3  # two accounts are one customer
    with database.transaction() as tx:
        assert rebuild.start_over(tx) == 5
    assert _all(database)["links"] == []
    runtime.walk()
    runtime.sweep()
    assert _all(database) == before
