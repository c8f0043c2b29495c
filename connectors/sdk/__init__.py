"""What an author of a source needs: streams and connectors, records and pages, the errors."""

from connectors.sdk import auth, pages
from connectors.sdk.connection_options import Options
from connectors.sdk.connector import Connector
from connectors.sdk.contract import ConnectorClass
from connectors.sdk.cursors import Cursor, Since
from connectors.sdk.errors import (
    AuthError,
    ConnectionBrokenError,
    ConnectorError,
    RecordRejectedError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.model import FreeText, Model
from connectors.sdk.record import End, Page, Record, RecordKey, Rejected, parse_ref
from connectors.sdk.streams import Stream
from connectors.sdk.surroundings import Surroundings

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
]
