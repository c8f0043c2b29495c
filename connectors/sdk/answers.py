"""Follows a list endpoint to its stated end, answer by answer, and believes none that lies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from connectors.sdk.client import Answer, Client
from connectors.sdk.errors import SourceContractError
from connectors.sdk.pages import Answered, Ask, Pages
from connectors.sdk.paths import MISSING, Steps, steps_of, value_at
from connectors.sdk.rows import rows_in

_encode = msgspec.json.Encoder().encode
MOST_PAGES = 1_000_000
MOST_EMPTY_PAGES = 100


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
    """One answer of a list endpoint. last: the source stated that this was the end."""

    answered: Answered
    size: int
    url: str
    next: Ask | None

    @property
    def rows(self) -> Sequence[Any]:
        return self.answered.rows

    def digest(self) -> int:
        """Return a number that is the same where the rows are, within this process."""
        return hash(_encode(self.rows))


class Lister:
    """Asks one endpoint for page after page."""

    def __init__(self, client: Client, endpoint: Endpoint) -> None:
        self._client = client
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
        answered = Answered(
            ask=ask,
            body=(body := answer.json()),
            headers=answer.headers,
            rows=self._rows(answer, body),
            before=before,
        )
        try:
            follows = endpoint.pages.after(answered)
        except SourceContractError as error:
            raise SourceContractError(f"{answer.url}: {error}") from None
        if follows is not None and follows.link is not None:
            follows = Ask(link=str(httpx.URL(answer.url).join(follows.link)))
        return Listed(answered, len(answer.content), answer.url, follows)

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
