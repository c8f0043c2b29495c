"""What can go wrong in the hub, named by what the caller does next; free of HTTP."""


class HubError(Exception):
    """Any failure the hub explains to a person; its text says what, where and what to do."""


class ConfigError(HubError):
    """The configuration is wrong: correct the named file and key, then start again."""


class NotFoundError(HubError):
    """There is no such thing; asking again does not help."""


class ConflictError(HubError):
    """The request contradicts the present state: read again, then decide."""


class BusyError(HubError):
    """Somebody else is at it: try again later."""


class StoreUnavailableError(HubError):
    """The database cannot be reached or cannot write: repair it, then run again."""
