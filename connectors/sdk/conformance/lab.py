"""What a check works with: the subject, fresh stores, a clock, invented rows."""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.sdk.conformance.seam import (
    Clock,
    Facts,
    NotApplicableError,
    Outcome,
    Row,
    Store,
    Subject,
    require,
)


@dataclass
class Lab:
    """One check's room. notes: what was left out, told beside a pass."""

    subject: Subject
    new_store: Callable[[Clock], Store]
    clock: Clock = field(default_factory=Clock)
    notes: list[str] = field(default_factory=list)
    _stores: list[Store] = field(default_factory=list)

    def store(self) -> Store:
        """Return a new, empty store."""
        self._stores.append(self.new_store(self.clock))
        return self._stores[-1]

    def close(self) -> None:
        """Give all stores back."""
        for store in self._stores:
            store.close()

    def streams(self, wanted: Callable[[Facts], bool], why_not: str) -> Iterator[Facts]:
        """Yield the streams a check applies to. Raises NotApplicableError where there is none."""
        found = [facts for facts in self.subject.streams() if wanted(facts)]
        if not found:
            raise NotApplicableError(why_not)
        yield from found

    def rows(self, stream: str, numbers: Sequence[int] | range, *, tied: bool = False) -> list[Row]:
        """Return rows that changed long ago, each a minute after the one before, or all at once."""
        return [
            self.subject.row(stream, number, self.moment(0 if tied else number))
            for number in numbers
        ]

    def moment(self, number: int) -> datetime:
        """Return when the row of a number changed."""
        began = datetime(2026, 10, 20, 10, 0, tzinfo=self.clock.at.tzinfo)
        return began + timedelta(minutes=number)

    def sync(self, facts: Facts, store: Store, **how: bool) -> Outcome:
        """Run the hub's runner once; a second passes. how: handed to the subject."""
        self.clock.sleep(1)
        return store.sync(self.subject.open(facts.name, self.clock, **how))

    def must_sync(self, facts: Facts, store: Store, **how: bool) -> Outcome:
        """Run once and require that it ends well."""
        outcome = self.sync(facts, store, **how)
        require(outcome.succeeded, f"{facts.name}: a run failed: {outcome.said}")
        return outcome

    def must_hold(self, facts: Facts, store: Store, rows: Sequence[Row], when: str) -> None:
        """Require that exactly the records of these rows live in the store."""
        expected = {self.subject.key(facts.name, row) for row in rows}
        live = set(store.live())
        lost, extra = sorted(expected - live), sorted(live - expected)
        require(
            not lost and not extra,
            f"{facts.name}: {when}: {len(lost)} of {len(expected)} records lost "
            f"{lost[:3]}, {len(extra)} too many {extra[:3]}",
        )

    def killed_at(
        self, facts: Facts, store: Store, commit: int, *, before: bool, **how: bool
    ) -> bool:
        """Run in a process that is killed at that commit; False where it had ended before."""
        store.close()
        self.clock.sleep(1)
        child = os.fork()
        if child == 0:
            self._run_to_death(facts, store, commit, before=before, **how)
        _, status = os.waitpid(child, 0)
        return os.WIFSIGNALED(status)

    def _run_to_death(
        self, facts: Facts, store: Store, commit: int, *, before: bool, **how: bool
    ) -> None:
        left = commit

        def die() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        with suppress(
            BaseException
        ):  # whatever happens, this process must not go on as a second us
            connector = self.subject.open(facts.name, self.clock, **how)
            if before:
                store.sync(connector, before_commit=die)
            else:
                store.sync(connector, after_commit=die)
        os._exit(0)
