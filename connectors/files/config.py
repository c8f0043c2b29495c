"""What the configuration of a `files` connection may say."""

import codecs
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from connectors.sdk.options import (
    MAX_RECORD_BYTES,
    ColumnName,
    KeyColumns,
    RecordBytes,
    StreamName,
)

Format = Literal["csv", "json", "jsonl", "xlsx"]

FORMAT_BY_SUFFIX: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xls": "xlsx",
    ".ods": "xlsx",
}


def _known_encoding(name: str) -> str:
    try:
        info = codecs.lookup(name)
    except LookupError:
        raise ValueError(
            f"unknown encoding {name!r}; usual are utf-8, utf-16, windows-1252"
        ) from None
    if not info._is_text_encoding:
        raise ValueError(f"{name!r} is no text encoding")
    return info.name


def _inside(path: str) -> str:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ValueError(f"{path!r} leaves the folder of the connection; state `path` for it there")
    return path


def _delimiter(text: str) -> str:
    text = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(text) != 1 or text in '"\r\n\0':
        raise ValueError("expected one character (or `tab`), other than a quote or a line end")
    return text


RelativePath = Annotated[str, Field(min_length=1), AfterValidator(_inside)]


class FileStreamConfig(BaseModel):
    """One stream: which files, how to read them, and which column names the record."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: KeyColumns
    path: RelativePath | None = None
    glob: RelativePath | None = None
    format: Literal["auto"] | Format = "auto"
    cursor: ColumnName | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    sheet: str | None = None
    items: str | None = None
    complete: bool = True

    @model_validator(mode="after")
    def _one_place(self) -> "FileStreamConfig":
        if self.path is not None and self.glob is not None:
            raise ValueError("state `path` or `glob`, not both")
        return self


class FilesConfig(BaseModel):
    """A file, or a folder whose files are the streams."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    path: Path
    access_ends: RelativePath | None = None
    streams: Annotated[dict[StreamName, FileStreamConfig], Field(min_length=1)]
    max_record_bytes: RecordBytes = MAX_RECORD_BYTES
