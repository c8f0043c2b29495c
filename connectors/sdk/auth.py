"""How a source wants to be shown who asks: one name for all kinds there are."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from connectors.sdk.credentials import ApiKey, Auth, Basic, Bearer, NoAuth
from connectors.sdk.signature import Hmac, hmac

__all__ = ["READER", "AnyAuth", "ApiKey", "Auth", "Basic", "Bearer", "Hmac", "NoAuth", "hmac"]

AnyAuth = Annotated[NoAuth | Bearer | ApiKey | Basic, Field(discriminator="type")]
READER: TypeAdapter[Auth] = TypeAdapter(AnyAuth)
