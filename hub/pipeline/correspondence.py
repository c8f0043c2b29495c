"""Follows mails to the mails they answer, and to the tickets that began with one of those."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from hub.pipeline.citing import ANSWERS, MESSAGE_KEYS
from hub.store import threads
from hub.store.database import Row, Tx

DEPTH = 50
"""Answers to answers that are followed."""


@dataclass(slots=True)
class Correspondence:
    """Mails around some messages. keys: message -> its own key and those it answers; tickets and
    answers: key -> the tickets that are known by it, and the keys its messages answer."""

    keys: dict[str, set[str]] = field(default_factory=dict)
    tickets: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[str, set[str]] = field(default_factory=dict)


def around(tx: Tx, messages: Collection[str]) -> Correspondence:
    """Read what messages answer, and what those answer, as far as it goes."""
    found = Correspondence()
    for ref, rows in threads.numbers_of(tx, messages).items():
        found.keys[ref] = {
            row.token for row in rows if row.field == ANSWERS or row.field in MESSAGE_KEYS
        }
    near = {key for keys in found.keys.values() for key in keys}
    seen = set(near)
    for _ in range(DEPTH):
        if not near:
            break
        near = _read(tx, near, found) - seen
        seen |= near
    return found


def _read(tx: Tx, keys: Collection[str], found: Correspondence) -> set[str]:
    """Read the tickets of these keys; return the keys that their messages answer."""
    carriers = threads.carriers(tx, keys)
    messages = {row.ref for row in carriers if row.kind == "message"}
    of_message = threads.targets(tx, messages, "ticket", "key")
    answered = threads.numbers_of(tx, messages)
    for row in carriers:
        own = {row.ref} if row.kind == "ticket" else of_message.get(row.ref, set())
        found.tickets.setdefault(row.token, set()).update(own)
        found.answers.setdefault(row.token, set()).update(
            one.token for one in answered.get(row.ref, ()) if one.field == ANSWERS
        )
    return {key for token in keys for key in found.answers.get(token, ())}


def followers(tx: Tx, keys: Collection[str]) -> set[str]:
    """Return the messages that carry one of these keys or answer one, directly or by others."""
    found: set[str] = set()
    near = set(keys)
    for _ in range(DEPTH):
        refs = {row.ref for row in threads.carriers(tx, near) if row.kind == "message"}
        new = (refs | threads.naming(tx, near)) - found
        if not new:
            break
        found |= new
        near = message_keys(threads.numbers_of(tx, new))
    return found


def message_keys(rows: Mapping[str, Collection[Row]]) -> set[str]:
    """Return the keys that records carry as messages or tickets."""
    return {row.token for some in rows.values() for row in some if row.field in MESSAGE_KEYS}
