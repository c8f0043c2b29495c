"""Webhooks of a source: who proves that a body is the source's, and which records it hints at.

A body is a hint and nothing more: whatever it says of a record, the record is read again by its
key. So a hint may come twice, late or out of order, and a forged one costs one question.
"""

import binascii
import hmac
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from connectors.sdk.errors import RecordRejectedError
from connectors.sdk.listing import key_of
from connectors.sdk.pages import HEADER, BodyPath
from connectors.sdk.paths import MISSING, steps_of, value_at

log = logging.getLogger(__name__)

TOLERANCE = timedelta(minutes=5)
"""How far the time in a signature may lie from ours (Standard Webhooks)."""

Headers = Mapping[str, str]
"""By name in lower case."""


class _Verification(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    def holds(self, secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
        """Return whether the sender knows the secret; compared in constant time."""
        raise NotImplementedError


class Hmac(_Verification):
    """A header holds the HMAC of the body. prefix: what stands before it, as `sha256=`."""

    type: Literal["hmac"] = "hmac"
    header: str
    algorithm: Literal["sha256", "sha512", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""

    def holds(self, secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
        digest = hmac.digest(secret.encode(), body, self.algorithm)
        text = digest.hex() if self.encoding == "hex" else b64encode(digest).decode()
        shown = headers.get(self.header.lower(), "")
        if self.encoding == "hex":
            shown = shown.lower()
        return _same(f"{self.prefix}{text}", shown)


class Standard(_Verification):
    """Signed as the Standard Webhooks specification says: HMAC-SHA256 over id, time and body.

    The secret is `whsec_` and base64. A message older than five minutes is refused.
    """

    type: Literal["standard"] = "standard"

    def holds(self, secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
        sent = headers.get("webhook-timestamp", "")
        if not _is_fresh(sent, now):
            return False
        try:
            key = b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return False
        signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
        expected = "v1," + b64encode(hmac.digest(key, signed, "sha256")).decode()
        shown = headers.get("webhook-signature", "").split(" ")[:10]
        return any(_same(expected, one) for one in shown)


class Stamped(_Verification):
    """A header holds `t=SECONDS,v1=HEX`: the HMAC-SHA256 of that time, a dot and the body.

    As Stripe signs. A message older than five minutes is refused.
    """

    type: Literal["stamped"] = "stamped"
    header: str

    def holds(self, secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
        parts = [part.strip() for part in headers.get(self.header.lower(), "").split(",")[:10]]
        sent = next((part[2:] for part in parts if part.startswith("t=")), "")
        if not _is_fresh(sent, now):
            return False
        expected = hmac.digest(secret.encode(), f"{sent}.".encode() + body, "sha256").hex()
        return any(_same(f"v1={expected}", part) for part in parts)


class SharedToken(_Verification):
    """A header holds the secret itself."""

    type: Literal["token"] = "token"
    header: str

    def holds(self, secret: str, headers: Headers, body: bytes, now: datetime) -> bool:
        return _same(secret, headers.get(self.header.lower(), ""))


AnyVerification = Annotated[Hmac | Standard | Stamped | SharedToken, Field(discriminator="type")]
KeysOf = Callable[[Any], Any]


def _texts(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Webhook(BaseModel):
    """What a stream's webhook sends. events: patterns of the event's name, as `contact.*`.

    event: where its name stands in the body, or in a header (`header:X-Event`). key: where the key
    of the record stands. keys_of: the author's own reading of a body: a key, or several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    verify: AnyVerification
    events: Annotated[tuple[str, ...], BeforeValidator(_texts)] = ("*",)
    event: BodyPath = "type"
    key: BodyPath = "id"
    keys_of: KeysOf | None = Field(default=None, exclude=True)

    def keys(self, headers: Headers, body: Any) -> list[str]:
        """Return the keys of the records a body hints at; none where it is not for this stream."""
        if self.events != ("*",) and not self._is_meant(headers, body):
            return []
        if self.keys_of is not None:
            try:
                said = self.keys_of(body)
            except (LookupError, TypeError, AttributeError, ValueError) as error:
                log.warning("a webhook's keys cannot be read: %s", type(error).__name__)
                return []
        else:
            said = value_at(body, steps_of(self.key))
        found = said if isinstance(said, list | tuple) else [said]
        return [key for key in map(_key, found) if key is not None]

    def _is_meant(self, headers: Headers, body: Any) -> bool:
        if self.event.startswith(HEADER):
            name: Any = headers.get(self.event.removeprefix(HEADER).lower(), MISSING)
        else:
            name = value_at(body, steps_of(self.event))
        return isinstance(name, str) and any(fnmatchcase(name, one) for one in self.events)


def decoded_body(body: bytes) -> Any:
    """Return the JSON of a body, MISSING where it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return MISSING


def _is_fresh(sent: str, now: datetime) -> bool:
    """Return whether a text holds seconds since 1970 that lie near ours."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) < 12):
        return False
    return abs(now.timestamp() - int(sent)) <= TOLERANCE.total_seconds()


def _key(value: Any) -> str | None:
    try:
        return key_of({"key": value}, ("key",))
    except RecordRejectedError:
        return None


def _same(expected: str, shown: str) -> bool:
    return hmac.compare_digest(expected.encode(), shown.encode("utf-8", "replace"))
