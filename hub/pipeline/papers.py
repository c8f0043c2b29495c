"""Reads records as the papers of business cases: documents by ref, projects by entity."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from hub.store import flow
from hub.store.database import Row, Tx
from hub.vorgang.flow import flow_kind
from hub.vorgang.golden import Member, golden_record
from hub.vorgang.paper import Paper

_decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(slots=True)
class Read:
    """Papers, when each was first seen, in milliseconds, and what lines are worth; by node."""

    papers: dict[str, Paper] = field(default_factory=dict)
    first_seen: dict[str, int] = field(default_factory=dict)
    line_minor: dict[str, int] = field(default_factory=dict)


def begins_at(row: Row) -> str:
    """Return the record a link begins at, or the project it stands for."""
    node: str = row.entity_id if row.from_kind == "project" and row.entity_id else row.from_ref
    return node


def read(tx: Tx, nodes: Collection[str], *, resolved: bool = True) -> Read:
    """Return what these documents and projects say; what is outside of the flow is left out.

    resolved: projects only as what they are resolved to, not as single records.
    """
    rows: dict[str, list[Row]] = {}
    for row in flow.records(tx, nodes):
        if not (resolved and row.kind == "project" and row.node == row.ref):
            rows.setdefault(row.node, []).append(row)
    context: dict[str, dict[str, set[str]]] = {}
    for row in flow.context(tx, rows):
        context.setdefault(row.node, {}).setdefault(row.role, set()).add(row.target)
    found = Read()
    for node, some in rows.items():
        _take(found, node, some, context.get(node, {}))
    return found


def _take(found: Read, node: str, rows: Sequence[Row], near: dict[str, set[str]]) -> None:
    fields, first = _fields(rows), min(rows, key=lambda row: row.ref)
    if first.kind == "line" and isinstance(fields.get("net_minor"), int):
        found.line_minor[node] = fields["net_minor"]
    kind = flow_kind(first.kind, fields)
    if kind is None:
        return
    found.papers[node] = Paper(
        ref=node,
        kind=kind,
        connection=first.connection,
        fields=fields,
        number=first.number,
        title=fields.get("name") if kind == "project" else first.title,
        parties=frozenset(near.get("organization", ())),
        contracts=frozenset(near.get("contract", ())),
    )
    found.first_seen[node] = _milliseconds(min(row.first_seen_at for row in rows))


def _fields(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a document's fields, or the best of a project's records."""
    if len(rows) == 1:
        return _decode(rows[0].fields)
    members = [Member(row.ref, row.connection, row.fetched_at, _decode(row.fields)) for row in rows]
    return {name: best["value"] for name, best in golden_record(members).items()}


def _milliseconds(instant: str) -> int:
    return int(datetime.fromisoformat(instant).timestamp() * 1000)
