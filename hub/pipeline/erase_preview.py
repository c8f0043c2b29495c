"""Says what an erasure would come to: the records it cuts, and what goes beside them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from connectors.sdk.record import RecordKey, parse_ref
from hub.model.erasure import KEPT, PARAGRAPHS, Plan, Touched, Words
from hub.pipeline.erase_cuts import Cut, cuts_of, quarantined, subjects_of
from hub.pipeline.erase_plan import draft, found_by, values_of
from hub.pipeline.sieve import MarkSieve
from hub.store import alerts, erasing, scrubbing, vorgaenge
from hub.store.database import Row, Tx
from hub.store.suppressions import Met


def preview(tx: Tx, sieve: MarkSieve, target: str, now: datetime) -> Plan:
    """Return what an erasure would come to; nothing changes. Raises as `found_by` does."""
    kind, ids, address = found_by(tx, target)
    plan = draft(tx, sieve, kind, ids, address, now.date())
    return carried_on(tx, sieve, plan, would_cut(tx, sieve, plan, now))


def again(tx: Tx, sieve: MarkSieve, plan: Plan, now: datetime) -> Plan:
    """Return what an erasure that this database knows nothing of would come to, by its marks.

    plan: kind, entities, streams and marks as they were; who it was is told by the records that
    these meet.
    """
    cuts = would_cut(tx, sieve, plan, now)
    own = [one.id for one in cuts if one.is_own]
    refs = {
        row.ref
        for row in erasing.made_of(tx, own)
        if row.kind == plan.kind
        and (parse_ref(row.ref)[1] == "" or sieve.marker.strong(row.fields) & plan.marks.keys())
    }
    rows = erasing.entities_of(tx, refs)
    plan.entities = tuple(sorted({*plan.entities, *(row.id for row in rows if row.ref in refs)}))
    plan.values = values_of(tx, sieve, plan, [one.id for one in cuts])
    return carried_on(tx, sieve, plan, cuts)


def would_cut(tx: Tx, sieve: MarkSieve, plan: Plan, now: datetime) -> list[Cut]:
    met = {
        mark: [Met(mark, "", what, until, plan.kind)] for mark, (what, until) in plan.marks.items()
    }
    return list(cuts_of(tx, sieve, met, {"": set(plan.marks)}, now))


def carried_on(tx: Tx, sieve: MarkSieve, plan: Plan, cuts: Sequence[Cut]) -> Plan:
    """Return a plan with all that its cuts take along, and how much else would go."""
    takes_along(tx, plan, cuts)
    goes = [one.key for one in cuts if one.verdict.fate == "out"]
    plan.other = _beside(tx, sieve, plan, goes)
    return plan


def takes_along(tx: Tx, plan: Plan, cuts: Sequence[Cut]) -> None:
    """Note in a plan which records its cuts are of, and what hangs on them."""
    made = erasing.made_of(tx, [one.id for one in cuts])
    plan.records = fates(made, cuts)
    gone = {one.id for one in cuts if one.is_own}
    refs = {row.ref for row in made}
    plan.gone = frozenset(row.ref for row in made if row.source_id in gone)
    parties = set().union(*erasing.parties(tx, refs).values())
    ids = plan.entities
    cases = vorgaenge.of_members(tx, {*refs, *ids})
    plan.about = frozenset({*refs, *ids, *parties, *cases})
    plan.streams |= {(one.key.connection, one.key.stream) for one in cuts}


def fates(made: Collection[Row], cuts: Collection[Cut]) -> list[Touched]:
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
    subjects = subjects_of(plan.kind, plan.entities)
    counts = {
        f"{name} that name them": count
        for name, count in scrubbing.remaining(tx, words.strong).items()
        if not name.startswith(("source_", "canonical_", "crosswalk.", "work."))
    }
    counts["alerts about them"] = len(alerts.concerning(tx, subjects, to_change=False))
    marks = {sieve.marker.record(key.connection, key.stream, key.key) for key in goes}
    counts["quarantine"] = len(quarantined(tx, sieve, marks | plan.marks.keys()))
    return {name: count for name, count in counts.items() if count}
