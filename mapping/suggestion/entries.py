"""Which column of a stream becomes which field: the likeliest pairs first, each taken once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mapping.fields import Field
from mapping.normalize.registry import Options
from mapping.nouns import COMPOSITES, FIELDS, ROLES, Kind
from mapping.suggestion.fit import ENOUGH, Reading, is_plain, reading, tells_itself
from mapping.suggestion.sample import Column, Sample
from mapping.suggestion.vocabulary import (
    Words,
    closeness,
    names_kind,
    rest_of,
    vocabulary,
    words_of,
)

_LIKELY: Final = 0.6
_SURE: Final = 0.75
_TOLD_BY_VALUES: Final = 0.62
_SOME_WORDS = 0.3
"""Share of a closed vocabulary's words that must be known for a column to be taken for it."""
_TOLD_BY: Final[Mapping[Kind, frozenset[str]]] = {
    "organization": frozenset({"name", "city"}),
    "person": frozenset({"family_name"}),
}
"""Kinds that columns alone may tell, where they fill these fields."""
_NAME: Final[Words] = ("name",)
_CODE = re.compile(r"[A-Za-z]{0,4}[ /._-]?\d[\d /._-]*")
_PARTS: Final[Mapping[Kind, str]] = {"organization": "company", "person": "contact"}


@dataclass(frozen=True, slots=True)
class Placed:
    """A column as the value of a field."""

    column: Column
    read: Reading


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reference leads: another stream by a column, or a part of the same record."""

    stream: str | None = None
    column: Column | None = None
    part: str = ""


@dataclass
class Entry:
    """One canonical record that is suggested for a stream."""

    kind: Kind
    part: str = ""
    when: Column | None = None
    fields: dict[str, list[Placed]] = field(default_factory=dict)
    refs: dict[str, Target] = field(default_factory=dict)

    def columns(self) -> set[str]:
        """Return the paths that are read."""
        paths = {one.column.path for placed in self.fields.values() for one in placed}
        return paths | {one.column.path for one in self.refs.values() if one.column}


def kind_of(
    sample: Sample, habits: Options, known: Sequence[tuple[Sample, Kind]] = ()
) -> Kind | None:
    """Return what a stream's records seem to be, by its name, its columns and where they lead.

    known: what other streams seem to be. None for an empty stream, too.
    """
    words = vocabulary()
    if not sample.records:
        return None
    best: tuple[float, Kind | None] = (0.0, None)
    for kind in FIELDS:
        named = names_kind(sample.stream, words.streams[kind])
        if not named and kind not in _TOLD_BY:
            continue
        placed = placed_fields(kind, [(c, words_of(c.title)) for c in sample.columns], habits)
        leads = refs_of(sample, kind, [one for one in known if one[0] is not sample])
        told = sum(len(each) for each in placed.values()) + 2 * len(leads)
        said = told / max(1, len(sample.columns))
        score = 2 * named + said
        if score > best[0] and (named or (said > _LIKELY and _TOLD_BY[kind] <= set(placed))):
            best = (score, kind)
    return best[1]


def placed_fields(
    kind: Kind, columns: Sequence[tuple[Column, Words]], habits: Options
) -> dict[str, list[Placed]]:
    """Return columns (each with the words to go by) by the field of the kind they fill."""
    own = vocabulary().streams[kind]
    phrases = vocabulary().fields[kind]
    fields = {**FIELDS[kind], **COMPOSITES}
    found: list[tuple[float, int, str, Placed]] = []
    for at, (column, words) in enumerate(columns):
        for name, said in phrases.items():
            score, read = _score(fields[name], name, column, closeness(words, said, own), habits)
            if score >= _LIKELY:
                found.append((-score, at, name, Placed(column, read)))
    taken: set[str] = set()
    placed: dict[str, list[Placed]] = {}
    for _, _, name, one in sorted(found, key=lambda each: each[:3]):
        is_list = fields[name].many
        if one.column.path in taken or (name in placed and not is_list):
            continue
        placed.setdefault(name, []).append(one)
        taken.add(one.column.path)
    order = {column.path: at for at, (column, _) in enumerate(columns)}
    return {
        name: sorted(placed[name], key=lambda one: order[one.column.path])
        for name in phrases
        if name in placed
    }


def _score(
    target: Field, name: str, column: Column, close: float, habits: Options
) -> tuple[float, Reading]:
    if column.every and not target.many:
        return 0.0, Reading(0.0)
    read = Reading(0.0)
    if close >= _LIKELY or tells_itself(target, column):
        read = reading(target, name, column, habits)
    if read.share < (_SOME_WORDS if target.type == "choice" else ENOUGH):
        return 0.0, read
    if close < _LIKELY and tells_itself(target, column):
        close = _TOLD_BY_VALUES
    return close + (0.0 if is_plain(target) else 0.05 if name in COMPOSITES else 0.03), read


def entries_of(
    sample: Sample, kind: Kind, refs: Mapping[str, Target], habits: Options
) -> list[Entry]:
    """Return the records suggested for one stream; refs: by role where they lead."""
    used = {one.column.path for one in refs.values() if one.column}
    rest = [column for column in sample.columns if column.path not in used and column.filled]
    parts: list[Entry] = []
    for party in ("organization", "person"):
        if party == kind or party in refs or not _may_name(kind, party):
            continue
        part, rest = _party(party, kind, rest, habits)
        if part:
            parts.append(part)
    main = Entry(kind, refs=dict(refs))
    main.fields = placed_fields(kind, [(c, words_of(c.title)) for c in rest], habits)
    _tell_status_by_stage(main)
    left = [column for column in rest if column.path not in main.columns()]
    _add_addresses(parts, left, habits)
    _join(main, parts)
    return [main, *parts]


def _tell_status_by_stage(main: Entry) -> None:
    """Read a deal's status from its stages, where these alone say what was won and what lost."""
    stage = main.fields.get("stage")
    if main.kind != "deal" or "status" in main.fields or not stage:
        return
    column = stage[0].column
    read = reading(FIELDS["deal"]["status"], "status", column, Options())
    if {"won", "lost"} & {ours for _, ours in read.values}:
        left = tuple((word, "open") for word in read.strange)
        told = replace(read, share=1.0, values=read.values + left, strange=())
        main.fields["status"] = [Placed(column, told)]


def _may_name(kind: Kind, party: Kind) -> bool:
    return party in ROLES[kind] or (kind == "organization" and party == "person")


def _are_codes(column: Column) -> bool:
    """Return whether values are numbers of somebody, as D1 and 10-044, rather than names."""
    return bool(column.values) and all(_CODE.fullmatch(str(one).strip()) for one in column.values)


def _has_a_name(kind: Kind) -> bool:
    """Return whether a column `name` speaks of the record itself."""
    phrases = vocabulary().fields[kind].values()
    return any(_NAME in said for said in phrases)


def _party(
    party: Kind, kind: Kind, columns: Sequence[Column], habits: Options
) -> tuple[Entry | None, list[Column]]:
    """Return the company or person that some columns speak of, and the columns that do not."""
    theirs: list[tuple[Column, Words]] = []
    for column in columns:
        whole = words_of(column.title)
        said = rest_of(whole, vocabulary().parties[party])
        if said is not None:
            theirs.append((column, said or (whole if _are_codes(column) else _NAME)))
    if theirs and not _has_a_name(kind):
        theirs += [(column, _NAME) for column in columns if words_of(column.title) == _NAME]
    placed = placed_fields(party, theirs, habits)
    if kind == "organization" and party == "person":
        placed = {name: each for name, each in placed.items() if name in _OF_A_CONTACT}
    if not {"name", "emails", "family_name"} & set(placed):
        return None, list(columns)
    entry = Entry(party, _PARTS[party], _first(placed), placed)
    used = entry.columns()
    return entry, [column for column in columns if column.path not in used]


_REACHED_BY = (
    "emails",
    "phones",
    "websites",
    "street",
    "house_number",
    "postcode",
    "city",
    "country",
)
_PLACE = frozenset({"street", "house_number", "postcode", "city", "country"})
_OF_A_CONTACT = frozenset(
    {"name", "given_name", "family_name", "title", "emails", "phones", "position"}
)


def _first(placed: Mapping[str, Sequence[Placed]]) -> Column:
    for name in ("name", "family_name", "emails"):
        if name in placed:
            return placed[name][0].column
    raise AssertionError("a party has a name or an address")


def _add_addresses(parts: Sequence[Entry], left: Iterable[Column], habits: Options) -> None:
    """Give bare addresses, of which a paper has none of its own, to the parties it names: the place
    to the company, if there is one."""
    if not parts:
        return
    free = [(column, words_of(column.title)) for column in left]
    placed = placed_fields(parts[-1].kind, free, habits)
    for name in _REACHED_BY:
        owner = parts[0] if name in _PLACE else parts[-1]
        if name in placed and name not in owner.fields:
            owner.fields[name] = placed[name]


def _join(main: Entry, parts: Sequence[Entry]) -> None:
    """Let the record refer to its parts, and a contact to its company."""
    for part in parts:
        if part.kind in ROLES[main.kind]:
            main.refs.setdefault(part.kind, Target(part=part.part))
        if part.kind == "person":
            company = main.refs.get("organization") if main.kind != "organization" else Target()
            if company:
                part.refs["organization"] = company


def refs_of(sample: Sample, kind: Kind, others: Sequence[tuple[Sample, Kind]]) -> dict[str, Target]:
    """Return where a stream's columns lead: to the keys of other streams, by role."""
    found: list[tuple[float, str, Target]] = []
    own_key = sample.key_column
    for other, theirs in others:
        role = "parent" if other.stream == sample.stream else str(theirs)
        if ROLES[kind].get(role) != theirs:
            continue
        for column in sample.columns:
            if column is own_key or column.every or not column.values:
                continue
            score = _leads_to(column, other, theirs)
            if role == "parent":
                score *= names_kind(column.title, ("parent", "uebergeordnet"))
            if score >= _SURE:
                found.append((-score, role, Target(other.stream, column)))
    refs: dict[str, Target] = {}
    taken: set[str] = set()
    for _, role, target in sorted(found, key=lambda each: each[:2]):
        assert target.column is not None
        if role not in refs and target.column.path not in taken:
            refs[role] = target
            taken.add(target.column.path)
    return refs


def _leads_to(column: Column, other: Sample, kind: Kind) -> float:
    """Return how likely a column holds the other stream's keys, 0 to 1."""
    texts = {str(value).removesuffix(".0") for value in column.values}
    hits = len(texts & other.keys) / len(texts)
    if not hits:
        return 0.0
    key = other.key_column
    words = vocabulary().streams[kind] | {"".join(words_of(other.stream)).rstrip("s")}
    said = names_kind(column.title, words)
    if key and words_of(key.title) == words_of(column.title) and key.title != "id":
        said = 1.0
    long = all(len(text) > 3 or not text.isdigit() for text in texts)
    return max(0.6 * said + 0.4 * hits, hits if long and len(texts) >= 5 else 0.0)


def with_constants(entry: Entry) -> dict[str, str]:
    """Return what is taken for granted of the record's kind and no column says."""
    stated = vocabulary().constants.get(entry.kind, {})
    return {name: word for name, word in stated.items() if name not in entry.fields}
