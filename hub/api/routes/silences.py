"""Silences: which notices are muted, until when, by whom and why."""

from collections import Counter
from typing import Annotated, Any

from fastapi import Path

from hub.api import alert_schemas, schemas
from hub.api.access import Hub, MayRead, Writer, now_text
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routes.alerts import announce
from hub.api.routing import api_router
from hub.clock import instant_text
from hub.errors import ConflictError
from hub.model.fact import Subject
from hub.model.notice import Silence
from hub.model.view import Page, page_of
from hub.pipeline import handle
from hub.pipeline.muted import matched
from hub.store import silences

MOST_SHOWN = 200
"""Alerts a preview names."""

router = api_router(prefix="/v1/silences", tags=["alerts"])


@router.get(
    "",
    operation_id="list_silences",
    summary="List silences, newest first",
    response_model=schemas.PageOf[alert_schemas.Silence],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayRead],
)
def list_all(hub: Hub, limit: Limit = 50, after: After = None) -> Any:
    """Those that are pending, active, and expired."""
    name = list_name("silences")
    position = listed(name, after)
    with hub.database.reading() as tx:
        found = silences.page(tx, after=position[0] if position else "", limit=limit + 1)
    page, now = page_of(found, limit, lambda one: (one.id, "")), now_text(hub)
    return page_answer(name, Page(tuple(_answer(one, now) for one in page.items), page.next))


@router.post(
    "",
    operation_id="create_silence",
    summary="Mute the notices of all alerts that match",
    status_code=201,
    response_model=alert_schemas.Silence,
    responses=answers("unauthorized", "forbidden", "conflict", "too-large", "invalid"),
)
def create(hub: Hub, key: Writer, body: alert_schemas.NewSilence) -> Any:
    """Alerts go on as ever; that one is over is told even so, to those who heard of it."""
    now = now_text(hub)
    wanted = _wanted(body, key.name, now)
    with hub.database.transaction() as tx:
        made = handle.silence(tx, wanted, hub.clock())
    announce(hub)
    return _answer(made, now)


def _wanted(body: alert_schemas.NewSilence, author: str, now: str) -> Silence:
    """Return the silence a body asks for. Raises ConflictError where it would match everything."""
    said = body.matcher
    if not (said.rule or said.subject or said.customer or said.severity):
        raise ConflictError("A silence names at least one of rule, subject, customer, severity.")
    return Silence(
        id="",
        starts_at=instant_text(body.starts_at) if body.starts_at else now,
        until=instant_text(body.until),
        why=body.why,
        author=author,
        created_at=now,
        rule=said.rule,
        subject=Subject(said.subject.kind, said.subject.id) if said.subject else None,
        customer=said.customer,
        severity=said.severity,
    )


@router.post(
    "/preview",
    operation_id="preview_silence",
    summary="Which alerts a silence would match",
    response_model=alert_schemas.Matches,
    responses=answers("unauthorized", "forbidden", "conflict", "too-large", "invalid"),
)
def preview(hub: Hub, key: Writer, body: alert_schemas.NewSilence) -> Any:
    """Those that are not over now, as if it held. Nothing is muted, nothing is kept."""
    wanted = _wanted(body, key.name, now_text(hub))
    with hub.database.reading() as tx:
        (found,) = matched(tx, [wanted], hub.clock())
    rules = Counter(one.rule for one in found)
    shown = sorted(one.id for one in found)[:MOST_SHOWN]
    return {"total": len(found), "rules": dict(sorted(rules.items())), "alerts": shown}


@router.delete(
    "/{id}",
    operation_id="end_silence",
    summary="End a silence now",
    response_model=alert_schemas.Silence,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
def end(hub: Hub, key: Writer, silence_id: Annotated[str, Path(alias="id", max_length=64)]) -> Any:
    """It stays on record; what it kept back is told if it still holds."""
    now = now_text(hub)
    with hub.database.transaction() as tx:
        ended = silences.end(tx, silence_id, now)
    announce(hub)
    return _answer(ended, now)


def _answer(one: Silence, now: str) -> dict[str, Any]:
    subject = {"kind": one.subject.kind, "id": one.subject.id} if one.subject else None
    names = ("id", "rule", "customer", "severity", "starts_at", "until", "why", "author")
    said = {name: getattr(one, name) for name in names}
    return {**said, "subject": subject, "created_at": one.created_at, "state": one.state(now)}
