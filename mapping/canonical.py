"""A record in the hub's nouns, as it walks on from the mapping.

Every field is flat. A value is normalised JSON, absent when unknown; the source's own value stays
beside it in `raw` wherever the two differ.
"""

from dataclasses import dataclass, field
from typing import Any

from connectors.sdk.record import RecordKey
from mapping.nouns import Kind


@dataclass(frozen=True, slots=True)
class Reference:
    """Points to another record of the same connection, or to a part of this very record.

    target: the ref text of that record, e.g. `crm:accounts:A-17` or `crm:accounts:A-17#contact`.
    """

    role: str
    target: str


@dataclass(frozen=True, slots=True)
class Issue:
    """A value that was not understood: reported, never guessed. value: the source's, cut short."""

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class CanonicalRecord:
    """One source record, or one part of it, in the hub's nouns.

    part: "" for the record itself. fields: only what is known. raw: the source's value for the
    fields where it differs from the normalised one. extensions: what the hub has no noun for, by
    the name the mapping gives it, as the source sent it.
    """

    key: RecordKey
    part: str
    kind: Kind
    fields: dict[str, Any]
    raw: dict[str, Any]
    refs: tuple[Reference, ...]
    issues: tuple[Issue, ...]
    extensions: dict[str, Any] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """Return the text key of this record, with its part."""
        return self.key.ref(self.part)
