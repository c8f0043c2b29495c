"""Who lets in at the emulator: fixed credentials, and tokens that are fetched, end and rotate."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import httpx
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pydantic import SecretStr

from connectors.sdk.conformance.samples import set_at
from connectors.sdk.credentials import Auth
from connectors.sdk.paths import steps_of
from connectors.sdk.surroundings import Vault
from connectors.sdk.tokens import KEPT_AS, JwtBearer, OAuth2, Session

LASTS = timedelta(hours=1)
"""How long each token is good for."""


def invented(auth: Auth, *, good: bool = True) -> dict[str, str]:
    """Return values for the secret options that a kind of credentials needs."""
    word = "5up3r" if good else "wr0ng"
    names = [name for name, kind in auth.needs().items() if kind is SecretStr]
    found = {name: f"canary-{name}-{word}" for name in names}
    if isinstance(auth, JwtBearer):
        found[auth.private_key] = _pem(good)
    return found


@cache
def _rsa(good: bool) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def _pem(good: bool) -> str:
    kind, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return _rsa(good).private_bytes(serialization.Encoding.PEM, kind, plain).decode()


@dataclass
class Authority:
    """Knows who may ask. Refresh tokens are good for one use: a second one is noted in `reused`.

    options: what the connection is configured with. vault: where a token must be before it is
    used; unstored: how often one was shown that is not there. fetched: tokens handed out.
    """

    auth: Auth
    options: Mapping[str, Any]
    vault: Vault | None = None
    fetched: int = 0
    reused: int = 0
    unstored: int = 0
    _refresh: str | None = None
    _ends: dict[str, datetime] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _serial: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def fetches(self) -> bool:
        """Return whether tokens are fetched, rather than given once for all."""
        return isinstance(self.auth, OAuth2 | JwtBearer | Session)

    @property
    def rotates(self) -> bool:
        """Return whether each use of a refresh token gives a new one."""
        return isinstance(self.auth, OAuth2) and self.auth.grant == "refresh_token"

    def end(self) -> None:
        """Let every access token end before its time."""
        self._ends.clear()

    def lets_in(self, request: httpx.Request, now: datetime) -> bool:
        """Return whether a request shows what it must."""
        shown = _shown(request)
        if not self.fetches:
            return all(secret in shown for secret in self._secrets())
        token = next((one for one in self._ends if one in shown), None)
        if token is None or now >= self._ends[token]:
            return False
        if self.rotates and self.vault is not None:
            self.unstored += token not in (self.vault.get(KEPT_AS) or "")
        return True

    def answer(self, request: httpx.Request, now: datetime) -> httpx.Response | None:
        """Return what a token endpoint answers; None for a request to anything else."""
        auth = self.auth
        if isinstance(auth, Session):
            return self._login(auth, request, now) if _is_at(request, auth.path) else None
        if isinstance(auth, OAuth2 | JwtBearer) and _is_at(request, auth.token_url):
            form = dict(parse_qsl(request.content.decode()))
            good = self._signed(auth, form) if isinstance(auth, JwtBearer) else self._client(form)
            shown = _shown(request)
            if isinstance(auth, OAuth2) and auth.sent_as == "basic":
                good = str(self.options[auth.client_secret]) in shown
            if not good:
                return httpx.Response(401, json={"error": "invalid_client"})
            return self._granted(form, now)
        return None

    def _secrets(self) -> list[str]:
        kinds = self.auth.needs().items()
        return [str(self.options[name]) for name, kind in kinds if kind is SecretStr]

    def _client(self, form: Mapping[str, str]) -> bool:
        assert isinstance(self.auth, OAuth2)
        return form.get("client_secret") == str(self.options[self.auth.client_secret])

    def _signed(self, auth: JwtBearer, form: Mapping[str, str]) -> bool:
        signed, _, proof = form.get("assertion", "").rpartition(".")
        raw = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
        try:
            _rsa(True).public_key().verify(
                raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return False
        return True

    def _granted(self, form: Mapping[str, str], now: datetime) -> httpx.Response:
        said: dict[str, Any] = {"token_type": "Bearer", "expires_in": int(LASTS.total_seconds())}
        if self.rotates:
            assert isinstance(self.auth, OAuth2)
            expected = self._refresh or str(self.options[self.auth.refresh_token])
            given = form.get("refresh_token", "")
            if given != expected:
                self.reused += given in self._used
                return httpx.Response(400, json={"error": "invalid_grant"})
            self._used.add(given)
            self._refresh = said["refresh_token"] = f"canary-refresh-{next(self._serial)}"
        said["access_token"] = self._new(now)
        return httpx.Response(200, json=said)

    def _login(self, auth: Session, request: httpx.Request, now: datetime) -> httpx.Response:
        body = msgspec.json.decode(request.content)
        if body != {key: self.options[option] for key, option in auth.body.items()}:
            return httpx.Response(401, json={"error": "wrong login"})
        token = self._new(now)
        if auth.cookie is not None:
            return httpx.Response(200, json={}, headers={"set-cookie": f"{auth.cookie}={token}"})
        said: dict[str, Any] = {}
        set_at(said, steps_of(auth.token or "token"), token)
        return httpx.Response(200, json=said)

    def _new(self, now: datetime) -> str:
        self.fetched += 1
        token = f"canary-access-{next(self._serial)}-"
        self._ends[token] = now + LASTS
        return token


def _is_at(request: httpx.Request, place: str) -> bool:
    """Return whether a request goes to an address, or to a path below whatever base."""
    if "://" in place:
        return str(request.url.copy_with(query=None)) == place.partition("?")[0]
    return request.url.path.endswith("/" + place.partition("?")[0].lstrip("/"))


def _shown(request: httpx.Request) -> str:
    """Return all that a request shows, as one text."""
    shown = f"{list(request.headers.values())} {request.url} {request.content!r}"
    for value in request.headers.get_list("authorization"):
        word, _, rest = value.partition(" ")
        if word.lower() == "basic":
            shown += base64.b64decode(rest).decode()
    return shown
