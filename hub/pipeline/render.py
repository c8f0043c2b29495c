"""Writes the stored views of entities that changed, and makes them findable."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from hub.alerts import reasons
from hub.alerts.facts import Facts
from hub.clock import instant_text
from hub.model.alert import Alert, Condition
from hub.model.fact import Subject
from hub.model.view import RenderedView, ViewRow
from hub.resolution.contact import phone
from hub.store import alerts, rendering, search, views, vorgang_lists, work
from hub.store.database import Database, Row, Tx
from hub.store.search_words import fold
from hub.vorgang.golden import Member, golden_record
from hub.vorgang.view import (
    CASE,
    ITEMS,
    LISTS,
    TIMELINE,
    EntityRecord,
    LinkedDocument,
    Material,
    Neighbour,
    Way,
    assemble,
    card,
)

BATCH = 500
NAMES = ("id", "kind", "name")
"""Facts that a view says elsewhere."""
_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


FactsOf = Callable[[Tx, Collection[Subject], datetime], Mapping[Subject, Facts]]


def no_facts(_tx: Tx, _subjects: Collection[Subject], _now: datetime) -> Mapping[Subject, Facts]:
    """Stand for facts where nobody works any out."""
    return {}


def render(
    db: Database,
    now: datetime,
    limit: int = BATCH,
    *,
    facts_of: FactsOf = no_facts,
    currency: str = "EUR",
) -> int:
    """Render one batch of entities that are due; return how many there were, 0 at the end.

    An entity that has ended loses its view. Where what others show of an entity has changed, they
    become due. currency: the company's.
    """
    with db.transaction() as tx:
        items = work.take(tx, "render", limit)
        work.done(tx, "render", items)
        _render(tx, items, now, facts_of, currency)
    return len(items)


def _render(tx: Tx, ids: Sequence[str], now: datetime, facts_of: FactsOf, currency: str) -> None:
    living = rendering.kinds(tx, ids)
    organizations = [
        Subject("customer", one) for one, kind in living.items() if kind == "organization"
    ]
    materials = _materials(tx, living, facts_of(tx, organizations, now), currency)
    documents = {material.id: assemble(material) for material in materials if material.records}
    gone = [entity_id for entity_id in ids if entity_id not in documents]
    changed = _shown_otherwise(tx, documents, currency)
    touched = {row.other for row in rendering.neighbours(tx, changed)}
    work.add(tx, "render", sorted(touched - set(ids)))
    before = views.etags(tx, documents)
    rendered = [_view(document) for document in documents.values()]
    at = instant_text(now)
    views.put(tx, [view for view in rendered if before.get(view.row.id) != view.row.etag], at)
    views.remove(tx, gone, at)
    search.put(tx, [_findable(document) for document in documents.values()])
    search.remove(tx, gone)


def _shown_otherwise(tx: Tx, documents: Mapping[str, dict[str, Any]], currency: str) -> list[str]:
    """Return the entities whose line in other entities' views is no longer what it was."""
    changed = []
    for entity_id, golden in rendering.stored_golden(tx, documents).items():
        kind = documents[entity_id]["kind"]
        now_golden = documents[entity_id]["golden"]
        if card(kind, golden, currency) != card(kind, now_golden, currency):
            changed.append(entity_id)
    return changed


@dataclass(frozen=True, slots=True)
class _Around:
    """Everything read for a batch, by entity."""

    records: Mapping[str, list[EntityRecord]]
    documents: Mapping[str, list[LinkedDocument]]
    totals: Mapping[str, dict[str, int]]
    neighbours: Mapping[str, list[Neighbour]]


def _materials(
    tx: Tx, kinds: Mapping[str, str], known: Mapping[Subject, Facts], currency: str
) -> list[Material]:
    links = rendering.neighbours(tx, kinds)
    others = rendering.kinds(tx, {row.other for row in links} - kinds.keys())
    records = _records(tx, [*kinds, *others])
    documents, totals = _documents(tx, kinds)
    around = _neighbours(links, {**others, **kinds}, records)
    warned = _alerts(tx, kinds, documents)
    customers = [entity_id for entity_id, kind in kinds.items() if kind == "organization"]
    cases = vorgang_lists.of_customers(tx, customers, ITEMS)
    return [
        Material(
            id=entity_id,
            kind=kind,
            records=records.get(entity_id, ()),
            documents=documents.get(entity_id, ()),
            totals=totals.get(entity_id, {}),
            neighbours=around.get(entity_id, ()),
            cases=[_case(row) for row in cases.get(entity_id, ())],
            total_cases=cases[entity_id][0].total if entity_id in cases else 0,
            alerts=[_alert(alert) for alert in warned.get(entity_id, ())],
            facts={
                name: {"value": fact.value, "as_of": fact.as_of, "sources": list(fact.sources)}
                for name, fact in known.get(Subject("customer", entity_id), {}).items()
                if name not in NAMES
            },
            currency=currency,
        )
        for entity_id, kind in sorted(kinds.items())
    ]


def _records(tx: Tx, ids: Collection[str]) -> dict[str, list[EntityRecord]]:
    found: dict[str, list[EntityRecord]] = {}
    for row in rendering.members(tx, ids):
        member = Member(row.ref, row.connection, row.fetched_at, _decode(row.fields))
        extensions = _decode(row.extensions)
        record = EntityRecord(member, row.stream, row.key, row.method, row.score, extensions)
        found.setdefault(row.entity_id, []).append(record)
    return found


def _documents(
    tx: Tx, ids: Collection[str]
) -> tuple[dict[str, list[LinkedDocument]], dict[str, dict[str, int]]]:
    rows = rendering.documents(tx, ids, TIMELINE)
    best: dict[tuple[str, str], Row] = {}
    for way in rendering.ways(tx, ids):
        best.setdefault((way.entity_id, way.ref), way)
    fields = rendering.fields(tx, _shown(rows))
    found: dict[str, list[LinkedDocument]] = {}
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        totals.setdefault(row.entity_id, {})[row.kind] = row.total
        item = LinkedDocument(
            ref=row.ref,
            kind=row.kind,
            connection=row.connection,
            at=row.at,
            number=row.number,
            title=row.title,
            status=row.status,
            way=_way(best[row.entity_id, row.ref]),
            fields=_decode(fields[row.ref]) if row.ref in fields else {},
        )
        found.setdefault(row.entity_id, []).append(item)
    return found, totals


def _shown(rows: Iterable[Row]) -> set[str]:
    """Return the documents whose fields a view shows: the newest of each kind."""
    seen: dict[tuple[str, str], int] = {}
    shown = set()
    for row in rows:
        place = (row.entity_id, row.kind)
        seen[place] = seen.get(place, 0) + 1
        if seen[place] <= ITEMS and row.kind in LISTS:
            shown.add(row.ref)
    return shown


def _way(row: Row) -> Way:
    return Way(row.id, row.role, row.method, row.score)


def _neighbours(
    links: Sequence[Row], kinds: Mapping[str, str], records: Mapping[str, list[EntityRecord]]
) -> dict[str, list[Neighbour]]:
    """Return each entity's neighbours once, by their best link."""
    best: dict[tuple[str, str], Row] = {}
    for row in sorted(links, key=lambda row: (-row.score, row.role, row.id)):
        if row.other != row.entity_id and row.other in kinds and row.other in records:
            best.setdefault((row.entity_id, row.other), row)
    golden = {
        other: golden_record([record.member for record in records[other]])
        for other in {other for _, other in best}
    }
    found: dict[str, list[Neighbour]] = {}
    for (entity_id, other), row in best.items():
        neighbour = Neighbour(other, kinds[other], golden[other], _way(row))
        found.setdefault(entity_id, []).append(neighbour)
    return found


def _alerts(
    tx: Tx, kinds: Mapping[str, str], documents: Mapping[str, Sequence[LinkedDocument]]
) -> dict[str, list[Alert]]:
    """Return a customer's alerts, and for a person or project those of its deals."""
    deals = {
        entity_id: [item.ref for item in documents.get(entity_id, ()) if item.kind == "deal"]
        for entity_id, kind in kinds.items()
        if kind != "organization"
    }
    subjects = {ref for refs in deals.values() for ref in refs}
    by_entity, by_subject = alerts.around(tx, kinds, subjects)
    found = dict(by_entity)
    for entity_id, refs in deals.items():
        found[entity_id] = [alert for ref in refs for alert in by_subject.get(ref, ())]
    return found


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "rule": alert.rule,
        "name": alert.texts.get("name"),
        "clears_when": alert.texts.get("clears_when"),
        "condition": alert.state.condition,
        "severity": alert.state.severity,
        "since": alert.state.since,
        "fired_at": alert.state.fired_at,
        "subject": {"kind": alert.subject.kind, "id": alert.subject.id},
        "reasons": reasons.told(alert.evidence.get("current", {})),
        "evidence": alert.evidence.get("current"),
    }


def _case(row: Row) -> dict[str, Any]:
    gaps = msgspec.json.decode(row.gaps)
    return {
        **{name: getattr(row, name) for name in CASE},
        "gaps": [
            {name: gap[name] or None for name in ("type", "department", "since")} for gap in gaps
        ],
    }


def _view(document: dict[str, Any]) -> RenderedView:
    text = _encode(document)
    golden = document["golden"]
    firing = [alert for alert in document["alerts"] if alert["condition"] == Condition.FIRING]
    row = ViewRow(
        id=document["id"],
        kind=document["kind"],
        name=document["name"],
        sort_name=fold(document["name"]),
        country=_value(golden, "country"),
        city=_value(golden, "city"),
        firing=len(firing),
        etag=blake2b(text, digest_size=16).hexdigest(),
    )
    return RenderedView(row, text.decode())


def _value(golden: Mapping[str, Any], name: str) -> str | None:
    return str(golden[name]["value"]) if name in golden else None


def _findable(document: dict[str, Any]) -> search.SearchItem:
    golden = document["golden"]
    also = [_value(golden, name) for name in ("city", "number", "vat_id")]
    for name in ("phones", "trade_names", "emails"):
        told = golden[name]["value"][:5] if name in golden else []
        also += map(phone, told) if name == "phones" else told
    text = " ".join(str(word) for word in also if word)
    return search.SearchItem(document["id"], document["kind"], document["name"][:200], text)
