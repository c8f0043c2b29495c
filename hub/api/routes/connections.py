"""Connections: how each source is, what it could not hand over, and reading it now."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response
from pydantic import Field

from hub.api import connection_schemas, schemas
from hub.api.access import Hub, MayRead, MayWrite
from hub.api.paging import After, Limit, list_name, numbered, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.errors import NotFoundError
from hub.model.view import page_of
from hub.runtime import Again
from hub.status import connection_states, stream_states
from hub.store import canonical, drift, quarantine, runs
from hub.store.database import Row

router = api_router(prefix="/v1/connections", tags=["connections"])

Name = Annotated[str, Path(max_length=200, description="The connection's name.", examples=["crm"])]
StreamName = Annotated[str, Field(max_length=200)]
LAST_RUNS = 10
_READ = answers("unauthorized", "forbidden", "not-found", "invalid")
_START = answers("unauthorized", "forbidden", "not-found", "busy", "invalid")


@router.get(
    "",
    operation_id="list_connections",
    summary="How every connection is",
    response_model=list[connection_schemas.Connection],
    responses=answers("unauthorized", "forbidden"),
    dependencies=[MayRead],
)
def list_all(hub: Hub) -> Any:
    """Last run, freshness and quarantine of each, in the order of the configuration."""
    with hub.database.reading() as tx:
        return connection_states(hub, tx)


@router.get(
    "/{name}",
    operation_id="get_connection",
    summary="How one connection is, and how its last runs went",
    response_model=connection_schemas.ConnectionDetail,
    responses=_READ,
    dependencies=[MayRead],
)
def get(hub: Hub, name: Name) -> Any:
    """While a run is going on, its counts grow with every page that is stored."""
    hub.connection(name)
    with hub.database.reading() as tx:
        state = next(state for state in connection_states(hub, tx) if state.name == name)
        return {
            **asdict(state),
            "runs": runs.history(tx, name, LAST_RUNS),
            "issues": [_issue(row) for row in canonical.issue_counts(tx) if row.connection == name],
            "drift": drift.listed(tx, name),
            "streams": stream_states(tx, name),
        }


def _issue(row: Row) -> dict[str, Any]:
    return {
        "stream": row.stream,
        "field": row.field,
        "reason": row.reason,
        "example": row.example,
        "records": row.records,
    }


@router.post(
    "/{name}/sync",
    operation_id="sync_connection",
    summary="Read a connection now",
    status_code=202,
    response_model=connection_schemas.Started,
    responses=_START,
    dependencies=[MayWrite],
)
def sync(
    request: Request,
    response: Response,
    hub: Hub,
    name: Name,
    accept_deletes: Annotated[
        bool, Query(description="Believe it even where most records are gone from the source.")
    ] = False,
    full: Annotated[
        bool, Query(description="Read everything again, not only what changed since the last run.")
    ] = False,
    stream: Annotated[
        list[StreamName] | None,
        Query(max_length=100, description="With `full`, which it implies: these streams alone."),
    ] = None,
) -> Any:
    """Starts in the background; the connection's `run` shows how it goes."""
    again = Again(stream or ()) if full or stream else None
    run = request.app.state.jobs.sync(name, accept_deletes=accept_deletes, again=again)
    response.headers["Location"] = f"/v1/connections/{name}"
    return {"connection": name, "run": run}


@router.post(
    "/{name}/cancel",
    operation_id="cancel_sync",
    summary="Ask a running sync to stop",
    status_code=202,
    response_model=connection_schemas.Cancelled,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
    dependencies=[MayWrite],
)
def cancel(hub: Hub, name: Name) -> Any:
    """It stops after its present page, in whichever process it runs; what is stored stays."""
    hub.connection(name)
    with hub.database.transaction() as tx:
        run = runs.ask_to_stop(tx, name)
    if run is None:
        raise NotFoundError(f"The connection {name} is not being synced.")
    return {"connection": name, "run": run}


@router.get(
    "/{name}/quarantine",
    operation_id="list_quarantine",
    summary="What a connection handed over that is no usable record",
    response_model=schemas.PageOf[connection_schemas.Quarantined],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "not-found", "invalid"),
    dependencies=[MayRead],
)
def quarantined(hub: Hub, name: Name, limit: Limit = 50, after: After = None) -> Any:
    """Each entry whole, as it came, with the reason and the place in its source."""
    hub.connection(name)
    list_id = list_name("quarantine", name)
    start = numbered(list_id, after)
    with hub.database.reading() as tx:
        found = quarantine.page(tx, name, after=start, limit=limit + 1)
    return page_answer(list_id, page_of(found, limit, lambda one: (str(one.id),)))


@router.post(
    "/{name}/quarantine/replay",
    operation_id="replay_quarantine",
    summary="Read again the streams that have something in quarantine",
    status_code=202,
    response_model=connection_schemas.Started,
    responses=_START,
    dependencies=[MayWrite],
)
def replay(request: Request, response: Response, hub: Hub, name: Name) -> Any:
    """From their beginning; what comes right, or is gone from the source, leaves quarantine."""
    run = request.app.state.jobs.sync(name, reread=True)
    response.headers["Location"] = f"/v1/connections/{name}"
    return {"connection": name, "run": run}
