"""HTTP/1.1 over Python's own http.client, as a transport of httpx.

httpx's own, httpcore over h11, takes three times the processor for a page of 130 KB and 40 ms to
load. Proxies are left to it. What a transport promises holds: errors are httpx's, an answer is
streamed, one that breaks off is none, and a connection is kept only once its answer was read to
the end.
"""

import http.client
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

IDLE_CONNECTIONS = 16
"""So many are kept for the next request; threads of a connection are fewer."""
PART_BYTES = 1 << 16

_Headers = list[tuple[bytes, bytes]]


class Wire(httpx.BaseTransport):
    """Asks over connections that are kept; threads share them.

    authorities: what is trusted, asked for once something is to be encrypted: reading them takes
    20 ms.
    """

    def __init__(self, authorities: Callable[[], ssl.SSLContext]) -> None:
        self._authorities = authorities
        self._lock = threading.Lock()
        self._idle: dict[_Place, list[http.client.HTTPConnection]] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the answer, its body still to be read. Raises httpx.TransportError."""
        limits = request.extensions.get("timeout", {})
        place = _place(request.url)
        line = self._taken(place) or self._opened(place, limits.get("connect"))
        try:
            with _told(httpx.WriteTimeout, httpx.WriteError):
                line.sock.settimeout(limits.get("write"))
                _send(line, request)
            with _told(httpx.ReadTimeout, httpx.ReadError):
                line.sock.settimeout(limits.get("read"))
                answer = line.getresponse()
        except BaseException:
            line.close()
            raise
        headers: _Headers = [
            (name.encode("latin-1"), " ".join(value.split("\r\n")).encode("latin-1"))
            for name, value in answer.getheaders()
        ]
        body = _Body(answer, line, lambda: self._put_back(place, line))
        return httpx.Response(answer.status, headers=headers, stream=body)

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            lines = [line for kept in self._idle.values() for line in kept]
            self._idle = {}
        for line in lines:
            line.close()

    def _taken(self, place: "_Place") -> http.client.HTTPConnection | None:
        """Return a connection that was kept, and that the other end has not closed since."""
        while True:
            with self._lock:
                kept = self._idle.get(place)
                line = kept.pop() if kept else None
            if line is None or not _is_readable(line.sock):
                return line
            line.close()

    def _put_back(self, place: "_Place", line: http.client.HTTPConnection) -> None:
        with self._lock:
            kept = self._idle.setdefault(place, [])
            if len(kept) < IDLE_CONNECTIONS:
                kept.append(line)
                return
        line.close()

    def _opened(self, place: "_Place", timeout_s: float | None) -> http.client.HTTPConnection:
        scheme, host, port = place
        line: http.client.HTTPConnection
        if scheme == "https":
            line = http.client.HTTPSConnection(
                host, port, timeout=timeout_s, context=self._authorities()
            )
        else:
            line = http.client.HTTPConnection(host, port, timeout=timeout_s)
        try:
            with _told(httpx.ConnectTimeout, httpx.ConnectError):
                line.connect()
        except BaseException:
            line.close()
            raise
        return line


_Place = tuple[str, str, int]
"""Scheme, host and port."""


class _Body(httpx.SyncByteStream):
    """The body of one answer as it comes; only what came whole lets the connection be kept."""

    def __init__(
        self,
        answer: http.client.HTTPResponse,
        line: http.client.HTTPConnection,
        keep: Callable[[], None],
    ) -> None:
        self._answer, self._line, self._keep = answer, line, keep
        self._whole = False

    def __iter__(self) -> Iterator[bytes]:
        answer = self._answer
        left = answer.length  # None: until its last chunk, or until the connection ends
        came = answer.chunked
        with _told(httpx.ReadTimeout, httpx.ReadError):
            while left is None or left > 0:
                part = answer.read1(PART_BYTES if left is None else min(left, PART_BYTES))
                if not part:
                    break
                if left is not None:
                    left -= len(part)
                came = True
                yield part
        if left:
            raise httpx.RemoteProtocolError(f"the answer lacks its last {left} bytes")
        if left is None and not came:  # http.client takes a head that was cut for a whole one
            raise httpx.RemoteProtocolError("the connection ended within the answer's head")
        self._whole = True

    def close(self) -> None:
        """Keep the connection for the next request where it may be kept, else end it."""
        reusable = self._whole and not self._answer.will_close
        self._answer.close()
        if reusable:
            self._keep()
        else:
            self._line.close()


def _place(url: httpx.URL) -> _Place:
    port = url.port or (443 if url.scheme == "https" else 80)
    return url.scheme, url.raw_host.decode("ascii"), port


def _send(line: http.client.HTTPConnection, request: httpx.Request) -> None:
    target = request.url.raw_path.decode("ascii")
    try:
        line.putrequest(request.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.raw:
            line.putheader(name, value)
    except (ValueError, http.client.InvalidURL):  # its text quotes the value, which may be secret
        text = "the address or a header holds a character that cannot be sent"
        raise httpx.LocalProtocolError(text) from None
    line.endheaders(request.read() or None)


def _is_readable(sock: socket.socket) -> bool:
    """Return whether something waits to be read: of a connection at rest that is its end."""
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))


@contextmanager
def _told(late: type[httpx.TransportError], broken: type[httpx.TransportError]) -> Iterator[None]:
    """Raise in httpx's words what http.client, ssl or the socket says."""
    try:
        yield
    except TimeoutError as error:
        raise late(str(error) or "timed out") from error
    except http.client.HTTPException as error:
        text = str(error) or type(error).__name__
        raise httpx.RemoteProtocolError(text) from error
    except OSError as error:
        raise broken(str(error)) from error
