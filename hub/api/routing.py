"""How a request is read: first who asks, then what the parameters are called, then the rest."""

from collections.abc import Callable, Coroutine, Iterator
from difflib import get_close_matches
from functools import partial
from typing import Any, get_args, get_origin

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import SecurityScopes
from starlette.datastructures import QueryParams

from hub.api.access import BEARER, HEADER, authenticate, runtime_of

LONGEST_NAME = 40
"""Characters of a parameter's name that an answer repeats."""


class Route(APIRoute):
    """Checks the key before anything of the request is judged, and takes no unknown parameter.

    FastAPI reads the body first, so that one without a key would learn what is wrong with theirs,
    and passes over parameters it does not know, so that a filter that is misspelt filters nothing.
    A route with a body states the scope it needs itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()
        known = dict(_parameters(self.dependant))
        has_body = self.body_field is not None
        stated = [one for one in self.dependant.dependencies if one.call is authenticate]
        needed = SecurityScopes([scope for one in stated for scope in one.own_oauth_scopes or ()])
        if has_body and not needed.scopes:
            raise TypeError(f"{self.path}: takes a body and states no scope")

        async def checked(request: Request) -> Response:
            faults = misread(request.query_params, known)
            if needed.scopes and (has_body or faults):
                hub = await runtime_of(request)
                bearer, header = await BEARER(request), await HEADER(request)
                await run_in_threadpool(authenticate, request, hub, needed, bearer, header)
            if faults:
                raise RequestValidationError(faults)
            return await answer(request)

        return checked


api_router = partial(APIRouter, route_class=Route)
"""A router whose requests are read so."""


def misread(asked: QueryParams, known: dict[str, bool]) -> list[dict[str, Any]]:
    """Return what of a query would be passed over, as FastAPI states faults; [] for nothing.

    known: the names a route takes, and whether each may stand more than once.
    """
    faults = []
    for name in asked:
        at = ("query", name[:LONGEST_NAME])
        if name not in known:
            faults.append({"type": "unknown", "loc": at, "msg": _instead(name, known)})
        elif not known[name] and len(asked.getlist(name)) > 1:
            faults.append({"type": "repeated", "loc": at, "msg": "may stand only once"})
    return faults


def _instead(name: str, known: dict[str, bool]) -> str:
    near = get_close_matches(name[:LONGEST_NAME].casefold(), known, n=1)
    if near:
        return f"is not known here; did you mean '{near[0]}'?"
    names = ", ".join(sorted(known))
    return f"is not known here; known: {names}" if known else "is not known here; none is"


def _parameters(dependant: Dependant) -> Iterator[tuple[str, bool]]:
    """Yield the query parameters of a route and of all it depends on: name, may it be repeated."""
    for field in dependant.query_params:
        stated = field.field_info.annotation
        yield field.alias, list in {get_origin(arm) for arm in (stated, *get_args(stated))}
    for below in dependant.dependencies:
        yield from _parameters(below)
