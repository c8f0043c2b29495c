"""Whether a person agreed to be written to, by all that was said of it anywhere.

A yes is one to advertising, by the way a campaign goes; so is a no that takes one back. An
objection stands whatever it is against: who does not want to be written to rarely says of what
(Art. 21 (2) GDPR).
"""

from collections.abc import Iterable, Mapping
from typing import Any

ADVERTISING = (
    "advert",
    "werb",
    "market",
    "newsletter",
    "mailing",
    "promo",
    "campaign",
    "kampagne",
    "rundbrief",
    "infobrief",
)
"""What the purpose of a consent to advertising is called, in part."""
WAYS: Mapping[str, tuple[str, ...]] = {
    "email": ("mail", "newsletter"),
    "phone": ("phone", "fon", "call", "anruf"),
    "post": ("post", "letter", "brief"),
    "text": ("sms", "text", "whatsapp", "messenger"),
}
"""Way to reach a person -> what it is called, in part; of several the first that fits."""


def agrees(said: Iterable[Mapping[str, Any]], channel: str | None, today: str) -> bool:
    """Say whether consents of one person allow a campaign that goes this way.

    said: the fields of each; one without a purpose or a way is for all. today: `2026-11-28`.
    """
    agreed = False
    for one in said:
        if not _goes(one.get("channel"), channel):
            continue
        status, advertises = one.get("status"), is_advertising(one.get("purpose"))
        if status == "objected" or (status == "revoked" and advertises):
            return False
        if status == "given" and advertises and (one.get("expires_on") or "9999") >= today:
            agreed = True
    return agreed


def is_advertising(purpose: str | None) -> bool:
    """Say whether a purpose is advertising; where none is named it may be."""
    return purpose is None or any(word in purpose.casefold() for word in ADVERTISING)


def _goes(one: str | None, other: str | None) -> bool:
    """Say whether two ways may be the same: both known, they must be."""
    ways = _way(one), _way(other)
    return None in ways or ways[0] == ways[1]


def _way(channel: str | None) -> str | None:
    text = (channel or "").casefold()
    return next((way for way, words in WAYS.items() if any(w in text for w in words)), None)
