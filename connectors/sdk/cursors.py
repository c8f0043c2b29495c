"""Cursors: a record's time or number of its last change, read from and written for a source."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from connectors.sdk.duration import Duration
from connectors.sdk.errors import RecordRejectedError
from connectors.sdk.paths import MISSING

Value = datetime | int | str
"""A cursor inside the SDK; moments are aware, in UTC."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; expected e.g. Europe/Berlin") from error
    return name


ZoneName = Annotated[str, AfterValidator(_zone)]


class Cursor(BaseModel):
    """Where a record's cursor stands and how it is written there.

    kind: by the model's type where it is not stated. format: iso, epoch, epoch_ms, or as strptime
    reads it. zone: of moments without an offset. read: the author's own reading of the raw value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: str
    kind: Literal["moment", "number", "text"] | None = None
    format: str = "iso"
    zone: ZoneName = "UTC"
    read: Callable[[Any], Value | None] | None = Field(default=None, exclude=True)

    def __init__(self, path: str | None = None, /, **values: Any) -> None:
        super().__init__(**({} if path is None else {"path": path}), **values)


class Since(BaseModel):
    """The parameter that asks for what changed since a cursor.

    text: what the value is put into, as `>={}`; format, zone: how moments are written, in the
    zone in which the SERVER reads them; zone_option: an option that holds it instead. exclusive:
    the server leaves out what equals the value, so a step earlier is asked for. slack: how much
    older than asked for an honest server's rows may be. full: the parameter's value when
    everything is asked for. write: the author's own writing of the cursor.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    param: str
    text: str = "{}"
    format: str = "iso"
    zone: ZoneName = "UTC"
    zone_option: str | None = None
    exclusive: bool = False
    slack: Duration = timedelta(seconds=2)
    full: str | None = None
    write: Callable[[Value], Any] | None = Field(default=None, exclude=True)

    def __init__(self, param: str | None = None, /, **values: Any) -> None:
        super().__init__(**({} if param is None else {"param": param}), **values)

    def params(self, value: Value | None, zone: str | None = None) -> dict[str, Any]:
        """Return the parameters that ask for everything from `value` on."""
        if value is None:
            return {} if self.full is None else {self.param: self.full}
        if self.exclusive:
            value = earlier(value, timedelta(seconds=1))
        if self.write is not None:
            return {self.param: self.write(value)}
        written = written_moment(value, self.format, zone or self.zone)
        return {self.param: self.text.replace("{}", written) if self.text != "{}" else written}


def written_moment(value: Value, form: str, zone: str) -> str:
    """Return a cursor in a source's writing; numbers and texts as they are."""
    if not isinstance(value, datetime):
        return str(value)
    if form == "epoch":
        return str(int(value.timestamp()))
    if form == "epoch_ms":
        return str(int(value.timestamp() * 1000))
    local = value.astimezone(ZoneInfo(zone))
    if form != "iso":
        return local.strftime(form)
    text = local.isoformat(timespec="seconds" if not local.microsecond else "auto")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def earlier(value: Value, by: timedelta) -> Value:
    """Return a cursor that lies before `value`; a number by one a second, a text as it is."""
    if isinstance(value, datetime):
        return value - by
    return value - int(by.total_seconds()) if isinstance(value, int) else value


Reads = Callable[[Any], Value | None]
_PLAIN = {str, int}
_ZONE = attrgetter("tzinfo")


@dataclass(frozen=True, slots=True)
class CursorReader:
    """Reads the cursor of rows, and cursors that were stored; raw is what stands at the path."""

    kind: Literal["moment", "number", "text"]
    nulls: frozenset[Any]
    nullable: bool
    reads: Reads
    declared: bool = True
    """False where an author's own code reads it."""

    def read(self, raw: Any) -> Value | None:
        """Return a row's cursor, None where it has none and may have none.

        Raises RecordRejectedError for one that cannot be read.
        """
        if raw is None or raw is MISSING or (raw.__hash__ is not None and raw in self.nulls):
            if self.nullable:
                return None
            raise RecordRejectedError("its cursor is missing or null")
        try:
            value = self.reads(raw)
        except (ValueError, TypeError, OverflowError, OSError):
            raise RecordRejectedError(f"its cursor is no {self.kind}") from None
        if value is None and not self.nullable:
            raise RecordRejectedError("its cursor is missing or null")
        return value

    def plain(self, raws: Sequence[Any]) -> list[Value | None] | None:
        """Return what `read` returns for each, None where one is no text or number, or unread."""
        if not set(map(type, raws)) <= _PLAIN or not self.nulls.isdisjoint(raws):
            return None
        try:
            moments = self.reads.plain(raws) if isinstance(self.reads, _Iso) else None
            if moments is not None:
                return moments
            values = list(map(self.reads, raws))
        except (ValueError, TypeError, OverflowError, OSError):
            return None
        return None if None in values else values

    def stored(self, text: str | None) -> Value | None:
        """Return a cursor from the text it was stored as; None for none."""
        if not text:
            return None
        if self.kind == "moment":
            return datetime.fromisoformat(text)
        return int(text) if self.kind == "number" else text


def stored_text(value: Value) -> str:
    """Return a cursor as text that `CursorReader.stored` reads back; texts of moments sort."""
    if isinstance(value, datetime):
        text = value.astimezone(UTC).isoformat(timespec="microseconds")
        return text.removesuffix("+00:00") + "Z"
    return str(value)


def reader_of(
    cursor: Cursor, annotation: Any, *, nullable: bool, nulls: frozenset[Any]
) -> CursorReader:
    """Return the reader of a cursor whose field has this type in the model (None: no model)."""
    kind = cursor.kind or _kind_of(annotation)
    if cursor.read is not None:
        reads: Reads = cursor.read
    elif kind == "number":
        reads = _number
    elif kind == "text":
        reads = _text
    elif cursor.format != "iso":
        reads = _Formatted(cursor.format, ZoneInfo(cursor.zone))
    else:
        reads = _Iso(annotation, ZoneInfo(cursor.zone))
    own = cursor.read is not None or getattr(reads, "by_type", False)
    return CursorReader(kind, nulls, nullable, reads, declared=not own)


def _kind_of(annotation: Any) -> Literal["moment", "number", "text"]:
    if annotation is int:
        return "number"
    return "text" if annotation is str else "moment"


def _number(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str):
        raise ValueError("no whole number")
    return int(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str | int):
        raise ValueError("no text")
    return str(raw)


class _Iso:
    """Reads ISO moments and dates; any other way of writing through the model's own type."""

    def __init__(self, annotation: Any, zone: ZoneInfo) -> None:
        self._zone = zone
        self._type: TypeAdapter[Any] | None = None
        self.by_type = annotation not in (None, datetime, date, str)
        """Whether a type of the model's own reads it, with whatever an author put there."""
        if annotation not in (None, datetime, date):
            self._type = TypeAdapter(annotation)

    def __call__(self, raw: Any) -> datetime:
        if self._type is not None:
            try:
                raw = self._type.validate_python(raw)
            except ValidationError as error:
                raise ValueError(str(error.error_count())) from None
            at = raw if isinstance(raw, datetime) else datetime.fromisoformat(str(raw))
        elif isinstance(raw, str):
            at = datetime.fromisoformat(raw)
        else:
            raise ValueError("no moment")
        return _aware(at, self._zone)

    def plain(self, raws: Sequence[Any]) -> list[Value | None] | None:
        """Return moments that all are in UTC as they stand, None where one is not."""
        if self._type is not None or set(map(type, raws)) != {str}:
            return None
        moments = list(map(datetime.fromisoformat, raws))
        return [*moments] if set(map(_ZONE, moments)) == {UTC} else None


class _Formatted:
    def __init__(self, form: str, zone: ZoneInfo) -> None:
        self._form, self._zone = form, zone

    def __call__(self, raw: Any) -> datetime:
        if self._form in ("epoch", "epoch_ms"):
            number = float(raw)
            return datetime.fromtimestamp(number / (1000 if self._form == "epoch_ms" else 1), UTC)
        at = datetime.strptime(str(raw), self._form)  # noqa: DTZ007  # the zone is declared beside it
        return _aware(at, self._zone)


def _aware(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is UTC:
        return at
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).astimezone(UTC)


def raw_text(value: Any) -> str | None:
    """Return a raw cursor value as the text a record carries, None for none."""
    if value is None or value is MISSING:
        return None
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
