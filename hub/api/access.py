"""Who is asking, and may they: API keys as bearer token or in a header of their own."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from hub.api.problems import ForbiddenError, UnauthorizedError
from hub.clock import instant_text
from hub.model.access import ApiKey, Scope, covered
from hub.runtime import Runtime
from hub.store import api_keys

_bearer = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="vbd_<id>_<secret>",
    description="An API key: `Authorization: Bearer vbd_...`. `hub keys create` makes one.",
    auto_error=False,
)
_header = APIKeyHeader(
    name="X-API-Key",
    scheme_name="header",
    description="The same API key, for tools that cannot send an Authorization header.",
    auto_error=False,
)


async def runtime_of(request: Request) -> Runtime:
    """Return what the app was made with; async only to save a change of threads."""
    runtime: Runtime = request.app.state.runtime
    return runtime


def authenticate(
    request: Request,
    hub: Annotated[Runtime, Depends(runtime_of)],
    scopes: SecurityScopes,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    header: Annotated[str | None, Depends(_header)],
) -> ApiKey:
    """Return the key the caller has shown, once it covers every scope the route asks for."""
    token = bearer.credentials if bearer else header
    if not token:
        raise UnauthorizedError(
            "Send an API key: 'Authorization: Bearer vbd_...' or 'X-API-Key: vbd_...'. "
            "`hub keys create NAME --scope read` makes one."
        )
    key: ApiKey | None = getattr(request.state, "key", None)  # found before the body was read
    if key is None:
        with hub.database.reading() as tx:
            key = api_keys.find(tx, token)
    if key is None:
        raise UnauthorizedError("This API key is not known here, or it was revoked.")
    request.state.key = key
    for needed in map(Scope, scopes.scopes):
        if not covered(key.scopes, needed):
            has = ", ".join(key.scopes) or "nothing"
            raise ForbiddenError(
                f"This needs the scope '{needed}'; the key '{key.name}' has {has}."
            )
    return key


Hub = Annotated[Runtime, Depends(runtime_of)]
MayRead = Security(authenticate, scopes=[Scope.READ.value])
MayWrite = Security(authenticate, scopes=[Scope.WRITE.value])
MayAsk = Security(authenticate, scopes=[Scope.ACCESS.value])
MayAdminister = Security(authenticate, scopes=[Scope.ADMIN.value])
Writer = Annotated[ApiKey, MayWrite]
Administrator = Annotated[ApiKey, MayAdminister]


class KeyFirst(APIRoute):
    """Checks the key before a body is read: without one nobody learns what is wrong with theirs.

    FastAPI reads the body first. A route with a body states the scope it needs itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what answers a request."""
        answer = super().get_route_handler()
        if self.body_field is None:
            return answer
        stated = [one for one in self.dependant.dependencies if one.call is authenticate]
        needed = SecurityScopes([scope for one in stated for scope in one.own_oauth_scopes or ()])
        if not needed.scopes:
            raise TypeError(f"{self.path}: takes a body and states no scope")

        async def checked(request: Request) -> Response:
            hub = await runtime_of(request)
            bearer, header = await _bearer(request), await _header(request)
            await run_in_threadpool(authenticate, request, hub, needed, bearer, header)
            return await answer(request)

        return checked


def now_text(runtime: Runtime) -> str:
    """Return the runtime's present as the store writes it."""
    return instant_text(runtime.clock())
