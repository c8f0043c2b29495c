"""Checks what a mapping file means: kinds, fields, paths, normalisers, constants, references."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from connectors.sdk.record import NAME
from mapping.compile import canonical_field, normalizer_of, plain_convert, settled_value
from mapping.fields import Field
from mapping.normalize.registry import NORMALIZERS
from mapping.nouns import COMPOSITES, FIELDS, ROLES
from mapping.options import OPTION_NAMES, OptionError, stated_options
from mapping.paths import parse_path
from mapping.problems import Place, suggestion
from mapping.reading import lookup_key
from mapping.spec import Defaults, EntrySpec, FieldSpec, MappingSpec, RefSpec, WhenSpec

Finding = tuple[Place, str]
"""Where something is wrong, and what was expected."""

_SOURCES = ("path", "paths", "const", "join")


@dataclass(frozen=True, slots=True)
class _Around:
    """An entry and what it is checked against: its file, its stream, the connection's streams."""

    spec: MappingSpec
    streams: Collection[str]
    entries: Sequence[EntrySpec]
    entry: EntrySpec


def check(spec: MappingSpec, streams: Collection[str]) -> Iterator[Finding]:
    """Yield everything that is wrong; streams: the names the connection declares."""
    try:
        stated_options(spec.defaults)
    except OptionError as error:
        yield ("defaults", error.option), str(error)
        return
    for name, entries in spec.streams.items():
        place: Place = ("streams", name)
        if name not in streams:
            yield place, f"the connection has no stream {name!r}{suggestion(name, streams)}"
        if not entries:
            yield place, "expected at least one entry with `kind` and `fields`"
        yield from _repeated_parts(entries, place)
        for index, entry in enumerate(entries):
            around = _Around(spec, streams, entries, entry)
            yield from _entry(around, (*place, index))


def _repeated_parts(entries: Sequence[EntrySpec], place: Place) -> Iterator[Finding]:
    """Entries may share a part only as alternatives: all but the last need a condition."""
    for index, entry in enumerate(entries):
        if entry.when is None and any(later.part == entry.part for later in entries[index + 1 :]):
            named = f"part {entry.part!r}" if entry.part else "the record itself (no `part`)"
            yield (
                (*place, index),
                f"{named} is made again further down: give this entry a `when`, or one of them "
                "another `part`",
            )


def _entry(around: _Around, place: Place) -> Iterator[Finding]:
    entry = around.entry
    if entry.part and not NAME.fullmatch(entry.part):
        yield (
            (*place, "part"),
            f"{entry.part!r} is no part name: lower-case letters, digits, '_', '.', '-'",
        )
    if entry.each is not None and not entry.part:
        yield (*place, "each"), "a list makes parts: add `part`, e.g. `part: member`"
    if entry.key is not None and entry.each is None:
        yield (*place, "key"), "`key` names the elements of `each`, which is missing"
    if not entry.fields:
        yield (*place, "fields"), f"expected fields of {entry.kind}"
    for name in ("each", "key"):
        text = getattr(entry, name)
        if text is not None:
            yield from _path(text, (*place, name))
    if entry.when is not None:
        yield from _when(entry.when, (*place, "when"))
    for name, field in entry.fields.items():
        yield from _field(around, name, field, (*place, "fields", name))
    for name, path in entry.extensions.items():
        yield from _extension(entry, name, path, (*place, "extensions", name))
    for role, ref in entry.refs.items():
        yield from _ref(around, role, ref, (*place, "refs", role))


def _field(around: _Around, name: str, spec: FieldSpec, place: Place) -> Iterator[Finding]:
    entry = around.entry
    field = canonical_field(entry, name)
    if field is None:
        known = [*FIELDS[entry.kind], *(COMPOSITES if "street" in FIELDS[entry.kind] else ())]
        near = suggestion(name, (one for one in known if not one.endswith("_raw")))
        yield place, f"{entry.kind} has no field {name!r}{near}"
        return
    if field.derived:
        yield place, f"{name} is filled in by itself; map {name.removesuffix('_raw')} instead"
        return
    yield from _source(spec, place)
    for key in ("path", "paths", "join"):
        stated = getattr(spec, key)
        for text in (stated,) if isinstance(stated, str) else stated or ():
            yield from _path(text, (*place, key) if key in spec.model_fields_set else place)
    yield from _normalize(name, field, spec, place)
    options = list(_options(field, spec, place))
    yield from options
    if not options:
        yield from _constants(field, spec, around.spec.defaults, place)


def _extension(entry: EntrySpec, name: str, path: str, place: Place) -> Iterator[Finding]:
    if not NAME.fullmatch(name):
        yield place, f"{name!r} is no extension name: lower-case letters, digits, '_', '.', '-'"
    elif name in FIELDS[entry.kind]:
        yield place, f"{entry.kind} has a field {name!r}: map it under `fields`"
    yield from _path(path, place)


def _source(spec: FieldSpec, place: Place) -> Iterator[Finding]:
    stated = [name for name in _SOURCES if name in spec.model_fields_set]
    if len(stated) != 1:
        got = " and ".join(stated) or "none of them"
        yield place, f"expected exactly one of path, paths, const, join; got {got}"
    for name in ("paths", "join"):
        if getattr(spec, name) == ():
            yield (*place, name), "expected at least one path"
    if "with_" in spec.model_fields_set and spec.join is None:
        yield (*place, "with"), "`with` stands between the texts of `join`, which is missing"
    if spec.exact and spec.values is None:
        yield (*place, "exact"), "`exact` is about `values`, which is missing"
    for name in ("values", "default"):
        if "const" in stated and name in spec.model_fields_set:
            yield (*place, name), f"a constant needs no `{name}`"


def _normalize(name: str, field: Field, spec: FieldSpec, place: Place) -> Iterator[Finding]:
    if spec.normalize is None:
        return
    at = (*place, "normalize")
    normalizer = NORMALIZERS.get(spec.normalize)
    if normalizer is None:
        near = suggestion(spec.normalize, NORMALIZERS)
        yield at, f"there is no normaliser {spec.normalize!r}{near}"
    elif field.choices:
        yield at, f"{name} holds one of {', '.join(sorted(field.choices))}: use `values`"
    elif field.type not in normalizer.yields or (spec.normalize == "address") != (
        name in COMPOSITES
    ):
        fitting = [one.name for one in NORMALIZERS.values() if field.type in one.yields]
        yield (
            at,
            f"{spec.normalize} does not give what {name} holds ({field.type}); "
            f"expected one of {', '.join(fitting)}",
        )


def _options(field: Field, spec: FieldSpec, place: Place) -> Iterator[Finding]:
    normalizer = normalizer_of(field, spec)
    understood = normalizer.options if normalizer else frozenset()
    for name in sorted(OPTION_NAMES & spec.model_fields_set):
        if name not in understood:
            used = normalizer.name if normalizer else "a fixed list of values"
            known = f"; it understands {', '.join(sorted(understood))}" if understood else ""
            yield (*place, name), f"`{name}` means nothing to {used}{known}"
    try:
        stated_options(spec)
    except OptionError as error:
        yield (*place, error.option), str(error)


def _constants(
    field: Field, spec: FieldSpec, defaults: Defaults, place: Place
) -> Iterator[Finding]:
    stated = [
        ((*place, name), getattr(spec, name))
        for name in ("const", "default")
        if name in spec.model_fields_set
    ]
    stated += [
        ((*place, "values", key), value)
        for key, value in (spec.values or {}).items()
        if value is not None
    ]
    for at, value in stated:
        if field.type == "money":
            yield at, "an amount must come from the source, not from this file"
            continue
        try:
            convert = plain_convert(field, spec, defaults)
            settled_value(value, field, normalizer_of(field, spec), convert)
        except ValueError as error:
            yield at, str(error)
    keys: dict[str, str] = {}
    for key in spec.values or ():
        first = keys.setdefault(lookup_key(key, exact=spec.exact), key)
        if first != key:
            yield (*place, "values", key), f"is the same as {first!r} (unless `exact: true`)"


def _when(when: WhenSpec, place: Place) -> Iterator[Finding]:
    yield from _path(when.path, (*place, "path"))
    tests = [name for name in ("equals", "in_", "not_in") if name in when.model_fields_set]
    if len(tests) > 1:
        yield place, "expected at most one of equals, in, not_in"


def _path(text: str, place: Place) -> Iterator[Finding]:
    try:
        parse_path(text)
    except ValueError as error:
        yield place, str(error)


def _ref(around: _Around, role: str, ref: RefSpec, place: Place) -> Iterator[Finding]:
    entry, streams = around.entry, around.streams
    roles = ROLES[entry.kind]
    if role not in roles:
        near = suggestion(role, roles) if roles else " (it has none)"
        yield place, f"{entry.kind} has no reference {role!r}{near}"
        return
    if ref.stream is None:
        if ref.path is not None or ref.paths is not None:
            yield place, "`path` needs `stream`: the stream whose key it holds"
        targets = around.entries
    elif ref.stream not in streams:
        near = suggestion(ref.stream, streams)
        yield (*place, "stream"), f"the connection has no stream {ref.stream!r}{near}"
        return
    else:
        if (ref.path is None) == (not ref.paths):
            yield place, "expected `path` (or `paths` for a key of several columns)"
        targets = around.spec.streams.get(ref.stream, ())
    for key in ("path", "paths"):
        stated = getattr(ref, key)
        for text in (stated,) if isinstance(stated, str) else stated or ():
            yield from _path(text, (*place, key))
    if not any(one.part == ref.part and one.kind == roles[role] for one in targets):
        where = f"stream {ref.stream}" if ref.stream else "this record"
        what = f"part {ref.part!r}" if ref.part else "the record itself"
        yield place, f"in {where}, {what} is not mapped as {roles[role]}"
