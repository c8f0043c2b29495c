"""A row that moves up behind a deleted one is passed over: it is not gone for that."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from connectors.sdk import Surroundings, pages
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store import staging
from hub.store.database import Database
from tests.conftest import HandClock
from tests.connectors.declared.opening import connect, items, rows
from tests.connectors.emulator import Asked, Emulator, Reply

SIZE = 3


@pytest.fixture
def database(new_sqlite_url: Callable[[], str]) -> Iterator[Database]:
    with closing(Database(new_sqlite_url())) as made:
        yield made


class Shop:
    """Lists its rows by number and says nothing of how many there are."""

    def __init__(
        self, source: Emulator, surroundings: Surroundings, kind: str, item: str | None = None
    ) -> None:
        self.rows = rows(10)
        self.gone_behind_first: list[int] = []
        self.kind = kind
        paged = {
            "number": pages.Number(size=("per_page", SIZE)),
            "offset": pages.Offset(size=("per_page", SIZE)),
        }[kind]
        source.routes["/items"] = self.answer
        self.connection = connect(
            source.url, surroundings, items(pages=paged, since=None, cursor=None, item=item)
        )

    def answer(self, asked: Asked) -> Reply:
        at = int(asked.query.get("offset", SIZE * (int(asked.query.get("page", "1")) - 1)))
        part = self.rows[at : at + SIZE]
        if at == 0 and self.gone_behind_first:
            key = self.gone_behind_first.pop()
            self.rows = [row for row in self.rows if row["id"] != key]
        return Reply({"data": part})

    def sync(self, database: Database, clock: HandClock) -> Run:
        return sync_connection(database, clock, name="crm", connector=self.connection)


def live(database: Database) -> set[str]:
    with database.reading() as tx:
        return {row.key for row in staging.sample(tx, "crm", "items", 100)}


@pytest.mark.parametrize("kind", ["number", "offset"])
def test_a_row_that_was_passed_over_stays(
    source: Emulator, surroundings: Surroundings, database: Database, clock: HandClock, kind: str
) -> None:
    shop = Shop(source, surroundings, kind)
    shop.sync(database, clock)
    everything = {str(n) for n in range(1, 11)}
    assert live(database) == everything
    shop.gone_behind_first = [2]  # read already; row 4 moves up to where row 3 was
    run = shop.sync(database, clock)
    assert (run.state, run.total("deleted"), run.total("read")) == ("succeeded", 0, 9)
    assert live(database) == everything
    run = shop.sync(database, clock)
    assert run.total("deleted") == 1
    assert live(database) == everything - {"2"}


def test_what_is_there_twice_is_listed_once(
    source: Emulator, surroundings: Surroundings, database: Database, clock: HandClock
) -> None:
    shop = Shop(source, surroundings, "number")
    shop.sync(database, clock)
    asked = len(source.asked)
    shop.sync(database, clock)
    assert len(source.asked) - asked == asked


@pytest.mark.parametrize(
    ("answer", "listings"),
    [
        (Reply({"error": "gone"}, 404), 1),
        (Reply({"id": 2, "name": "n2", "updated_at": None}), 2),
        (Reply({"id": 99, "name": "merged", "updated_at": None}), 2),
        (Reply({}, 500), 2),
    ],
    ids=["gone", "still answered", "another record", "away"],
)
def test_few_that_are_missing_are_asked_for_by_their_keys(
    answer: Reply,
    listings: int,
    source: Emulator,
    surroundings: Surroundings,
    database: Database,
    clock: HandClock,
) -> None:
    """Where the source says that they are gone, one listing is enough; no other answer counts."""
    shop = Shop(source, surroundings, "number", item="/items/{key}")
    shop.sync(database, clock)
    shop.rows = [row for row in shop.rows if row["id"] != 2]
    source.routes["/items/2"] = lambda asked: answer
    source.asked.clear()
    assert shop.sync(database, clock).total("deleted") == 1
    assert live(database) == {str(n) for n in range(1, 11)} - {"2"}
    first = [asked for asked in source.asked if asked.query.get("page") == "1"]
    assert len(first) == listings


def test_a_row_that_was_passed_over_stays_where_it_can_be_asked_for(
    source: Emulator, surroundings: Surroundings, database: Database, clock: HandClock
) -> None:
    shop = Shop(source, surroundings, "number", item="/items/{key}")
    source.routes["/items/2"] = lambda asked: Reply({}, 404)
    source.routes["/items/4"] = lambda asked: Reply({"id": 4, "name": "n4", "updated_at": None})
    shop.sync(database, clock)
    shop.gone_behind_first = [2]
    shop.sync(database, clock)
    assert "4" in live(database)


def test_many_that_are_missing_are_listed_again(
    source: Emulator, surroundings: Surroundings, database: Database, clock: HandClock
) -> None:
    shop = Shop(source, surroundings, "number", item="/items/{key}")
    shop.rows = rows(200)
    shop.sync(database, clock)
    shop.rows = rows(170)
    assert shop.sync(database, clock).total("deleted") == 30
    assert not [asked for asked in source.asked if asked.path != "/items"]
