"""What office programs write: workbooks, and text that is not UTF-8. Loaded where one is met."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connectors.files.config import FileStreamConfig
from connectors.files.encoding import detect
from connectors.files.source import SourceFile
from connectors.files.xlsx_rows import xlsx_batches
from connectors.sdk.errors import ConnectorError
from connectors.sdk.options import MAX_RECORD_BYTES
from hub.errors import ConfigError

__all__ = ["detect", "sheet_rows"]


def sheet_rows(path: Path, key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of the first sheet below the first that names the key: titles stand above.

    key: "" takes the first row that holds anything. ConfigError where it is no whole workbook, or
    no row names the key.
    """
    stream = FileStreamConfig.model_construct(key=(key,) if key else ())
    try:
        for batch in xlsx_batches(SourceFile(path, path.name), stream, MAX_RECORD_BYTES):
            yield from (row.data for row in batch.rows)
    except ConnectorError as error:
        raise ConfigError(str(error)) from error
