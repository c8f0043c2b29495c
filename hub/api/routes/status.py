"""Is the hub alive, and what does it hold."""

from typing import Any

from hub.api import connection_schemas, schemas
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.status import hub_state

router = api_router(tags=["status"])


@router.get(
    "/healthz",
    operation_id="health",
    summary="Whether the hub and its database answer",
    response_model=schemas.Health,
    responses=answers("unavailable"),
)
def health(hub: Hub) -> Any:
    """For load balancers and containers; needs no key and tells nothing else."""
    with hub.database.reading():
        return {"status": "ok"}


@router.get(
    "/v1/status",
    operation_id="get_status",
    summary="The whole hub at a glance",
    response_model=connection_schemas.Status,
    responses=answers("unauthorized", "forbidden"),
    dependencies=[MayRead],
)
def status(hub: Hub) -> Any:
    """How much it holds, what still has to be worked on, and how each connection is."""
    with hub.database.reading() as tx:
        return hub_state(hub, tx)
