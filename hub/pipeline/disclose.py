"""Tells a person, or a customer, all that is held of them (Art. 15 GDPR), and nothing of others.

What is theirs is found as an erasure would find it; what names others stands masked.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import msgspec

from hub.model.erasure import Plan
from hub.pipeline.erase_cuts import Cut, quarantined, subjects_of
from hub.pipeline.erase_plan import draft, found_by
from hub.pipeline.erase_preview import takes_along, would_cut
from hub.pipeline.mask import Mask, others_of
from hub.pipeline.sieve import MarkSieve
from hub.store import (
    alerts,
    canonical,
    disclosing,
    entities,
    erasing,
    evidence,
    judgements,
    vorgaenge,
)
from hub.store.database import Row, Tx

_decode = msgspec.json.Decoder(dict[str, Any]).decode
Told = dict[str, Any]


def disclose(tx: Tx, sieve: MarkSieve, target: str, now: datetime) -> Told:
    """Return all that is held of whom a target names; nothing changes.

    sieve: with any key, as its marks are not kept. Raises as `found_by` does.
    """
    kind, ids, address = found_by(tx, target)
    plan = draft(tx, sieve, kind, ids, address, now.date(), any_firm=True)
    cuts = would_cut(tx, sieve, plan, now)
    takes_along(tx, plan, cuts)
    mask = Mask(sieve, others_of(tx, sieve, plan))
    made = erasing.made_of(tx, [one.id for one in cuts])
    refs = {row.ref for row in made if row.source_id in {one.id for one in cuts if one.is_own}}
    about = {*refs, *ids}
    theirs = {one for some in entities.records_of(tx, ids).values() for one in some}
    warned = _alerts(tx, mask, plan, about)
    return {
        "kind": kind,
        "ids": list(ids),
        "known_by": sorted(plan.values),
        "records": _records(tx, mask, plan, cuts),
        "identity": [_identity(tx, mask, one) for one in ids],
        "read_as": [
            {"ref": row.ref, "kind": row.kind, "fields": mask.words(_decode(row.fields))}
            for row in canonical.get(tx, sorted(refs))
            if row.kind not in ("person", "organization") or row.ref in theirs
        ],
        "links": _links(made, refs),
        "cases": _cases(tx, mask, {row.ref for row in made} | set(ids)),
        "facts": _facts(tx, mask, plan),
        "alerts": warned,
        "judgements": _judged(tx, mask, refs),
        "quarantine": _quarantine(tx, sieve, mask, plan),
        "told_to": _told_to(tx, plan, [one["id"] for one in warned]),
    }


def _records(tx: Tx, mask: Mask, plan: Plan, cuts: Collection[Cut]) -> list[Told]:
    """Return every version of what is theirs; of what is others' only what names them."""
    fates, found = {one.ref: one for one in plan.records}, []
    by_id = {one.id: one for one in cuts}
    told: dict[int, Told] = {}
    for row in disclosing.versions_of(tx, by_id):
        cut, data = by_id[row.id], _decode(row.payload)
        if row.id not in told:
            ref = cut.key.ref()
            fate = fates[ref]
            told[row.id] = {
                "ref": ref,
                "source": row.connection,
                "stream": row.stream,
                "kind": fate.kind,
                "theirs": cut.is_own,
                "kept_until": fate.until,
                "kept_because": fate.why or None,
                "deleted_there": bool(row.gone),
                "first_seen_at": row.first_seen_at,
                "versions": [],
            }
            found.append(told[row.id])
        held = mask.own(cut.key, data) if cut.is_own else mask.only(cut.key, data, plan)
        if held:
            version = {"version": row.version, "fetched_at": row.fetched_at, "data": held}
            told[row.id]["versions"].append(version)
    return [one for one in found if one["versions"]]


def _identity(tx: Tx, mask: Mask, entity_id: str) -> Told:
    """Return which records are taken for them, on what ground and since when."""
    members = evidence.members(tx, entity_id)
    row = entities.get(tx, entity_id)
    former = [
        {"ref": one.ref, "from": one.valid_from, "to": one.valid_to, "score": one.score}
        for one in entities.history(tx, entity_id)
    ]
    return {
        "id": entity_id,
        "since": row.created_at if row else None,
        "records": [
            {"ref": one.ref, "method": one.method, "score": one.score, "since": one.valid_from}
            for one in members
        ],
        "evidence": [asdict(one) for one in evidence.pairs_within(tx, members)],
        "former": former,
        "events": [
            {"type": one.type, "at": one.at, "detail": mask.words(_decode(one.detail))}
            for one in entities.events(tx, entity_id)
        ],
    }


def _links(made: Iterable[Row], refs: Collection[str]) -> list[Told]:
    """Return the papers they stand in, by number and state, without what these say of others."""
    return [
        {"ref": row.ref, "kind": row.kind, "number": row.number, "status": row.status, "at": row.at}
        for row in made
        if row.ref not in refs and row.kind not in ("person", "organization")
    ]


def _cases(tx: Tx, mask: Mask, refs: Collection[str]) -> list[Told]:
    found = vorgaenge.rows(tx, vorgaenge.of_members(tx, refs))
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "title": mask.words(row.title),
            "phase": row.phase,
            "opened_at": row.opened_at,
            "last_event_at": row.last_event_at,
            "closed_at": row.closed_at,
        }
        for _, row in sorted(found.items())
    ]


def _facts(tx: Tx, mask: Mask, plan: Plan) -> list[Told]:
    subjects = subjects_of(plan.kind, plan.entities)
    return [
        {
            "subject": one.subject.kind,
            "from": one.valid_from,
            "to": until,
            "facts": mask.words(one.found),
        }
        for one, until in disclosing.facts_of(tx, subjects)
    ]


def _alerts(tx: Tx, mask: Mask, plan: Plan, about: Collection[str]) -> list[Told]:
    subjects = subjects_of(plan.kind, plan.entities) | alerts.subjects_among(tx, about)
    return [
        {
            "id": one.id,
            "rule": one.rule,
            "name": one.texts.get("name"),
            "about": one.subject.kind,
            "condition": one.state.condition.value,
            "opened_at": one.state.opened_at,
            "evidence": mask.words(one.evidence),
            "course": [
                {"at": event.at, "to": event.after.value} for event in alerts.events_of(tx, one.id)
            ],
        }
        for one in alerts.concerning(tx, subjects, to_change=False)
    ]


def _judged(tx: Tx, mask: Mask, refs: Iterable[str]) -> list[Told]:
    """Return what people said of whom records mean; who said it is theirs."""
    return [
        {
            "left": one.left,
            "right": one.right,
            "verdict": one.verdict,
            "reason": mask.words(one.reason),
            "at": one.created_at,
        }
        for one in judgements.standing(tx, sorted(refs))
    ]


def _quarantine(tx: Tx, sieve: MarkSieve, mask: Mask, plan: Plan) -> list[Told]:
    ids = set(quarantined(tx, sieve, plan.marks.keys()))
    return [
        {"source": row.connection, "stream": row.stream, "raw": mask.words(row.raw)}
        for row in erasing.quarantined(tx)
        if row.id in ids
    ]


def _told_to(tx: Tx, plan: Plan, alert_ids: Collection[str]) -> list[Told]:
    """Return whom the hub told of them: by which alert, or by a notice that holds their words."""
    found = [
        {"target": row.target, "at": row.told_at, "last_at": row.last_at, "alert": row.alert_id}
        for row in disclosing.told_of(tx, alert_ids)
    ]
    notices = disclosing.notices_with(tx, sorted(plan.values))
    return found + [
        {"target": row.target, "at": row.created_at, "last_at": row.sent_at} for row in notices
    ]


def counted(told: Mapping[str, Any]) -> dict[str, int]:
    """Return how much there is of each: what a preview shows."""
    return {name: len(value) for name, value in told.items() if isinstance(value, list)}
