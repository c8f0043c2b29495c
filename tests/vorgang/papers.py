"""Papers of business cases, in one line each."""

from typing import Any

from hub.model.vorgang import Vorgang
from hub.vorgang.case import Ground, vorgang
from hub.vorgang.paper import Paper
from hub.vorgang.threads import FlowLink, threads

PARTY = "01PARTY"


def paper(kind: str, ref: str = "", /, **fields: Any) -> Paper:
    """Return a paper of one customer, in euros."""
    linked: dict[str, Any] = {
        name: frozenset(fields.pop(name, ())) for name in ("contracts", "invoices")
    }
    parties = frozenset(fields.pop("parties", (PARTY,)))
    fields.setdefault("currency", "EUR")
    number, title = fields.get("number"), fields.get("name") or fields.get("subject")
    return Paper(ref or f"a:{kind}:1", kind, "a", fields, number, title, parties, **linked)


def told(*papers: Paper, ground: Ground | None = None) -> Vorgang:
    """Return the one case these papers are; each follows from the first."""
    first, *others = papers
    links = [FlowLink(f"l{n}", first.ref, one.ref, 1.0) for n, one in enumerate(others)]
    kinds = {one.ref: one.kind for one in papers}
    (thread,) = threads(kinds, links, {})
    return vorgang(thread, {one.ref: one for one in papers}, ground or Ground())
