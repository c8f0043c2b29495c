"""Who is asking, and may they: API keys as bearer token or in a header of their own."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from hub.api.problems import ForbiddenError, UnauthorizedError
from hub.clock import instant_text
from hub.model.access import ApiKey, Scope, covered
from hub.runtime import Runtime
from hub.store import api_keys

BEARER = HTTPBearer(
    scheme_name="bearer",
    bearerFormat="vbd_<id>_<secret>",
    description="An API key: `Authorization: Bearer vbd_...`. `hub keys create` makes one.",
    auto_error=False,
)
HEADER = APIKeyHeader(
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
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    header: Annotated[str | None, Depends(HEADER)],
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


def now_text(runtime: Runtime) -> str:
    """Return the runtime's present as the store writes it."""
    return instant_text(runtime.clock())
