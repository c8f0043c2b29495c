"""What a person's own mailbox tells of the name: oliver.atkinson@ fills in what a record lacks."""

import re

from rapidfuzz.distance import OSA

from hub.resolution.contact import is_role
from hub.resolution.personal import PersonName

_PARTS = re.compile(r"[a-z]+")
_ALIKE = 0.75
"""From here on a part of a mailbox is the name that the record states, slips included."""
SHORTEST = 3
"""Letters that are left over beside a known name are a name from so many on."""


def completed(name: PersonName, address: str) -> PersonName:
    """Return the name with a part that it lacks read out of a mailbox, where that is clear.

    What the record itself states stands. A mailbox that does not know the stated part is someone
    else's, or says nothing.
    """
    if is_role(address) or (name.given and name.family):
        return name
    parts = _PARTS.findall(address.partition("@")[0])
    if name.given or name.family:
        return _other_part(name, parts)
    if len(parts) == 2 and min(map(len, parts)) >= SHORTEST:
        return PersonName(parts[0], parts[1])
    return name


def _other_part(name: PersonName, parts: list[str]) -> PersonName:
    known = name.given or name.family
    if len(parts) == 2:
        own = [at for at, part in enumerate(parts) if _alike(part, known)]
        rest = parts[1 - own[0]] if len(own) == 1 else ""
        rest = rest if len(rest) >= SHORTEST else ""
    elif len(parts) == 1 and len(known) >= SHORTEST:
        rest = parts[0].removeprefix(known) if name.given else parts[0].removesuffix(known)
        rest = rest if SHORTEST <= len(rest) < len(parts[0]) else ""
    else:
        rest = ""
    return PersonName(name.given or rest, name.family or rest)


def _alike(part: str, known: str) -> bool:
    """Return whether a part of a mailbox is a known name, or the initial of it."""
    return part == known[0] or OSA.normalized_similarity(part, known) >= _ALIKE
