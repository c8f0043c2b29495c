"""SQL that is compiled once for all databases of a test run, as it is in a process of the hub.

A test opens databases of its own, and each would compile every statement of the street anew: that
took a third of the time of the tests that walk.
"""

from typing import Any

import sqlalchemy as sa

MOST = 3_000
"""Statements kept; more than the hub has."""


class Compiled(dict[Any, Any]):
    """Statements by what they say and by the kind of database, not by the one that asked first."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_alike(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        if len(self) >= MOST:
            self.clear()
        super().__setitem__(_alike(key), value)


def _alike(key: Any) -> Any:
    dialect, *rest = key
    return (type(dialect), dialect.paramstyle, *rest)


def share_compiled_statements() -> None:
    """Let every engine opened from now on find what another has compiled."""
    create, compiled = sa.create_engine, Compiled()

    def sharing(*args: Any, **options: Any) -> sa.Engine:
        given = options.pop("execution_options", {})
        return create(*args, **options, execution_options={"compiled_cache": compiled, **given})

    sa.create_engine = sharing
