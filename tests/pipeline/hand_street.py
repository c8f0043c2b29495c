"""A whole street fed by hand: source rows in, everything a consumer can see out."""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa

from connectors.sdk.record import Record
from hub.clock import instant_text
from hub.pipeline.alert import alert, evaluate
from hub.pipeline.render import render
from hub.pipeline.street import Move, Street, WalkSummary, walk
from hub.pipeline.watch import Watch
from hub.resolution.model import default_model
from hub.store import staging, tables, work
from hub.store.database import Database
from mapping.apply import CompiledMapping
from mapping.compile import compile_spec
from mapping.load import load_spec
from tests.conftest import HandClock

MAPPING = """
streams:
  things:
    - kind: organization
      when: {path: type, equals: org}
      fields: {name: name, city: city, vat_id: vat, phones: phone}
    - kind: person
      when: {path: type, equals: person}
      fields: {name: name, city: city, phones: phone}
      refs: {organization: {stream: things, path: of}}
    - kind: project
      when: {path: type, equals: project}
      fields: {number: number, name: name, city: city}
      refs: {organization: {stream: things, path: of}}
    - kind: deal
      when: {path: type, equals: deal}
      fields: {number: number, name: name, status: {path: s, values: {o: open}}}
      refs: {organization: {stream: things, path: of}}
    - kind: ticket
      when: {path: type, equals: ticket}
      fields: {number: number, subject: name, status: {path: s, values: {o: open}}}
      refs: {organization: {stream: things, path: of}}
"""
"""One stream whose rows say themselves what they are."""

KINDS = ("organization", "person", "project")
_ULID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b")


def compiled(text: str = MAPPING) -> CompiledMapping:
    """Return a mapping file of the connection crm, ready to run."""
    return compile_spec(load_spec(text, file="crm.yaml", streams=["things"]))


@dataclass
class HandHub:
    """One hub with the connections crm and erp, both with rows of the same make."""

    db: Database
    clock: HandClock
    mappings: dict[str, CompiledMapping] = field(
        default_factory=lambda: dict.fromkeys(("crm", "erp"), compiled())
    )
    moves: dict[str, Move] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.watch = Watch((), connections=[])

    @property
    def street(self) -> Street:
        """The street with this hub's own alert and render, or those put in their place."""
        models = {kind: default_model(kind) for kind in KINDS}
        own: dict[str, Move] = {"alert": lambda db, now: alert(db, self.watch, now)}
        own["render"] = render
        moves = own | self.moves
        return Street(self.mappings, models, moves["alert"], moves["render"])

    def stage(self, rows: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Stage rows by `connection:key`; None deletes."""
        with self.db.transaction() as tx:
            for name, row in rows.items():
                connection, _, key = name.partition(":")
                record = Record(key, dict(row or {}), deleted=row is None)
                now = instant_text(self.clock())
                staging.stage(tx, connection, "things", [record], now=now)

    def walk(self) -> WalkSummary:
        """Work off what is due."""
        return walk(self.db, self.clock, self.street)

    def feed(self, rows: Mapping[str, Mapping[str, Any] | None]) -> None:
        """Stage rows and walk, a second later than the last time."""
        self.clock.turn(seconds=1)
        self.stage(rows)
        self.walk()

    def sweep(self) -> None:
        """Evaluate everything, as the clockwork does every few minutes."""
        evaluate(self.db, self.watch, self.clock())
        self.walk()

    def due(self) -> dict[str, int]:
        """Return how many items are due by stage."""
        with self.db.reading() as tx:
            return work.counts(tx)


def clusters(db: Database) -> dict[str, tuple[str, list[str]]]:
    """Return of each entity that has records its kind and its records."""
    c, e = tables.crosswalk.c, tables.entities.c
    found: dict[str, tuple[str, list[str]]] = {}
    with db.reading() as tx:
        select = sa.select(c.entity_id, e.kind, c.ref).join(tables.entities, e.id == c.entity_id)
        for entity, kind, ref in tx.execute(select.order_by(c.ref)):
            found.setdefault(entity, (kind, []))[1].append(ref)
    return found


def outcome(db: Database) -> dict[str, Any]:
    """Return all that the walk made; entities are called by kind and first record.

    Ids, and the instants at which something was done, are left out: they tell of the way.
    """
    t = tables
    names = {one: f"{kind} {refs[0]}" for one, (kind, refs) in clusters(db).items()}
    with db.reading() as tx:
        for case, ref in tx.execute(
            sa.select(t.vorgang_members.c.vorgang_id, t.vorgang_members.c.ref)
        ):  # a case is called by the least of its members, as an entity by the least of its records
            called = f"case {names.get(ref, ref)}"
            names[case] = min(names.get(case, called), called)

    def plain(row: Any) -> tuple[str, ...]:
        return tuple(_ULID.sub(lambda m: names.get(m[0], m[0]), str(value)) for value in row)

    reads = {
        "canonical": sa.select(
            t.canonical_records.c.ref, t.canonical_records.c.kind, t.canonical_records.c.fields
        ),
        "refs": sa.select(t.canonical_refs),
        "issues": sa.select(t.canonical_issues),
        "links": sa.select(
            t.links.c.from_ref, t.links.c.role, t.links.c.target, t.links.c.method, t.links.c.score
        ),
        "numbers": sa.select(t.number_tokens),
        "facts": sa.select(
            t.facts.c.subject_kind, t.facts.c.subject, t.facts.c.customer, t.facts.c.found
        ),
        "profiles": sa.select(t.profile_records),
        "stored": sa.select(t.profiles),
        "holders": sa.select(t.token_holders),
        "bases": sa.select(t.resolution_bases),
        "edges": sa.select(t.edges),
        "members": sa.select(
            t.crosswalk.c.ref, t.crosswalk.c.entity_id, t.crosswalk.c.method, t.crosswalk.c.score
        ),
        "living": sa.select(t.entities.c.id, t.entities.c.kind).where(
            t.entities.c.ended_at.is_(None)
        ),
        "found": sa.select(t.search_items),
        "words": sa.select(t.search_tokens),
        "grams": sa.select(t.search_grams),
    }
    with db.reading() as tx:
        made = {
            name: sorted(plain(row) for row in tx.execute(select)) for name, select in reads.items()
        }
        made["bases"] = [row for row in made["bases"] if row[2] != "0"]
        views = tx.execute(sa.select(t.views.c.id, t.views.c.kind, t.views.c.document)).all()
    seen: dict[str, Any] = defaultdict(dict)
    for one, kind, text in views:
        document = msgspec.json.decode(text)
        seen[kind][names.get(one, one)] = _without(document, names)
    return {**made, "views": dict(seen)}


def _without(value: Any, names: Mapping[str, str]) -> Any:
    """Return a document with entities by name, and without hashes and instants of the way."""
    if isinstance(value, dict):
        leave = {"link", "fetched_at", "as_of"}
        shown = {k: _without(v, names) for k, v in value.items() if k not in leave}
        if isinstance(shown.get("id"), str) and not shown["id"].startswith(KINDS):
            del shown["id"]
        return shown
    if isinstance(value, list):
        return [_without(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value
