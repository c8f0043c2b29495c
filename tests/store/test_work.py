"""Work that is due: each item once, in order, until it is done."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import work
from hub.store.database import Database
from tests.store.undone import undone


def test_an_item_is_due_once_and_stays_until_it_is_done(database: Database) -> None:
    with database.transaction() as tx:
        work.add(tx, "resolve", ["b", "a", "b"])
        work.add(tx, "resolve", ["a", "c"])
        work.add(tx, "thread", ["a"])
        work.add(tx, "render", [])
    with database.transaction() as tx:
        assert work.take(tx, "resolve", 2) == ["a", "b"]
        assert work.take(tx, "resolve", 2) == ["a", "b"], "taking alone strikes nothing"
        assert work.counts(tx) == {"resolve": 3, "thread": 1}
        work.done(tx, "resolve", ["a", "never there"])
        assert work.take(tx, "resolve", 9) == ["b", "c"]
        assert work.take(tx, "thread", 9) == ["a"], "another stage's item of that name stays"
        work.done(tx, "resolve", ["b", "c"])
        assert work.counts(tx) == {"thread": 1}
        assert work.take(tx, "none", 9) == []


def test_what_its_transaction_did_not_finish_stays_due(database: Database) -> None:
    with database.transaction() as tx:
        work.add(tx, "thread", ["a"])
    with undone(database) as tx:
        work.done(tx, "thread", ["a"])
        work.add(tx, "thread", ["b"])
        assert work.take(tx, "thread", 9) == ["b"]
    with database.reading() as tx:
        assert work.take(tx, "thread", 9) == ["a"]


_ITEM = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(added=st.lists(st.lists(_ITEM, max_size=6), max_size=4), done=st.lists(_ITEM, max_size=4))
def test_work_is_a_set_in_the_order_of_its_bytes(
    lent: Database, added: list[list[str]], done: list[str]
) -> None:
    items = {item for some in added for item in some}
    done += sorted(items)[::3]
    with undone(lent) as tx:
        for some in added:
            work.add(tx, "thread", some)
        work.done(tx, "thread", done)
        left = sorted(items.difference(done), key=str.encode)
        assert work.take(tx, "thread", 100) == left
        assert work.take(tx, "thread", 1) == left[:1]
        assert work.counts(tx).get("thread", 0) == len(left)


def test_twenty_thousand_items(lent: Database) -> None:
    items = [f"crm:a:{n:05d}" for n in range(20_000)]
    with undone(lent) as tx:
        work.add(tx, "thread", items)
        work.done(tx, "thread", items[:12_345])
        assert work.counts(tx) == {"thread": 7_655}
        assert work.take(tx, "thread", 1) == ["crm:a:12345"]
