"""A source under the test's hand: what it holds, and how it misbehaves."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.sdk.record import End, Page, Record, Rejected


@dataclass
class HandStream:
    """Serves `rows` by key in pages; `before_page` runs before each page and may raise."""

    name: str = "accounts"
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    rejected: Sequence[Rejected] = ()
    page_size: int = 2
    complete: bool = True
    cursor: str | None = None
    ends: bool = True
    total: int | None = None
    before_page: Callable[[int], None] = lambda number: None
    asked_since: list[str | None] = field(default_factory=list)

    def read(self, since: str | None) -> Iterator[Page | End]:
        self.asked_since.append(since)
        records = [
            Record(key, row, cursor=str(row.get(self.cursor)) if self.cursor else None)
            for key, row in self.rows.items()
            if not self.cursor or since is None or str(row[self.cursor]) >= since
        ]
        starts = range(0, len(records), self.page_size)
        for number, start in enumerate(starts):
            self.before_page(number)
            page = records[start : start + self.page_size]
            rejected = self.rejected if start == 0 else ()
            yield Page(page, rejected, cursor=page[-1].cursor)
        if not records and self.rejected:
            yield Page((), self.rejected)
        if self.ends:
            yield End(self.complete and since is None, self.total)


@dataclass
class HandConnector:
    parts: Sequence[HandStream]
    fails: Exception | None = None

    def check(self) -> None:
        pass

    def streams(self) -> Sequence[HandStream]:
        if self.fails:
            raise self.fails
        return self.parts

    def close(self) -> None:
        pass
