"""What resolution is told about records and what it answers, as plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from itertools import starmap
from typing import Literal

Verdict = Literal["same", "different", "unsure"]
EventKind = Literal["created", "merged", "split", "emptied"]

FEATURE_TYPES = (
    "org_name",
    "person_name",
    "given_name",
    "family_name",
    "email",
    "phone",
    "website",
    "street",
    "house_number",
    "postcode",
    "city",
    "region",
    "country",
    "address",
    "vat",
    "iban",
    "register_number",
    "date",
    "date_of_birth",
    "identifier",
    "category",
    "number",
    "text",
)
"""The types a feature may have; a feature key is a type or `type:label`."""


def said(key: str, values: tuple[str, ...]) -> str:
    """Return one feature as it is told to `profile_id`."""
    if len(values) == 1:
        return f"\x00{key}\x00{values[0]}\x01"
    return "\x00" + "\x00".join((key, *values)) + "\x01"


def profile_id(told: str) -> int:
    """Return the id of a profile, 63 bits. told: its kind, and its features in order of name."""
    digest = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


@dataclass(frozen=True)
class Profile:
    """What one record says about the thing it stands for, as typed texts.

    kind: organization, person, or any other kind (compared as a thing). features: by type, or by
    `type:label` where values of one type must not be compared with each other (`number:year`,
    `identifier:debtor`). For a person, `org_name` is the employer. Values may be raw or normalised.
    """

    ref: str
    kind: str
    source: str
    features: Mapping[str, tuple[str, ...]]

    @cached_property
    def id(self) -> int:
        """The profile id, 63 bits: records that say exactly the same share one."""
        return profile_id(self.kind + "".join(starmap(said, sorted(self.features.items()))))


@dataclass(frozen=True, slots=True)
class Judgement:
    """A person's word on two records; it outranks every score."""

    left: str
    right: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Edge:
    """The evidence that two profiles (by id, left < right) mean the same, in bits, prior included.

    bits are multiples of 1/1024, so that sums are exact in any order.
    """

    left: int
    right: int
    bits: float

    @property
    def probability(self) -> float:
        """Return the chance that both mean the same, in (0, 1)."""
        return probability_of(self.bits)


def probability_of(bits: float) -> float:
    """Return the probability whose odds are 2 ** bits."""
    odds: float = 2.0 ** max(-60.0, min(60.0, bits))
    return odds / (1.0 + odds)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One comparison's part in a verdict: both sides' values, the level reached, its bits."""

    comparison: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two profiles are taken for the same or not: prior + evidence = bits."""

    left: str
    right: str
    bits: float
    probability: float
    prior: float
    evidence: tuple[Evidence, ...]
    shared_tokens: tuple[str, ...]
    candidate: bool
    verdict: str
    turning: tuple[str, ...] = ()
    """What would turn the verdict, all else equal: `vat: same`."""


@dataclass(frozen=True, slots=True)
class Merge:
    """One step of how a cluster came together.

    bits: the average over all pairs of both sides, and `sources`, what their sources tell; of
    groups merged in a second round, what came of both once rivals were heard again. by
    `domain`, mentions (right) join the only company of their domain (left).
    """

    left: tuple[str, ...]
    right: tuple[str, ...]
    bits: float
    reason: Literal["evidence", "judgement", "identical", "domain"]
    sources: float = 0.0


@dataclass(frozen=True, slots=True)
class EntityEvent:
    """What happened to a lasting id. others: ids merged into it, or the id it was split from."""

    kind: EventKind
    entity: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which entity each record stands for from now on, and what that changed."""

    entity_of: Mapping[str, str]
    events: tuple[EntityEvent, ...] = ()
    redirects: Mapping[str, str] = field(default_factory=dict)
