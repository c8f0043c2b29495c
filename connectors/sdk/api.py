"""What the code of a code stream is handed: the connection's client, in a few words."""

from collections.abc import Iterator, Sequence
from typing import Any

from connectors.sdk.answers import Endpoint, Lister
from connectors.sdk.client import Client
from connectors.sdk.connection_options import Options
from connectors.sdk.pages import Pages


class Api:
    """Asks the connection's host; pauses, retries, limits and credentials are seen to.

    options: what the configuration says of the connection.
    """

    def __init__(
        self,
        client: Client,
        *,
        pages: Pages,
        items: Sequence[str],
        error: str | None = None,
    ) -> None:
        self.client = client
        self._pages, self._items, self._error = pages, items, error

    @property
    def options(self) -> Options:
        return self.client.options

    def get(self, path: str, **params: Any) -> Any:
        """Return the JSON at a path."""
        return self.client.get(path, params).json()

    def post(self, path: str, body: Any) -> Any:
        """Return the JSON answered to a POST that changes nothing, such as a search or RPC."""
        return self.client.send("POST", path, body=body).json()

    def pages(
        self,
        path: str,
        *,
        pages: Pages | None = None,
        items: str | Sequence[str] | None = None,
        **params: Any,
    ) -> Iterator[Sequence[dict[str, Any]]]:
        """Yield the rows of each page up to the stated end, as the stream declares its pages."""
        chosen = (items,) if isinstance(items, str) else items
        endpoint = Endpoint(
            path,
            pages or self._pages,
            self._items if chosen is None else chosen,
            error=self._error,
        )
        for listed in Lister(self.client, endpoint).pages(params):
            yield listed.rows
