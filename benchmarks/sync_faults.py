"""What faults cost a sync: records lost, invented and read again, counted in a real store.

Run:  .venv/bin/python -m benchmarks.sync_faults

Ten pages of 20 rows, read by the hub's own runner from the contract kit's emulator; each fault
strikes at each page in turn, and an honest run follows. The worst page counts.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from connectors.sdk import Connector, Model, Stream, auth, pages
from connectors.sdk.conformance import Clock, DeclaredSubject, Outcome, Store
from connectors.sdk.conformance.emulator import Respond
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.lies import lie
from connectors.sdk.conformance.seam import Row
from hub.pipeline.trial import trial_stores

PAGES, PAGE = 10, 20
TOTAL = PAGES * PAGE
NAME = "contacts"


class Contact(Model):
    """One contact."""

    id: int
    updated_at: datetime


def declared(*, ordered: bool) -> Connector:
    """Return a connector of one stream, in the order of changes or newest first."""
    paged = pages.Number(size=("per_page", PAGE), more="more", total="total")
    stream = Stream(
        Contact,
        f"/{NAME}",
        items="data",
        cursor="updated_at",
        since="updated_since",
        ordered=ordered,
        pages=paged,
    )
    return Connector("acme", auth=auth.Bearer(), streams=[stream])


@dataclass
class Worst:
    """The most that any page lost, invented, stored twice, or read again; false successes."""

    lost: int = 0
    invented: int = 0
    doubled: int = 0
    again: int = 0
    lied: int = 0

    def note(self, store: Store, expected: set[str], had: int, second: Outcome) -> None:
        """Take in what an honest run after the fault left."""
        live = set(store.live())
        self.lost = max(self.lost, len(expected - live))
        self.invented = max(self.invented, len(live - expected))
        self.doubled = max(self.doubled, store.versions() - TOTAL)
        self.again = max(self.again, second.unchanged if had else 0)


def crashes(lab: Lab, rows: Sequence[Row], *, before: bool) -> Worst:
    """Kill at each commit, then run once more."""
    (facts,) = lab.subject.streams()
    expected = {lab.subject.key(NAME, row) for row in rows}
    worst, commit = Worst(), 1
    while lab.killed_at(facts, store := lab.store(), commit, before=before):
        had = len(store.live())
        worst.note(store, expected, had, lab.must_sync(facts, store))
        commit += 1
    return worst


def lies(lab: Lab, subject: DeclaredSubject, rows: Sequence[Row], how: str) -> Worst:
    """Lie at each page, then run once more."""
    (facts,) = subject.streams()
    expected = {subject.key(NAME, row) for row in rows}
    worst = Worst()
    for page in range(1, PAGES + 1):
        store = lab.store()
        subject.emulator.fault = _lying_at(page, how, subject)
        worst.lied += lab.sync(facts, store).succeeded
        subject.emulator.fault = None
        had = len(store.live())
        worst.note(store, expected, had, lab.must_sync(facts, store))
    return worst


def _lying_at(
    page: int, how: str, subject: DeclaredSubject
) -> Callable[[int, httpx.Request, Respond], httpx.Response]:
    def fault(number: int, request: httpx.Request, respond: Respond) -> httpx.Response:
        honest = respond()
        if number != page:
            return honest
        if how == "refusal":
            return httpx.Response(400, content=b"{}")
        return lie(honest, how, subject.stream(NAME).spec)

    return fault


def table(
    subject: DeclaredSubject, stores: Callable[[Clock], Store]
) -> Iterator[tuple[str, Worst]]:
    """Yield each fault and the worst it did."""
    for fault in (
        "killed before",
        "killed after",
        "refused",
        "html",
        "error",
        "empty",
        "cut",
        "endless",
    ):
        lab = Lab(subject, stores)
        rows = lab.rows(NAME, range(1, TOTAL + 1))
        subject.put(NAME, rows)
        if fault.startswith("killed"):
            yield f"{fault} a commit", crashes(lab, rows, before=fault.endswith("before"))
        else:
            how = "refusal" if fault == "refused" else fault
            yield f"{fault} at a page", lies(lab, subject, rows, how)
        lab.close()


def main() -> None:
    """Print the tables."""
    logging.disable()
    with trial_stores() as stores:
        for ordered in (True, False):
            told = "oldest change first" if ordered else "newest change first"
            print(f"\n{TOTAL} records in {PAGES} pages, {told}; the worst of all pages\n")
            print(f"{'fault':<24}{'lost':>6}{'invented':>10}{'doubled':>9}{'again':>7}{'lied':>6}")
            for fault, worst in table(DeclaredSubject(declared(ordered=ordered)), stores):
                print(
                    f"{fault:<24}{worst.lost:>6}{worst.invented:>10}{worst.doubled:>9}"
                    f"{worst.again:>7}{worst.lied:>6}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
