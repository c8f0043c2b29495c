"""What a record is found by, and which papers and mails its texts name, as rows to look up."""

import re
from collections.abc import Iterator, Mapping

from hub.store.threads import NumberRow, Texts
from hub.vorgang.citations import marks_in, marks_of
from hub.vorgang.numbers import (
    MOST,
    message_key,
    number_key,
    numbers_in,
    numbers_in_bank_text,
)

PO = "customer_po_number"
ANSWERS = "in_reply_to"
MESSAGE_KEYS = ("message_id", "thread_id")

_DIGIT = re.compile(r"\d")
_MORE: Mapping[str, tuple[str, ...]] = {"line": ("text",)}
"""Fields that name documents in some kinds alone; the prose of a ticket names too many."""


def number_rows(ref: str, kind: str, texts: Texts) -> list[NumberRow]:
    """Return what a record is found by and what its texts name, each once."""
    rows = {row.token: row for row in _own(ref, kind, texts)}
    read = numbers_in_bank_text if kind == "payment" else numbers_in
    named: dict[str, str] = {message_key(one): ANSWERS for one in texts.in_reply_to[-MOST:]}
    for name in (PO, "reference", "subject", "name", *_MORE.get(kind, ())):
        said = getattr(texts, name) or ""
        if not _DIGIT.search(said):
            continue
        for key in (*read(said), *marks_in(said)):
            if key not in rows or rows[key].field == PO:
                named.setdefault(key, name)
    return [*rows.values(), *(NumberRow(key, False, ref, name) for key, name in named.items())]


def _own(ref: str, kind: str, texts: Texts) -> Iterator[NumberRow]:
    for name in MESSAGE_KEYS:
        if said := getattr(texts, name):
            yield NumberRow(message_key(said), True, ref, name)
    if kind == "order" and (po := number_key(texts.customer_po_number or "")):
        yield NumberRow(po, True, ref, PO)
    if own := number_key(texts.number or ""):
        amounts = " ".join(map(str, sorted(worth(texts))))
        yield NumberRow(own, True, ref, "number", amounts)
        for mark in marks_of(kind, texts.number or ""):
            yield NumberRow(mark, True, ref, "number")


def worth(texts: Texts) -> frozenset[int]:
    """Return the amounts a record is about, in minor units."""
    said = (texts.net_minor, texts.gross_minor, texts.amount_minor)
    return frozenset(one for one in said if one)


def worth_of(amounts: str) -> frozenset[int]:
    """Return what a record is worth as its own number says."""
    return frozenset(map(int, amounts.split()))
