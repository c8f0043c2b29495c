"""Writes HTML that nothing a source sent can break: whatever is not markup is escaped."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape

from fastapi.responses import HTMLResponse

from hub.console.style import STYLE

VOID = frozenset(("input", "meta"))


class Html(str):
    """Text that is markup already; only `el` and `joined` make it."""

    __slots__ = ()


def el(tag: str, *inside: str | Iterable[str], **attributes: str | None) -> Html:
    """Return an element. A text inside is escaped; `class_` and `for_` name their attributes.

    An attribute of None is left out, one of "" stands without a value.
    """
    said = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + (f'="{escape(value)}"' if value else "")
        for name, value in attributes.items()
        if value is not None
    )
    if tag in VOID:
        return Html(f"<{tag}{said}>")
    return Html(f"<{tag}{said}>{joined(inside)}</{tag}>")


def joined(inside: Iterable[str | Iterable[str]]) -> Html:
    """Return texts and markup as markup."""
    return Html("".join(_safe(one) for one in inside))


def _safe(one: str | Iterable[str]) -> str:
    if isinstance(one, Html):
        return one
    return escape(one) if isinstance(one, str) else joined(one)


_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",  # pages of other tools need not know whom one looked at
    "Cache-Control": "no-store",
}
"""No script, nothing from elsewhere, no frame around it; the style is known by its hash."""


def document(title: str, language: str, *body: str, status: int = 200) -> HTMLResponse:
    """Return a whole page."""
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", name="viewport", content="width=device-width,initial-scale=1"),
        el("title", title),
        Html(f"<style>{STYLE}</style>"),
    )
    page = el("html", head, el("body", *body), lang=language)
    return HTMLResponse(f"<!doctype html>\n{page}\n", status, dict(HEADERS))
