"""Erases a person for whoever asks: finds them, cuts them out, lets all that hangs on it follow."""

from dataclasses import asdict
from pathlib import Path
from time import sleep
from typing import Any

import msgspec
from ulid import ULID

from hub import erased_list
from hub.erased_list import Entry
from hub.errors import BusyError, ConflictError, NotFoundError
from hub.model.erasure import Erasure, Plan, Words
from hub.pipeline import erase, erase_preview
from hub.pipeline.erase import sealed
from hub.pipeline.erase_plan import marks_of_target
from hub.pipeline.marks import Marker
from hub.pipeline.sieve import MarkSieve
from hub.runtime import Runtime
from hub.store import erasures, secrets, suppressions
from hub.store.database import Tx
from hub.vault import Vault, made_list_key, take_list_key

PATIENCE_S = 60.0
LOOK_AGAIN_S = 0.2
_words = msgspec.json.Decoder(Words).decode


def preview(hub: Runtime, target: str) -> Plan:
    """Return what an erasure would come to; nothing changes but that the list gets its key.

    Raises NotFoundError, ConflictError as the plan does, ConfigError without a vault's key.
    """
    sieve = _sieve(hub)
    with hub.database.reading() as tx:
        return erase_preview.preview(tx, sieve, target, hub.clock())


def carry_out(hub: Runtime, target: str, *, reason: str, author: str) -> Erasure:
    """Erase whom `target` names, and return the erasure with its receipt.

    What an earlier call left unfinished is finished first; asked again for somebody who was
    erased, it returns that erasure. Raises as `preview` does, BusyError while somebody else works.
    """
    with _vault(hub).alone("erasing"):
        return _carried_out(hub, target, reason, author)


def _carried_out(hub: Runtime, target: str, reason: str, author: str) -> Erasure:
    sieve = _sieve(hub)
    copy_list(hub)  # before anything goes: it may have to be told that it cannot be written
    _go_on(hub)
    with hub.database.reading() as tx:
        try:
            plan = erase_preview.preview(tx, sieve, target, hub.clock())
        except NotFoundError:
            found = _erased_before(tx, sieve.marker, target)
            if found is None:
                raise
            return found
        met = suppressions.found(tx, plan.marks.keys())
        if not plan.records and {one.mark for one in met} == plan.marks.keys():
            return erasures.get(tx, max(one.erasure for one in met))
    _refuse_names(reason, plan)
    erasure_id = str(ULID())
    _ask(hub, plan, erasure_id, reason=reason.strip(), author=author)
    copy_list(hub)
    return resume(hub, erasure_id)


def _ask(hub: Runtime, plan: Plan, erasure_id: str, *, reason: str, author: str) -> None:
    """Seal the words, then put the marks on the list."""
    words = Words(sorted(plan.values), sorted(plan.gone), sorted(plan.about))
    _vault(hub).put(sealed(erasure_id), msgspec.json.encode(words).decode())
    erase.request(hub.database, hub.clock, plan, erasure_id, reason=reason, author=author)


def _go_on(hub: Runtime) -> None:
    """Finish what an earlier call left unfinished."""
    with hub.database.transaction() as tx:
        _forget_orphans(tx)
    for one in unfinished(hub):
        resume(hub, one)


def copy_list(hub: Runtime) -> None:
    """Write the list where it is kept apart from the database, if it is. Raises ConfigError, also
    where the database is older than that copy."""
    if hub.erased_list is not None:
        with hub.database.reading() as tx:
            if hub.erased_list.exists():
                erased_list.require(tx, hub.erased_list)
            if erasures.every(tx):
                erased_list.write(tx, hub.erased_list)


def export(hub: Runtime, path: Path) -> int:
    """Write the list to a file; return how many erasures it holds. Raises ConfigError."""
    with hub.database.reading() as tx:
        return erased_list.write(tx, path)


def unknown(hub: Runtime, path: Path) -> list[Entry]:
    """Return what a list tells that this database does not know. Raises ConfigError."""
    with hub.database.reading() as tx:
        return erased_list.unknown(tx, erased_list.read(path))


def bring_back(hub: Runtime, path: Path) -> list[Erasure]:
    """Do again what a list tells and this database does not know, since it is an older backup.

    Returns what was done, each under its former id. Raises ConfigError for a list that was made
    with another key, BusyError while somebody else works: the same call goes on.
    """
    listed = erased_list.read(path)
    vault = _vault(hub)
    with vault.alone("erasing"):
        with hub.database.reading() as tx:
            is_used = suppressions.is_used(tx)
        take_list_key(vault, listed.head.sealed, is_used=is_used)
        _go_on(hub)
        done = [_brought_back(hub, one) for one in unknown(hub, path)]
        copy_list(hub)
        return done


def _brought_back(hub: Runtime, one: Entry) -> Erasure:
    if one.lifted:
        why = "lifted before this backup was restored"
        return erase.lift(hub.database, hub.clock, one.id, reason=why, author=one.author)
    marks = {mark: (what, until) for mark, what, until in one.marks}
    plan = Plan(one.kind, one.entities, marks=marks, streams=frozenset(one.streams))
    with hub.database.reading() as tx:
        plan = erase_preview.again(tx, _sieve(hub), plan, hub.clock())
    _ask(hub, plan, one.id, reason=one.reason, author=one.author)
    return resume(hub, one.id)


def _forget_orphans(tx: Tx) -> None:
    """Remove the words of requests that were never made: the process ended just before."""
    wanted = {sealed(one) for one in erasures.unfinished(tx)}
    for name, _ in secrets.names(tx):
        if name.startswith(sealed("")) and name not in wanted:
            secrets.remove(tx, name)


def resume(hub: Runtime, erasure_id: str) -> Erasure:
    """Go on with an erasure until it is done. Raises BusyError while somebody else works."""
    text = _vault(hub).get(sealed(erasure_id))
    words = _words(text) if text else Words()
    sieve, waited_s = _sieve(hub), 0.0
    while True:
        try:
            done = erase.carry_out(hub.database, hub.clock, sieve, erasure_id, words, hub.walk)
            break
        except BusyError:
            if waited_s >= PATIENCE_S:
                raise
            sleep(LOOK_AGAIN_S)  # a real wait: it is for another process, whatever the clock says
            waited_s += LOOK_AGAIN_S
    hub.database.compact()
    return done


def unfinished(hub: Runtime) -> list[str]:
    """Return the ids of erasures that were asked for and are not done."""
    with hub.database.reading() as tx:
        return erasures.unfinished(tx)


def lift(hub: Runtime, erasure_id: str, *, reason: str, author: str) -> Erasure:
    """Take an erasure off the list. Raises NotFoundError, ConflictError."""
    _require_reason(reason)
    copy_list(hub)
    found = erase.lift(hub.database, hub.clock, erasure_id, reason=reason.strip(), author=author)
    copy_list(hub)
    return found


def page(hub: Runtime, *, before: str = "", limit: int = 50) -> list[Erasure]:
    """Return erasures, newest first. before: the id of the last one of the page before."""
    with hub.database.reading() as tx:
        return erasures.page(tx, before=before, limit=limit)


def told(plan: Plan) -> dict[str, Any]:
    """Return a plan as it is shown: without marks, and without the words looked for."""
    shown = asdict(plan)
    for name in ("marks", "values", "gone", "about"):
        del shown[name]
    return shown | {
        "streams": sorted(f"{connection}/{stream}" for connection, stream in plan.streams),
        "goes": sum(one.fate == "goes" for one in plan.records),
        "kept": sum(one.fate == "kept" for one in plan.records),
        "taken_out_of": sum(one.fate == "person taken out" for one in plan.records),
    }


def _erased_before(tx: Tx, marker: Marker, target: str) -> Erasure | None:
    """Return the last erasure in force that a target was erased by."""
    met = suppressions.found(tx, marks_of_target(marker, target))
    ids = {one.erasure for one in met} | set(erasures.of_entities(tx, [target]))
    return erasures.get(tx, max(ids)) if ids else None


def _refuse_names(reason: str, plan: Plan) -> None:
    """Refuse a reason that says who it was: it stays for good, the person does not."""
    _require_reason(reason)
    folded = reason.casefold()
    if "@" in reason or any(value.casefold() in folded for value in plan.values):
        raise ConflictError("The reason names the person: it is kept, so say why, not who.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise ConflictError("Say why, without a name: it is kept as proof that this was asked for.")


def _sieve(hub: Runtime) -> MarkSieve:
    return MarkSieve(Marker(made_list_key(hub.vault)), hub.street.mappings)


def _vault(hub: Runtime) -> Vault:
    made_list_key(hub.vault)
    assert hub.vault is not None
    return hub.vault
