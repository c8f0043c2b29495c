"""Erases a person: the list of what stays away first, then the cut, then what is made anew.

Three transactions, each whole: the request with its marks; the cut of all records; the receipt,
once everything made of them has been made anew. Whoever is killed between two goes on with the
next; the cut does not ask who it was, it puts every stored record through the sieve once more.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from hub.clock import Clock, instant_text
from hub.errors import BusyError
from hub.model.erasure import Erasure, Plan, Words
from hub.pipeline import lease
from hub.pipeline.changes import announce
from hub.pipeline.erase_cuts import Cut, cuts_of, quarantined, subjects_of
from hub.pipeline.identity import erase as erase_alerts
from hub.pipeline.sieve import MarkSieve
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
    work,
)
from hub.store.database import Database, Tx
from hub.store.storable import record_hash
from hub.store.suppressions import Met

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


def sealed(erasure_id: str) -> str:
    """Return the vault's name for what an erasure that goes on looks for."""
    return f"erasure/{erasure_id}"


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
    cuts = list(cuts_of(tx, sieve, met, marks, now))
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
    entries = quarantined(tx, sieve, met.keys())
    receipt["quarantine"] += erasing.remove_quarantined(tx, entries)
    _, former = erasing.refs_ever(tx, erasure.entities)
    receipt.update(erasing.forget_words_on(tx, {*refs, *former}, erasure.entities))
    return receipt


def _rewritten(cut: Cut) -> Iterator[dict[str, Any]]:
    for number, data in cut.left:
        text = _encode(data).decode()
        yield {"one": cut.id, "nth": number, "text": text, "digest": record_hash(data)}


def _forget_former(
    tx: Tx, erasure: Erasure, receipt: Counter[str], words: Words, now: datetime
) -> None:
    """Take out of all that is kept of former times what names the person."""
    gone = {*words.gone, *erasure.entities, *scrubbing.forget_cases(tx, words.about)}
    subjects = subjects_of(erasure.kind, erasure.entities) | alerts.subjects_among(tx, gone)
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
