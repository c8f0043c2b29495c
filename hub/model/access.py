"""Who may do what over the API: scopes, and the shape of a key's token."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_TOKEN = re.compile(r"vbd_([a-z0-9]{10})_([A-Za-z0-9_-]{43})")


class Scope(StrEnum):
    """What a key may do; of read, write and admin each holds those before it.

    access: may ask for all that is held of one person; admin holds it, and it holds nothing else.
    """

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"
    ACCESS = "access"

    def covers(self, needed: "Scope") -> bool:
        """Return whether this scope is enough where `needed` is asked for."""
        if Scope.ACCESS in (self, needed):
            return self is needed or self is Scope.ADMIN
        order = [Scope.READ, Scope.WRITE, Scope.ADMIN]
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as it is known after its creation: everything but the token."""

    id: str
    name: str
    scopes: tuple[Scope, ...]
    created_at: str
    revoked_at: str | None = None

    def may(self, needed: Scope) -> bool:
        """Return whether the key is alive and one of its scopes covers what is needed."""
        return self.revoked_at is None and covered(self.scopes, needed)


def covered(scopes: Iterable[Scope], needed: Scope) -> bool:
    """Return whether one of `scopes` covers what is needed."""
    return any(scope.covers(needed) for scope in scopes)


def token_of(key_id: str, secret: str) -> str:
    """Return the token of a key: its id to find it by, 256 random bits to believe it."""
    return f"vbd_{key_id}_{secret}"


def key_id_in(token: str) -> str | None:
    """Return the id a token claims, or None for a text that is no token."""
    match = _TOKEN.fullmatch(token)
    return match[1] if match else None


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; from it nobody gets back to 256 random bits."""
    return hashlib.sha256(token.encode()).digest()
