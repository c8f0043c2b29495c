"""One record through a mapping of a line or two."""

from typing import Any

from connectors.sdk.record import Record, RecordKey
from mapping.apply import CompiledMapping, apply
from mapping.canonical import CanonicalRecord, Issue
from tests.mapping.crm import compiled


def entries(body: str, defaults: str = "") -> CompiledMapping:
    """Return the mapping of stream `accounts` with these entries (YAML, flow style)."""
    return compiled(f"defaults: {{{defaults}}}\nstreams:\n  accounts: {body}\n")


def run(mapping: CompiledMapping, data: dict[str, Any]) -> list[CanonicalRecord]:
    return apply(mapping, RecordKey("crm", "accounts", "1"), Record("1", data))


def fields(field: str, data: dict[str, Any], *, kind: str = "deal", **more: str) -> dict[str, Any]:
    """Return the fields that one field's YAML makes of a record."""
    (made,) = run(entries(f"[{{kind: {kind}, fields: {{{field}}}}}]", **more), data)
    return made.fields


def issues(field: str, data: dict[str, Any], *, kind: str = "deal") -> tuple[Issue, ...]:
    (made,) = run(entries(f"[{{kind: {kind}, fields: {{{field}}}}}]"), data)
    return made.issues
