"""What only PostgreSQL's own driver knows; loaded where one is used, for it takes a while."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import DatabaseError
from psycopg.conninfo import make_conninfo

from hub.errors import ConfigError

__all__ = ["DatabaseError", "check_options", "is_the_databases_fault"]


def check_options(options: Mapping[str, Any]) -> None:
    """Raise ConfigError where an option of a URL is none of the driver's."""
    try:
        make_conninfo(**options)
    except psycopg.ProgrammingError as error:
        raise ConfigError(f"database: {error}") from None


def is_the_databases_fault(error: object) -> bool:
    """Say whether the database cannot do it, rather than that it was asked for nonsense."""
    if isinstance(error, psycopg.OperationalError | psycopg.InternalError):
        return True
    return isinstance(error, psycopg.errors.InsufficientPrivilege)
