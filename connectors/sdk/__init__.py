"""What an author of a source needs: streams and connectors, records and pages, the errors.

A name is loaded when it is asked for, so that those who want an error load no HTTP client.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from connectors.sdk import auth, pages, webhooks
    from connectors.sdk.connection_options import Options
    from connectors.sdk.connector import Connector
    from connectors.sdk.contract import ConnectorClass
    from connectors.sdk.cursors import Cursor, Since
    from connectors.sdk.errors import (
        AuthError,
        ConnectionBrokenError,
        ConnectorError,
        NotThereError,
        RecordRejectedError,
        RetryableError,
        SourceContractError,
    )
    from connectors.sdk.model import FreeText, Model
    from connectors.sdk.record import End, Page, Record, RecordKey, Rejected, parse_ref
    from connectors.sdk.streams import Stream
    from connectors.sdk.surroundings import Surroundings

# httpx loads its own command line with itself, and with that click, rich and pygments: 50 ms.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: it cannot be imported

_HOMES = {
    "connection_options": ("Options",),
    "connector": ("Connector",),
    "contract": ("ConnectorClass",),
    "cursors": ("Cursor", "Since"),
    "errors": (
        "AuthError",
        "ConnectionBrokenError",
        "ConnectorError",
        "NotThereError",
        "RecordRejectedError",
        "RetryableError",
        "SourceContractError",
    ),
    "model": ("FreeText", "Model"),
    "record": ("End", "Page", "Record", "RecordKey", "Rejected", "parse_ref"),
    "streams": ("Stream",),
    "surroundings": ("Surroundings",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in ("auth", "pages", "webhooks"):
        return import_module(f"connectors.sdk.{name}")
    if name not in _HOME:
        raise AttributeError(f"connectors.sdk has no {name!r}")
    return getattr(import_module(f"connectors.sdk.{_HOME[name]}"), name)


__all__ = [
    "AuthError",
    "ConnectionBrokenError",
    "Connector",
    "ConnectorClass",
    "ConnectorError",
    "Cursor",
    "End",
    "FreeText",
    "Model",
    "NotThereError",
    "Options",
    "Page",
    "Record",
    "RecordKey",
    "RecordRejectedError",
    "Rejected",
    "RetryableError",
    "Since",
    "SourceContractError",
    "Stream",
    "Surroundings",
    "auth",
    "pages",
    "parse_ref",
    "webhooks",
]
