"""Links: those that wait for a person, people's word on them, and why one stands."""

from dataclasses import asdict
from typing import Annotated, Any

import msgspec
from fastapi import Path, Query, Request

from hub.api import cursor, schemas
from hub.api import vorgang_schemas as shapes
from hub.api.access import Hub, MayRead, Writer, now_text
from hub.api.paging import After, Limit, list_name, numbered, page_answer
from hub.api.problems import answers
from hub.api.routes.case_examples import WAITING
from hub.api.routing import api_router
from hub.errors import ConflictError, NotFoundError
from hub.model.view import page_of
from hub.pipeline import case_view
from hub.runtime import Runtime
from hub.store import link_decisions, review
from hub.store.link_decisions import Decision

WAIT_S = 10.0
"""How long a decision's request waits until its word has been applied."""
_Score = Annotated[float, msgspec.Meta(ge=0, le=1)]
_Id = Annotated[str, msgspec.Meta(pattern="^[^\0]*$", max_length=64)]

router = api_router(prefix="/v1/links", tags=["links"])


@router.get(
    "/review",
    operation_id="list_waiting_links",
    summary="Links that wait for a word, the strongest first",
    response_model=schemas.PageOf[shapes.WaitingLink],
    responses={
        200: {"content": {"application/json": {"example": {"items": [WAITING], "next": None}}}},
        **answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    },
    dependencies=[MayRead],
)
def waiting(
    hub: Hub,
    customer: Annotated[str | None, Query(max_length=64, pattern="^[^\0]*$")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Papers that may belong together; `POST /v1/links` settles each."""
    name = list_name("waiting links", customer)
    position = cursor.decode(name, after, tuple[_Score, _Id]) if after else None
    with hub.database.reading() as tx:
        items, following = case_view.waiting(
            tx, hub.currency, after=position, customer=customer, limit=limit
        )
    return {"items": items, "next": cursor.encode(name, following) if following else None}


@router.get(
    "/decisions",
    operation_id="list_link_decisions",
    summary="List people's words on links, oldest first",
    response_model=schemas.PageOf[shapes.Decision],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayRead],
)
def decisions(
    hub: Hub,
    undone: Annotated[bool, Query(description="Those taken back, too.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Every word in force."""
    name = list_name("link decisions", undone)
    start = numbered(name, after)
    with hub.database.reading() as tx:
        found = link_decisions.page(tx, after=start, limit=limit + 1, undone=undone)
    return page_answer(name, page_of(found, limit, lambda one: (str(one.id),)))


@router.post(
    "",
    operation_id="decide_link",
    summary="Say that two records belong together, or do not",
    status_code=201,
    response_model=shapes.AppliedDecision,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "too-large", "invalid"),
)
def decide(request: Request, hub: Hub, key: Writer, body: shapes.NewDecision) -> Any:
    """It outranks every evidence, survives every rebuild, and replaces an earlier word on the two.

    Where applying it takes more than ten seconds, `applied` is false: it will be.
    """
    try:
        with hub.database.transaction() as tx:
            made = link_decisions.add(
                tx,
                body.from_ref,
                body.target,
                body.verdict,
                author=key.name,
                reason=body.reason,
                now=now_text(hub),
            )
    except ValueError as error:
        raise ConflictError(f"{error}.") from error
    return _applied(request, hub, made)


@router.delete(
    "/decisions/{id}",
    operation_id="undo_link_decision",
    summary="Take a word on a link back",
    response_model=shapes.AppliedDecision,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
def undo(
    request: Request,
    hub: Hub,
    key: Writer,
    decision_id: Annotated[int, Path(alias="id", ge=1, le=2**62)],
) -> Any:
    """The evidence speaks again; the word stays on record as taken back."""
    with hub.database.transaction() as tx:
        undone = link_decisions.undo(tx, decision_id, now_text(hub))
    return _applied(request, hub, undone)


@router.get(
    "/{id}/why",
    operation_id="get_link_why",
    summary="What speaks for a link, and what people said of it",
    response_model=shapes.LinkWhy,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
    dependencies=[MayRead],
)
def why(
    hub: Hub, link_id: Annotated[str, Path(alias="id", max_length=64, pattern="^[^\0]*$")]
) -> Any:
    """Also of a link that only waits. Its id depends on its ends alone."""
    with hub.database.reading() as tx:
        found = case_view.why(tx, link_id, hub.currency)
    if found is None:
        raise NotFoundError(f"There is no link {link_id}.")
    return found


def _applied(request: Request, hub: Runtime, word: Decision) -> dict[str, Any]:
    request.app.state.jobs.walk(wait_s=WAIT_S)
    with hub.database.reading() as tx:
        due = review.is_due(tx, (word.from_ref, word.target_ref), stage="thread")
    return {**asdict(word), "applied": not due}
