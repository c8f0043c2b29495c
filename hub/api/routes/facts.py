"""Facts: what is known of a subject now, or was at a moment that has passed."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.exceptions import RequestValidationError

from hub.alerts.model import SUBJECTS
from hub.api import fact_schemas as shapes
from hub.api.access import Hub, MayRead
from hub.api.instants import Moment
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.clock import instant_text
from hub.errors import NotFoundError
from hub.model.view import Page
from hub.pipeline.insight import Insight
from hub.store import fact_versions, runs
from hub.store.facts import Stored

router = api_router(
    tags=["facts"],
    dependencies=[MayRead],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "not-found", "invalid"),
)
AsOf = Annotated[
    Moment | None,
    Query(description="An instant with its offset, not one to come; now where not said."),
]
Name = Annotated[str | None, Query(max_length=500, pattern="^[^\0]*$")]


@router.get(
    "/v1/facts",
    operation_id="list_facts",
    summary="List facts of subjects, now or as of a moment",
    response_model=shapes.FactsPage,
)
def list_all(
    hub: Hub,
    kind: Annotated[str | None, Query(max_length=20, examples=["deal"])] = None,
    subject: Name = None,
    customer: Name = None,
    as_of: AsOf = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """A fact that is not known is named under `unknown`; it is neither 0 nor empty."""
    return told(hub, kind, subject, customer, as_of, limit, after)


@router.get(
    "/v1/customers/{id}/facts",
    operation_id="list_customer_facts",
    summary="List facts of a customer and all that belongs to it",
    response_model=shapes.FactsPage,
)
def of_customer(
    hub: Hub,
    customer: Annotated[str, Path(alias="id", max_length=64, pattern="^[^\0]*$")],
    kind: Annotated[str | None, Query(max_length=20, examples=["invoice"])] = "customer",
    as_of: AsOf = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Of the customer itself, unless another `kind` is asked for."""
    page = told(hub, kind, None, customer, as_of, limit, after)
    if not page["items"] and kind == "customer":
        raise NotFoundError(f"Nothing is known of a customer {customer} at that moment.")
    return page


def told(
    hub: Hub,
    kind: str | None,
    subject: str | None,
    customer: str | None,
    as_of: datetime | None,
    limit: int,
    after: str | None,
) -> dict[str, Any]:
    """Return one page of facts as it is answered.

    Raises NotFoundError for an unknown kind, RequestValidationError for a moment to come.
    """
    if kind is not None and kind not in SUBJECTS:
        raise NotFoundError(f"There are no facts of {kind!r}; known are {', '.join(SUBJECTS)}.")
    watch = hub.watch
    insight = Insight(watch.company, watch.connections)
    now = hub.clock()
    at = now if as_of is None else as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    if at > now:
        ahead = f"lies ahead: it is {instant_text(now)}, and nothing is known of later"
        fault = {"type": "future", "loc": ("query", "as_of"), "msg": ahead}
        raise RequestValidationError([fault])
    name = list_name("facts", kind, subject, customer, as_of and as_of.isoformat())
    position = listed(name, after)
    with hub.database.reading() as tx:
        known = insight.known(tx, None if as_of is None else at)
        found = fact_versions.as_of(
            tx,
            instant_text(at),
            kind=kind,
            subject=subject,
            customer=customer,
            after=position,
            limit=limit + 1,
        )
        freshness = runs.last_success(tx, instant_text(at))
    items = [_item(one, insight.told(one, known, at)) for one in found[:limit]]
    following = tuple(found[limit - 1].subject) if len(found) > limit else None
    answer = page_answer(name, Page(tuple(items), following))
    return {"at": instant_text(at), "freshness": freshness, **answer}


def _item(one: Stored, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": one.subject._asdict(),
        "customer": one.customer,
        "facts": values,
        "unknown": [name for name in SUBJECTS[one.subject.kind] if name not in values],
    }
