"""What a mapping file may say: its models, short forms written out, and its version."""

import hashlib
import json
from typing import Annotated, Any, Final, Literal

import phonenumbers
import stdnum
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from mapping.nouns import Kind

Scalar = str | int | float | bool | None

EMPTY_WORDS: Final = ("-", "--", "n/a", "N/A", "#N/A", "NULL", "null", "k.A.", "k. A.")
"""Texts that stand for nothing unless a file says otherwise."""

_ENGINE: Final = 2
"""Raise it when the same file and record come out differently than before."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, defer_build=True)


class OptionSpec(_Strict):
    """What a source's values look like; for a whole file or for one field."""

    country: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    decimal: Literal[",", "."] | None = None
    date_order: Literal["dmy", "mdy", "ymd"] | None = None


class Defaults(OptionSpec):
    """Options for every field of the file; empty: texts that stand for nothing."""

    empty: tuple[str, ...] = EMPTY_WORDS


class FieldSpec(OptionSpec):
    """Where a field's value comes from (one of path, paths, const, join) and how it is read."""

    path: str | None = None
    paths: tuple[str, ...] | None = None
    const: Scalar = None
    join: tuple[str, ...] | None = None
    with_: str = Field(" ", alias="with")
    values: dict[str, Scalar] | None = None
    exact: bool = False
    default: Scalar = None
    normalize: str | None = None
    excel: bool = False
    epoch: Literal["s", "ms"] | None = None
    fraction: bool = False

    @property
    def read_paths(self) -> tuple[str, ...]:
        """Return every path this field reads."""
        return (self.path,) if self.path is not None else (self.paths or self.join or ())


class WhenSpec(_Strict):
    """A condition: the path is not empty, equals a value, or is one (or none) of several."""

    path: str
    equals: Scalar = None
    in_: tuple[Scalar, ...] | None = Field(None, alias="in")
    not_in: tuple[Scalar, ...] | None = None


class RefSpec(_Strict):
    """Points to a record of another stream by its key, or with `part` alone into this record."""

    stream: str | None = None
    path: str | None = None
    paths: tuple[str, ...] | None = None
    part: str = ""


def _short_path(value: Any) -> Any:
    return {"path": value} if isinstance(value, str) else value


def _short_ref(value: Any) -> Any:
    if isinstance(value, str):
        return {"part": value[1:]} if value.startswith("#") else {"stream": value}
    return value


FieldOrPath = Annotated[FieldSpec, BeforeValidator(_short_path)]
WhenOrPath = Annotated[WhenSpec, BeforeValidator(_short_path)]
RefOrPart = Annotated[RefSpec, BeforeValidator(_short_ref)]


class EntrySpec(_Strict):
    """One canonical record to be made of each source record, or of each element of a list."""

    kind: Kind
    part: str = ""
    each: str | None = None
    key: str | None = None
    when: WhenOrPath | None = None
    fields: dict[str, FieldOrPath] = {}
    refs: dict[str, RefOrPart] = {}
    extensions: dict[str, str] = {}


class MappingSpec(_Strict):
    """A whole mapping file: per stream the canonical records that one source record makes."""

    defaults: Defaults = Defaults()
    streams: dict[str, tuple[EntrySpec, ...]]


def mapping_version(spec: MappingSpec, stream: str | None = None) -> str:
    """Return 16 hex digits that change when, and only when, what the mapping means may change.

    Layout, comments and short forms do not count; the versions of the libraries that hold number
    plans and check digits do. stream: only this stream's part, so that a change elsewhere in the
    file leaves it alone.
    """
    streams = {
        name: [entry.model_dump(mode="json", exclude_unset=True) for entry in entries]
        for name, entries in spec.streams.items()
        if stream in (None, name)
    }
    meaning = {
        "engine": [_ENGINE, phonenumbers.__version__, stdnum.__version__],
        "defaults": spec.defaults.model_dump(mode="json"),
        "streams": streams,
    }
    text = json.dumps(meaning, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
