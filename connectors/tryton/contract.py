"""Tryton as the contract kit plays it: typed JSON, and a filter that is a domain."""

from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any

import msgspec

from connectors.sdk.conformance import DeclaredSubject
from connectors.sdk.conformance.emulator import Emulator
from connectors.sdk.conformance.seam import Row
from connectors.sdk.cursors import Since
from connectors.tryton.changes import STAMPS
from connectors.tryton.connector import TrytonConnector
from connectors.tryton.values import plain, typed


class TrytonEmulator(Emulator):
    """Sends moments taken apart, and reads the moment out of a domain."""

    cursor_fields = STAMPS

    def sent(self, row: Row) -> Row:
        """Return the record with its stamps as Tryton writes moments."""
        return {**row, **{name: _typed(row[name]) for name in STAMPS}}

    def bound(self, since: Since, text: str) -> datetime | None:
        """Return the moment a domain asks from: None where it asks for everything.

        Raises ValueError for a domain that holds anything but a condition on what is active and
        one on stamps, which is all that the connector writes.
        """
        found = None
        for clause in msgspec.json.decode(urlsafe_b64decode(text)):
            if clause[0] == "OR":
                found = _common(clause[1:])
            elif clause != ["active", "in", [True, False]]:
                raise ValueError(f"Tryton knows no such condition here: {clause}")
        return found


def _common(conditions: list[Any]) -> datetime:
    """Return the moment that all stamps of a record, or of a relation, are compared with."""
    asked = {plain(value) for name, operator, value in conditions if operator == ">="}
    names = {name for name, _, _ in conditions}
    if len(asked) != 1 or not names.issuperset(STAMPS):
        raise ValueError(f"a domain that misses changes: {conditions}")
    return datetime.fromisoformat(asked.pop())


def _typed(text: Any) -> Any:
    try:
        return typed(datetime.fromisoformat(text))
    except (TypeError, ValueError):  # null, or a fault that the kit put there
        return text


def subject() -> DeclaredSubject:
    """Return what `hub contract tryton` checks."""
    return DeclaredSubject(TrytonConnector, emulator=TrytonEmulator)
