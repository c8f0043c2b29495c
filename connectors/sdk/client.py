"""The one HTTP client of a connection: paced, patient, bounded, and bound to its own host."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import httpx
import msgspec

from connectors.sdk.connection_options import Options, secrets_of
from connectors.sdk.decoding import decoded
from connectors.sdk.errors import (
    AuthError,
    ConnectionBrokenError,
    ConnectorError,
    NotThereError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.network import Network
from connectors.sdk.origin import Origin, joined
from connectors.sdk.pacing import Pace, RateLimit, http_date, retry_after_s
from connectors.sdk.surroundings import Surroundings
from connectors.sdk.transport import BASE, EXPECTS

ATTEMPTS = 6
LONGEST_WAIT_S = 300.0
"""A source that asks for a longer pause is left alone until the next run."""
MAX_REDIRECTS = 5
BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524, 529})
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Credentials(Protocol):
    """What proves who asks."""

    def apply(self, request: httpx.Request, client: "Client") -> None:
        """Put the proof on a request; may ask for a token first."""

    def renew(self, request: httpx.Request, client: "Client") -> bool:
        """Get new proof after this request was refused; False where there is no way to."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. url: as asked, without credentials."""

    status: int
    headers: httpx.Headers
    content: bytes
    url: str

    def json(self) -> Any:
        """Return the answer's JSON. Raises SourceContractError where it is none."""
        charset = httpx.Response(200, headers=self.headers).charset_encoding
        try:
            return decoded(self.content, charset)
        except ValueError as error:
            raise _no_json(self, error) from None


class Client:
    """Asks one host. All streams and threads of a connection share it."""

    def __init__(
        self,
        options: Options,
        credentials: Credentials,
        surroundings: Surroundings,
        *,
        rate: RateLimit | None = None,
        headers: Mapping[str, str] | None = None,
        attempts: int = ATTEMPTS,
    ) -> None:
        self.origin = Origin(options.base_url, plain_http=options.plain_http)
        self.surroundings = surroundings
        self.options = options
        self.server_time: datetime | None = None
        self._credentials = credentials
        self._attempts = attempts
        self._headers = {
            "Accept": "application/json",
            "User-Agent": "verbund-hub",
            **(headers or {}),
        }
        self._pace = Pace(
            options.rate or rate, monotonic=surroundings.monotonic, sleep=surroundings.sleep
        )
        self._lock = threading.Lock()
        self._http: httpx.Client | None = None

    def close(self) -> None:
        """Give the connections back; may be called twice."""
        with self._lock:
            if self._http is not None:
                self._http.close()
                self._http = None

    def now(self) -> datetime:
        """Return the time by our own clock."""
        return self.surroundings.clock()

    def get(
        self, path: str, params: Mapping[str, Any] | None = None, *, expects: object = None
    ) -> Answer:
        """Return the answer to a GET of a path, or of a link on this host."""
        return self.send("GET", path, params=params, expects=expects)

    def send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        proven: bool = True,
        expects: object = None,
    ) -> Answer:
        """Return a good answer (2xx), after as many attempts as it takes within reason.

        body: JSON to send; only with methods that change nothing. proven: whether to show
        credentials. expects: what the answer is taken for, told to whoever stands in for the
        network. Raises AuthError, ConnectionBrokenError, RetryableError or
        SourceContractError, whose texts name method and path and hold no query and no secret.
        """
        url = self.origin.url(path)
        request = self._client().build_request(
            method,
            url,
            params=_params(params),
            json=body,
            headers=headers,
            extensions={BASE: self.origin.base, EXPECTS: expects},
        )
        return self._patiently(request, proven=proven)

    def send_form(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        """Return the answer of a token endpoint, which may be on another declared host."""
        target = Origin(url, plain_http=self.options.plain_http)
        request = self._client().build_request(
            "POST", target.base, data=dict(form), headers=headers
        )
        return self._patiently(request, proven=False, at=target)

    def _patiently(
        self, request: httpx.Request, *, proven: bool, at: Origin | None = None
    ) -> Answer:
        renewed = False
        for attempt in range(1, self._attempts + 1):
            try:
                answer = self._once(request, proven=proven, at=at or self.origin)
            except RetryableError as error:
                self._pause(error, attempt)
                continue
            if answer.status == 401 and proven and not renewed:
                renewed = True
                if self._credentials.renew(request, self):
                    continue
            problem = self._problem(request, answer)
            if problem is None:
                self._pace.faster()
                return answer
            if not isinstance(problem, RetryableError):
                raise problem
            self._pause(problem, attempt)
        raise AssertionError("the last attempt returns or raises")

    def _pause(self, error: RetryableError, attempt: int) -> None:
        wait_s = error.retry_after_s
        if attempt >= self._attempts or (wait_s is not None and wait_s > LONGEST_WAIT_S):
            raise error
        self._pace.hold(self._pace.slower() if wait_s is None else wait_s)

    def _once(self, request: httpx.Request, *, proven: bool, at: Origin) -> Answer:
        for _ in range(MAX_REDIRECTS + 1):
            if proven:
                self._credentials.apply(request, self)
            answer = self._exchange(request)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            target = at.url(joined(str(request.url), answer.headers["location"]))
            headers = {key: value for key, value in request.headers.items() if key != "host"}
            method = "GET" if answer.status == 303 else request.method
            content = None if method == "GET" else request.content
            if method == "GET":
                headers = {k: v for k, v in headers.items() if not k.startswith("content-")}
            request = httpx.Request(
                method, target, headers=headers, content=content, extensions=request.extensions
            )
        raise SourceContractError(f"{_named(request)}: more than {MAX_REDIRECTS} redirects")

    def _exchange(self, request: httpx.Request) -> Answer:
        self._pace.wait()
        began = self.surroundings.monotonic()
        try:
            response = self._client().send(request, stream=True, follow_redirects=False)
            try:
                content = self._content(request, response, began)
            finally:
                response.close()
        except httpx.ConnectError as error:
            if "certificate" in str(error).lower():
                raise ConnectionBrokenError(
                    f"{self.origin.host}: its certificate cannot be trusted: {error}; "
                    "for a private authority state `ca_file`"
                ) from None
            raise RetryableError(f"{self.origin.host} cannot be reached: {error}") from None
        except httpx.TimeoutException as error:
            raise RetryableError(f"{_named(request)}: no answer: {type(error).__name__}") from None
        except httpx.HTTPError as error:
            raise RetryableError(f"{_named(request)}: broke off: {error}") from None
        self._note_time(response)
        return Answer(response.status_code, response.headers, content, _bare(request.url))

    def _content(self, request: httpx.Request, response: httpx.Response, began: float) -> bytes:
        """Return the body; one that is too large is refused after its first bytes."""
        limit = self.options.max_response_bytes
        stated = response.headers.get("content-length", "")
        if stated.isdecimal() and int(stated) > limit:
            raise _too_large(request, limit)
        parts, size = [], 0
        for part in response.iter_bytes():
            size += len(part)
            if size > limit:
                raise _too_large(request, limit)
            if self.surroundings.monotonic() - began > self.options.timeout_s * 10:
                raise RetryableError(f"{_named(request)}: its answer never ends")
            parts.append(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _note_time(self, response: httpx.Response) -> None:
        if self.server_time is None:
            self.server_time = http_date(response.headers.get("date"))

    def _problem(self, request: httpx.Request, answer: Answer) -> ConnectorError | None:
        status = answer.status
        if 200 <= status < 300:
            self._mind_limits(answer)
            return None
        text = f"{_named(request)}: answered {status}"
        said = _said(answer)
        text = f"{text}: {said}" if said else text
        if status in (401, 403):
            return AuthError(f"{text}; renew the credentials of this connection, or its rights")
        if status in BUSY or status >= 500:
            now = http_date(answer.headers.get("date")) or self.now()
            wait_s = retry_after_s(answer.headers.get("retry-after"), now)
            return RetryableError(text, retry_after_s=wait_s)
        return NotThereError(text) if status in (404, 410) else ConnectionBrokenError(text)

    def _mind_limits(self, answer: Answer) -> None:
        """Hold still where the source says that nothing is left of its allowance."""
        headers = answer.headers
        if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
            reset = headers["x-ratelimit-reset"]
            if reset.isdecimal():
                seconds = float(reset)
                if seconds > 1e9:  # an instant rather than a wait
                    seconds -= (http_date(headers.get("date")) or self.now()).timestamp()
                self._pace.hold(min(max(0.0, seconds), LONGEST_WAIT_S))

    def _client(self) -> httpx.Client:
        with self._lock:
            if self._http is None:
                self._http = self._opened()
            return self._http

    def _opened(self) -> httpx.Client:
        options = self.options
        transport: httpx.BaseTransport = Network(options)
        if self.surroundings.transport is not None:
            transport = self.surroundings.transport(transport, secrets_of(options))
        return httpx.Client(
            transport=transport,
            timeout=httpx.Timeout(options.timeout_s, connect=min(10.0, options.timeout_s)),
            headers=self._headers,
            trust_env=False,
        )


def _no_json(answer: Answer, error: Exception) -> SourceContractError:
    kind = answer.headers.get("content-type", "no content type").partition(";")[0]
    size = len(answer.content)
    return SourceContractError(
        f"{answer.url}: answered {answer.status} with {size} bytes ({kind}) that are no whole "
        f"JSON: {error}"
    )


def _params(params: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    if not params:
        return None  # an empty mapping would take the query off a link
    return {key: value for key, value in params.items() if value is not None}


def _named(request: httpx.Request) -> str:
    return f"{request.method} {_bare(request.url)}"


def _bare(url: httpx.URL) -> str:
    """Return an address without its query, which may hold a key, and without credentials."""
    path, _, _ = url.raw_path.partition(b"?")
    return f"{url.scheme}://{url.netloc.decode()}{path.decode()}"


def _too_large(request: httpx.Request, limit: int) -> SourceContractError:
    return SourceContractError(
        f"{_named(request)}: its answer is larger than {limit} bytes (max_response_bytes)"
    )


def _said(answer: Answer) -> str:
    """Return what an error's JSON says in short, for people; nothing of HTML or records."""
    try:
        body = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    for _ in range(3):
        if isinstance(body, list) and body:
            body = body[0]
        if isinstance(body, dict):
            names = ("error_description", "message", "msg", "detail", "error", "errors", "title")
            body = next((body[name] for name in names if body.get(name)), "")
    return body[:200] if isinstance(body, str) else ""
