"""Credentials that expire: rotated once for all, stored before use, renewed once after a 401."""

import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from connectors.sdk import AuthError, ConnectionBrokenError, Surroundings, auth
from connectors.sdk.connector import Connection
from connectors.sdk.surroundings import MemoryVault
from tests.connectors.declared.conftest import HandTime
from tests.connectors.declared.opening import connect, rows
from tests.connectors.emulator import Asked, Emulator, Reply, numbered
from tests.connectors.reading import read_stream


@dataclass
class TokenServer:
    """Hands out access tokens for refresh tokens that are good for one use."""

    refresh: str = "first-refresh"
    access: str = ""
    issued: int = 0
    lasts_s: int = 3600
    replaces: bool = True
    refresh_lasts_s: object = None
    forms: list[dict[str, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def token(self, asked: Asked) -> Reply:
        with self.lock:
            form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
            self.forms.append(form)
            if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh:
                return Reply({"error": "invalid_grant"}, 400)
            self.issued += 1
            self.access = f"access-{self.issued}"
            if self.replaces:
                self.refresh = f"refresh-{self.issued}"
            body: dict[str, Any] = {"access_token": self.access, "expires_in": self.lasts_s}
            if self.refresh_lasts_s is not None:
                body["refresh_expires_in"] = self.refresh_lasts_s
            if form["grant_type"] == "refresh_token":
                body["refresh_token"] = self.refresh
            return Reply(body)

    def guarded(self, asked: Asked) -> Reply | None:
        if asked.path == "/token":
            return None
        good = asked.headers.get("authorization") == f"Bearer {self.access}"
        return None if good else Reply({"message": "expired"}, 401)


OPTIONS = {"client_id": "hub", "client_secret": "c-secret", "refresh_token": "first-refresh"}


@pytest.fixture
def tokens(source: Emulator) -> TokenServer:
    server = TokenServer()
    source.routes["/token"] = server.token
    source.routes["/items"] = numbered(rows(7), size=3)
    source.before = server.guarded
    return server


def rotating(source: Emulator, surroundings: Surroundings, **options: Any) -> Connection:
    return connect(
        source.url,
        surroundings,
        auth=auth.OAuth2(token_url="/token", grant="refresh_token"),
        options={**OPTIONS, **options},
    )


def test_client_credentials(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer, time: HandTime
) -> None:
    shown = {"client_id": "hub", "client_secret": "c-secret"}
    how = auth.OAuth2(token_url=f"{source.url}/token", sent_as="basic", scope="read")
    (stream,) = connect(source.url, surroundings, auth=how, options=shown).streams()
    assert len(read_stream(stream).keys) == 7
    assert tokens.forms == [{"grant_type": "client_credentials", "scope": "read"}]
    time.sleep(3550)
    assert len(read_stream(stream).keys) == 7
    assert tokens.issued == 2  # renewed before it ran out, so that nothing was refused
    assert all(asked.path == "/token" or "authorization" in asked.headers for asked in source.asked)


@pytest.mark.parametrize(("lasts_s", "issued"), [(60, 1), (1, 1), (0, 3)])
def test_a_token_of_a_minute_is_used_for_more_than_a_request(
    source: Emulator,
    surroundings: Surroundings,
    tokens: TokenServer,
    lasts_s: int,
    issued: int,
) -> None:
    tokens.lasts_s = lasts_s
    oauth = auth.OAuth2(token_url="/token")
    options = {key: OPTIONS[key] for key in ("client_id", "client_secret")}
    connection = connect(source.url, surroundings, auth=oauth, options=options)
    assert len(read_stream(connection.streams()[0]).records) == 7
    assert tokens.issued == issued


def test_single_use_refresh_tokens_last_over_three_runs(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer, time: HandTime
) -> None:
    for run in range(1, 4):
        (stream,) = rotating(source, surroundings).streams()
        assert len(read_stream(stream).keys) == 7
        assert tokens.issued == run
        time.sleep(4000)
    used = [form["refresh_token"] for form in tokens.forms]
    assert used == ["first-refresh", "refresh-1", "refresh-2"]


@pytest.mark.parametrize(
    ("replaces", "lasts_s", "ends"),
    [
        (False, 86_400, "2026-11-24T10:00:00+00:00"),
        (False, "86400", "2026-11-24T10:00:00+00:00"),
        (False, None, None),
        (False, 0, None),  # an offline token: it does not end
        (False, "never", None),
        (False, 10**18, None),
        (True, 86_400, None),  # each use gives a new one
    ],
)
def test_a_refresh_token_that_ends_is_told_of(
    source: Emulator,
    surroundings: Surroundings,
    tokens: TokenServer,
    replaces: bool,
    lasts_s: object,
    ends: str | None,
) -> None:
    tokens.replaces, tokens.refresh_lasts_s = replaces, lasts_s
    told: list[datetime | None] = []
    around = replace(surroundings, credential_ends=told.append)
    for _ in range(2):  # once by the source, once out of the vault
        read_stream(rotating(source, around).streams()[0])
    assert told == [datetime.fromisoformat(ends) if ends else None] * 2
    assert tokens.issued == 1


@pytest.mark.parametrize(
    ("payload", "ends"),
    [
        ({"exp": 1_798_761_600}, "2027-01-01T00:00:00+00:00"),
        ({"exp": "soon"}, None),
        ({"exp": 1e300}, None),
        ({"sub": "hub"}, None),
        (None, None),
    ],
)
def test_a_lasting_token_that_ends_is_told_of_once(
    source: Emulator, surroundings: Surroundings, payload: dict[str, Any] | None, ends: str | None
) -> None:
    token = "opaque.to.us"
    if payload is not None:
        claims = urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
        token = f"eyJhbGciOiJub25lIn0.{claims}.sig"
    source.routes["/items"] = numbered(rows(7), size=3)
    told: list[datetime | None] = []
    around = replace(surroundings, credential_ends=told.append)
    options = {"token": token}
    (stream,) = connect(source.url, around, auth=auth.Bearer(), options=options).streams()
    assert len(read_stream(stream).keys) == 7
    assert told == [datetime.fromisoformat(ends) if ends else None]


def test_a_rotated_token_is_stored_before_it_is_used(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    vault = surroundings.vault
    assert vault is not None
    seen: list[str | None] = []
    guarded = tokens.guarded

    def watching(asked: Asked) -> Reply | None:
        if asked.path == "/items":
            seen.append(vault.get("oauth"))
        return guarded(asked)

    source.before = watching
    read_stream(rotating(source, surroundings).streams()[0])
    assert seen[0] is not None
    assert json.loads(seen[0])["refresh"] == "refresh-1"


def test_many_at_once_refresh_once(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    streams = [rotating(source, surroundings).streams()[0] for _ in range(4)] * 2
    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda stream: len(read_stream(stream).keys), streams))
    assert counts == [7] * 8
    assert tokens.issued == 1


def test_a_token_that_ends_between_two_pages_is_renewed_once(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    def ending(asked: Asked) -> Reply | None:
        if asked.query.get("page") == "2" and tokens.issued == 1:
            tokens.access = "ended"
        return tokens.guarded(asked)

    source.before = ending
    outcome = read_stream(rotating(source, surroundings).streams()[0])
    assert len(outcome.keys) == 7
    assert tokens.issued == 2


def test_a_revoked_token_is_an_auth_error_without_secrets(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    tokens.refresh = "revoked meanwhile"
    with pytest.raises(AuthError, match="authorize this connection again") as caught:
        read_stream(rotating(source, surroundings).streams()[0])
    assert not any(secret in str(caught.value) for secret in ("first-refresh", "c-secret"))
    assert len(tokens.forms) == 1


def test_a_refused_new_token_is_renewed_no_second_time(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    source.before = lambda asked: Reply({}, 401) if asked.path == "/items" else None
    with pytest.raises(AuthError):
        read_stream(rotating(source, surroundings).streams()[0])
    assert tokens.issued == 2
    assert [asked.path for asked in source.asked].count("/items") == 2


def test_a_person_may_authorize_anew(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    read_stream(rotating(source, surroundings).streams()[0])
    tokens.refresh, tokens.access = "given-by-hand", "none"
    stream = rotating(source, surroundings, refresh_token="given-by-hand").streams()[0]
    assert len(read_stream(stream).keys) == 7


def test_without_a_vault_nothing_is_rotated(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    with pytest.raises(ConnectionBrokenError, match="HUB_VAULT_KEY"):
        read_stream(rotating(source, replace(surroundings, vault=None)).streams()[0])
    assert tokens.forms == []


def test_a_signed_assertion_gets_a_token(
    source: Emulator, surroundings: Surroundings, tokens: TokenServer
) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()
    how = auth.JwtBearer(token_url="/token", audience="https://idp.example")
    shown = {"client_id": "hub@acme", "private_key": pem}
    (stream,) = connect(source.url, surroundings, auth=how, options=shown).streams()
    assert len(read_stream(stream).keys) == 7
    head, claims, proof = tokens.forms[0]["assertion"].split(".")

    def decoded(part: str) -> bytes:
        return urlsafe_b64decode(part + "=" * (-len(part) % 4))

    key.public_key().verify(
        decoded(proof), f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    said = json.loads(decoded(claims))
    assert (said["iss"], said["aud"], said["exp"] - said["iat"]) == (
        "hub@acme",
        "https://idp.example",
        300,
    )


@pytest.mark.parametrize("by", ["token", "cookie"])
def test_a_login_is_done_again_when_it_ended(
    source: Emulator, surroundings: Surroundings, by: str
) -> None:
    logins: list[Any] = []

    def login(asked: Asked) -> Reply:
        logins.append(asked.json)
        if asked.json["password"] != "pw":
            return Reply({"message": "no"}, 400)
        name = f"session-{len(logins)}"
        return Reply({"data": {"token": name}}, headers={"Set-Cookie": f"sid={name}; HttpOnly"})

    def guarded(asked: Asked) -> Reply | None:
        shown = asked.headers.get("cookie" if by == "cookie" else "authorization", "")
        good = asked.path == "/login" or shown.endswith(f"session-{max(len(logins), 2)}")
        return None if good else Reply({}, 401)

    source.routes["/login"], source.routes["/items"] = login, numbered(rows(3), size=3)
    source.before = guarded
    how = auth.Session(token="data.token") if by == "token" else auth.Session(cookie="sid")
    shown = {"user": "hub", "password": "pw"}
    (stream,) = connect(source.url, surroundings, auth=how, options=shown).streams()
    assert len(read_stream(stream).keys) == 3
    assert logins == [{"user": "hub", "password": "pw"}] * 2
    wrong = connect(source.url, surroundings, auth=how, options={**shown, "password": "x"})
    with pytest.raises(AuthError, match="the login was refused"):
        read_stream(wrong.streams()[0])


def test_memory_vaults_are_apart() -> None:
    one, other = MemoryVault(), MemoryVault()
    one.put("a", "1")
    assert (one.get("a"), other.get("a")) == ("1", None)
