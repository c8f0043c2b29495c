"""The stored 360-degree document of an entity, and rows of lists made from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class StoredView:
    """A view as served. etag: hash of all that came from records, links, facts and alerts.

    document: JSON text, with `freshness` and `rendered_at` added last, which the etag leaves out:
    they move while the content stands still.
    """

    id: str
    kind: str
    name: str
    etag: str
    document: str


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One line of a list of entities; firing: how many of its alerts fire."""

    id: str
    kind: str
    name: str
    sort_name: str
    country: str | None
    city: str | None
    firing: int
    etag: str


@dataclass(frozen=True, slots=True)
class RenderedView:
    """A view ready to be stored; document: JSON text without freshness and rendered_at."""

    row: ViewRow
    document: str


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One document of an entity's history. at: a date or an instant, as the source had it."""

    at: str | None
    ref: str
    kind: str
    connection: str
    number: str | None
    title: str | None
    status: str | None
    roles: tuple[str, ...]
    method: str
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. item: an entity's id or a document's ref; score: 0 to 1."""

    item: str
    kind: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Page(Generic[_T]):
    """One page of a list; next: what to hand in as `after` for the rest, None at the end."""

    items: tuple[_T, ...]
    next: tuple[str, ...] | None


def page_of(found: Sequence[_T], limit: int, position: Callable[[_T], tuple[str, ...]]) -> Page[_T]:
    """Return what was read as a page; one item beyond `limit` tells that more follow.

    position: what to hand in as `after` for what comes behind an item.
    """
    shown = tuple(found[:limit])
    return Page(shown, position(shown[-1]) if len(found) > limit else None)
