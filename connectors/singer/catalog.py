"""Marks one stream of a tap's catalog as selected, in each of the three ways taps look for it."""

from collections.abc import Collection, Mapping
from typing import Any

from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.singer.config import SingerStreamConfig

Entry = dict[str, Any]


def entries_of(catalog: Any, label: str) -> dict[str, Entry]:
    """Return a catalog's entries by stream name. Raises SourceContractError where it is none."""
    listed = catalog.get("streams") if isinstance(catalog, Mapping) else None
    if not isinstance(listed, list):
        raise SourceContractError(f"{label}: its catalog holds no list `streams`")
    found = {}
    for entry in listed:
        name = entry.get("tap_stream_id") or entry.get("stream") if isinstance(entry, dict) else ""
        if not isinstance(name, str) or not name:
            raise SourceContractError(f"{label}: its catalog holds an entry without a name")
        found[name] = entry
    return found


def selected(
    entries: Mapping[str, Entry], name: str, options: SingerStreamConfig, label: str
) -> dict[str, Any]:
    """Return the catalog that asks for one stream, and those it needs beside it, alone.

    Taps look for a mark in the metadata of the stream and of each field, in the schema, or on the
    entry itself: all say the same. Raises ConnectionBrokenError for a name that is not there.
    """
    for wanted in (name, *options.beside):
        if wanted not in entries:
            there = ", ".join(sorted(entries)[:20]) or "none"
            raise ConnectionBrokenError(f"{label}: there is no stream {wanted!r}; it has: {there}")
    if options.fields is not None:
        _require_fields(entries[name], options.fields, f"{label}: stream {name}")
    streams = []
    for other, entry in entries.items():
        if other == name:
            streams.append(_marked(entry, True, options, options.fields))
        else:
            streams.append(_marked(entry, other in options.beside, SingerStreamConfig(), None))
    return {"streams": streams}


def _require_fields(entry: Entry, fields: Collection[str], where: str) -> None:
    there = _properties(entry)
    missing = sorted(set(fields) - set(there))
    if there and missing:
        raise ConnectionBrokenError(f"{where}: there is no field {', '.join(missing)}")


def _properties(entry: Entry) -> dict[str, Any]:
    schema = entry.get("schema")
    found = schema.get("properties") if isinstance(schema, dict) else None
    return found if isinstance(found, dict) else {}


def _marked(
    entry: Entry, wanted: bool, options: SingerStreamConfig, fields: Collection[str] | None
) -> Entry:
    metadata = {tuple(item["breadcrumb"]): dict(item["metadata"]) for item in _listed(entry)}
    names = dict.fromkeys([*_properties(entry), *(path[1] for path in metadata if len(path) == 2)])
    asked = {name: wanted and _asked(metadata, name, fields) for name in names}

    root = metadata.setdefault((), {})
    root["selected"] = wanted
    told = {
        "replication-method": options.replication,
        "replication-key": options.replication_key,
        "table-key-properties": list(options.key) if options.key else None,
    }
    root.update({name: value for name, value in told.items() if value is not None})
    for name, chosen in asked.items():
        metadata.setdefault(("properties", name), {})["selected"] = chosen

    marked = {**entry, "selected": wanted, "schema": _marked_schema(entry, wanted, asked)}
    marked["metadata"] = [{"breadcrumb": path, "metadata": one} for path, one in metadata.items()]
    if options.replication is not None:
        marked["replication_method"] = options.replication
    if options.replication_key is not None:
        marked["replication_key"] = options.replication_key
    return marked


def _listed(entry: Entry) -> list[Entry]:
    listed = entry.get("metadata")
    return [
        item
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
        and isinstance(item.get("breadcrumb"), list)
        and isinstance(item.get("metadata"), dict)
    ]


def _asked(
    metadata: Mapping[tuple[str, ...], Entry], name: str, fields: Collection[str] | None
) -> bool:
    inclusion = metadata.get(("properties", name), {}).get("inclusion")
    if inclusion in ("automatic", "unsupported"):
        return bool(inclusion == "automatic")
    return fields is None or name in fields


def _marked_schema(entry: Entry, wanted: bool, asked: Mapping[str, bool]) -> Entry:
    schema = entry.get("schema")
    if not isinstance(schema, dict):
        return {"selected": wanted}
    properties = {
        name: {**one, "selected": asked[name]} if isinstance(one, dict) else one
        for name, one in _properties(entry).items()
    }
    return {**schema, "selected": wanted, **({"properties": properties} if properties else {})}
