"""Notices on their way and given up; rules that tell nobody; what rules are worth."""

from statistics import median
from typing import Annotated, Any, Literal

from fastapi import Path, Query

from hub.api import alert_schemas, schemas
from hub.api.access import Hub, MayAdminister, MayRead, MayWrite, now_text
from hub.api.paging import After, Limit, list_name, numbered, page_answer
from hub.api.problems import answers
from hub.api.routes.alerts import announce
from hub.api.routing import api_router
from hub.model.notice import Feedback, Letter
from hub.model.view import Page, page_of
from hub.pipeline import handle
from hub.pipeline.release import release
from hub.store import handling, outbox, rule_states

router = api_router(tags=["alerts"])
FLAGGED_UNDER, FLAGGED_FROM = 0.3, 30
"""A rule is flagged once fewer than this share of so many answers found it useful."""


@router.get(
    "/v1/notices",
    operation_id="list_notices",
    summary="List notices, newest first",
    response_model=schemas.PageOf[alert_schemas.Notice],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayAdminister],
)
def list_all(
    hub: Hub,
    state: Annotated[
        Literal["due", "sent", "dead"] | None, Query(description="dead: given up.")
    ] = None,
    target: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """What waits in the outbox, what was sent in the last 30 days, what could not be sent."""
    name = list_name("notices", state, target)
    before = numbered(name, after)
    with hub.database.reading() as tx:
        found = outbox.page(tx, state=state, target=target, before=before, limit=limit + 1)
    page = page_of(found, limit, lambda one: (str(one[0]),))
    return page_answer(name, Page(tuple(_answer(letter) for _, letter in page.items), page.next))


@router.post(
    "/v1/notices/{id}/replay",
    operation_id="replay_notice",
    summary="Send a dead letter again",
    response_model=alert_schemas.Notice,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "invalid"),
    dependencies=[MayAdminister],
)
def replay(hub: Hub, notice_id: Annotated[str, Path(alias="id", max_length=64)]) -> Any:
    """It is due at once, under the same id, so that a receiver that had it knows it."""
    with hub.database.transaction() as tx:
        outbox.replay(tx, notice_id, now_text(hub))
        return _answer(outbox.get(tx, notice_id))


@router.get(
    "/v1/held-rules",
    operation_id="list_held_rules",
    summary="Rules that are out of use, or held by the storm brake",
    response_model=alert_schemas.HeldRules,
    responses=answers("unauthorized", "forbidden"),
    dependencies=[MayRead],
)
def held(hub: Hub) -> Any:
    """A rule that failed three times in a row, or that suddenly fired for too many."""
    with hub.database.reading() as tx:
        states = rule_states.all_of(tx).values()
    return {"items": [row for row in states if row.held_at or row.quarantined_at]}


@router.post(
    "/v1/held-rules/{rule}/release",
    operation_id="release_rule",
    summary="Let a rule go that was held or out of use",
    response_model=alert_schemas.HeldRules,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
    dependencies=[MayWrite],
)
def let_go(hub: Hub, rule: Annotated[str, Path(max_length=100)]) -> Any:
    """What it kept back and still fires is told, grouped as ever."""
    with hub.database.transaction() as tx:
        release(tx, rule, hub.clock())
    announce(hub)
    return held(hub)


@router.get(
    "/v1/alert-quality",
    operation_id="get_alert_quality",
    summary="What each rule's alerts were worth to people",
    response_model=alert_schemas.Qualities,
    responses=answers("unauthorized", "forbidden"),
    dependencies=[MayRead],
)
def quality(hub: Hub) -> Any:
    """Precision from feedback, and how long it took until somebody acknowledged."""
    with hub.database.reading() as tx:
        rows, times = handling.quality(tx), handling.reaction_times(tx)
    hours: dict[str, list[float]] = {}
    for rule, fired_at, acknowledged_at in times:
        took = handle.hours_to_acknowledge(fired_at, acknowledged_at)
        hours.setdefault(rule, []).append(took)
    items = []
    for row in rows:
        said = {one.value: int(row._mapping[one.value] or 0) for one in Feedback}
        heard = sum(said.values())
        precision = said["useful"] / heard if heard else None
        flagged = precision is not None and heard >= FLAGGED_FROM and precision < FLAGGED_UNDER
        items.append(
            {
                "rule": row.rule,
                "fired": row.fired,
                "feedback": said,
                "precision": precision,
                "median_hours_to_acknowledge": median(hours[row.rule])
                if row.rule in hours
                else None,
                "flagged": flagged,
            }
        )
    return {"items": items}


def _answer(letter: Letter) -> dict[str, Any]:
    names = ("id", "target", "state", "created_at", "due_at", "attempts", "error", "body")
    return {name: getattr(letter, name) for name in names}
