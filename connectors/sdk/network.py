"""The way to the network of one connection: its proxy, and whom it trusts."""

import ssl
from functools import cache, cached_property

import httpx

from connectors.sdk.connection_options import Options
from connectors.sdk.errors import ConnectionBrokenError

MOST_CONNECTIONS = 16


class Network(httpx.BaseTransport):
    """Sends requests. Whom to trust is read when a secure address is asked: it takes 30 ms."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises ConnectionBrokenError where `ca_file` cannot be read, else as httpx does."""
        way = self._secure if request.url.scheme == "https" else self._plain
        return way.handle_request(request)

    def close(self) -> None:
        for name in ("_secure", "_plain"):
            if name in vars(self):
                getattr(self, name).close()

    @cached_property
    def _secure(self) -> httpx.HTTPTransport:
        return self._way(self._authorities())

    @cached_property
    def _plain(self) -> httpx.HTTPTransport:
        return self._way(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))  # which trusts nobody

    def _way(self, trusted: ssl.SSLContext) -> httpx.HTTPTransport:
        proxy = self._options.proxy
        return httpx.HTTPTransport(
            verify=trusted,
            proxy=proxy.get_secret_value() if proxy else None,
            limits=httpx.Limits(
                max_connections=MOST_CONNECTIONS, max_keepalive_connections=MOST_CONNECTIONS
            ),
            trust_env=False,
        )

    def _authorities(self) -> ssl.SSLContext:
        path = self._options.ca_file
        if path is None:
            return _public_authorities()
        context = ssl.create_default_context()
        try:
            context.load_verify_locations(path)
        except OSError as error:
            raise ConnectionBrokenError(f"ca_file {path}: {error}") from None
        return context


@cache
def _public_authorities() -> ssl.SSLContext:
    """Return the context all connections share."""
    return ssl.create_default_context()
