"""Proof that a webhook comes from the source: a keyed hash over its body."""

import hashlib
import hmac as keyed_hash
from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, SecretStr

from connectors.sdk.connection_options import Options


class Hmac(BaseModel):
    """A header holds the body's HMAC, in hex and perhaps behind a prefix such as `sha256=`.

    secret: the option that holds the key.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    header: str
    secret: str = "webhook_secret"
    digest: Literal["sha1", "sha256", "sha512"] = "sha256"
    prefix: str = ""

    def proves(self, body: bytes, headers: Mapping[str, str], options: Options) -> bool:
        """Return whether the body came from who holds the key; False without one."""
        key = getattr(options, self.secret, None)
        if not isinstance(key, SecretStr) or not key.get_secret_value():
            return False
        signed = keyed_hash.new(
            key.get_secret_value().encode(), body, hashlib.new(self.digest).name
        )
        sent = {name.lower(): value for name, value in headers.items()}.get(self.header.lower(), "")
        expected = self.prefix + signed.hexdigest()
        return keyed_hash.compare_digest(expected.encode(), sent.encode())


def hmac(header: str, **how: str) -> Hmac:
    """Return the proof that stands in a header."""
    return Hmac.model_validate({"header": header, **how})
