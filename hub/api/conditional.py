"""Stored documents as they are, and 304 for those who have them already."""

from fastapi import Request
from fastapi.responses import Response


def stored(request: Request, document: bytes | str, etag: str) -> Response:
    """Return the document, or 304 where If-None-Match names its ETag.

    The ETag is weak: when sources were last read moves while the content stands still. A cache may
    keep the document, but has to ask each time whether it still holds.
    """
    quoted = f'W/"{etag}"'
    headers = {"ETag": quoted, "Cache-Control": "private, no-cache"}
    if _has(request.headers.get("if-none-match", ""), quoted):
        return Response(status_code=304, headers=headers)
    return Response(document, headers=headers, media_type="application/json")


def _has(header: str, quoted: str) -> bool:
    known = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in known or quoted.removeprefix("W/") in known
