"""Plans an erasure: whose records are whose, what the law keeps, and the marks of all of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from connectors.sdk.record import NAME, RecordKey, parse_ref
from hub.errors import ConflictError, NotFoundError
from hub.model.erasure import OWN, EntityKind, Plan, Shared, What, kept_until
from hub.pipeline.marks import Marker
from hub.pipeline.sieve import MarkSieve
from hub.store import canonical, erasing, staging
from hub.store.database import Row, Tx
from mapping.normalize.email import email_address

_fields = msgspec.json.Decoder(dict[str, Any]).decode
HANGING = frozenset(
    {
        "line",
        "payment",
        "dunning",
        "delivery",
        "message",
        "touch",
        "milestone",
        "task",
        "time_entry",
    }
)
"""Kinds that may hang on a paper and on nobody else."""
SOLE = frozenset({"", "e.K.", "e.U.", "Einzelunternehmen"})
"""Legal forms behind which one person stands."""
_RANK: Mapping[What, int] = {"record": 3, "paper": 2, "kept": 1}
"""Of two words on one source record the stronger holds; nothing at all is 0: it goes."""


@dataclass(slots=True)
class _Draft:
    """A plan in the making. fates: source id -> what it is, and the last day it is kept."""

    kind: EntityKind
    ids: tuple[str, ...]
    today: date
    fates: dict[int, tuple[What, str | None]] = field(default_factory=dict)

    def say(self, source_id: int, what: What, until: str | None = None) -> None:
        """Note a fate; kept papers are kept for as long as the longest of their parts."""
        before = self.fates.get(source_id)
        if before is None or _RANK[what] > _RANK[before[0]]:
            self.fates[source_id] = (what, until)
        elif before[0] == what == "kept" and until is not None:
            self.fates[source_id] = ("kept", max(until, before[1] or ""))


def found_by(tx: Tx, target: str) -> tuple[EntityKind, tuple[str, ...], str | None]:
    """Return kind and ids of the entities a target names, and the address it is, if it is one.

    target: an entity's id, connection/stream/key, a ref, or an e-mail address. Raises
    NotFoundError, and ConflictError where it is not clear who is meant.
    """
    if "@" in target and "/" not in target and (address := email_address(target)):
        return _by_address(tx, address)
    key = _key(target)
    if key is None:
        row = erasing.living(tx, target)
        if row is None:
            raise NotFoundError(f"There is no entity {target}, and it is no record and no address.")
        return _kind(row.kind, row.id), (row.id,), None
    rows = erasing.entities_of(tx, [key.ref()])
    whole = [row for row in rows if row.ref == key.ref()]
    persons = whole or [row for row in rows if row.kind == "person"]
    if len({row.id for row in persons}) != 1:
        many = "".join(f"\n  {row.id}  {row.kind}  {row.ref}" for row in rows)
        raise (ConflictError if rows else NotFoundError)(
            f"The record {key.ref()} stands for {'several; name one:' if rows else 'nobody.'}{many}"
        )
    return _kind(persons[0].kind, persons[0].id), (persons[0].id,), None


def marks_of_target(marker: Marker, target: str) -> list[str]:
    """Return the marks that a target itself has: of an address, of a record."""
    if "@" in target and "/" not in target and (address := email_address(target)):
        return [marker.address(address)]
    key = _key(target)
    return [] if key is None else [marker.record(key.connection, key.stream, key.key)]


def _key(target: str) -> RecordKey | None:
    if target.count("/") >= 2:
        connection, stream, key = target.split("/", 2)
        if NAME.fullmatch(connection) and NAME.fullmatch(stream) and key:
            return RecordKey(connection, stream, key)
    try:
        return parse_ref(target)[0]
    except ValueError:
        return None


def _kind(kind: str, entity_id: str) -> EntityKind:
    if kind == "person":
        return "person"
    if kind == "organization":
        return "organization"
    raise ConflictError(f"{entity_id} is a {kind}: persons are erased, and sole traders.")


def _by_address(tx: Tx, address: str) -> tuple[EntityKind, tuple[str, ...], str]:
    rows = erasing.holding(tx, [address])
    persons = {row.entity_id for row in rows if row.kind == "person" and row.entity_id}
    if persons:
        return "person", tuple(sorted(persons)), address
    firms = {row.entity_id for row in rows if row.entity_id}
    if firms:
        raise ConflictError(
            f"{address} is known as an organization's address alone; name the organization if a "
            f"sole trader is meant: {', '.join(sorted(firms))}"
        )
    return "person", (), address


def draft(
    tx: Tx,
    sieve: MarkSieve,
    kind: EntityKind,
    ids: tuple[str, ...],
    address: str | None,
    today: date,
    *,
    any_firm: bool = False,
) -> Plan:
    """Return the plan with its marks; which records these meet is for the sieve to say.

    Raises ConflictError for an organization that is no sole trader, unless `any_firm` may be.
    """
    now, before = erasing.refs_ever(tx, ids)
    rows = canonical.get(tx, now)
    if not any_firm:
        _require_sole_trader(kind, rows)
    work = _Draft(kind, ids, today)
    _own_records(tx, work, rows, before)
    _papers(tx, work, {*ids, *now})
    plan, marker = Plan(kind, ids), sieve.marker
    said = [_fields(row.fields) for row in rows if row.kind == kind]
    said += _said_before(tx, sieve, kind, {row.source_id for row in rows}, now | before)
    _identify(tx, marker, plan, work, said, address)
    for one, key in erasing.keys_of(tx, work.fates).items():
        mark = marker.record(key.connection, key.stream, key.key)
        plan.marks[mark] = work.fates[one]
        plan.streams |= {(key.connection, key.stream)}
    return plan


def _require_sole_trader(kind: EntityKind, rows: Sequence[Row]) -> None:
    if kind != "organization":
        return
    forms = {str(_fields(row.fields).get("legal_form") or "") for row in rows}
    if other := forms - SOLE:
        raise ConflictError(
            f"This is a {', '.join(sorted(other))}, no person: the law's right to erasure is not "
            "a company's. Erase its contacts, each by itself."
        )


def _own_records(tx: Tx, work: _Draft, rows: Sequence[Row], before: Iterable[str]) -> None:
    """Tell records that are theirs from those in which they only stand."""
    mains = {
        row.source_id: row
        for row in erasing.made_of(tx, {row.source_id for row in rows})
        if parse_ref(row.ref)[1] == ""
    }
    for row in rows:
        main = mains.get(row.source_id)
        own = main is None or main.ref == row.ref or (main.kind == "lead" and row.kind == "person")
        work.say(row.source_id, "record" if own else "paper")
    for ref in sorted(before):  # what is deleted is kept, too, until it is erased
        key, part = parse_ref(ref)
        for one in staging.ids_of(tx, key.connection, key.stream, [key.key]):
            work.say(one, "paper" if part else "record")


def _papers(tx: Tx, work: _Draft, targets: Iterable[str]) -> None:
    """Follow what hangs on them, and on that again: it goes, the law keeps it, or it is others'."""
    ahead, theirs = set(targets), dict.fromkeys(targets, False)
    for _ in range(4):
        rows = erasing.papers_on(tx, ahead)
        others = erasing.parties(tx, [row.ref for row in rows])
        ahead = set()
        for row in rows:
            direct = row.target in work.ids
            foreign = bool(others.get(row.ref, set()) - set(work.ids)) or theirs[row.target]
            if row.ref in theirs or not (direct or row.kind in HANGING):
                continue
            if row.kind not in OWN[work.kind]:
                _paper(work, row, foreign)
            elif row.kind not in ("person", "organization"):
                own = direct and (row.role == work.kind or not foreign)
                work.say(row.source_id, "record" if own or not foreign else "paper")
            else:
                continue
            theirs[row.ref] = foreign
            ahead.add(row.ref)


def _paper(work: _Draft, row: Row, foreign: bool) -> None:
    if foreign:
        work.say(row.source_id, "paper")
        return
    until = kept_until(row.kind, _fields(row.fields), row.first_seen_at)
    if until is None or until < work.today:
        work.say(row.source_id, "record")
    else:
        work.say(row.source_id, "kept", until.isoformat())


def _said_before(
    tx: Tx, sieve: MarkSieve, kind: EntityKind, ids: Collection[int], refs: Collection[str]
) -> list[dict[str, Any]]:
    """Return what earlier versions said of them: a number they had once is theirs as well."""
    found = []
    for row in erasing.payloads_of(tx, ids):
        key = RecordKey(row.connection, row.stream, row.key)
        made = sieve.made_of(key, _fields(row.payload))
        found += [one.fields for one in made if one.kind == kind and one.ref in refs]
    return found


def values_of(tx: Tx, sieve: MarkSieve, plan: Plan, ids: Collection[int]) -> frozenset[str]:
    """Return the words that a plan's marks were made of, as these records say them in any
    version."""
    marker, marks, found = sieve.marker, plan.marks.keys(), set()
    for row in erasing.payloads_of(tx, ids):
        key = RecordKey(row.connection, row.stream, row.key)
        for one in sieve.made_of(key, _fields(row.payload)):
            if one.kind == plan.kind:
                emails, phones, names = said_of(one.fields)
                found |= {email for email in emails if marker.address(email) in marks}
                found |= {phone for phone in phones if marks & {*marker.numbers(phone)}}
                found |= {name for name in names if marks & {*marker.names(name)}}
    return frozenset(found)


def said_of(fields: Mapping[str, Any]) -> tuple[set[str], set[str], set[str]]:
    """Return the addresses, numbers and full names that a record gives somebody."""
    full = f"{fields.get('given_name') or ''} {fields.get('family_name') or ''}"
    names = {str(fields.get("name") or ""), full.strip(), *(fields.get("trade_names") or ())}
    return set(fields.get("emails") or ()), set(fields.get("phones") or ()), names


def _identify(
    tx: Tx,
    marker: Marker,
    plan: Plan,
    work: _Draft,
    said: Sequence[Mapping[str, Any]],
    address: str | None,
) -> None:
    """Mark what they are known by; what others are known by as well marks nobody."""
    emails: set[str] = {address} if address else set()
    phones: set[str] = set()
    names: set[str] = set()
    for fields in said:
        for one, more in zip((emails, phones, names), said_of(fields), strict=True):
            one |= more
    foreign: dict[str, set[str]] = {}
    for row in erasing.holding(tx, emails | phones):
        if row.source_id in work.fates or row.entity_id in work.ids:
            continue
        held = _fields(row.fields)
        for value in {*(held.get("emails") or ()), *(held.get("phones") or ())}:
            foreign.setdefault(value, set()).add(row.ref)
    for value in sorted((emails | phones) & foreign.keys()):
        plan.shared.append(Shared(value, tuple(sorted(foreign[value]))))
    own_emails, own_phones = emails - foreign.keys(), phones - foreign.keys()
    for email in own_emails:
        plan.marks[marker.address(email)] = ("email", None)
    for phone in own_phones:
        plan.marks |= dict.fromkeys(marker.numbers(phone), ("phone", None))
    for name in names:
        plan.marks |= dict.fromkeys(marker.names(name), ("name", None))
    plan.values = frozenset({*own_emails, *own_phones, *(name for name in names if " " in name)})
