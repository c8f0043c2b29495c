"""What is due stays due until it is done; what was made due again meanwhile is done again."""

from hub.store import work
from hub.store.database import Database


def test_an_item_made_due_again_while_it_is_worked_on_stays_due(database: Database) -> None:
    """Whoever took it may have read what it stands for before that changed."""
    with database.transaction() as tx:
        work.add(tx, "thread", ["a", "b", "c"])
    with database.reading() as tx:
        taken = work.take(tx, "thread", 2)
    with database.transaction() as tx:
        work.add(tx, "thread", ["b", "c"])
    with database.transaction() as tx:
        work.done(tx, "thread", taken, taken.marks)
    with database.reading() as tx:
        left = work.take(tx, "thread", 9)
    assert left == (["c"] if database.is_sqlite else ["b", "c"])
    with database.transaction() as tx:
        work.done(tx, "thread", left, left.marks)
        assert not work.counts(tx)
