"""How a list is read page by page: what may be asked, and what a cursor stands for."""

from typing import Annotated, Any

import msgspec
from fastapi import Query

from hub.api import cursor
from hub.model.view import Page

Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
After = Annotated[str | None, Query(max_length=2000, description="`next` of the page before.")]
_Text = Annotated[str, msgspec.Meta(pattern="^[^\0]*$")]  # PostgreSQL takes no NUL
_Digits = Annotated[str, msgspec.Meta(pattern="^[0-9]{1,18}$")]


def list_name(*parts: object) -> str:
    """Return what a cursor is bound to: the list, and all that filters it."""
    return msgspec.json.encode(parts).decode()


def page_answer(list_name: str, page: Page[Any]) -> dict[str, Any]:
    """Return a page as it is answered: its items and the cursor for the next one."""
    after = cursor.encode(list_name, page.next) if page.next else None
    return {"items": page.items, "next": after}


def listed(list_name: str, after: str | None) -> tuple[str, str] | None:
    """Return the position a cursor stands for, None without one. Raises BadCursorError."""
    return cursor.decode(list_name, after, tuple[_Text, _Text]) if after else None


def numbered(list_name: str, after: str | None) -> int:
    """Return the number a cursor stands for, 0 without one. Raises BadCursorError."""
    return int(cursor.decode(list_name, after, tuple[_Digits])[0]) if after else 0
