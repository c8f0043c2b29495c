"""Options that the configurations of several sources share."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from connectors.sdk.record import NAME

MAX_RECORD_BYTES = 4 * 1024 * 1024
"""A larger record goes to quarantine unless the connection says otherwise."""


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _distinct(columns: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(columns)) != len(columns):
        raise ValueError("a column is named twice")
    return columns


def _stream_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no stream name: lower-case letters, digits, '_', '.', '-', and no "
            "punctuation in front"
        )
    return name


ColumnName = Annotated[str, Field(min_length=1)]
KeyColumns = Annotated[
    tuple[ColumnName, ...],
    BeforeValidator(_as_tuple),
    Field(min_length=1),
    AfterValidator(_distinct),
]
"""One column name, or a list of them that make the key together."""

StreamName = Annotated[str, AfterValidator(_stream_name)]
RecordBytes = Annotated[int, Field(ge=1024, le=256 * 1024 * 1024)]
