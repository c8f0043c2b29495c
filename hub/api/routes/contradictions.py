"""Contradictions: values of one field that systems name differently."""

from typing import Annotated, Any

from fastapi import Query

from hub.api import fact_schemas as shapes
from hub.api.access import Hub, MayRead
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.model.view import Page
from hub.pipeline.contradictions import contradictions

router = api_router(prefix="/v1/contradictions", tags=["facts"], dependencies=[MayRead])


@router.get(
    "",
    operation_id="list_contradictions",
    summary="List fields that systems contradict each other in",
    response_model=shapes.Contradictions,
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
)
def list_all(
    hub: Hub,
    customer: Annotated[str | None, Query(max_length=64, pattern="^[^\0]*$")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Each with the competing values, who holds them since when, and what hangs on it."""
    name = list_name("contradictions", customer)
    position = listed(name, after)
    with hub.database.reading() as tx:
        items, following = contradictions(tx, customer, after=position, limit=limit)
    return page_answer(name, Page(tuple(items), following))
