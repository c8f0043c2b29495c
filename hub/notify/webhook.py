"""Hands a notice to a webhook, signed as the Standard Webhooks specification says."""

import base64
import hmac
import ssl
from collections.abc import Iterable, Sequence
from hashlib import sha256
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpcore
import msgspec

from hub.notify.address import Network, connect, untrusted
from hub.notify.target import NotDeliveredError, WebhookTarget

MOST_ANSWER_BYTES = 64_000
ASK_AGAIN = (408, 425, 429)
"""Answers that say not now rather than no."""


def key_of(secret: str) -> bytes:
    """Return the key in a `whsec_...` text. Raises ValueError where there is none of 24 bytes."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError as error:
        raise ValueError("a webhook's secret is `whsec_` and base64") from error
    if not 24 <= len(key) <= 64:
        raise ValueError(f"a webhook's secret holds 24 to 64 bytes, not {len(key)}")
    return key


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the `webhook-signature` of a message: HMAC-SHA256 over id, time and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, sha256)).decode()


def send(
    target: WebhookTarget,
    message_id: str,
    body: dict[str, Any],
    *,
    timestamp: int,
    allowed: Sequence[Network],
    timeout_s: float,
) -> None:
    """Post a notice and wait for a 2xx. Raises NotDeliveredError; redirects are not followed.

    The whole exchange is over within `timeout_s`, however slowly the other side drips.
    """
    content = msgspec.json.encode(body)
    headers: dict[bytes | str, bytes | str] = {
        "Host": _host(target.url),
        "Content-Type": "application/json",
        "Content-Length": str(len(content)),
        "User-Agent": "verbund-hub",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(target.secret, message_id, timestamp, content),
    }
    in_clear = urlsplit(target.url).scheme == "http"
    backend = _Guarded(allowed, monotonic() + timeout_s, in_clear)
    with httpcore.ConnectionPool(
        ssl_context=ssl.create_default_context(), network_backend=backend
    ) as pool:
        try:
            with pool.stream("POST", target.url, headers=headers, content=content) as answer:
                _read(answer)
        except (httpcore.TimeoutException, httpcore.NetworkError) as error:
            raise NotDeliveredError(_explained(error, timeout_s)) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
            raise NotDeliveredError("the target does not speak HTTP as it should") from error
    _judge(answer)


def _explained(error: Exception, timeout_s: float) -> str:
    if isinstance(error, httpcore.TimeoutException):
        return f"the target did not answer within {timeout_s:g} s"
    if isinstance(error, httpcore.ConnectError):
        return str(error)
    return f"the connection broke ({type(error).__name__})"


def _read(answer: httpcore.Response) -> None:
    read = 0
    for part in answer.iter_stream():
        read += len(part)
        if read > MOST_ANSWER_BYTES:
            break


def _judge(answer: httpcore.Response) -> None:
    status = answer.status
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise NotDeliveredError(
            f"the target redirects ({status}), which is not followed: configure where it leads",
            refused=True,
        )
    again = {name.lower(): value for name, value in answer.headers}.get(b"retry-after", b"")
    retry_after_s = float(again) if again.isdigit() and len(again) < 6 else None
    raise NotDeliveredError(
        f"the target answered {status}",
        refused=400 <= status < 500 and status not in ASK_AGAIN,
        gone=status == 410,
        retry_after_s=retry_after_s,
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


class _Guarded(httpcore.NetworkBackend):
    """Connects where it may, and gives every wait only what is left of the time for all."""

    def __init__(self, allowed: Sequence[Network], until: float, in_clear: bool) -> None:
        self._allowed, self._until, self._in_clear = allowed, until, in_clear

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._until)
        opened = connect(host, port, allowed=self._allowed, timeout_s=left, in_clear=self._in_clear)
        return _Hurried(_SocketStream(opened), self._until)


def _left(until: float) -> float:
    left = until - monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left


class _SocketStream(httpcore.NetworkStream):
    """A socket as httpcore wants it."""

    def __init__(self, opened: Any) -> None:
        self._socket = opened

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._socket.settimeout(timeout)
            data: bytes = self._socket.recv(max_bytes)
        except TimeoutError as error:
            raise httpcore.ReadTimeout("no answer") from error
        except OSError as error:
            raise httpcore.ReadError("broken") from error
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(buffer)
        except TimeoutError as error:
            raise httpcore.WriteTimeout("not taken") from error
        except OSError as error:
            raise httpcore.WriteError("broken") from error

    def close(self) -> None:
        self._socket.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            self._socket.settimeout(timeout)
            wrapped = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout("no handshake") from error
        except ssl.SSLError as error:
            self._socket.close()
            raise httpcore.ConnectError(untrusted(error, "the target")) from error
        except OSError as error:
            self._socket.close()
            raise httpcore.ReadError("broken") from error
        return _SocketStream(wrapped)

    def get_extra_info(self, info: str) -> Any:
        return None


class _Hurried(httpcore.NetworkStream):
    """Passes everything on, with what is left of the time as the time-out."""

    def __init__(self, inner: httpcore.NetworkStream, until: float) -> None:
        self._inner, self._until = inner, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _left(self._until))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, _left(self._until))
        return _Hurried(inner, self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
