"""Answers that say 200 and are none, made of honest ones."""

import httpx
import msgspec

from connectors.sdk import pages
from connectors.sdk.paths import Steps, steps_of, value_at
from connectors.sdk.streams import StreamSpec

LIES = ("html", "error", "empty", "cut", "endless")


def lie(response: httpx.Response, how: str, spec: StreamSpec) -> httpx.Response:
    """Return a 200 that is none: html, error, empty, cut, or without what states the end."""
    content, kind = response.content, "application/json"
    match how:
        case "html":
            content, kind = b"<html><title>Sign in</title></html>", "text/html"
        case "error":
            content = b'{"error": "try again later"}'
        case "empty":
            content = b""
        case "cut":
            content = content[: len(content) * 2 // 3]
        case "endless":
            content = _without_end(content, spec)
    return httpx.Response(200, content=content, headers={"content-type": kind})


def _without_end(content: bytes, spec: StreamSpec) -> bytes:
    body = msgspec.json.decode(content)
    for path in end_paths(spec):
        steps: Steps = steps_of(path)
        holder = value_at(body, steps[:-1])
        if isinstance(holder, dict):
            holder.pop(str(steps[-1]), None)
    return msgspec.json.encode(body)


def end_paths(spec: StreamSpec) -> list[str]:
    """Return the paths of an answer's body that must be there to state the end."""
    kind = spec.pages
    names = ["more", "count"] if isinstance(kind, pages.Number) else ["more"]
    if isinstance(kind, pages.Token | pages.NextLink):
        names = [] if kind.absent_ends else ["token", "link"]
    found = [getattr(kind, name, None) for name in names]
    if not any(found) and isinstance(kind, pages.Number | pages.Offset) and not kind.about:
        found = list(kind.totals)
    return [path for path in found if path and not path.startswith(pages.HEADER)]
