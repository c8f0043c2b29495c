"""Business cases: which there are, what is missing in them, and what happened when."""

from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.responses import JSONResponse, Response

from hub.api import schemas
from hub.api import vorgang_schemas as shapes
from hub.api.access import Hub, MayRead
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routes.case_examples import ROW, VORGANG
from hub.api.routes.entities import MOVED
from hub.api.routing import api_router
from hub.errors import NotFoundError
from hub.model.view import Page, page_of
from hub.model.vorgang import Phase, VorgangKind
from hub.pipeline import case_view
from hub.runtime import Runtime
from hub.store import vorgang_lists
from hub.store.database import Row, Tx
from hub.store.vorgang_lists import Filter

VorgangId = Annotated[str, Path(alias="id", max_length=64, pattern="^[^\0]*$")]

router = api_router(
    prefix="/v1/vorgaenge",
    tags=["vorgaenge"],
    dependencies=[MayRead],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "not-found", "invalid"),
)


@router.get(
    "",
    operation_id="list_vorgaenge",
    summary="List business cases, those last heard of first",
    response_model=schemas.PageOf[shapes.VorgangRow],
    responses={200: {"content": {"application/json": {"example": {"items": [ROW], "next": None}}}}},
)
def list_all(
    hub: Hub,
    gap: Annotated[
        shapes.GapWanted | None, Query(description="Only where this is missing; any: anything.")
    ] = None,
    department: Annotated[
        shapes.Department | None,
        Query(description="With `gap`, its owner; without, whoever took part."),
    ] = None,
    phase: Phase | None = None,
    customer: Annotated[str | None, Query(max_length=64, pattern="^[^\0]*$")] = None,
    kind: VorgangKind | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """`?gap=delivered_not_invoiced&department=finance` is what bookkeeping has to do."""
    wanted = Filter(str(today(hub)), gap, department, phase, customer, kind)
    name = list_name("vorgaenge", gap, department, phase, customer, kind)
    position = listed(name, after)
    with hub.database.reading() as tx:
        items, following = case_view.lines(tx, wanted, hub.currency, after=position, limit=limit)
    return page_answer(name, Page(tuple(items), following))


@router.get(
    "/{id}",
    operation_id="get_vorgang",
    summary="One business case: members, phases, gaps and contradictions",
    response_model=shapes.Vorgang,
    responses={200: {"content": {"application/json": {"example": VORGANG}}}, **MOVED},
)
def get(hub: Hub, vorgang_id: VorgangId) -> Any:
    """An id that was merged into another one answers 301."""
    with hub.database.reading() as tx:
        row = _living(tx, vorgang_id)
        if isinstance(row, Response):
            return row
        return case_view.whole(tx, row, today(hub), hub.currency)


@router.get(
    "/{id}/timeline",
    operation_id="get_vorgang_timeline",
    summary="What happened in a business case, newest first",
    response_model=schemas.PageOf[shapes.Happening],
    responses={**MOVED},
)
def timeline(hub: Hub, vorgang_id: VorgangId, limit: Limit = 50, after: After = None) -> Any:
    """Every happening that its papers tell of, across departments."""
    name = list_name("vorgang", vorgang_id)
    position = listed(name, after)
    with hub.database.reading() as tx:
        row = _living(tx, vorgang_id, "/timeline")
        if isinstance(row, Response):
            return row
        found = case_view.timeline(tx, row.id)
    if position is not None:
        at, key = position
        found = [one for one in found if (one["at"], _key(one)) < (at, key)]
    return page_answer(name, page_of(found, limit, lambda one: (one["at"], _key(one))))


def _key(one: dict[str, Any]) -> str:
    return f"{one['ref']} {one['what']}"


def today(hub: Runtime) -> Any:
    """Return the company's present day."""
    return hub.clock().astimezone(hub.loaded.config.company.zone).date()


def _living(tx: Tx, vorgang_id: str, tail: str = "") -> Row | Response:
    """Return a case's row, or the way to what it was merged into. Raises NotFoundError."""
    row = vorgang_lists.get(tx, vorgang_id)
    if row is not None and row.state == "living":
        return row
    if row is None or row.merged_into is None:
        raise NotFoundError(f"There is no business case {vorgang_id}.")
    location = f"/v1/vorgaenge/{row.merged_into}{tail}"
    body = {"merged_into": row.merged_into, "location": location}
    return JSONResponse(body, status_code=301, headers={"Location": location})
