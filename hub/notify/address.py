"""Opens connections only to addresses that may be told anything: checked once they are resolved.

A name is resolved here and the very address that was checked is connected to, so that a name which
answers otherwise the second time wins nothing.
"""

import ipaddress
import socket
import ssl
from collections.abc import Sequence
from time import monotonic

from hub.notify.target import NotDeliveredError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def untrusted(error: ssl.SSLError, whom: str) -> str:
    """Return why there is no TLS with somebody, as OpenSSL says it: an expired certificate, say."""
    why = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else error.reason
    return f"no trusted TLS with {whom}: {why}"


def networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return networks from their texts. Raises ValueError for one that is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the internet: not private, loopback, link-local (where
    clouds keep their metadata), multicast or reserved; also where IPv6 only wraps an IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or address not in _ASSIGNED:
            return False
    return address.is_global and not address.is_multicast


_ASSIGNED = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is anybody's: beside it lie sites, and old ways to write an IPv4."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def connect(
    host: str, port: int, *, allowed: Sequence[Network], timeout_s: float, in_clear: bool = False
) -> socket.socket:
    """Return a TCP connection to `host`. Raises NotDeliveredError where none may or can be had.

    in_clear: what is said is not encrypted, and may go to no public address.
    """
    until = monotonic() + timeout_s
    found = _resolved(host, port)
    error: OSError | None = None
    for family, place in found:
        left = until - monotonic()
        if left <= 0:
            break
        opened = socket.socket(family, socket.SOCK_STREAM)
        opened.settimeout(left)
        try:
            _require_allowed(place[0], allowed, in_clear)
            opened.connect(place)
        except OSError as reason:
            error = reason
            opened.close()
        except BaseException:
            opened.close()
            raise
        else:
            return opened
    why = error.strerror if error and error.strerror else "it does not answer"
    raise NotDeliveredError(f"cannot connect to port {port}: {why}")


def _resolved(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotDeliveredError("the name of the target cannot be resolved") from error
    return [(family, (str(place[0]), port)) for family, _, _, _, place in found]


def _require_allowed(text: str, allowed: Sequence[Network], in_clear: bool) -> None:
    address = ipaddress.ip_address(text.partition("%")[0])
    if is_public(address):
        if in_clear:
            raise NotDeliveredError("nothing goes to a public address unencrypted: use https")
        return
    if any(address.version == one.version and address in one for one in allowed):
        return
    raise NotDeliveredError(
        f"the address {address} is not public; `notify.allow` in hub.yaml can allow it"
    )
