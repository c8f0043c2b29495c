"""Search over everything: entities and documents, typing errors forgiven."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Query

from hub.api import schemas
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.model.view import Hit
from hub.store import search

router = api_router(tags=["search"], dependencies=[MayRead])

_NOUNS = {"organization": "customers", "person": "persons", "project": "projects"}


@router.get(
    "/v1/search",
    operation_id="search",
    summary="Find customers, persons, projects and documents",
    response_model=schemas.Hits,
    responses=answers("unauthorized", "forbidden", "invalid"),
)
def find(
    hub: Hub,
    q: Annotated[str, Query(min_length=1, max_length=200, examples=["Müler Logistik"])],
    kind: Annotated[
        list[schemas.FoundKind] | None, Query(description="Only these; may be given repeatedly.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> Any:
    """Words, numbers or parts of them; umlauts either way, typing errors forgiven; best first."""
    with hub.database.reading() as tx:
        hits = search.search(tx, q, kinds=kind, limit=limit)
    return {"items": [_answer(hit) for hit in hits]}


def _answer(hit: Hit) -> dict[str, Any]:
    noun = _NOUNS.get(hit.kind)
    href = f"/v1/{noun}/{hit.item}" if noun else f"/v1/source-records/{quote(hit.item, safe=':')}"
    return {
        "id": hit.item,
        "kind": hit.kind,
        "title": hit.title,
        "score": hit.score,
        "href": href,
    }
