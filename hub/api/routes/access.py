"""What is held of somebody, told to them: Art. 15 GDPR, behind a scope of its own."""

import logging
from typing import Annotated, Any

import msgspec
from fastapi import Query, Request
from fastapi.responses import HTMLResponse, Response

from hub import discloser
from hub.api.access import Hub, MayAsk
from hub.api.access_schemas import HeldOfThem
from hub.api.problems import answers
from hub.api.routes.entities import EntityId
from hub.api.routing import api_router

log = logging.getLogger(__name__)
router = api_router(prefix="/v1/access", tags=["access"])


@router.get(
    "/{id}",
    operation_id="get_access",
    summary="All that is held of a person or customer",
    response_model=None,
    responses={
        200: {
            "description": "All of it as JSON, or as a page to read",
            "model": HeldOfThem,
            "content": {"text/html": {"schema": {"type": "string"}}},
        },
        **answers("unauthorized", "forbidden", "not-found", "conflict", "invalid"),
    },
    dependencies=[MayAsk],
)
def get(
    request: Request,
    hub: Hub,
    entity_id: EntityId,
    language: Annotated[
        str | None, Query(pattern="^(de|en)$", description="A page in it, instead of JSON.")
    ] = None,
) -> Any:
    """Records of every source with their versions, what was made of them, and whom it was told.

    Others in it are masked. Where it goes is for the caller to know: it is asked for by id alone.
    """
    told = discloser.access(hub, entity_id)
    log.info("access told entity=%s key=%s", entity_id, request.state.key.id)
    kept = {"Cache-Control": "no-store"}
    if language is not None:
        return HTMLResponse(discloser.page(told, language), headers=kept)
    return Response(msgspec.json.encode(told), media_type="application/json", headers=kept)
