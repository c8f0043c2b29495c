"""The one place where the web application is put together."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute

from hub.api import openapi, problems
from hub.api.envelope import Envelope
from hub.api.heads import Heads
from hub.api.jobs import Jobs
from hub.api.routes import (
    access,
    alerts,
    changes,
    connections,
    contradictions,
    customers,
    erasures,
    explain,
    export,
    facts,
    foresight,
    hooks,
    judgements,
    links,
    notices,
    ocel,
    persons,
    projects,
    review,
    rules,
    search,
    silences,
    source_records,
    status,
    vocabulary,
    vorgaenge,
)
from hub.console import pages
from hub.runtime import Runtime
from hub.version import VERSION

ROUTERS = (
    customers.router,
    persons.router,
    projects.router,
    search.router,
    source_records.router,
    alerts.router,
    facts.router,
    foresight.router,
    rules.router,
    vocabulary.router,
    contradictions.router,
    silences.router,
    notices.router,
    changes.router,
    export.router,
    connections.router,
    hooks.router,
    judgements.router,
    erasures.router,
    access.router,
    links.router,
    vorgaenge.router,
    ocel.router,
    explain.router,
    review.router,
    status.router,
    pages.root,
    pages.router,
)


def create_app(runtime: Runtime) -> FastAPI:
    """Return the web application over `runtime`, which outlives it."""
    app = FastAPI(
        title="Verbund",
        version=VERSION,
        openapi_url="/openapi.json",
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        routes=list(_routes()),
        lifespan=_lifespan,
    )
    app.state.runtime = runtime
    app.state.jobs = Jobs(runtime)
    problems.install(app)
    pages.install(app, otherwise=problems.hub_error)
    app.add_middleware(Heads)
    app.add_middleware(Envelope)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]  # FastAPI's own way
    return app


@cache
def _routes() -> Sequence[BaseRoute]:
    """Return all routes; what each needs is worked out once, whatever applications share them."""
    together = APIRouter()
    for router in ROUTERS:
        together.include_router(router)
    return together.routes


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Take up what the last process left, and end background work before this one ends."""
    app.state.jobs.resume()
    yield
    app.state.jobs.close()
