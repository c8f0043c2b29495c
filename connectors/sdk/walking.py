"""Walks a numbered listing by cursor: a record that changes while others are read loses none.

Rows change places while a listing is paged through by number: what is updated moves to the end,
all behind it move up by one, and the row that crosses the page's edge is never sent. So each page
is asked for as the first page from the last row's cursor on. That trusts the order, which is why
at the end one look at the original listing tells whether it holds more than was seen.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.sdk.answers import MOST_PAGES, Listed, Lister
from connectors.sdk.cursors import Value
from connectors.sdk.errors import ConnectionBrokenError, SourceContractError
from connectors.sdk.pages import Ask, Number, Offset
from connectors.sdk.positions import not_below


@dataclass(slots=True)
class Walk:
    """One walk. params: what asks for everything from a cursor on; top: how far has been read."""

    lister: Lister
    paging: Number | Offset
    params: Callable[[Value | None], Mapping[str, Any]]
    asked: Value | None
    top: Callable[[], Value | None]
    first_rows: int = 0
    total: int | None = None
    steps: int = 0

    def answers(self) -> Iterator[Listed]:
        """Yield each page; rows of one instant that fill more than a page are paged by number.

        Between two answers the reader takes the first one in, so that `top` moves.
        """
        since, ask, before = self.asked, self.paging.first(), 0
        of_this_instant: set[int] = set()
        while self.steps < MOST_PAGES:
            listed = self.lister.page(ask, self.params(since), before)
            if not self.steps:
                self.first_rows, self.total = len(listed.rows), self.lister.total(listed)
            self.steps += 1
            digest = listed.digest()
            if listed.rows and digest in of_this_instant:
                raise SourceContractError(f"{listed.url}: the same page came twice in one listing")
            yield listed
            if listed.next is None:
                return
            top = self.top()
            if top is not None and (since is None or not not_below(since, top)):
                since, ask, before = top, self.paging.first(), 0
                of_this_instant.clear()
            else:
                ask, before = listed.next, before + len(listed.rows)
                of_this_instant.add(digest)
        raise SourceContractError(f"its listing has no end after {MOST_PAGES} pages")

    def confirmed(self, seen: int) -> bool:
        """Return whether the original listing holds no more than the `seen` records."""
        if self.steps <= 1:
            return True
        if self.total is not None:
            return seen >= self.total
        rest = 0
        ask = Ask({**self.paging.first().params, self.paging.param: seen})
        if isinstance(self.paging, Number):
            page, rest = divmod(seen, max(1, self.first_rows))
            number = self.paging.first_page + page
            ask = Ask({**self.paging.first().params, self.paging.param: number})
        try:
            return len(self.lister.page(ask, self.params(self.asked), seen).rows) <= rest
        except ConnectionBrokenError:
            return True  # there is no such page
        except SourceContractError:
            return False
