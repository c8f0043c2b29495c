"""The nouns the hub speaks: kinds, their fields, and what each may refer to."""

from collections.abc import Mapping
from typing import Final, get_args

from mapping.fields import Field
from mapping.nouns.doing import DELIVERY, SERVICE
from mapping.nouns.kind import Kind
from mapping.nouns.parties import MARKETING, PARTIES
from mapping.nouns.roles import ROLES
from mapping.nouns.selling import FINANCE, SALES
from mapping.nouns.shapes import text

__all__ = ["COMPOSITES", "FIELDS", "KINDS", "RESOLVED_KINDS", "ROLES", "Kind"]

FIELDS: Final[Mapping[Kind, Mapping[str, Field]]] = {
    **PARTIES,
    **MARKETING,
    **SALES,
    **DELIVERY,
    **SERVICE,
    **FINANCE,
}

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
RESOLVED_KINDS: Final[frozenset[Kind]] = frozenset({"organization", "person", "project"})
"""Kinds whose records become entities; the others are documents, one per record."""

COMPOSITES: Final[Mapping[str, Field]] = {"address": text("address")}
"""What a mapping file may fill in place of street, house number, postcode and city."""
