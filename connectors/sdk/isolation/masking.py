"""Takes secrets and addresses of people out of what another program says about itself."""

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 4
"""A shorter value is no secret worth the name, and masking it would riddle every text."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_QUERY = re.compile(r"(?<=[?&])([^=&\s]+)=[^&\s'\")]+")
_BEARER = re.compile(r"(?i)\b(bearer|basic|token)\s+[\w.~+/=-]{8,}")


class Mask:
    """Replaces known secrets however they are written, and whatever else may be one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._spellings: set[str] = set()
        self._known: re.Pattern[str] | None = None
        self.add(*secrets)

    def add(self, *secrets: str) -> None:
        """Replace these, too, from now on."""
        self._spellings |= {
            spelling
            for secret in secrets
            if len(secret) >= SHORTEST
            for spelling in (secret, quote(secret, safe=""), quote_plus(secret), _escaped(secret))
        }
        longest_first = sorted(self._spellings, key=len, reverse=True)
        if longest_first:
            self._known = re.compile("|".join(map(re.escape, longest_first)))

    def __call__(self, text: str) -> str:
        """Return `text` without secrets, values of a URL's query, or mail addresses."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        text = _QUERY.sub(rf"\1={MASK}", text)
        text = _BEARER.sub(rf"\1 {MASK}", text)
        return _EMAIL.sub(MASK, text)


def _escaped(secret: str) -> str:
    return json.dumps(secret)[1:-1]
