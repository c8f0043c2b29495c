"""Tells what is held of somebody, for whoever asks: the document, and a page to read."""

import os
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import msgspec

from hub.alerts import reasons
from hub.alerts.fact_words import LABELS, Label
from hub.clock import instant_text
from hub.model.access_words import NAMES, VALUES, WORDS, YES
from hub.pipeline.disclose import counted, disclose
from hub.pipeline.marks import Marker
from hub.pipeline.sieve import MarkSieve
from hub.runtime import Runtime
from hub.store import api_keys

__all__ = ["access", "counted", "is_held", "page"]

SECTIONS = (
    *("known_by", "records", "identity", "read_as", "links", "cases", "facts", "alerts"),
    *("judgements", "quarantine", "told_to", "readers", "sources"),
)


def access(hub: Runtime, target: str) -> dict[str, Any]:
    """Return all that is held of whom `target` names; nothing changes.

    Raises NotFoundError, ConflictError where it is not clear who is meant.
    """
    sieve = MarkSieve(Marker(os.urandom(32)), hub.street.mappings)  # marks that nobody keeps
    with hub.database.reading() as tx:
        told = disclose(tx, sieve, target, hub.clock())
        readers = [one.name for one in api_keys.everyone(tx) if one.revoked_at is None]
    used = {record["source"] for record in told["records"]}
    sources = {
        name: {"product": one.source.rpartition("/")[2], "system": one.system}
        for name, one in hub.connections.items()
        if name in used
    }
    notes = {
        language: {name: words[name] for name in ("retention", "logic", "beyond")}
        for language, words in WORDS.items()
    }
    return {
        "made_at": instant_text(hub.clock()),
        "controller": hub.loaded.config.company.name,
        **told,
        "readers": readers,
        "sources": sources,
        "notes": notes,
    }


def is_held(told: Mapping[str, Any]) -> bool:
    """Return whether the hub holds anything of whom it was asked for."""
    counts = counted(told)
    return any(counts[name] for name in counts.keys() - {"known_by", "readers"})


def page(told: Mapping[str, Any], language: str) -> str:
    """Return the document as a page to read or print. language: de or en."""
    words = WORDS[language]
    told = {**told, "alerts": [_with_reasons(one, language) for one in told["alerts"]]}
    parts = [
        f"<h2>{escape(words[name])}</h2>{_shown(told[name], language, named=name != 'sources')}"
        for name in SECTIONS
    ]
    notes = "".join(f"<p>{escape(text)}</p>" for text in told["notes"][language].values())
    head = f"{words['made']} {told['made_at'][:10]} · {words['by']}: {told['controller']}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style>"
        f"<body><h1>{escape(words['title'])}</h1><p>{escape(head)}</p>{''.join(parts)}"
        f"<h2>{escape(words['notes'])}</h2>{notes}</body></html>\n"
    )


_STYLE = (
    "body{font:15px/1.45 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.3em 0}th{text-align:left;font-weight:normal;color:#555}"
    "body{overflow-wrap:anywhere}"
    "td,th{border-bottom:1px solid #ddd;padding:.15em .6em .15em 0;vertical-align:top}"
    "li{margin:.6em 0}h2{margin-top:2em}"
)
_OF_OTHERS = frozenset({"data", "raw", "fields", "detail", "evidence"})
"""Parts whose inner names are not the document's own: shown as they are."""
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:\.\d+)?Z")


def _with_reasons(alert: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return an alert as people read it: its name and reasons in one language."""
    name = (alert["name"] or {}).get(language)
    return {**alert, "name": name, "reasons": reasons.told(alert["evidence"])[language]}


def _shown(value: Any, language: str, *, named: bool = True, raw: bool = False) -> str:
    """Return a value as HTML. named: its own names are the document's; raw: no name in it is."""
    if value is None or value in ("", [], {}):
        return f"<span>{escape(WORDS[language]['none'])}</span>"
    if isinstance(value, Mapping):
        return _table(value, language, named=named and not raw, raw=raw)
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return escape(", ".join(value))
        rows = "".join(f"<li>{_shown(one, language, raw=raw)}</li>" for one in value)
        return f"<ul>{rows}</ul>"
    if isinstance(value, bool) and not raw:
        return YES[value][language]
    if not isinstance(value, str):
        return escape(msgspec.json.encode(value).decode())
    return escape(value if raw else _INSTANT.sub(r"\1 \2 UTC", value))


def _table(value: Mapping[str, Any], language: str, *, named: bool, raw: bool) -> str:
    facts = LABELS.get(str(value.get("subject")), {}) if named else {}
    rows = []
    for name, one in value.items():
        if one in (None, "", [], {}):
            continue
        if named and name == "facts":
            one = {_fact(facts, fact, language): held for fact, held in one.items()}
        if named and isinstance(one, str):
            one = VALUES.get(name, {}).get(one, {}).get(language, one)
        inside = raw or (named and name in _OF_OTHERS and not _is_evidence(one))
        shown = _shown(one, language, named=name != "facts", raw=inside)
        title = NAMES.get(name, {}).get(language, name) if named else name
        rows.append(f"<tr><th>{escape(str(title))}</th><td>{shown}</td></tr>")
    return f"<table>{''.join(rows)}</table>"


def _is_evidence(value: Any) -> bool:
    """Return whether it is the evidence of an identity, a list of pairs, not that of an alert."""
    return isinstance(value, list) and all("bits" in one for one in value)


def _fact(labels: Mapping[str, Label], name: str, language: str) -> str:
    label = labels.get(name)
    return name if label is None else label.de if language == "de" else label.en
