"""Erasures: a person leaves the hub, and does not come back with the next sync."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import Path

from hub import eraser
from hub.api import erasure_schemas, schemas
from hub.api.access import Administrator, Hub, MayAdminister
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.errors import ConfigError, ConflictError
from hub.model.view import page_of

router = api_router(prefix="/v1/erasures", tags=["erasures"])


@router.get(
    "",
    operation_id="list_erasures",
    summary="List erasures, newest first",
    response_model=schemas.PageOf[erasure_schemas.Erasure],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayAdminister],
)
def list_all(hub: Hub, limit: Limit = 50, after: After = None) -> Any:
    """What was asked for, what went, how often a source brought something of it since."""
    name = list_name("erasures")
    position = listed(name, after)
    found = eraser.page(hub, before=position[0] if position else "", limit=limit + 1)
    return page_answer(name, page_of(found, limit, lambda one: (one.id, "")))


@router.post(
    "/preview",
    operation_id="preview_erasure",
    summary="Say what an erasure would come to",
    response_model=erasure_schemas.ErasurePlan,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "too-large", "invalid"),
)
def preview(hub: Hub, key: Administrator, body: erasure_schemas.Wanted) -> Any:
    """What would go, what the law keeps and until when, of what the person would be taken out."""
    with _explained():
        return eraser.told(eraser.preview(hub, body.target))


@router.post(
    "",
    operation_id="create_erasure",
    summary="Erase a person, or a sole trader, and keep them out",
    status_code=201,
    response_model=erasure_schemas.Erasure,
    responses=answers(
        *("unauthorized", "forbidden", "not-found", "conflict", "busy", "too-large", "invalid")
    ),
)
def create(hub: Hub, key: Administrator, body: erasure_schemas.NewErasure) -> Any:
    """It is done when this answers. Where it is interrupted, the same request goes on with it."""
    with _explained():
        return eraser.carry_out(hub, body.target, reason=body.reason, author=key.name)


@router.post(
    "/{id}/lift",
    operation_id="lift_erasure",
    summary="Let somebody who was erased come back",
    response_model=erasure_schemas.Erasure,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "too-large", "invalid"),
)
def lift(
    hub: Hub,
    key: Administrator,
    erasure_id: Annotated[str, Path(alias="id", max_length=64)],
    body: erasure_schemas.Lift,
) -> Any:
    """For a new relationship: what the sources hold comes with their next whole reading."""
    return eraser.lift(hub, erasure_id, reason=body.reason, author=key.name)


@contextmanager
def _explained() -> Iterator[None]:
    """Tell the caller what the hub lacks: without a vault's key nobody is known again."""
    try:
        yield
    except ConfigError as error:
        raise ConflictError(str(error)) from error
