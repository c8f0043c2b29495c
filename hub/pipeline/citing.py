"""What a record is found by, and which papers and mails its texts name, as rows to look up."""

from collections.abc import Iterator, Mapping

from hub.store.threads import Texts
from hub.vorgang.citations import marks_in, marks_of
from hub.vorgang.numbers import (
    MOST,
    message_key,
    number_key,
    numbers_in,
    numbers_in_bank_text,
)

NumberRow = tuple[str, bool, str, str]
"""token, own, ref, field; the field of a record's own number also says what the record is worth."""

PO = "customer_po_number"
ANSWERS = "in_reply_to"
MESSAGE_KEYS = ("message_id", "thread_id")

_MORE: Mapping[str, tuple[str, ...]] = {"line": ("text",)}
"""Fields that name documents in some kinds alone; the prose of a ticket names too many."""


def number_rows(ref: str, kind: str, texts: Texts) -> list[NumberRow]:
    """Return what a record is found by and what its texts name, each once."""
    rows = {token: (token, True, ref, name) for token, name in _own(kind, texts)}
    read = numbers_in_bank_text if kind == "payment" else numbers_in
    named: dict[str, str] = {message_key(one): ANSWERS for one in texts.in_reply_to[-MOST:]}
    for name in (PO, "reference", "subject", "name", *_MORE.get(kind, ())):
        said = getattr(texts, name) or ""
        for key in (*read(said), *marks_in(said)):
            if key not in rows or rows[key][3] == PO:
                named.setdefault(key, name)
    return [*rows.values(), *((key, False, ref, name) for key, name in named.items())]


def _own(kind: str, texts: Texts) -> Iterator[tuple[str, str]]:
    for name in MESSAGE_KEYS:
        if said := getattr(texts, name):
            yield message_key(said), name
    if kind == "order" and (po := number_key(texts.customer_po_number or "")):
        yield po, PO
    if own := number_key(texts.number or ""):
        yield own, " ".join(("number", *map(str, sorted(worth(texts)))))
        for mark in marks_of(kind, texts.number or ""):
            yield mark, "number"


def worth(texts: Texts) -> frozenset[int]:
    """Return the amounts a record is about, in minor units."""
    said = (texts.net_minor, texts.gross_minor, texts.amount_minor)
    return frozenset(one for one in said if one)


def worth_of(field: str) -> frozenset[int]:
    """Return what a record is worth by the field of its own number."""
    return frozenset(map(int, field.split(" ")[1:]))
