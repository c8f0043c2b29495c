"""The `files` source as the contract kit's subject: a JSON document of invented rows."""

import json
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from connectors.files.config import FilesConfig
from connectors.files.connector import FilesConnector
from connectors.sdk.conformance.seam import Clock, Facts, Row
from connectors.sdk.contract import Connector
from connectors.sdk.listing import PAGE_RECORDS


class FilesSubject:
    """One file, which is the whole of its stream."""

    name = "files"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="verbund-files-")

    def streams(self) -> Sequence[Facts]:
        """Return the one stream."""
        return [Facts("rows", PAGE_RECORDS, cursor=False, ordered=False, deletes=True)]

    def row(self, stream: str, number: int, at: datetime) -> Row:
        """Return an invented row."""
        return {"id": number, "name": f"Müller {number}", "changed_at": at.isoformat()}

    def key(self, stream: str, row: Row) -> str:
        """Return the key of a row."""
        return str(row["id"])

    def spoiled(self, stream: str, row: Row, how: str) -> Row:
        """Return the row with a fault."""
        faults: dict[str, Row] = {
            "key": {"id": None},
            "type": {"name": 7},
            "new": {"more": 1},
            "large": {"text": "x" * 1_000_000},
        }
        return {**row, **faults[how]}

    def put(self, stream: str, rows: Sequence[Row], gone: Sequence[Row] = ()) -> None:
        """Write the file anew."""
        (Path(self._folder.name) / "rows.json").write_text(json.dumps(list(rows)))

    def open(self, stream: str, clock: Clock, **how: bool) -> Connector:
        """Open a connection to the folder."""
        streams = {"rows": {"path": "rows.json", "key": "id"}}
        config = FilesConfig.model_validate({"path": self._folder.name, "streams": streams})
        return FilesConnector("contract", config, base_dir=Path())

    def close(self) -> None:
        """Remove the folder."""
        self._folder.cleanup()


subject = FilesSubject
