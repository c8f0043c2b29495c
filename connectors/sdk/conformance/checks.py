"""Checks that every source must pass, whatever it speaks."""

import tracemalloc
from collections.abc import Sequence
from functools import partial

import httpx

from connectors.sdk.conformance.cassette import Cassette
from connectors.sdk.conformance.emulator import Respond
from connectors.sdk.conformance.lab import Lab
from connectors.sdk.conformance.release import keeps_release
from connectors.sdk.conformance.seam import Facts, Row, Store, require
from connectors.sdk.conformance.subject import DeclaredSubject
from connectors.sdk.model import known_fields, knows
from connectors.sdk.pages import Number, Offset
from connectors.sdk.record import Page
from connectors.sdk.streams import Stream

MANY_ROWS = 3_000
MEMORY_BYTES = 30 * 1024 * 1024
"""What 3,000 records may take beside the process itself; the hub's limit is 150 MB in all."""


def every(facts: Facts) -> bool:
    """Choose every stream."""
    return True


def schema(lab: Lab) -> None:
    """Rows fit what is declared, keys unique, cursor read; so does what was released before."""
    if isinstance(lab.subject, DeclaredSubject) and lab.subject.home is not None:
        lab.notes += keeps_release(lab.subject.home, lab.subject.declared)
    if isinstance(lab.subject, DeclaredSubject) and lab.subject.cassette is not None:
        lab.notes += _tape_holds(lab.subject.cassette)
    for facts in lab.streams(every, "no stream can be filled"):
        if isinstance(lab.subject, DeclaredSubject):
            _is_modelled(lab.subject.stream(facts.name))
        rows = lab.rows(facts.name, range(1, 6))
        lab.subject.put(facts.name, rows)
        connector = lab.subject.open(facts.name, lab.clock)
        try:
            pages = [one for one in connector.streams()[0].read(None) if isinstance(one, Page)]
        finally:
            connector.close()
        records = [record for page in pages for record in page.records]
        rejected = [item.reason for page in pages for item in page.rejected]
        drift = {name: text for page in pages for name, text in page.drift.items()}
        keys = {record.key for record in records}
        require(not rejected, f"{facts.name}: rows were rejected: {rejected[:2]}")
        require(not drift, f"{facts.name}: rows differ from the model: {drift}")
        require(len(keys) == 5, f"{facts.name}: 5 rows gave the keys {sorted(keys)}")
        if facts.cursor:
            without = [record.key for record in records if record.cursor is None]
            require(not without, f"{facts.name}: no cursor was read in {without}")


def _is_modelled(stream: Stream) -> None:
    """Raise BreachError where a key or cursor is declared of a field that the model lacks.

    The kit would invent it.
    """
    spec, model = stream.spec, stream.model
    if not model.model_fields:
        return
    said = {"key": [one for one in spec.key if one != spec.parent_field]}
    said["cursor"] = [spec.cursor.path] if spec.cursor and spec.cursor.path else []
    said["tombstone"] = [spec.tombstone] if spec.tombstone else []
    for what, paths in said.items():
        for path in paths:
            known = ", ".join(sorted(known_fields(model)))
            require(
                knows(model, path),
                f"{spec.name}: its {what} {path!r} is no field of {model.__name__} ({known}): "
                f"declare it there, or state another `{what}`",
            )


def _tape_holds(cassette: Cassette) -> list[str]:
    """Return what is on the tape. Raises BreachError where the declaration does not read it."""
    notes = []
    for name, taped in cassette.streams.items():
        if taped is None:
            notes.append(f"{name} is not on the tape")
            continue
        shown = "; ".join(dict.fromkeys(taped.faults))
        require(not taped.faults, f"{name}: on the tape of the real product: {shown[:600]}")
        notes.append(f"{name}: {taped.records} records on the tape")
    return notes


def completeness(lab: Lab) -> None:
    """N rows in, N records out, also where the last page is exactly full."""
    for facts in lab.streams(every, "no stream can be filled"):
        for count in (0, 1, facts.page, facts.page + 1, 3 * facts.page):
            rows = lab.rows(facts.name, range(1, count + 1))
            lab.subject.put(facts.name, rows)
            store = lab.store()
            outcome = lab.must_sync(facts, store)
            lab.must_hold(facts, store, rows, f"of {count} rows")
            require(
                outcome.created == count and outcome.quarantined == 0,
                f"{facts.name}: {count} rows gave {outcome.created} new records and "
                f"{outcome.quarantined} in quarantine",
            )


def crash(lab: Lab) -> None:
    """Killed before and after each commit, the next run ends with all records, each once."""
    for facts in lab.streams(every, "no stream can be filled"):
        rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
        lab.subject.put(facts.name, rows)
        for before in (True, False):
            commit = 1
            while True:
                store = lab.store()
                if not lab.killed_at(facts, store, commit, before=before):
                    break
                when = f"killed {'before' if before else 'after'} commit {commit}"
                _ends_well(lab, facts, store, rows, when)
                commit += 1
            require(commit > 4, f"{facts.name}: a run of three pages has only {commit - 1} commits")
        if isinstance(lab.subject, DeclaredSubject) and lab.subject.slices(facts.name):
            in_slices(lab, facts)


def in_slices(lab: Lab, facts: Facts) -> None:
    """Kill the first slices of a long first read at each commit; changes come all the while."""
    for before in (True, False):
        for commit in range(1, 8):
            rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
            lab.subject.put(facts.name, rows)
            store = lab.store()
            lab.killed_at(facts, store, commit, before=before, sliced=True)
            changed = lab.subject.row(facts.name, 1, lab.clock.now())
            new = lab.subject.row(facts.name, len(rows) + 1, lab.clock.now())
            rows = [changed, *rows[1:], new]
            lab.subject.put(facts.name, rows)
            for _ in range(6):
                lab.clock.sleep(60)
                lab.must_sync(facts, store, sliced=True)
            when = f"a first read in slices, killed {'before' if before else 'after'} commit"
            lab.must_hold(facts, store, rows, f"{when} {commit}")
            lab.must_sync(facts, store)
            require(
                store.versions() <= len(rows) + 1, f"{facts.name}: {when} {commit}: stored twice"
            )


def _ends_well(lab: Lab, facts: Facts, store: Store, rows: Sequence[Row], when: str) -> None:
    total = len(rows)
    had = len(store.live())
    outcome = lab.must_sync(facts, store)
    lab.must_hold(facts, store, rows, when)
    require(
        store.versions() == total,
        f"{facts.name}: {when}: {store.versions()} versions of {total} records",
    )
    require(outcome.created == total - had, f"{facts.name}: {when}: stored records came as new")
    if facts.ordered:  # the row at the position itself comes again with the page behind it
        require(
            outcome.unchanged <= facts.page + 1,
            f"{facts.name}: {when}: {outcome.unchanged} records were read again",
        )


def ties(lab: Lab) -> None:
    """Rows of one second over three pages, one that comes late, and one that changes meanwhile."""
    why_not = "no stream reads by cursor: every run lists everything"
    for facts in lab.streams(lambda one: one.cursor, why_not):
        count = facts.page * 5 // 2
        rows = lab.rows(facts.name, range(1, count + 1), tied=True)
        lab.subject.put(facts.name, rows)
        store = lab.store()
        lab.must_sync(facts, store)
        lab.must_hold(facts, store, rows, f"{count} rows of one second")
        late = lab.rows(facts.name, [count + 1], tied=True)
        changed = lab.subject.row(facts.name, 1, lab.clock.now())
        rows = [changed, *rows[1:], *late]
        lab.subject.put(facts.name, rows)
        outcome = lab.must_sync(facts, store)
        lab.must_hold(facts, store, rows, "a row of the same second came late")
        require(
            outcome.created == 1 and outcome.changed == 1,
            f"{facts.name}: one row came late and one changed; the run says "
            f"{outcome.created} new, {outcome.changed} changed",
        )
        if isinstance(lab.subject, DeclaredSubject):
            _while_paging(lab, lab.subject, facts)


def _while_paging(lab: Lab, subject: DeclaredSubject, facts: Facts) -> None:
    """Let a row change behind the reader's back at each page: nobody else's place hides a row.

    Only where pages are numbered: tokens and links are the source's affair.
    """
    if facts.lists > 1 or not isinstance(subject.stream(facts.name).spec.pages, Number | Offset):
        return
    for at in (1, 2, 3):
        rows = lab.rows(facts.name, range(1, 3 * facts.page + 1))
        changed = subject.row(facts.name, 2, lab.clock.now())
        after = [rows[0], changed, *rows[2:]]
        subject.put(facts.name, rows)
        store = lab.store()
        subject.emulator.fault = partial(_changing, subject, facts.name, at, after)
        try:
            lab.sync(facts, store)
        finally:
            subject.emulator.fault = None
        lab.clock.sleep(60)
        lab.must_sync(facts, store)
        lab.must_hold(facts, store, after, f"a row changed after page {at} was answered")


def _changing(
    subject: DeclaredSubject,
    stream: str,
    at: int,
    after: list[Row],
    number: int,
    request: httpx.Request,
    respond: Respond,
) -> httpx.Response:
    """Answer a page; the rows change behind it."""
    answer = respond()
    if number == at:
        subject.put(stream, after)
    return answer


def drift(lab: Lab) -> None:
    """What differs is read all the same; what is no record waits, and comes once it is mended."""
    for facts in lab.streams(every, "no stream can be filled"):
        good = lab.rows(facts.name, range(1, 31))
        faults = {2: "type", 5: "new", 9: "key", 12: "large"}
        if facts.cursor:
            faults[15] = "cursor"
        spoiled = [
            lab.subject.spoiled(facts.name, row, faults[at]) if at in faults else row
            for at, row in enumerate(good)
        ]
        lab.subject.put(facts.name, spoiled)
        store = lab.store()
        lab.must_sync(facts, store)
        arrived = [row for at, row in enumerate(good) if faults.get(at) not in ("key", "cursor")]
        waiting = store.open_quarantine()
        if waiting < len(good) - len(arrived):  # a source that takes any cursor loses nothing
            arrived = [row for at, row in enumerate(good) if faults.get(at) != "key"]
        require(waiting >= 1, f"{facts.name}: a row without a key is not in quarantine")
        lab.must_hold(facts, store, arrived, "of spoiled rows")
        mended = [
            lab.subject.row(facts.name, at + 1, lab.clock.now()) if at in faults else row
            for at, row in enumerate(good)
        ]
        lab.subject.put(facts.name, mended)
        lab.must_sync(facts, store)
        lab.must_hold(facts, store, good, "after the rows were mended")

        many = lab.rows(facts.name, range(1, 30 * facts.lists + 1))
        most = [lab.subject.spoiled(facts.name, row, "key") for row in many[5 * facts.lists :]]
        lab.subject.put(facts.name, [*many[: 5 * facts.lists], *most])
        outcome = lab.sync(facts, lab.store())
        require(not outcome.succeeded, f"{facts.name}: a page of mostly unusable rows passed")


def deletes(lab: Lab) -> None:
    """The same twice is no change; what is gone is gone, and comes back; memory is flat."""
    for facts in lab.streams(every, "no stream can be filled"):
        rows = lab.rows(facts.name, range(1, 31))
        lab.subject.put(facts.name, rows)
        store = lab.store()
        lab.must_sync(facts, store)
        before = store.versions()
        again = lab.must_sync(facts, store)
        require(
            store.versions() == before and again.created + again.changed + again.deleted == 0,
            f"{facts.name}: reading the same again made {store.versions() - before} new versions",
        )
        if facts.deletes:
            _gone_and_back(lab, facts, store)
        else:
            lab.notes.append(f"{facts.name} never sees what is gone")
        _flat(lab, facts)


def _gone_and_back(lab: Lab, facts: Facts, store: Store) -> None:
    rows = lab.rows(facts.name, range(1, 31))
    lab.clock.sleep(40 * 86_400)  # a whole listing is due, however rare it is
    lab.subject.put(facts.name, rows[3:], gone=rows[:3])
    lab.must_sync(facts, store)
    lab.must_hold(facts, store, rows[3:], "three were deleted")
    back = [lab.subject.row(facts.name, number, lab.clock.now()) for number in (1, 2, 3)]
    lab.clock.sleep(40 * 86_400)
    lab.subject.put(facts.name, [*back, *rows[3:]])
    lab.must_sync(facts, store)
    lab.must_hold(facts, store, rows, "they came back")


def _flat(lab: Lab, facts: Facts) -> None:
    """Read many rows without storing them, and look at what is held."""
    lab.subject.put(facts.name, lab.rows(facts.name, range(1, MANY_ROWS + 1)))
    connector = lab.subject.open(facts.name, lab.clock)
    read = 0
    tracemalloc.start()
    try:
        for item in connector.streams()[0].read(None):
            read += len(item.records) if isinstance(item, Page) else 0
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        connector.close()
        lab.subject.put(facts.name, [])
    require(read == MANY_ROWS, f"{facts.name}: {read} of {MANY_ROWS} rows were read")
    require(peak < MEMORY_BYTES, f"{facts.name}: {MANY_ROWS} rows took {peak / 1e6:.0f} MB")
