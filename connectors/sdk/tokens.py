"""Credentials that are fetched and expire: OAuth 2, JWT bearer grants, session logins."""

import hashlib
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Literal

import httpx
import msgspec
from pydantic import Field, SecretStr, model_validator

from connectors.sdk.client import Answer, Client, Credentials
from connectors.sdk.connection_options import Options
from connectors.sdk.credentials import Auth
from connectors.sdk.errors import AuthError, ConnectionBrokenError
from connectors.sdk.paths import steps_of, value_at
from connectors.sdk.surroundings import Vault

EARLY = timedelta(seconds=60)
"""How long before its end a token is renewed, and a quarter of its life at most."""
JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
KEPT_AS = "oauth"
REFRESH_ENDS = (
    "refresh_token_expires_in",
    "refresh_expires_in",
    "x_refresh_token_expires_in",
)
"""What token answers call the seconds a refresh token lasts; no standard names it."""
LONGEST_S = 100 * 366 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Token:
    """A token and when it ends, None where nobody said; refresh: what the next one is got by.

    lasts: from when it was given to its end, where that is known.
    refresh_ends_at: when that ends for good; None where nobody said, or each use gives a new one.
    """

    access: str
    expires_at: datetime | None = None
    refresh: str | None = None
    refresh_ends_at: datetime | None = None
    lasts: timedelta | None = None

    def holds(self, now: datetime) -> bool:
        """Return whether it may still be used."""
        early = EARLY if self.lasts is None else min(EARLY, self.lasts / 4)
        return self.expires_at is None or now < self.expires_at - early


Fetch = Callable[[Client, Token | None], Token]
"""Return a token in place of one that was refused or ran out, None at first."""


class Fetched:
    """Shows a token, and gets a new one once it ran out or was refused; threads share it."""

    def __init__(self, fetch: Fetch, show: Callable[[httpx.Request, str], None]) -> None:
        self._fetch, self._show = fetch, show
        self._lock = threading.Lock()
        self._token: Token | None = None

    def apply(self, request: httpx.Request, client: Client) -> None:
        token = self._token
        if token is None or not token.holds(client.now()):
            with self._lock:
                token = self._token
                if token is None or not token.holds(client.now()):
                    self._token = token = self._fetched(client, token)
        request.extensions["token"] = token.access
        self._show(request, token.access)

    def renew(self, request: httpx.Request, client: Client) -> bool:
        with self._lock:
            token = self._token
            if token is not None and token.access == request.extensions.get("token"):
                self._token = self._fetched(client, token)
        return True

    def _fetched(self, client: Client, old: Token | None) -> Token:
        token = self._fetch(client, old)
        client.surroundings.credential_ends(token.refresh_ends_at)
        return token


def _in_header(header: str, word: str) -> Callable[[httpx.Request, str], None]:
    def show(request: httpx.Request, access: str) -> None:
        request.headers[header] = f"{word} {access}".strip()

    return show


class OAuth2(Auth):
    """OAuth 2 by client credentials, or by a refresh token, which may be good for one use only.

    token_url: an address, or a path below the base. The other texts name options. sent_as: how
    the client proves itself to the token endpoint. scope, extra: sent along as they are.
    """

    type: Literal["oauth2"] = "oauth2"
    token_url: str
    grant: Literal["client_credentials", "refresh_token"] = "client_credentials"
    client_id: str = "client_id"
    client_secret: str = "client_secret"
    refresh_token: str = "refresh_token"
    sent_as: Literal["form", "basic"] = "form"
    scope: str | None = None
    extra: dict[str, str] = Field(default_factory=dict)
    word: str = "Bearer"

    def needs(self) -> dict[str, Any]:
        needed = {self.client_id: str, self.client_secret: SecretStr}
        return {**needed, self.refresh_token: SecretStr} if self._refreshes else needed

    @property
    def _refreshes(self) -> bool:
        return self.grant == "refresh_token"

    def opened(self, options: Options) -> Credentials:
        fetch = self._refreshed(options) if self._refreshes else self._granted(options)
        return Fetched(fetch, _in_header("Authorization", self.word))

    def _granted(self, options: Options) -> Fetch:
        def fetch(client: Client, _: Token | None) -> Token:
            form = {"grant_type": "client_credentials"}
            return token_in(self._ask(client, options, form), client.now())

        return fetch

    def _refreshed(self, options: Options) -> Fetch:
        """Refresh alone in all processes; the new token is stored before anybody uses it."""
        given = self.value(options, self.refresh_token)
        seed = hashlib.sha256(given.encode()).hexdigest()[:16]

        def fetch(client: Client, old: Token | None) -> Token:
            vault = client.surroundings.vault
            if vault is None:
                raise ConnectionBrokenError(
                    "this source's refresh tokens change with use and must be kept: give the hub "
                    "a key for its vault (HUB_VAULT_KEY or HUB_VAULT_KEY_FILE)"
                )
            with vault.alone(KEPT_AS):
                kept = _kept(vault, seed)
                newer = kept is not None and (old is None or kept.access != old.access)
                if kept is not None and newer and kept.holds(client.now()):
                    return kept
                refresh = (kept.refresh if kept is not None else None) or given
                form = {"grant_type": "refresh_token", "refresh_token": refresh}
                token = token_in(self._ask(client, options, form), client.now(), refresh)
                vault.put(KEPT_AS, _as_kept(token, seed))
                return token

        return fetch

    def _ask(self, client: Client, options: Options, form: dict[str, str]) -> Answer:
        client_id = self.value(options, self.client_id)
        secret = self.value(options, self.client_secret)
        headers: dict[str, str] = {}
        if self.sent_as == "basic":
            pair = b64encode(f"{client_id}:{secret}".encode()).decode()
            headers["Authorization"] = f"Basic {pair}"
        else:
            form = {**form, "client_id": client_id, "client_secret": secret}
        if self.scope:
            form["scope"] = self.scope
        return _token_answer(client, self.token_url, {**form, **self.extra}, headers)


class JwtBearer(Auth):
    """A token for a signed assertion (RFC 7523), as service accounts use.

    The texts name options; private_key: of an RSA key in PEM. audience: as it is, else token_url.
    """

    type: Literal["jwt_bearer"] = "jwt_bearer"
    token_url: str
    issuer: str = "client_id"
    subject: str | None = None
    private_key: str = "private_key"
    audience: str | None = None
    scope: str | None = None

    def needs(self) -> dict[str, Any]:
        needed = {self.issuer: str, self.private_key: SecretStr}
        return {**needed, self.subject: str} if self.subject else needed

    def opened(self, options: Options) -> Credentials:
        signing = import_module("connectors.sdk.signing")
        key = signing.rsa_key(self.value(options, self.private_key))

        def fetch(client: Client, _: Token | None) -> Token:
            now = int(client.now().timestamp())
            issuer = self.value(options, self.issuer)
            claims = {
                "iss": issuer,
                "sub": self.value(options, self.subject) if self.subject else issuer,
                "aud": self.audience or _token_address(client, self.token_url),
                "iat": now,
                "exp": now + 300,
                **({"scope": self.scope} if self.scope else {}),
            }
            form = {"grant_type": JWT_GRANT, "assertion": signing.signed(claims, key)}
            return token_in(_token_answer(client, self.token_url, form, {}), client.now())

        return Fetched(fetch, _in_header("Authorization", "Bearer"))


class Session(Auth):
    """A login that answers with a token, or a cookie, good until the source says 401.

    body: what the login wants, each key with the option that holds its value. token: where the
    answer holds the token; cookie: the cookie that holds it.
    """

    type: Literal["session"] = "session"
    path: str = "/login"
    body: dict[str, str] = Field(default_factory=lambda: {"user": "user", "password": "password"})
    token: str | None = None
    cookie: str | None = None
    header: str = "Authorization"
    word: str = "Bearer"

    @model_validator(mode="after")
    def _one_place(self) -> "Session":
        if (self.token is None) == (self.cookie is None):
            raise ValueError("state `token` or `cookie`, one of them")
        return self

    def needs(self) -> dict[str, Any]:
        return dict.fromkeys(self.body.values(), SecretStr)

    def opened(self, options: Options) -> Credentials:
        def fetch(client: Client, _: Token | None) -> Token:
            body = {key: self.value(options, option) for key, option in self.body.items()}
            try:
                answer = client.send("POST", self.path, body=body, proven=False)
            except AuthError:
                raise
            except ConnectionBrokenError as error:
                raise AuthError(f"the login was refused: {error}") from None
            return Token(self._found(answer))

        if self.cookie is None:
            return Fetched(fetch, _in_header(self.header, self.word))
        name = self.cookie

        def show(request: httpx.Request, access: str) -> None:
            request.headers["Cookie"] = f"{name}={access}"

        return Fetched(fetch, show)

    def _found(self, answer: Answer) -> str:
        if self.token is not None:
            found = value_at(answer.json(), steps_of(self.token))
            if isinstance(found, str) and found:
                return found
            raise AuthError(f"{answer.url}: the login answered without a token at {self.token!r}")
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            if name.strip() == self.cookie:
                return value.strip()
        raise AuthError(f"{answer.url}: the login answered without the cookie {self.cookie!r}")


def token_in(answer: Answer, now: datetime, refresh: str | None = None) -> Token:
    """Return the token of an answer; refresh: what stays good where it names no new one.

    Raises AuthError where it holds none.
    """
    body = answer.json()
    access = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(access, str) or not access:
        raise AuthError(f"{answer.url}: answered {answer.status} without an access token")
    new = body.get("refresh_token")
    ends = None
    if refresh and new in (None, refresh):  # one that each use replaces lasts by being used
        stated = (body.get(name) for name in REFRESH_ENDS)
        ends = _end(next((one for one in stated if one), None), now)  # 0: it never ends
    expires_at = _end(body.get("expires_in"), now)
    lasts = expires_at - now if expires_at else None
    return Token(access, expires_at, new or refresh, ends, lasts)


def _end(lasts_s: object, now: datetime) -> datetime | None:
    """Return the end of what lasts so many seconds; None for no sane number of them."""
    if not isinstance(lasts_s, int | float | str):
        return None
    text = str(lasts_s)
    if not text.replace(".", "", 1).isdecimal() or not float(text) < LONGEST_S:
        return None
    return now + timedelta(seconds=float(text))


def _token_answer(
    client: Client, token_url: str, form: dict[str, str], headers: dict[str, str]
) -> Answer:
    try:
        return client.send_form(_token_address(client, token_url), form, headers)
    except AuthError:
        raise
    except ConnectionBrokenError as error:  # 400 invalid_grant: revoked, used before, expired
        raise AuthError(f"{error}; authorize this connection again") from None


def _token_address(client: Client, token_url: str) -> str:
    return token_url if "://" in token_url else client.origin.url(token_url)


def _kept(vault: Vault, seed: str) -> Token | None:
    """Return the token kept, unless a person has meanwhile configured another first one."""
    text = vault.get(KEPT_AS)
    if text is None:
        return None
    found = msgspec.json.decode(text)
    if found["seed"] != seed:
        return None
    ends, last = found["expires_at"], found.get("refresh_ends_at")
    return Token(
        found["access"],
        datetime.fromisoformat(ends) if ends else None,
        found["refresh"],
        datetime.fromisoformat(last) if last else None,
    )


def _as_kept(token: Token, seed: str) -> str:
    kept = {
        "access": token.access,
        "expires_at": token.expires_at,
        "refresh": token.refresh,
        "refresh_ends_at": token.refresh_ends_at,
        "seed": seed,
    }
    return msgspec.json.encode(kept).decode()
