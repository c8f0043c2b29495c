"""A typed relation between a record and an entity or document, with its evidence."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

LinkMethod = Literal["key", "document", "number", "contact"]
"""key: the source says so; document: through a document it refers to; number: its text names the
document's number; contact: through the one organization its person belongs to."""


def link_id(from_ref: str, role: str, target: str) -> str:
    """Return the lasting id of a link: 24 hex digits that depend on nothing but its ends."""
    text = "\0".join((from_ref, role, target))
    return blake2b(text.encode(), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """One link. target: an entity's id or a document's ref; score: 0 to 1; evidence: JSON."""

    from_ref: str
    role: str
    target: str
    method: LinkMethod
    score: float
    evidence: dict[str, Any]

    @property
    def id(self) -> str:
        """Return the link's lasting id."""
        return link_id(self.from_ref, self.role, self.target)
