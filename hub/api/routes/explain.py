"""Why two records mean the same, or do not."""

from typing import Annotated, Any

from fastapi import Query

from hub.api import review_schemas, schemas
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.pipeline.why import why

router = api_router(tags=["judgements"], dependencies=[MayRead])

RecordRef = Annotated[
    str,
    Query(min_length=5, max_length=1000, examples=["crm:accounts:A-17"], description="A ref."),
    schemas.NoNul,
]


@router.get(
    "/v1/explain",
    operation_id="explain_pair",
    summary="Why two records mean the same, or do not",
    response_model=review_schemas.PairTold,
    responses=answers("unauthorized", "forbidden", "not-found", "conflict", "invalid"),
)
def explain(hub: Hub, left: RecordRef, right: RecordRef) -> Any:
    """Bits for each comparison with both sides' values, rivals, verdict, what would turn it."""
    with hub.database.reading() as tx:
        return why(tx, hub.street.models, left, right)
