"""Judgements: a person says that two records mean the same, or do not."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Request

from hub.api import review_schemas, schemas
from hub.api.access import Hub, MayRead, Writer, now_text
from hub.api.paging import After, Limit, list_name, numbered, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.errors import ConflictError
from hub.model.view import page_of
from hub.runtime import Runtime
from hub.store import entities, judgements, review
from hub.store.judgements import Judged

WAIT_S = 10.0
"""How long a judgement's request waits until its word has been applied."""

router = api_router(prefix="/v1/judgements", tags=["judgements"])


@router.get(
    "",
    operation_id="list_judgements",
    summary="List judgements, oldest first",
    response_model=schemas.PageOf[schemas.Judgement],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayRead],
)
def list_all(
    hub: Hub,
    undone: Annotated[bool, Query(description="Those taken back, too.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Every judgement in force."""
    name = list_name("judgements", undone)
    start = numbered(name, after)
    with hub.database.reading() as tx:
        found = judgements.page(tx, after=start, limit=limit + 1, undone=undone)
    return page_answer(name, page_of(found, limit, lambda one: (str(one.id),)))


@router.post(
    "",
    operation_id="create_judgement",
    summary="Say that two records mean the same, or do not",
    status_code=201,
    response_model=review_schemas.Applied,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "too-large", "invalid"),
)
def create(request: Request, hub: Hub, key: Writer, body: schemas.NewJudgement) -> Any:
    """It outranks every score, survives every re-run, and replaces an earlier word on the two.

    It is applied before the answer, as the entities there and the views show. Where that takes
    more than ten seconds, because much else is being worked on, `applied` is false: it will be.
    """
    try:
        with hub.database.transaction() as tx:
            made = judgements.add(
                tx,
                body.left,
                body.right,
                body.verdict,
                author=key.name,
                reason=body.reason,
                now=now_text(hub),
            )
    except ValueError as error:
        raise ConflictError(f"{error}.") from error
    return _applied(request, hub, made)


@router.delete(
    "/{id}",
    operation_id="undo_judgement",
    summary="Take a judgement back",
    response_model=review_schemas.Applied,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
def undo(
    request: Request,
    hub: Hub,
    key: Writer,
    judgement_id: Annotated[int, Path(alias="id", ge=1, le=2**62)],
) -> Any:
    """The scores speak again; the judgement stays on record as taken back."""
    with hub.database.transaction() as tx:
        undone = judgements.undo(tx, judgement_id, now_text(hub))
    return _applied(request, hub, undone)


def _applied(request: Request, hub: Runtime, word: Judged) -> dict[str, Any]:
    """Let a word take effect and say what it came to."""
    request.app.state.jobs.walk(wait_s=WAIT_S)
    refs = (word.left, word.right)
    with hub.database.reading() as tx:
        stand = entities.current(tx, refs)
        due = review.is_due(tx, refs)
    found = [stand[ref].entity_id if ref in stand else None for ref in refs]
    return {**asdict(word), "applied": not due, "entities": found}
