"""Tells what is held of somebody, for whoever asks: the document, and a page to read."""

import os
from collections.abc import Mapping
from html import escape
from typing import Any

import msgspec

from hub.clock import instant_text
from hub.pipeline.disclose import counted, disclose
from hub.pipeline.marks import Marker
from hub.pipeline.sieve import MarkSieve
from hub.runtime import Runtime
from hub.store import api_keys

__all__ = ["access", "counted", "page"]

WORDS: Mapping[str, Mapping[str, str]] = {
    "de": {
        "title": "Auskunft nach Art. 15 DSGVO",
        "made": "Stand",
        "by": "Verantwortlich",
        "known_by": "Bekannt unter",
        "records": "Was Quellen über Sie sagen, in jeder Fassung",
        "identity": "Welche Datensätze für Sie gehalten werden, und warum",
        "read_as": "Wie diese Datensätze gelesen werden",
        "links": "Vorgänge und Belege, in denen Sie vorkommen",
        "cases": "Geschäftsvorgänge",
        "facts": "Was daraus berechnet wurde, mit Verlauf",
        "alerts": "Meldungen",
        "judgements": "Entscheidungen von Menschen, was zusammengehört",
        "quarantine": "Eingaben, die nicht gelesen werden konnten",
        "told_to": "Wem es mitgeteilt wurde",
        "readers": "Wer es abrufen kann",
        "sources": "Woher die Daten kommen",
        "notes": "Hinweise",
        "none": "nichts",
        "retention": "Was die Quelle hält, hält auch der Hub; was dort gelöscht ist, bleibt in "
        "seiner letzten Fassung, bis es auch hier gelöscht wird. Wo ein Gesetz eine Frist setzt, "
        "steht sie beim Datensatz.",
        "logic": "Dass Datensätze dieselbe Person meinen, wird aus Namen, Anschriften, Nummern und "
        "Kennungen berechnet (Bits: log2 eines Wahrscheinlichkeitsverhältnisses) oder von Menschen "
        "entschieden. Eine Entscheidung mit rechtlicher Wirkung trifft der Hub nicht.",
        "beyond": "Nicht enthalten sind Dateien außerhalb der Datenbank: Aufzeichnungen, Exporte, "
        "Sicherungen. Zwecke und Rechtsgrundlagen nennt der Verantwortliche. Namen, Adressen und "
        "Nummern anderer sind verdeckt: [other person].",
    },
    "en": {
        "title": "Access under Art. 15 GDPR",
        "made": "As of",
        "by": "Controller",
        "known_by": "Known by",
        "records": "What sources say of you, in every version",
        "identity": "Which records are taken for you, and why",
        "read_as": "How these records are read",
        "links": "Papers you stand in",
        "cases": "Business cases",
        "facts": "What was made of it, with its course",
        "alerts": "Alerts",
        "judgements": "What people decided belongs together",
        "quarantine": "Input that could not be read",
        "told_to": "Whom it was told to",
        "readers": "Who can ask for it",
        "sources": "Where it comes from",
        "notes": "Notes",
        "none": "nothing",
        "retention": "What the source keeps, the hub keeps; what is deleted there stays in its "
        "last version until it is erased here, too. Where a law sets a term, it stands with the "
        "record.",
        "logic": "That records mean the same person is worked out from names, addresses, numbers "
        "and identifiers (bits: log2 of a ratio of likelihoods), or was decided by people. The hub "
        "takes no decision with legal effect.",
        "beyond": "Not in it are files outside the database: recordings, exports, backups. "
        "Purposes and legal grounds are the controller's to name. Names, addresses and numbers of "
        "others are masked: [other person].",
    },
}
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


def page(told: Mapping[str, Any], language: str) -> str:
    """Return the document as a page to read or print. language: de or en."""
    words = WORDS[language]
    parts = [f"<h2>{escape(words[name])}</h2>{_shown(told[name], words)}" for name in SECTIONS]
    notes = "".join(f"<p>{escape(text)}</p>" for text in told["notes"][language].values())
    head = f"{words['made']} {told['made_at'][:10]} · {words['by']}: {told['controller']}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><meta charset="utf-8">'
        f"<title>{escape(words['title'])}</title><style>{_STYLE}</style>"
        f"<body><h1>{escape(words['title'])}</h1><p>{escape(head)}</p>{''.join(parts)}"
        f"<h2>{escape(words['notes'])}</h2>{notes}</body></html>\n"
    )


_STYLE = (
    "body{font:15px/1.45 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse;margin:.3em 0}th{text-align:left;font-weight:normal;color:#555}"
    "td,th{border-bottom:1px solid #ddd;padding:.15em .6em .15em 0;vertical-align:top}"
    "li{margin:.6em 0}h2{margin-top:2em}"
)


def _shown(value: Any, words: Mapping[str, str]) -> str:
    if value is None or value in ("", [], {}):
        return f"<span>{escape(words['none'])}</span>"
    if isinstance(value, Mapping):
        rows = "".join(
            f"<tr><th>{escape(str(name))}</th><td>{_shown(one, words)}</td></tr>"
            for name, one in value.items()
            if one not in (None, "", [], {})
        )
        return f"<table>{rows}</table>"
    if isinstance(value, list):
        if all(isinstance(one, str) for one in value):
            return escape(", ".join(value))
        return f"<ul>{''.join(f'<li>{_shown(one, words)}</li>' for one in value)}</ul>"
    return escape(value if isinstance(value, str) else msgspec.json.encode(value).decode())
