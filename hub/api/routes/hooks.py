"""What sources say by themselves: taken in by their own proof, without an API key."""

from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, Field

from hub.api.access import Hub
from hub.api.problems import answers
from hub.api.routing import api_router

router = api_router(prefix="/v1/hooks", tags=["connections"])


class Taken(BaseModel):
    """A webhook that was proven to be the source's."""

    records: int = Field(description="How many records it named that will be read again.")


async def body_of(request: Request) -> bytes:
    """Return the body as it was sent, which is what a signature is over; async as reading it is."""
    return await request.body()


@router.post(
    "/{connection}",
    operation_id="take_webhook",
    summary="Take in a source's own webhook",
    response_model=Taken,
    status_code=202,
    responses=answers("not-found", "too-large", "invalid"),
)
def take(
    connection: str, request: Request, body: Annotated[bytes, Depends(body_of)], hub: Hub
) -> Any:
    """For the source to call; proven by the connection's `webhook_secret` as its connector says.

    The body is a hint only: the records it names are read again from the source. The same answer,
    404, stands for a connection that is not there, one without webhooks, and a wrong proof.
    """
    records = hub.hint(connection, dict(request.headers), body)
    if records:
        request.app.state.jobs.reread(connection)
    return {"records": records}
