"""Whether a column's values are what a field holds, asked of the very readers a mapping uses."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mapping.fields import Field
from mapping.normalize.registry import NORMALIZERS, Options, Refused
from mapping.normalize.text import scalar_text
from mapping.suggestion.sample import Column
from mapping.suggestion.vocabulary import canonical_word

ENOUGH: Final = 0.8
"""The share of a column's values that must be readable."""
_TELLING: Final = frozenset({"email", "iban", "vat", "website"})
"""Readers that take hardly anything else for what they read."""
_PLAIN: Final = frozenset({"text", "prose", "identifier"})
_MOST_WORDS = 30

_COMMA = re.compile(r"-?\d[\d.]*,\d{1,2}( ?(€|EUR|%))?")
_POINT = re.compile(r"-?\d[\d,]*\.\d{1,2}( ?(\$|USD|€|EUR|%))?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/\d{2,4}.*")
_WEB = re.compile(r"https?://|www\.")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column becomes a field.

    share: of its values that can be read. options: what must be stated of this field. values: of a
    closed vocabulary the source's words that are known; strange: those that are not.
    """

    share: float
    options: tuple[tuple[str, Any], ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    strange: tuple[str, ...] = ()


def reading(field: Field, name: str, column: Column, habits: Options) -> Reading:
    """Return how well the column's values are read as the field; habits: the whole file's."""
    if not column.values:
        return Reading(0.0)
    if field.type == "choice":
        return _of_words(field, name, column.values)
    best = Reading(0.0)
    for stated in _readings(field, column.values):
        options = Options(
            country=habits.country,
            currency=habits.currency,
            time_zone=habits.time_zone,
            decimal=habits.decimal,
            date_order=habits.date_order,
            **dict(stated),
        )
        convert = NORMALIZERS[field.normalize].build(options)
        read = [convert(value, {}) for value in column.values]
        share = sum(one is not None and not isinstance(one, Refused) for one in read) / len(read)
        if share > best.share:
            best = Reading(share, stated)
    return best


def _readings(field: Field, values: Sequence[Any]) -> Iterator[tuple[tuple[str, Any], ...]]:
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    if field.type == "percent" and numbers and max(numbers) <= 1.0 and min(numbers) >= 0.0:
        yield (("fraction", True),)
    yield ()
    if field.type == "instant" and numbers:
        yield (("epoch", "ms" if max(numbers) > 1e11 else "s"),)


def _of_words(field: Field, name: str, values: Sequence[Any]) -> Reading:
    if len(values) > _MOST_WORDS:
        return Reading(0.0)
    texts = [scalar_text(value) or "" for value in values]
    placed = {text: canonical_word(text, name, field.choices) for text in texts}
    known = tuple((text, word) for text, word in placed.items() if word is not None)
    strange = tuple(text for text, word in placed.items() if word is None)
    return Reading(len(known) / len(texts), values=known, strange=strange)


def tells_itself(field: Field, column: Column) -> bool:
    """Return whether values that are readable as the field say so without a header."""
    if field.normalize == "website":
        return all(_WEB.match(str(value).strip().lower()) for value in column.values)
    return field.normalize in _TELLING


def is_plain(field: Field) -> bool:
    """Return whether the field takes any text, so that its header alone must speak for it."""
    return field.normalize in _PLAIN and field.type == "text"


def decimal_mark(columns: Iterable[Column]) -> Literal[",", "."] | None:
    """Return the decimal mark of the texts that show one, None where none or both stand."""
    texts = [str(v).strip() for c in columns for v in c.values if isinstance(v, str)]
    comma, point = (sum(bool(p.fullmatch(t)) for t in texts) for p in (_COMMA, _POINT))
    if comma and comma > 9 * point:
        return ","
    return "." if point and point > 9 * comma else None


def date_order(columns: Iterable[Column]) -> Literal["dmy", "mdy"] | None:
    """Return the order of dates with slashes, None where nothing settles it."""
    found = [
        match
        for column in columns
        for value in column.values
        if isinstance(value, str) and (match := _SLASHES.fullmatch(value.strip()))
    ]
    first, second = (any(int(match[at]) > 12 for match in found) for at in (1, 2))
    if first == second:
        return None
    return "dmy" if first else "mdy"
