"""A database under the test's hand: it breaks, or lets another in, at a chosen transaction."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hub.store.database import Database, Tx


class CrashError(Exception):
    """The process ends here."""


class FaultyDatabase(Database):
    """Crashes at write transaction number `crash_at`: `before` its commit or right after it.

    dead: all that follows fails, too, as where the process was killed and cannot tidy up.
    between: runs after each commit.
    """

    crash_at = 0
    before = False
    dead = False
    count = 0
    between: Callable[[int], None] | None = None

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        self.count += 1
        number = self.count
        if self.dead and self.crash_at and number > self.crash_at:
            raise CrashError
        with super().transaction() as tx:
            yield tx
            if number == self.crash_at and self.before:
                raise CrashError
        if number == self.crash_at:
            raise CrashError
        if self.between:
            self.between(number)
