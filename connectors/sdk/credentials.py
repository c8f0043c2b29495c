"""Credentials that stand in the configuration and stay as they are."""

from base64 import b64encode, urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any, Literal

import httpx
import msgspec
from pydantic import BaseModel, ConfigDict, SecretStr, model_validator

from connectors.sdk.client import Client, Credentials
from connectors.sdk.connection_options import Options


class Auth(BaseModel):
    """What all kinds share. Texts name options of the connection, whose values are secrets."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def needs(self) -> dict[str, Any]:
        """Return the options this kind reads, and their types."""
        return {}

    def opened(self, options: Options) -> Credentials:
        """Return the credentials of one connection."""
        raise NotImplementedError

    def value(self, options: Options, name: str) -> str:
        """Return the text of an option, also of a secret one."""
        found = getattr(options, name)
        return found.get_secret_value() if isinstance(found, SecretStr) else str(found)


def end_of_jwt(token: str) -> datetime | None:
    """Return when a JSON Web Token ends (`exp`, RFC 7519), None for any other text.

    Its signature is not checked: it is the source that trusts it.
    """
    try:
        payload = token.split(".")[1]
        claims = msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (IndexError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


class _Fixed:
    """Puts the same headers or parameters on every request; ends_at: when they stop to count."""

    def __init__(
        self,
        headers: dict[str, str],
        params: dict[str, str] | None = None,
        *,
        ends_at: datetime | None = None,
    ) -> None:
        self._headers, self._params = headers, params or {}
        self._ends_at, self._told = ends_at, False

    def apply(self, request: httpx.Request, client: Client) -> None:
        if not self._told:
            client.surroundings.credential_ends(self._ends_at)
            self._told = True
        request.headers.update(self._headers)
        if self._params:
            request.url = request.url.copy_merge_params(self._params)

    def renew(self, request: httpx.Request, client: Client) -> bool:
        return False


class NoAuth(Auth):
    """Whoever asks is answered."""

    type: Literal["none"] = "none"

    def opened(self, options: Options) -> Credentials:
        return _Fixed({})


class Bearer(Auth):
    """A lasting token: `Authorization: Bearer TOKEN`. word: what stands before the token."""

    type: Literal["bearer"] = "bearer"
    token: str = "token"
    header: str = "Authorization"
    word: str = "Bearer"

    def needs(self) -> dict[str, Any]:
        return {self.token: SecretStr}

    def opened(self, options: Options) -> Credentials:
        token = self.value(options, self.token)
        return _Fixed({self.header: f"{self.word} {token}".strip()}, ends_at=end_of_jwt(token))


class ApiKey(Auth):
    """A key in a header or in a parameter of the query, one of them."""

    type: Literal["api_key"] = "api_key"
    key: str = "api_key"
    header: str | None = None
    query: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> "ApiKey":
        if (self.header is None) == (self.query is None):
            raise ValueError("state `header` or `query`, one of them")
        return self

    def needs(self) -> dict[str, Any]:
        return {self.key: SecretStr}

    def opened(self, options: Options) -> Credentials:
        key = self.value(options, self.key)
        if self.header is not None:
            return _Fixed({self.header: key})
        assert self.query is not None
        return _Fixed({}, {self.query: key})


class Basic(Auth):
    """User and password in every request."""

    type: Literal["basic"] = "basic"
    user: str = "user"
    password: str = "password"

    def needs(self) -> dict[str, Any]:
        return {self.user: str, self.password: SecretStr}

    def opened(self, options: Options) -> Credentials:
        pair = f"{self.value(options, self.user)}:{self.value(options, self.password)}"
        return _Fixed({"Authorization": f"Basic {b64encode(pair.encode()).decode()}"})
