"""All business cases as one object-centric event log, for process mining."""

from collections.abc import Iterator

from fastapi.responses import StreamingResponse

from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.pipeline.ocel import stream
from hub.runtime import Runtime

router = api_router(tags=["vorgaenge"], dependencies=[MayRead])
PIECE_BYTES = 64 * 1024


@router.get(
    "/v1/ocel",
    operation_id="get_ocel",
    summary="All business cases as an OCEL 2.0 event log",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "OCEL 2.0 in JSON, as pm4py and other tools for process mining read it",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
        **answers("unauthorized", "forbidden"),
    },
)
def ocel(hub: Hub) -> StreamingResponse:
    """Papers, cases and customers as objects, what happened to them as events; streamed."""
    return StreamingResponse(_pieces(hub), media_type="application/json")


def _pieces(hub: Runtime) -> Iterator[bytes]:
    with hub.database.reading() as tx:
        held = bytearray()
        for part in stream(tx, hub.currency):
            held += part
            if len(held) >= PIECE_BYTES:
                yield bytes(held)
                held.clear()
        yield bytes(held)
