"""The one host a connection speaks to: addresses that lead elsewhere are refused."""

import re
from ipaddress import ip_address

import httpx

from connectors.sdk.errors import ConnectionBrokenError, SourceContractError

_LEADS_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|[/\\]{2}")
"""A link with a scheme, or with a host behind two slashes."""


class Origin:
    """Scheme, host and port of an address, and the path that others are meant from."""

    def __init__(self, base: str, *, plain_http: bool = False) -> None:
        try:
            self._url = httpx.URL(base)
        except httpx.InvalidURL as error:
            raise ConnectionBrokenError(f"base_url: is no address: {error}") from None
        self.base = base
        self.host = self._url.host
        if self._url.scheme not in ("https", "http") or not self.host:
            raise ConnectionBrokenError("base_url: expected an address as https://host/path")
        if self._url.userinfo:
            raise ConnectionBrokenError("base_url: put credentials into options of their own")
        if self._url.scheme == "http" and not plain_http and not _is_loopback(self.host):
            raise ConnectionBrokenError(
                f"base_url: {self.host} would be asked without encryption; use https, "
                "or state `plain_http: true` for a host inside your own network"
            )

    def url(self, path: str) -> str:
        """Return the address of a path below the base, or of a link, which must stay on the host.

        A link that says http where the base says https is taken as https: servers behind a proxy
        often do not know better. Raises SourceContractError where a link leads to another host.
        """
        if not _LEADS_ELSEWHERE.match(path):
            return f"{self.base.rstrip('/')}/{path.lstrip('/')}" if path else self.base
        link = httpx.URL(joined(self.base, path))
        same_host = link.host == self.host
        if same_host and link.scheme == "http" and self._url.scheme == "https":
            link = link.copy_with(scheme="https", port=self._url.port)
        if (link.scheme, link.host, link.port) != (self._url.scheme, self.host, self._url.port):
            raise SourceContractError(
                f"the source leads from {self.host} to {link.scheme}://{link.netloc.decode()}; "
                "credentials never leave the configured host, so this is refused"
            )
        if link.userinfo:
            raise SourceContractError("the source sent a link with credentials in it")
        return str(link)


def joined(base: str, link: str) -> str:
    """Return a link as it is meant from an address. Raises SourceContractError for none."""
    try:
        return str(httpx.URL(base).join(link))
    except httpx.InvalidURL as error:
        raise SourceContractError(f"the source sent a link that is no address: {error}") from None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
