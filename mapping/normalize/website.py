"""Websites and domains: an address as typed -> host and path without decoration, or None."""

import re
from typing import Any

from mapping.normalize.text import scalar_text, visible

_LIMIT = 2_000
_SCHEME = re.compile(r"(?:https?:)?/{2}|https?:/?(?=\w)")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_ADDRESS_NUMBER = re.compile(r"[\d.]+")


def unicode_domain(text: str) -> str | None:
    """Return a domain name in lower case with its umlauts, or None.

    `xn--mller-kva.de` is `müller.de`. None for single labels, IP addresses and anything that is no
    host name.
    """
    name = text.lower().rstrip(".")
    if not 4 <= len(name) <= 253 or _ADDRESS_NUMBER.fullmatch(name):
        return None
    labels = [_unicode_label(label) for label in name.split(".")]
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    return ".".join(labels) if labels[-1].isalpha() else None


def website(value: Any) -> str | None:
    """Return host and path, e.g. `muster.de/shop`: no scheme, `www.`, port, query or last slash.

    None for an e-mail address and for text that holds no host name.
    """
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    address = visible(text).strip().strip("<>\"'")
    scheme = _SCHEME.match(address.lower())
    rest = address[scheme.end() :] if scheme else address
    host, slash, path = rest.partition("/")
    host = host.partition("?")[0].partition("#")[0].partition(":")[0].lower()
    domain = unicode_domain(_without_www(host)) if "@" not in host else None
    if domain is None or any(c.isspace() for c in path):
        return None
    path = path.partition("?")[0].partition("#")[0].rstrip("/")
    return f"{domain}/{path}" if slash and path else domain


def domain(value: Any) -> str | None:
    """Return the host of a website or e-mail address: lower case, in Unicode, without `www.`."""
    text = scalar_text(value)
    if text is None or len(text) > _LIMIT:
        return None
    host = website(text.rpartition("@")[2])
    return host.partition("/")[0] if host else None


def _without_www(host: str) -> str:
    while host.startswith("www.") and host.count(".") > 1:
        host = host[4:]
    return host


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label.encode("ascii").decode("idna").lower()
    except UnicodeError:
        return label
    return decoded if _LABEL.fullmatch(decoded) else label
