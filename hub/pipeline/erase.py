"""Erases a person: the list of what stays away first, then the cut, then what is made anew.

Three transactions, each whole: the request with its marks; the cut of all records; the receipt,
once everything made of them has been made anew. Whoever is killed between two goes on with the
next; the cut does not ask who it was, it puts every stored record through the sieve once more.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from connectors.sdk.record import RecordKey
from hub.clock import Clock, instant_text
from hub.errors import BusyError
from hub.model.erasure import KEPT, PARAGRAPHS, Erasure, Plan, Touched
from hub.model.fact import Subject
from hub.pipeline import lease
from hub.pipeline.changes import announce
from hub.pipeline.erase_plan import draft, found_by
from hub.pipeline.identity import erase as erase_alerts
from hub.pipeline.sieve import MarkSieve, Verdict
from hub.pipeline.street import LASTS, WalkSummary
from hub.store import (
    alerts,
    canonical,
    changes,
    checkpoints,
    erasing,
    erasures,
    scrubbing,
    secrets,
    suppressions,
    vorgaenge,
    work,
)
from hub.store.database import Database, Row, Tx
from hub.store.storable import record_hash
from hub.store.suppressions import Met

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode
STANDS_FOR = {"organization": "customer", "person": "contact"}
"""What an entity is called where facts and alerts are told of it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A stored record that the sieve would not let in as it is. left: versions as they may stay."""

    id: int
    key: RecordKey
    verdict: Verdict
    left: tuple[tuple[int, dict[str, Any]], ...] = ()


@dataclass(slots=True)
class Words:
    """What is looked for while an erasure goes on, sealed in the vault until it is done.

    gone: refs of what goes; about: refs and ids of what speaks of them.
    """

    values: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    about: list[str] = field(default_factory=list)

    @property
    def strong(self) -> list[str]:
        """Addresses and numbers: they are this person's alone."""
        return [one for one in self.values if "@" in one or one.startswith("+")]

    @property
    def names(self) -> list[str]:
        """Names: others may be called so, too."""
        return [one for one in self.values if one not in self.strong]


def sealed(erasure_id: str) -> str:
    """Return the vault's name for what an erasure that goes on looks for."""
    return f"erasure/{erasure_id}"


def preview(tx: Tx, sieve: MarkSieve, target: str, now: datetime) -> Plan:
    """Return what an erasure would come to; nothing changes. Raises as `found_by` does."""
    kind, ids, address = found_by(tx, target)
    plan = draft(tx, sieve, kind, ids, address, now.date())
    met = {mark: [Met(mark, "", what, until, kind)] for mark, (what, until) in plan.marks.items()}
    cuts = list(_cuts(tx, sieve, met, {"": set(plan.marks)}, now))
    made = erasing.made_of(tx, [one.id for one in cuts])
    plan.records = _told(made, cuts)
    gone = {one.id for one in cuts if one.verdict.fate != "other"}
    refs = {row.ref for row in made}
    plan.gone = frozenset(row.ref for row in made if row.source_id in gone)
    parties = set().union(*erasing.parties(tx, refs).values())
    cases = vorgaenge.of_members(tx, {*refs, *ids})
    plan.about = frozenset({*refs, *ids, *parties, *cases})
    plan.streams |= {(one.key.connection, one.key.stream) for one in cuts}
    goes = [one.key for one in cuts if one.verdict.fate == "out"]
    plan.other = _beside(tx, sieve, plan, goes)
    return plan


def _told(made: Collection[Row], cuts: Collection[Cut]) -> list[Touched]:
    kinds: dict[int, str] = {}
    for row in made:
        kinds.setdefault(row.source_id, row.kind)
    found = []
    for one in cuts:
        kind, verdict = kinds.get(one.id, "record"), one.verdict
        if verdict.fate == "kept":
            why = PARAGRAPHS[KEPT[kind][0]] if kind in KEPT else PARAGRAPHS[KEPT["quote"][0]]
            found.append(Touched(one.key.ref(), kind, "kept", verdict.until, why))
        elif verdict.fate == "out":
            found.append(Touched(one.key.ref(), kind, "goes"))
        else:
            found.append(Touched(one.key.ref(), kind, "person taken out"))
    return found


def _beside(tx: Tx, sieve: MarkSieve, plan: Plan, goes: Collection[RecordKey]) -> dict[str, int]:
    """Return what else would go: store -> rows."""
    words = Words(sorted(plan.values))
    subjects = _subjects(plan.kind, plan.entities)
    counts = {
        f"{name} that name them": count
        for name, count in scrubbing.remaining(tx, words.strong).items()
        if not name.startswith(("source_", "canonical_", "crosswalk.", "work."))
    }
    counts["alerts about them"] = len(alerts.concerning(tx, subjects, to_change=False))
    marks = {sieve.marker.record(key.connection, key.stream, key.key) for key in goes}
    counts["quarantine"] = len(_quarantined(tx, sieve, marks | plan.marks.keys()))
    return {name: count for name, count in counts.items() if count}


def _cuts(
    tx: Tx,
    sieve: MarkSieve,
    met: Mapping[str, list[Met]],
    known: Mapping[str, set[str]],
    now: datetime,
) -> Iterator[Cut]:
    """Yield the stored records that the sieve would not let in as they are."""
    for rows in erasing.all_versions(tx):
        texts: dict[tuple[int, RecordKey], list[tuple[int, str]]] = {}
        for row in rows:
            key = RecordKey(row.connection, row.stream, row.key)
            texts.setdefault((row.id, key), []).append((row.version, row.payload))
        for (one, key), versions in texts.items():
            marks = {sieve.marker.record(key.connection, key.stream, key.key)}
            for _, text in versions:
                marks |= sieve.marker.strong(text)
            hits = [hit for mark in marks & met.keys() for hit in met[mark]]
            if hits:
                yield from _judged(sieve, (one, key), versions, hits, known, now)


def _judged(
    sieve: MarkSieve,
    where: tuple[int, RecordKey],
    versions: list[tuple[int, str]],
    hits: list[Met],
    known: Mapping[str, set[str]],
    now: datetime,
) -> Iterator[Cut]:
    """Let the newest version decide; where only the person goes, it goes from every version."""
    one, key = where
    today = now.date().isoformat()
    newest = sieve.judge(key, _decode(versions[-1][1]), hits, known, today)
    if newest.fate in ("out", "kept"):
        yield Cut(one, key, newest)
        return
    left = []
    for number, text in versions:
        data = _decode(text)
        other = sieve.left_of(key, data, hits, known)
        if other != data:
            left.append((number, other))
    if left:
        yield Cut(one, key, Verdict("other"), tuple(left))


def request(
    db: Database, clock: Clock, plan: Plan, erasure_id: str, *, reason: str, author: str
) -> None:
    """Put the marks on the list, in a transaction of its own: from now on nothing comes in."""
    with db.transaction() as tx:
        now = instant_text(clock())
        erasures.begin(tx, erasure_id, plan, reason=reason, author=author, now=now)
        suppressions.add(tx, erasure_id, plan.marks)


def carry_out(
    db: Database,
    clock: Clock,
    sieve: MarkSieve,
    erasure_id: str,
    words: Words,
    walk: Callable[[], WalkSummary],
) -> Erasure:
    """Go on with an erasure until it is done; return it with its receipt.

    walk: lets what is due walk the street. Raises BusyError while another process is at that: what
    was done stands, and the same call goes on.
    """
    with db.reading() as tx:
        state = erasures.get(tx, erasure_id).state
    if state == "asked":
        _cut(db, clock, sieve, erasure_id, words)
        state = "cut"
    if state == "cut":
        if walk().handed_over:
            raise BusyError(
                f"another process is working off what hung on them; the erasure {erasure_id} is "
                "cut out: run the same again to finish it"
            )
        _finish(db, clock, erasure_id, words)
    with db.reading() as tx:
        return erasures.get(tx, erasure_id)


def _cut(db: Database, clock: Clock, sieve: MarkSieve, erasure_id: str, words: Words) -> None:
    """Put all that is stored through the sieve, while nothing is made of it."""
    holder = lease.process_name()
    with db.transaction() as tx:
        other = lease.acquire(tx, "street", holder, clock(), LASTS)
        if other:
            raise BusyError(
                f"{other} is working off what changed; the erasure {erasure_id} stands on the "
                "list, nothing new comes in: run the same again to go on with it"
            )
    try:
        with db.transaction() as tx:
            erasing.wait_for_pages(tx)
            scrubbing.secure(tx)
            now = clock()
            found = erasures.get(tx, erasure_id)
            receipt = _cut_records(tx, sieve, found, now)
            _forget_former(tx, found, receipt, words, now)
            work.add(tx, "render", found.entities)
            erasures.note(tx, erasure_id, "cut", receipt, instant_text(now))
    finally:
        with db.transaction() as tx:
            lease.release(tx, "street", holder)


def _cut_records(tx: Tx, sieve: MarkSieve, erasure: Erasure, now: datetime) -> Counter[str]:
    marks = suppressions.of(tx, [erasure.id])
    met: dict[str, list[Met]] = {}
    for one in suppressions.found(tx, marks.get(erasure.id, set())):
        if one.erasure == erasure.id:
            met.setdefault(one.mark, []).append(one)
    receipt: Counter[str] = Counter()
    cuts = list(_cuts(tx, sieve, met, marks, now))
    out = [one for one in cuts if one.verdict.fate == "out"]
    kept = [one for one in cuts if one.verdict.fate == "kept"]
    left = [one for one in cuts if one.verdict.fate == "other"]
    refs = [row.ref for row in erasing.made_of(tx, [one.id for one in (*out, *kept)])]
    announce(tx, canonical.replace(tx, [one.id for one in (*out, *kept)], ()))
    receipt["source versions"] += erasing.remove_records(tx, [one.id for one in out])
    receipt["source records"] += len(out)
    receipt["kept by law"] += len(kept)
    receipt["person taken out"] += len(left)
    suppressions.keep(tx, {one.id: (erasure.id, one.verdict.until) for one in kept})
    erasing.rewrite(tx, [row for one in left for row in _rewritten(one)])
    work.add(tx, "canonicalize", [str(one.id) for one in left])
    work.done(tx, "canonicalize", [str(one.id) for one in out])
    receipt.update(erasing.forget_beside(tx, [one.key for one in cuts]))
    entries = _quarantined(tx, sieve, met.keys())
    receipt["quarantine"] += erasing.remove_quarantined(tx, entries)
    _, former = erasing.refs_ever(tx, erasure.entities)
    receipt.update(erasing.forget_words_on(tx, {*refs, *former}, erasure.entities))
    return receipt


def _rewritten(cut: Cut) -> Iterator[dict[str, Any]]:
    for number, data in cut.left:
        text = _encode(data).decode()
        yield {"one": cut.id, "nth": number, "text": text, "digest": record_hash(data)}


def _quarantined(tx: Tx, sieve: MarkSieve, marks: Collection[str]) -> list[int]:
    """Return the entries of the quarantine that tell of a mark."""
    found = []
    for row in erasing.quarantined(tx):
        own = sieve.marker.strong(row.raw)
        if row.key is not None:
            own |= {sieve.marker.record(row.connection, row.stream, row.key)}
        if not own.isdisjoint(marks):
            found.append(row.id)
    return found


def _subjects(kind: str, ids: Collection[str]) -> set[Subject]:
    return {Subject(STANDS_FOR[kind], one) for one in ids}


def _forget_former(
    tx: Tx, erasure: Erasure, receipt: Counter[str], words: Words, now: datetime
) -> None:
    """Take out of all that is kept of former times what names the person."""
    gone = {*words.gone, *erasure.entities, *scrubbing.forget_cases(tx, words.about)}
    subjects = _subjects(erasure.kind, erasure.entities) | alerts.subjects_among(tx, gone)
    receipt["alerts"] += erase_alerts(tx, subjects, now)
    receipt["facts of former times"] += scrubbing.forget_facts(tx, gone)
    receipt["words in evidence and notices"] += scrubbing.scrub(
        tx, words.strong, words.names, {*words.about, *erasure.entities}
    )


def _finish(db: Database, clock: Clock, erasure_id: str, words: Words) -> None:
    """Clear what the walk wrote down of the past, look once more, and tell who keeps a copy."""
    with db.transaction() as tx:
        scrubbing.secure(tx)
        now = instant_text(clock())
        found = erasures.get(tx, erasure_id)
        receipt = Counter(found.receipt)
        receipt.update(erasing.forget_words_on(tx, words.gone, found.entities))
        receipt["alerts"] = 0  # the same ones, counted once
        _forget_former(tx, found, receipt, words, clock())
        receipt["views"] += len(found.entities)
        receipt["found afterwards"] = sum(scrubbing.remaining(tx, words.strong).values())
        changes.note(tx, found.kind, found.entities, now, op="erased")
        erasures.note(tx, erasure_id, "done", receipt, now)
        secrets.remove(tx, sealed(erasure_id))


def lift(db: Database, clock: Clock, erasure_id: str, *, reason: str, author: str) -> Erasure:
    """Take an erasure off the list, for a new relationship; its streams are read again whole.

    What the law kept unread is a record again. Raises NotFoundError, ConflictError.
    """
    with db.transaction() as tx:
        now = instant_text(clock())
        found = erasures.lift(tx, erasure_id, reason=reason, author=author, now=now)
        suppressions.forget(tx, erasure_id)
        back = suppressions.locked(tx, erasure=erasure_id)
        suppressions.unlock(tx, back)
        work.add(tx, "canonicalize", map(str, back))
        for connection, stream in found.streams:
            checkpoints.forget(tx, connection, [stream])
        erasing.forget_all_pages(tx)  # a page elsewhere may hold a record they were taken out of
    with db.reading() as tx:
        return erasures.get(tx, erasure_id)


def let_go(db: Database, now: datetime) -> int:
    """Remove what the law kept until yesterday; return how many records that were."""
    today = now.date().isoformat()
    with db.reading() as tx:
        if not suppressions.locked(tx, over_on=today):
            return 0
    with db.transaction() as tx:
        scrubbing.secure(tx)
        over = suppressions.locked(tx, over_on=today)
        announce(tx, canonical.replace(tx, over, ()))
        erasing.remove_records(tx, over)
        return len(over)
