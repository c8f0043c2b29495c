"""Masks others in what is told of one person: their names, addresses and numbers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from connectors.sdk.record import RecordKey
from hub.model.erasure import Plan
from hub.pipeline.erase_plan import said_of
from hub.pipeline.marks import Marker
from hub.pipeline.sieve import MarkSieve
from hub.pipeline.takeout import taken_out, words_out
from hub.store import disclosing
from hub.store.database import Tx
from hub.store.suppressions import Met

MASKED = "[other person]"
_encode = msgspec.json.Encoder().encode
_fields = msgspec.json.Decoder(dict[str, Any]).decode
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class Others:
    """Who else is known. marks: of their words; mine: of those who ask; firms: of addresses that
    are nobody's own; workers: who works with records."""

    marks: frozenset[str]
    mine: frozenset[str]
    firms: frozenset[str]
    workers: frozenset[str]


def others_of(tx: Tx, sieve: MarkSieve, plan: Plan) -> Others:
    """Return the marks of everybody who is not the one a plan is about.

    An address that a person has with others is theirs, too; one that a firm has with a person is
    the person's.
    """
    marker, mine = sieve.marker, set(plan.marks)
    marks, firms = set[str](), set[str]()
    if plan.kind == "person":
        for shared in plan.shared:
            mine |= marker.strong(_encode(shared.value).decode())
    for row in disclosing.parties(tx):
        said = _marks(marker, _fields(row.fields))
        if row.kind == "organization":
            firms |= said
        elif row.entity_id not in plan.entities:
            marks |= said
    workers = disclosing.workers(tx)
    for worker in workers:
        marks |= {*marker.names(worker)}
    mine -= marks if plan.kind == "organization" else set()
    marks -= mine
    return Others(*map(frozenset, (marks, mine, firms - marks, workers)))


def _marks(marker: Marker, fields: Mapping[str, Any]) -> set[str]:
    emails, phones, names = said_of(fields)
    found = {marker.address(email) for email in emails}
    found |= {mark for phone in phones for mark in marker.numbers(phone)}
    return found | {mark for name in names for mark in marker.names(name)}


@dataclass(frozen=True, slots=True)
class Mask:
    """Puts a mask over others. sieve: whose mappings tell what a record is made into."""

    sieve: MarkSieve
    others: Others

    def own(self, key: RecordKey, data: dict[str, Any]) -> dict[str, Any]:
        """Return a record with others in it masked."""
        marker, known = self.sieve.marker, self.others.marks
        beside = set[str]()
        for one in self.sieve.made_of(key, data):
            if one.kind == "person" and one.part:
                beside |= _marks(marker, one.fields)
        mapping = self.sieve.mappings.get(key.connection)
        if mapping is not None:
            if unknown := beside - known - self.others.mine:
                known |= unknown
            data = taken_out(marker, mapping, key, data, "person", known, instead=MASKED)
        masked: dict[str, Any] = self._rest(data)
        return masked

    def only(self, key: RecordKey, data: dict[str, Any], plan: Plan) -> dict[str, Any]:
        """Return of a record that is about something else what speaks of them alone.

        Of what is about another person it is their own words, and not the text around these.
        """
        hits, known = [Met("", "", "paper", None, plan.kind)], set(plan.marks)
        left = self.sieve.left_of(key, data, hits, {"": known})
        main = next((one for one in self.sieve.made_of(key, data) if not one.part), None)
        if main is None or main.kind in ("person", "lead"):
            return {"words": sorted(self._said(data, known))}
        found = _differing(self.own(key, data), data, left)
        return found if isinstance(found, dict) else {}

    def _said(self, value: Any, known: set[str]) -> Iterator[str]:
        if isinstance(value, dict | list):
            for one in value.values() if isinstance(value, dict) else value:
                yield from self._said(one, known)
        elif isinstance(value, str):
            marker = self.sieve.marker
            for found in (*marker.strong_in(value), *marker.names_in(value)):
                if found.mark in known:
                    yield value[found.start : found.end]

    def words(self, value: Any) -> Any:
        """Return any value with others' words masked."""
        known = self.others.marks
        return self._rest(words_out(self.sieve.marker, value, known, MASKED))

    def _rest(self, value: Any) -> Any:
        """Mask who works with a record, and every address that is neither theirs nor a firm's:
        whose that is, nobody knows."""
        if isinstance(value, dict):
            return {name: self._rest(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._rest(one) for one in value]
        if not isinstance(value, str):
            return value
        if value.strip() in self.others.workers:
            return MASKED
        return _ADDRESS.sub(self._masked, value)

    def _masked(self, found: re.Match[str]) -> str:
        marks = {one.mark for one in self.sieve.marker.strong_in(found[0])}
        may = not marks or marks & (self.others.mine | self.others.firms)
        return found[0] if may else MASKED


def _differing(shown: Any, data: Any, left: Any) -> Any:
    """Return what is shown of the values that differ between a record and what is left of it."""
    if data == left:
        return None
    if isinstance(data, Mapping) and isinstance(left, Mapping) and isinstance(shown, Mapping):
        return {
            name: _differing(shown.get(name), value, left.get(name))
            for name, value in data.items()
            if value != left.get(name)
        }
    lists = all(isinstance(one, list) for one in (shown, data, left))
    if lists and len(data) == len(left) == len(shown):
        parts = zip(shown, data, left, strict=True)
        return [_differing(*one) for one in parts if one[1] != one[2]]
    return shown
