"""Compiles a checked mapping file once into closures that apply() runs for every record."""

import re
from collections.abc import Iterable
from typing import Any

from connectors.sdk.record import RecordKey
from mapping.apply import (
    CompiledEntry,
    CompiledMapping,
    Condition,
    Draft,
    Parts,
    Read,
    RefStep,
    Step,
)
from mapping.canonical import Reference
from mapping.fields import Field
from mapping.normalize.name import full_name
from mapping.normalize.registry import NORMALIZERS, WHOLE, Convert, Normalizer, Refused
from mapping.normalize.text import scalar_text
from mapping.nouns import COMPOSITES, FIELDS
from mapping.options import field_options
from mapping.paths import getter, parse_path
from mapping.reading import (
    NOTHING,
    Plan,
    choice_convert,
    const_step,
    extension_reader,
    first_reader,
    is_empty,
    join_reader,
    lookup,
    many_step,
    mapped_convert,
    reader,
    single_step,
)
from mapping.spec import (
    Defaults,
    EntrySpec,
    FieldSpec,
    MappingSpec,
    RefSpec,
    WhenSpec,
    mapping_version,
)

# Others lean on these: numbers on the country's habits, amounts on the currency.
_READ_FIRST = {"country": 0, "currency": 1, "address": 2}


def compile_spec(spec: MappingSpec) -> CompiledMapping:
    """Return `spec` ready to run; it must have passed load_spec."""
    return CompiledMapping(
        {
            stream: tuple(_entry(spec.defaults, entry) for entry in entries)
            for stream, entries in spec.streams.items()
        },
        mapping_version(spec),
    )


def canonical_field(entry: EntrySpec, name: str) -> Field | None:
    """Return what the kind says about a field, or None where it has none such."""
    fields = FIELDS[entry.kind]
    return fields.get(name) or (COMPOSITES.get(name) if "street" in fields else None)


def normalizer_of(field: Field, spec: FieldSpec) -> Normalizer | None:
    """Return the normaliser a field uses; None for a closed vocabulary and for unknown names."""
    return NORMALIZERS.get(spec.normalize or field.normalize)


def settled_value(value: Any, field: Field, normalizer: Normalizer | None, convert: Convert) -> Any:
    """Return a constant of the file as the field will hold it; raises ValueError saying why not."""
    if field.choices:
        if value not in field.choices:
            raise ValueError(f"expected one of {', '.join(sorted(field.choices))}, got {value!r}")
        return value
    result = convert(value, {})
    if isinstance(result, Refused):
        raise ValueError(f"{value!r} {result.reason}")
    if result is None:
        raise ValueError(f"{value!r} is not {normalizer.expects if normalizer else 'understood'}")
    return result


def plain_convert(field: Field, spec: FieldSpec, defaults: Defaults) -> Convert:
    """Return the converter a field's normaliser gives, before any value map."""
    normalizer = normalizer_of(field, spec)
    if field.choices or normalizer is None:
        return choice_convert(field)
    return normalizer.build(field_options(defaults, spec))


def _entry(defaults: Defaults, entry: EntrySpec) -> CompiledEntry:
    empty = frozenset(defaults.empty)
    names = sorted(entry.fields, key=lambda name: _READ_FIRST.get(name, 9))
    steps = [_field_step(entry, name, defaults, empty) for name in names]
    if entry.kind == "person" and "name" not in entry.fields:
        steps.append(_name_from_pieces)
    texts = [path for field in entry.fields.values() for path in field.read_paths]
    texts += [entry.key] if entry.key else []
    texts += [entry.when.path] if entry.when else []
    for ref in entry.refs.values():
        texts += [*((ref.path,) if ref.path else ()), *(ref.paths or ())]
    texts += entry.extensions.values()
    each = parse_path(entry.each) if entry.each else None
    return CompiledEntry(
        kind=entry.kind,
        part=entry.part,
        each=getter(each) if each else None,
        element_key=getter(parse_path(entry.key)) if entry.key else None,
        when=_condition(entry.when, empty) if entry.when else None,
        steps=tuple(steps),
        refs=tuple(_ref_step(role, ref, empty) for role, ref in entry.refs.items()),
        paths=tuple(map(parse_path, texts)),
        each_path=each,
        extensions=tuple(
            (name, extension_reader(getter(parse_path(path)), empty))
            for name, path in sorted(entry.extensions.items())
        ),
        fields=frozenset(entry.fields),
        roles=frozenset(entry.refs),
    )


def _field_step(entry: EntrySpec, name: str, defaults: Defaults, empty: frozenset[str]) -> Step:
    spec = entry.fields[name]
    field = canonical_field(entry, name)
    assert field is not None
    normalizer = normalizer_of(field, spec)
    convert = plain_convert(field, spec, defaults)

    def settled(value: Any) -> Any:
        return None if value is None else settled_value(value, field, normalizer, convert)

    if "const" in spec.model_fields_set:
        constant = settled(spec.const)
        return const_step(name, [constant] if field.many else constant)
    used = convert
    if spec.values is not None:
        results = {
            key: NOTHING if value is None else settled(value) for key, value in spec.values.items()
        }
        used = mapped_convert(lookup(results, exact=spec.exact), exact=spec.exact)
    elif normalizer is not None and (name, normalizer.name) in WHOLE and not field.many:
        used = WHOLE[name, normalizer.name](field_options(defaults, spec))
    paths = [parse_path(path) for path in spec.read_paths]
    reads = tuple(reader(getter(path), empty) for path in paths)
    plan = Plan(
        name=name,
        field=field,
        convert=used,
        expects=normalizer.expects if normalizer else "",
        mapped=frozenset(entry.fields),
        separators=_separators(normalizer),
        default=settled(spec.default),
        keeps_raw=normalizer is None or normalizer.name != "prose",
        counts=entry.each is None or not all(path.from_root for path in paths),
    )
    if spec.join is not None:
        reads = (join_reader(reads, spec.with_),)
    if field.many:
        return many_step(plan, reads)
    return single_step(plan, reads[0] if len(reads) == 1 else first_reader(reads))


def _separators(normalizer: Normalizer | None) -> re.Pattern[str] | None:
    return re.compile(normalizer.separators) if normalizer and normalizer.separators else None


def _name_from_pieces(_scope: Any, _root: Any, draft: Draft) -> None:
    name = full_name(draft.fields.get("given_name"), draft.fields.get("family_name"))
    if name is not None:
        draft.fields["name"] = name


def _condition(when: WhenSpec, empty: frozenset[str]) -> Condition:
    get = getter(parse_path(when.path))
    wanted = when.in_ if when.in_ is not None else (when.equals,)
    if "equals" in when.model_fields_set or when.in_ is not None:
        texts = frozenset(_condition_text(value) for value in wanted)
        return lambda scope, root: _condition_text(get(scope, root)) in texts
    if when.not_in is not None:
        excluded = frozenset(map(_condition_text, when.not_in))
        return lambda scope, root: _condition_text(get(scope, root)) not in excluded
    read: Read = reader(get, empty)
    return lambda scope, root: read(scope, root) is not None


def _condition_text(value: Any) -> str | None:
    """Return a scalar as trimmed text, so that 1 and "1" are the same; blank and null are None."""
    text = scalar_text(value)
    return text.strip() or None if text is not None else None


def _ref_step(role: str, ref: RefSpec, empty: frozenset[str]) -> RefStep:
    if ref.stream is None:
        return _own_part_step(role, ref.part)
    stream, part = ref.stream, ref.part
    if ref.paths is not None:
        gets = tuple(getter(parse_path(path)) for path in ref.paths)

        def several(scope: Any, root: Any, key: RecordKey, _: Parts) -> Iterable[Reference]:
            texts = [_key_text(get(scope, root), empty) for get in gets]
            found = [text.replace("|", "%7C") for text in texts if text is not None]
            if len(found) == len(texts):
                target = RecordKey(key.connection, stream, "|".join(found)).ref(part)
                yield Reference(role, target)

        return several
    get_one = getter(parse_path(ref.path or "."))

    def one(scope: Any, root: Any, key: RecordKey, _: Parts) -> Iterable[Reference]:
        value = get_one(scope, root)
        for item in value if type(value) is list else (value,):
            text = _key_text(item, empty)
            if text is not None:
                yield Reference(role, RecordKey(key.connection, stream, text).ref(part))

    return one


def _own_part_step(role: str, part: str) -> RefStep:
    def step(_scope: Any, _root: Any, key: RecordKey, parts: Parts) -> Iterable[Reference]:
        return [Reference(role, key.ref(made)) for made in parts.get(part, ())]

    return step


def _key_text(value: Any, empty: frozenset[str]) -> str | None:
    """Return a key as connectors write it, or None where it is empty."""
    text = None if isinstance(value, bool) else scalar_text(value)
    return None if text is None or is_empty(text, empty) else text
