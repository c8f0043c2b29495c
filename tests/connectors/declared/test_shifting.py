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

    def __init__(self, source: Emulator, surroundings: Surroundings, kind: str) -> None:
        self.rows = rows(10)
        self.gone_behind_first: list[int] = []
        self.kind = kind
        paged = {
            "number": pages.Number(size=("per_page", SIZE)),
            "offset": pages.Offset(size=("per_page", SIZE)),
        }[kind]
        source.routes["/items"] = self.answer
        self.connection = connect(
            source.url, surroundings, items(pages=paged, since=None, cursor=None)
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
