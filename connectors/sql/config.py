"""What the configuration of a `sql` connection may say."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)

from connectors.sdk.options import (
    MAX_RECORD_BYTES,
    ColumnName,
    KeyColumns,
    RecordBytes,
    StreamName,
)

_DURATION = re.compile(r"(\d+)\s*(s|m|h|d)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_READS = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)


def _lookback(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise ValueError("expected a whole number, or a time as 30s, 5m, 2h or 1d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _reading(query: str) -> str:
    if not _READS.match(query):
        raise ValueError("a query begins with SELECT or WITH: this source only reads")
    if ";" in query:
        raise ValueError("a query holds one statement and no ';'")
    return query


class SqlStreamConfig(BaseModel):
    """One stream: a table or a query, its key, and the column that shows what changed.

    lookback: how far behind the cursor to read again, since a transaction that took long commits
    rows with an older time or number; a time (`5m`) or, for numbers, a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: KeyColumns
    table: Annotated[str, Field(min_length=1)] | None = None
    schema_name: str | None = Field(default=None, alias="schema", min_length=1)
    query: Annotated[str, AfterValidator(_reading)] | None = None
    cursor: ColumnName | None = None
    lookback: Annotated[int, Field(ge=0)] | Annotated[timedelta, BeforeValidator(_lookback)] = 0
    exclude: tuple[ColumnName, ...] = ()
    complete: bool = True

    @model_validator(mode="after")
    def _one_origin(self) -> "SqlStreamConfig":
        if (self.table is None) == (self.query is None):
            raise ValueError("state `table` or `query`, one of them")
        if self.query is not None and self.schema_name is not None:
            raise ValueError("`schema` goes with `table`; a query names its schemas itself")
        if self.lookback and self.cursor is None:
            raise ValueError("`lookback` goes with `cursor`")
        if excluded := {*self.key, self.cursor} & set(self.exclude):
            raise ValueError(f"`exclude` names {min(map(str, excluded))!r}, which is needed")
        return self


class SqlConfig(BaseModel):
    """A database, by its SQLAlchemy URL or by the environment variable that holds it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    url: SecretStr | None = None
    url_env: Annotated[str, Field(min_length=1)] | None = None
    streams: Annotated[dict[StreamName, SqlStreamConfig], Field(min_length=1)]
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES

    @model_validator(mode="after")
    def _one_url(self) -> "SqlConfig":
        if (self.url is None) == (self.url_env is None):
            raise ValueError("state `url` or `url_env`, one of them")
        return self
