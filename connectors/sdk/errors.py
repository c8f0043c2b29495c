"""What can go wrong with a source, named by what the caller does next."""

MAX_TEXT_CHARS = 2_000
"""What an error may quote of a source: it is stored with the run and shown to people."""


class ConnectorError(Exception):
    """Any failure of a source; its text says what happened, where, and what to do.

    What the text quotes of a broken file (NUL, half characters) is escaped, so that it can be
    stored and printed anywhere.
    """

    def __init__(self, message: str = "") -> None:
        if len(message) > MAX_TEXT_CHARS:
            message = f"{message[:MAX_TEXT_CHARS]}..."
        super().__init__(message.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode())


class RetryableError(ConnectorError):
    """The source is away or busy: try again later, from the last stored position.

    retry_after_s: the wait the source itself asked for, in seconds; None where it asked for none.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class ConnectionBrokenError(ConnectorError):
    """The connection cannot work as configured: stop, and tell a person."""


class NotThereError(ConnectionBrokenError):
    """The source has nothing at this address: a record that is gone, or a path that is wrong."""


class AuthError(ConnectionBrokenError):
    """The source refuses the credentials: stop, and have a person renew them."""


class RecordRejectedError(ConnectorError):
    """One record cannot be used: quarantine it and read on."""


class SourceContractError(ConnectorError):
    """The answer contradicts itself or was cut short: keep what is stored, delete nothing."""
