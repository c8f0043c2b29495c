"""The review queue: what a person's word would settle, the weightiest first."""

from typing import Annotated, Any

import msgspec
from fastapi import Query

from hub.api import cursor, review_schemas, schemas
from hub.api.access import Hub, MayRead
from hub.api.paging import After, Limit, list_name
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.assembly import RESOLVED_KINDS
from hub.pipeline.questions import questions

router = api_router(tags=["judgements"], dependencies=[MayRead])

_Ref = Annotated[str, msgspec.Meta(pattern="^[^\0]*$", max_length=2000)]
_Rank = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


@router.get(
    "/v1/review",
    operation_id="list_review",
    summary="What a judgement would settle, the weightiest first",
    response_model=schemas.PageOf[review_schemas.Review],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
)
def review(
    hub: Hub,
    kind: Annotated[
        list[schemas.EntityKind] | None, Query(description="Only these; may be given repeatedly.")
    ] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Pairs in doubt that nobody has judged, and entities that only just became one.

    `POST /v1/judgements` on `left.ref` and `right.ref` answers an entry, and it is gone.
    """
    kinds = sorted(kind or RESOLVED_KINDS)
    name = list_name("review", kinds)
    position = cursor.decode(name, after, tuple[_Rank, _Ref, _Ref, _Ref]) if after else None
    with hub.database.reading() as tx:
        items, following = questions(tx, kinds, after=position, limit=limit)
    return {"items": items, "next": cursor.encode(name, following) if following else None}
