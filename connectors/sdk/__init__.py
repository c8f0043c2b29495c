"""What an author of a source needs: records, pages, the contract and the errors."""

from connectors.sdk.contract import Connector, ConnectorClass, Stream
from connectors.sdk.errors import (
    ConnectionBrokenError,
    ConnectorError,
    RecordRejectedError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.record import End, Page, Record, RecordKey, Rejected, parse_ref

__all__ = [
    "ConnectionBrokenError",
    "Connector",
    "ConnectorClass",
    "ConnectorError",
    "End",
    "Page",
    "Record",
    "RecordKey",
    "RecordRejectedError",
    "Rejected",
    "RetryableError",
    "SourceContractError",
    "Stream",
    "parse_ref",
]
