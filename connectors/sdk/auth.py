"""How a source wants to be shown who asks: one name for all kinds there are."""

from typing import Annotated, get_args

from pydantic import ConfigDict, Field, TypeAdapter

from connectors.sdk.credentials import ApiKey, Auth, Basic, Bearer, NoAuth
from connectors.sdk.tokens import JwtBearer, OAuth2, Session

__all__ = [
    "KINDS",
    "READER",
    "AnyAuth",
    "ApiKey",
    "Auth",
    "Basic",
    "Bearer",
    "JwtBearer",
    "NoAuth",
    "OAuth2",
    "Session",
]

AnyAuth = Annotated[
    NoAuth | Bearer | ApiKey | Basic | OAuth2 | JwtBearer | Session, Field(discriminator="type")
]
KINDS = tuple(get_args(get_args(AnyAuth)[0]))
READER: TypeAdapter[Auth] = TypeAdapter(AnyAuth, config=ConfigDict(defer_build=True))
