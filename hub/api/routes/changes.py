"""What changed: an ordered feed with a cursor, for those who keep a copy."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import Query

from hub.api import alert_schemas, cursor
from hub.api.access import Hub, MayRead
from hub.api.paging import After
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.store import changes

router = api_router(prefix="/v1/changes", tags=["changes"], dependencies=[MayRead])

Kind = Literal["organization", "person", "project", "vorgang", "alert"]
_NOUN: Final[Mapping[str, str]] = {
    "organization": "customers",
    "person": "persons",
    "project": "projects",
    "vorgang": "vorgaenge",
    "alert": "alerts",
}
_NAME = "changes"
_Place = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


@router.get(
    "",
    operation_id="list_changes",
    summary="What changed after a cursor, in order",
    response_model=alert_schemas.Changes,
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
)
def list_all(
    hub: Hub,
    kind: Annotated[
        list[Kind] | None, Query(description="Only these; repeatable.", max_length=10)
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="How many at most.")] = 200,
    after: After = None,
) -> Any:
    """Each thing stands in the feed once, at its last change: read it where `href` says.

    Without `after` it begins with everything there is. `next` is always there: ask again with it
    later. No change is left out, however many are written at the same time.
    """
    place = cursor.decode(_NAME, after, tuple[_Place])[0] if after else 0
    with hub.database.reading() as tx:
        behind = changes.is_behind(tx)
    if behind:
        with hub.database.transaction() as tx:
            changes.number(tx)
    with hub.database.reading() as tx:
        found = changes.after(tx, place, kind or (), limit + 1)
    shown = found[:limit]
    reached = shown[-1].place if shown else place
    items = [
        {"kind": one.kind, "id": one.id, "op": one.op, "at": one.at, "href": _href(one)}
        for one in shown
    ]
    more = len(found) > limit
    return {"items": items, "next": cursor.encode(_NAME, (reached,)), "more": more}


def _href(change: changes.Change) -> str:
    return f"/v1/{_NOUN.get(change.kind, change.kind)}/{change.id}"
