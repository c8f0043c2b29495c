"""A page that came before, byte for byte, is not taken apart, and nothing is lost by it."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.sdk import Page, Record, Rejected, Surroundings, pages
from connectors.sdk.connector import Connection
from connectors.sdk.contract import Memory
from connectors.sdk.pages import Pages
from connectors.sdk.reading import DeclaredStream
from connectors.sdk.record import End
from hub.model.run import Run
from hub.pipeline.sync import store_page, sync_connection
from hub.store import quarantine, staging
from hub.store.database import Database
from tests.conftest import HandClock
from tests.connectors.declared.opening import connect, items, rows
from tests.connectors.emulator import Asked, Emulator, Reply

SIZE = 3
NOW = "2026-11-23T10:00:00.000Z"


@dataclass
class Watched:
    """A stream as it is, which also tells which of its pages were recalled."""

    inner: DeclaredStream
    recalled: list[bool] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.inner.name

    def read(self, since: str | None) -> Iterator[Page | End]:
        return self.inner.read(since)

    def read_recalling(self, positions: Mapping[str, str], memory: Memory) -> Iterator[Page | End]:
        for item in self.inner.read_recalling(positions, memory):
            if isinstance(item, Page) and (item.records or item.rejected or item.recalled):
                self.recalled.append(item.recalled is not None)
            yield item


@dataclass
class Opened:
    """A connection with its one stream watched."""

    connection: Connection
    stream: Watched

    def check(self) -> None:
        self.connection.check()

    def streams(self) -> list[Watched]:
        return [self.stream]

    def close(self) -> None:
        self.connection.close()


class Shop:
    """Lists everything in each run, three rows a page, in any way a source may page."""

    def __init__(self, source: Emulator, surroundings: Surroundings, database: Database) -> None:
        self.source, self.surroundings, self.database = source, surroundings, database
        self.rows = rows(8)
        self.clock = HandClock()
        source.routes["/items"] = self.answer

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        at = SIZE * (int(query.get("page", "1")) - 1)
        if "after" in query:
            at = sum(row["id"] <= int(query["after"]) for row in self.rows)
        at = int(query.get("offset", query.get("token", at)))
        part = self.rows[at : at + SIZE]
        more = at + SIZE < len(self.rows)
        follows: dict[str, Any] = {
            "token": str(at + SIZE) if more else None,
            "next": f"/items?offset={at + SIZE}" if more else None,
        }
        headers = {"Link": f'<{follows["next"]}>; rel="next"'} if more else {}
        meta = {"has_more": more, "total": len(self.rows)}
        return Reply({"data": part, "meta": meta, **follows}, headers=headers)

    def sync(self, paged: Pages | None = None, **options: Any) -> tuple[Run, list[bool]]:
        """Read everything; return the run, and of each page with rows whether it was recalled."""
        paged = paged or pages.Number(more="meta.has_more", total="meta.total")
        stream = items(pages=paged, since=None)
        connection = connect(self.source.url, self.surroundings, stream, options=options)
        (inner,) = connection.streams()
        assert isinstance(inner, DeclaredStream)
        opened = Opened(connection, Watched(inner))
        run = sync_connection(
            self.database, self.clock, name="crm", connector=opened, max_delete_share=1
        )
        return run, opened.stream.recalled

    def live(self) -> dict[str, Any]:
        with self.database.reading() as tx:
            found = staging.sample(tx, "crm", "items", 100)
        return {row.key: json.loads(row.payload) for row in found}

    def put(self, *records: Record) -> None:
        """Store records as a webhook or a replay brings them: not by a listing."""
        with self.database.transaction() as tx:
            store_page(tx, "crm", "items", Page(records), run_id=quarantine.HINT_RUN, now=NOW)

    def assert_same(self) -> None:
        assert self.live() == {str(row["id"]): row for row in self.rows}


@pytest.fixture
def new_sqlite_database(new_sqlite_url: Callable[[], str]) -> Iterator[Database]:
    with closing(Database(new_sqlite_url())) as made:
        yield made


@pytest.fixture
def shop(source: Emulator, surroundings: Surroundings, database: Database) -> Shop:
    return Shop(source, surroundings, database)


@pytest.mark.parametrize(
    "paged",
    [
        pages.Number(more="meta.has_more"),
        pages.Number(total="meta.total"),
        pages.Number(),
        pages.Offset(total="meta.total"),
        pages.Token("token", token="token"),
        pages.NextLink("next"),
        pages.LinkHeader(),
        pages.Keyset("after"),
    ],
    ids=lambda paged: f"{paged.type}-{','.join(sorted(paged.model_fields_set))}",
)
def test_what_did_not_change_is_known_by_its_bytes(
    source: Emulator,
    surroundings: Surroundings,
    new_sqlite_database: Database,
    paged: Pages,
) -> None:
    shop = Shop(source, surroundings, new_sqlite_database)
    first, recalled = shop.sync(paged)
    assert (first.state, first.total("created"), any(recalled)) == ("succeeded", 8, False)
    again, recalled = shop.sync(paged)
    assert (again.state, again.total("unchanged"), recalled) == ("succeeded", 8, [True] * 3)
    assert again.total("read") == first.total("read")
    shop.rows = [row for row in shop.rows if row["id"] != 8]
    less, recalled = shop.sync(paged)
    assert (less.state, less.total("deleted")) == ("succeeded", 1)
    shop.assert_same()


def _deleted_and_back(shop: Shop) -> None:
    shop.put(Record("5", {}, deleted=True))
    shop.put(Record("5", shop.rows[4]))


ROADS: dict[str, Callable[[Shop], None]] = {
    "another version": lambda shop: shop.put(Record("5", {"id": 5, "name": "else"})),
    "deleted": lambda shop: shop.put(Record("5", {}, deleted=True)),
    "and back": _deleted_and_back,
}


@pytest.mark.parametrize(
    ("road", "recalled"),
    [
        ("another version", [True, False, True]),
        ("deleted", [True, False, True]),
        ("and back", [True, True, True]),
    ],
)
def test_a_record_that_changed_by_another_road_has_its_page_read(
    shop: Shop, road: str, recalled: list[bool]
) -> None:
    shop.sync()
    ROADS[road](shop)
    assert shop.sync()[1] == recalled
    shop.assert_same()
    assert shop.sync()[1] == [True, True, True]


def test_other_fields_to_keep_are_read_anew(shop: Shop) -> None:
    shop.sync(fields={"items": ("id", "updated_at")})
    assert shop.sync(fields={"items": ("id", "name", "updated_at")})[1] == [False] * 3
    shop.assert_same()


def test_what_waits_in_quarantine_is_closed_by_its_good_record(shop: Shop) -> None:
    shop.sync()
    with shop.database.transaction() as tx:
        bad = [Rejected("{}", "no good", "items 5", "5")]
        store_page(tx, "crm", "items", Page((), bad), run_id=quarantine.HINT_RUN, now=NOW)
    assert shop.sync()[1] == [False] * 3
    with shop.database.reading() as tx:
        assert [one.state for one in quarantine.page(tx, "crm", state="replayed")] == ["replayed"]
    assert shop.sync()[1] == [True] * 3


def test_a_page_that_comes_for_ever_is_no_listing(shop: Shop) -> None:
    shop.sync(pages.Number())
    body = shop.answer(Asked("GET", "/items", {"page": "1"}, {}, b"")).body
    shop.source.before = lambda asked: Reply(body)
    run, _ = shop.sync(pages.Number())
    assert run.streams["items"].error_kind == "contract"
    assert "the same page came twice" in str(run.streams["items"].error)
    shop.assert_same()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_the_store_ends_as_the_source_stands(
    source: Emulator, surroundings: Surroundings, new_sqlite_database: Database, seed: int
) -> None:
    shop, chance = Shop(source, surroundings, new_sqlite_database), random.Random(seed)
    for day in range(2, 8):
        for row in chance.sample(shop.rows, chance.randint(0, min(2, len(shop.rows)))):
            if chance.random() < 0.3:
                shop.rows = [one for one in shop.rows if one is not row]
            else:
                row["name"] = f"day {day}"
        known = chance.randint(1, 9)
        if chance.random() < 0.5:
            shop.put(Record(str(known), {"id": known, "name": "hint"}))
        if chance.random() < 0.3:
            shop.put(Record(str(chance.randint(1, 8)), {}, deleted=True))
        run, _ = shop.sync()
        assert run.state == "succeeded"
        shop.assert_same()
