"""Follows a list endpoint to its stated end, answer by answer, and believes none that lies."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec
from msgspec import UNSET

from connectors.sdk.client import Answer, Client
from connectors.sdk.errors import SourceContractError
from connectors.sdk.origin import joined
from connectors.sdk.pages import HEADER, Answered, Ask, Pages
from connectors.sdk.paths import MISSING, Steps, steps_of, value_at
from connectors.sdk.record import Recalled
from connectors.sdk.rows import rows_in

_encode = msgspec.json.Encoder().encode
MOST_PAGES = 1_000_000
MOST_EMPTY_PAGES = 100
SHORT = 64
"""Pages of so many rows are compared whole: a page that came before is told by its rows."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A list endpoint. items: the paths to its lists; error: where a 200 holds an error."""

    path: str
    pages: Pages
    items: Sequence[str] = ("",)
    params: Mapping[str, Any] = field(default_factory=dict)
    method: str = "GET"
    body: Any = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer of a list endpoint. next: what to ask for then, None at the stated end.

    digest_of_bytes: where pages are told by them. recalled: it is known, and `rows` are none.
    """

    answered: Answered
    size: int
    url: str
    next: Ask | None
    digest_of_bytes: bytes = b""
    recalled: Recalled | None = None

    @property
    def rows(self) -> Sequence[Any]:
        return self.answered.rows

    def digest(self) -> int:
        """Return a number that is the same where the rows are, within this process.

        Of a long page every 16th row speaks for the others, and the last one.
        """
        if self.recalled is not None:
            return hash(self.digest_of_bytes)
        rows = self.rows
        told = rows if len(rows) <= SHORT else [*rows[::16], rows[-1]]
        return hash((len(rows), _encode(told)))


Recall = Callable[[Answer], tuple[bytes, Recalled | None]]
"""Returns the digest of an answer's bytes, and the page that is known by it."""


class Lister:
    """Asks one endpoint for page after page. recall: knows some of them by their bytes."""

    def __init__(self, client: Client, endpoint: Endpoint, recall: Recall | None = None) -> None:
        self._client = client
        self._recall = recall
        self._endpoint = endpoint
        self._items: list[Steps] = [steps_of(path) for path in endpoint.items]
        self._error = steps_of(endpoint.error) if endpoint.error else None

    def pages(self, params: Mapping[str, Any]) -> Iterator[Listed]:
        """Yield each page from the first to the stated end, asked for with `params`, too.

        Raises SourceContractError for a page that came before, one empty page after another, or
        an end that is nowhere stated.
        """
        ask: Ask | None = self._endpoint.pages.first()
        before, empty = 0, 0
        seen: set[int] = set()
        for _ in range(MOST_PAGES):
            assert ask is not None
            listed = self.page(ask, params, before)
            digest = listed.digest()
            if listed.rows and digest in seen:
                raise SourceContractError(f"{listed.url}: the same page came twice in one listing")
            seen.add(digest)
            before += len(listed.rows)
            empty = 0 if listed.rows else empty + 1
            yield listed
            ask = listed.next
            if ask is None:
                return
            if empty > MOST_EMPTY_PAGES:
                raise SourceContractError(f"{listed.url}: {empty} empty pages without an end")
        raise SourceContractError(f"{self._endpoint.path}: no end after {MOST_PAGES} pages")

    def page(self, ask: Ask, params: Mapping[str, Any], before: int = 0) -> Listed:
        """Return the page that `ask` leads to; before: how many rows came in this listing."""
        endpoint = self._endpoint
        if ask.link is not None:
            answer = self._client.send(
                endpoint.method, ask.link, body=endpoint.body, expects=endpoint
            )
        else:
            asked = {**endpoint.params, **params, **ask.params}
            if endpoint.method == "GET":
                answer = self._client.get(endpoint.path, asked, expects=endpoint)
            else:
                body = {**(endpoint.body or {}), **asked}
                answer = self._client.send(
                    endpoint.method, endpoint.path, body=body, expects=endpoint
                )
        digest, recalled = self._recall(answer) if self._recall else (b"", None)
        paths = None if recalled is None else endpoint.pages.reads()
        if recalled is None or paths is None:
            body = answer.json()
            rows: Sequence[Any] = self._rows(answer, body)
        else:
            body = _told(answer, paths)
            rows = range(len(recalled.keys))  # so many; what they held is known
        answered = Answered(ask=ask, body=body, headers=answer.headers, rows=rows, before=before)
        try:
            follows = endpoint.pages.after(answered)
        except SourceContractError as error:
            raise SourceContractError(f"{answer.url}: {error}") from None
        if follows is not None and follows.link is not None:
            follows = Ask(link=joined(answer.url, follows.link))
        return Listed(answered, len(answer.content), answer.url, follows, digest, recalled)

    def total(self, listed: Listed) -> int | None:
        """Return how many rows this listing has by the source's own word, None without one."""
        pages = self._endpoint.pages
        return None if pages.about else pages.stated_total(listed.answered)

    def _rows(self, answer: Answer, body: Any) -> list[Any]:
        if self._error is not None:
            said = value_at(body, self._error)
            if said is not MISSING and said:
                text = said if isinstance(said, str) else type(said).__name__
                raise SourceContractError(f"{answer.url}: a 200 with an error inside: {text[:200]}")
        rows = rows_in(body, self._items)
        if rows is None:
            there = ", ".join(sorted(body)[:20]) if isinstance(body, dict) else type(body).__name__
            names = ", ".join(map(repr, self._endpoint.items))
            raise SourceContractError(
                f"{answer.url}: answered {answer.status} without the list at {names} "
                f"(there: {there}); nothing is taken as read"
            )
        return rows


def _told(answer: Answer, paths: Sequence[str]) -> Any:
    """Return of a body that was read before only what stands at these paths.

    The rows are passed over, which takes a tenth of the time that it takes to make them.
    """
    names = tuple({steps_of(path)[:1]: None for path in paths if not path.startswith(HEADER)})
    if not names:
        return None
    try:
        told = _passing_over(names).decode(answer.content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return answer.json()
    values = {name: getattr(told, f"f{at}") for at, (name,) in enumerate(names)}
    return {name: value for name, value in values.items() if value is not UNSET}


@cache
def _passing_over(names: tuple[Steps, ...]) -> msgspec.json.Decoder[Any]:
    """Return what decodes objects to these of their fields and to nothing else."""
    fields = [(f"f{at}", Any, UNSET) for at in range(len(names))]
    renamed = {f"f{at}": str(name) for at, (name,) in enumerate(names)}
    return msgspec.json.Decoder(msgspec.defstruct("Told", fields, rename=renamed))
