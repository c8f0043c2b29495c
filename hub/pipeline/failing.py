"""What a stream failed of, in the words of a run."""

import traceback
from pathlib import Path

from connectors.sdk.errors import (
    AuthError,
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from hub.model.run import ErrorKind


def kind_of(error: ConnectorError) -> ErrorKind:
    """Return what is to be done about an error of a source, as a word."""
    if isinstance(error, RetryableError):
        return "transient"
    if isinstance(error, SourceContractError):
        return "contract"
    if isinstance(error, AuthError):
        return "auth"
    return "broken" if isinstance(error, ConnectionBrokenError) else "bug"


def place_of(error: Exception) -> str:
    """Say type and place of an unforeseen error; its text may hold secrets or people's data."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"unforeseen {type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
