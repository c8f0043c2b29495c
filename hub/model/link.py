"""A typed relation between a record and an entity or document, with its evidence."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Literal

LinkMethod = Literal[
    "judgement", "key", "document", "number", "thread", "contact", "amount", "single"
]
"""judgement: a person says so; key: the source says so; document: through a document it refers to;
number: its text names the document's number; thread: it answers a message of it; contact: through
the one organization its person belongs to. And too weak to stand alone: amount: both are worth the
same, in a plausible order; single: nothing else is open that it could belong to."""


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
