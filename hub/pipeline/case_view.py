"""Shows business cases: lines of a list, one whole case, its timeline, why a link stands."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import msgspec

from hub.errors import NotFoundError
from hub.model.vorgang import PHASES, Dwell
from hub.pipeline.papers import read
from hub.store import flow as flow_store
from hub.store import link_candidates, link_decisions, links, views, vorgaenge, vorgang_lists
from hub.store.database import Row, Tx
from hub.store.vorgang_lists import Filter
from hub.vorgang.amounts import without_rate
from hub.vorgang.health import health
from hub.vorgang.paper import PRICE, Paper

_decode = msgspec.json.decode
MEMBERS = 1000
"""Members of a case that are shown; `member_count` says how many there are."""
_AMOUNTS = ("quoted", "ordered", "invoiced", "credited", "paid")


def lines(
    tx: Tx, wanted: Filter, currency: str, *, after: tuple[str, str] | None = None, limit: int = 50
) -> tuple[list[dict[str, Any]], tuple[str, str] | None]:
    """Return a page of cases, those last heard of first, and where the next page begins.

    currency: the company's, here as below.
    """
    rows = vorgang_lists.page(tx, wanted, after=after, limit=limit + 1)
    more, rows = len(rows) > limit, rows[:limit]
    names = views.names(tx, {row.party for row in rows if row.party})
    usual = vorgang_lists.dwells(tx)
    today = date.fromisoformat(wanted.today)
    found = [_line(row, names, usual, today, currency) for row in rows]
    return found, (rows[-1].last_event_at or "", rows[-1].id) if more else None


def _line(
    row: Row,
    names: Mapping[str, str],
    usual: Mapping[tuple[str, str], Dwell],
    today: date,
    currency: str,
) -> dict[str, Any]:
    """Return a case as a list shows it."""
    gaps, wrong = _decode(row.gaps), _decode(row.contradictions)
    how = health(
        phase=row.phase,
        since=row.phase_since,
        gaps={gap["type"]: gap["since"] for gap in gaps},
        contradictions=len(wrong),
        usual=usual.get((row.kind, row.phase)),
        today=today,
    )
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "customer": {"id": row.party, "name": names.get(row.party)} if row.party else None,
        "phase": row.phase,
        "phase_since": row.phase_since,
        "value_minor": row.value_minor,
        "currency": row.currency,
        "value_base_minor": row.value_base_minor,
        "base_currency": currency,
        "opened_at": row.opened_at,
        "last_event_at": row.last_event_at,
        "closed_at": row.closed_at,
        "departments": _decode(row.departments),
        "gaps": [gap["type"] for gap in gaps if gap["since"] <= today.isoformat()],
        "health": {
            "state": how.state,
            "reasons": how.reasons,
            "days_in_phase": how.days,
            "p90_days": how.usual.p90_days if how.usual else None,
            "compared_with": how.usual.vorgaenge if how.usual else 0,
        },
        "confidence": row.confidence,
        "member_count": row.members,
    }


def living(tx: Tx, wanted: str) -> Row:
    """Return a case, or the one it was merged into. Raises NotFoundError."""
    row = vorgang_lists.get(tx, wanted)
    if row is not None and row.merged_into is not None:
        row = vorgang_lists.get(tx, row.merged_into)
    if row is None or row.state != "living":
        raise NotFoundError(f"there is no business case {wanted}")
    return row


def whole(tx: Tx, row: Row, today: date, currency: str) -> dict[str, Any]:
    """Return a living case with its members, phases, gaps and what the hub did with it."""
    names = views.names(tx, [row.party]) if row.party else {}
    usual = vorgang_lists.dwells(tx)
    members = vorgaenge.members(tx, [row.id])
    papers = read(tx, [member.ref for member in members[:MEMBERS]]).papers
    gaps = _decode(row.gaps)
    for gap in gaps:
        gap["open"] = gap["since"] <= today.isoformat()
        gap["since"] = gap["since"] or None
    return {
        **_line(row, names, usual, today, currency),
        "amounts": {name: getattr(row, f"{name}_minor") for name in _AMOUNTS},
        "amounts_base": {name: getattr(row, f"{name}_base_minor") for name in _AMOUNTS},
        "without_rate": without_rate(papers.values(), currency),
        "phases": [
            _phase(one, row.kind, usual, today)
            for one in sorted(vorgaenge.phases(tx, row.id), key=lambda one: PHASES.index(one.phase))
        ],
        "gaps": gaps,
        "contradictions": _decode(row.contradictions),
        "members": [
            _member(member, papers[member.ref], currency)
            for member in members
            if member.ref in papers
        ],
        "split_from": row.split_from,
        "events": [
            {"type": event.type, "at": event.at, "detail": _decode(event.detail)}
            for event in vorgang_lists.events(tx, row.id)
        ],
    }


def _phase(
    row: Row, kind: str, usual: Mapping[tuple[str, str], Dwell], today: date
) -> dict[str, Any]:
    known = usual.get((kind, row.phase))
    days = row.days
    if row.left_at is None and row.phase != "closed":
        days = (today - date.fromisoformat(row.entered_at)).days
    return {
        "phase": row.phase,
        "entered_at": row.entered_at,
        "left_at": row.left_at,
        "days": days,
        "p90_days": known.p90_days if known else None,
    }


def _member(row: Row, paper: Paper, currency: str) -> dict[str, Any]:
    return {
        **_paper(paper, currency),
        "role": row.role,
        "share_pct": row.share_pct,
        "link": row.via,
        "score": row.score,
    }


def _paper(paper: Paper, currency: str) -> dict[str, Any]:
    return {
        "ref": paper.ref,
        "kind": paper.kind,
        "connection": paper.connection,
        "number": paper.number,
        "title": paper.title,
        "status": paper.status,
        "amount_minor": paper.minor(*PRICE),
        "currency": paper.fields.get("currency"),
        "amount_base_minor": paper.worth(currency, *PRICE),
    }


def timeline(tx: Tx, vorgang_id: str) -> list[dict[str, Any]]:
    """Return all that happened in a case, newest first."""
    refs = [member.ref for member in vorgaenge.members(tx, [vorgang_id])]
    found = [
        {
            "at": at,
            "what": what,
            "ref": paper.ref,
            "kind": paper.kind,
            "connection": paper.connection,
            "number": paper.number,
            "title": paper.title,
        }
        for paper in read(tx, refs).papers.values()
        for at, what in paper.happenings()
    ]
    return sorted(found, key=lambda one: (one["at"], one["ref"], one["what"]), reverse=True)


def why(tx: Tx, link_id: str, currency: str) -> dict[str, Any] | None:
    """Return what speaks for a link that stands or waits, with both ends and people's words."""
    waiting = link_candidates.get(tx, link_id)
    link = links.get(tx, link_id) or (waiting.link if waiting else None)
    if link is None:
        return None
    ends = (link.from_ref, link.target)
    papers = read(tx, ends, resolved=False).papers
    projects = flow_store.first_records(tx, [end for end in ends if ":" not in end])
    said = link_decisions.between(tx, link.from_ref, projects.get(link.target, link.target))
    return {
        "id": link_id,
        "state": "standing" if waiting is None or waiting.link != link else "waiting",
        "from_ref": link.from_ref,
        "role": link.role,
        "target": link.target,
        "method": link.method,
        "score": link.score,
        "evidence": link.evidence,
        "ends": [_paper(papers[end], currency) for end in ends if end in papers],
        "decisions": said,
    }


def waiting(
    tx: Tx, currency: str, *, after: tuple[float, str] | None, customer: str | None, limit: int
) -> tuple[list[dict[str, Any]], tuple[float, str] | None]:
    """Return a page of links that wait for a word, the strongest first, with both ends."""
    found = link_candidates.page(tx, after=after, party=customer, limit=limit + 1)
    more, found = len(found) > limit, found[:limit]
    papers = _ends(tx, currency, (end for one in found for end in (one.from_ref, one.target)))
    names = views.names(tx, {one.party for one in found})
    items = [
        {
            "id": one.id,
            "from_ref": one.from_ref,
            "role": one.role,
            "target": one.target,
            "method": one.method,
            "score": one.score,
            "evidence": one.evidence,
            "customer": {"id": one.party, "name": names.get(one.party)},
            "ends": [papers[end] for end in (one.from_ref, one.target) if end in papers],
            "why": f"/v1/links/{one.id}/why",
        }
        for one in found
    ]
    return items, (found[-1].score, found[-1].id) if more else None


def _ends(tx: Tx, currency: str, nodes: Iterable[str]) -> dict[str, dict[str, Any]]:
    return {
        ref: _paper(paper, currency)
        for ref, paper in read(tx, set(nodes), resolved=False).papers.items()
    }
