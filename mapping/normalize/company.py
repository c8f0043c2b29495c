"""Company names: display name, the name without its legal form, and the legal form."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mapping.normalize.legal_forms import (
    ABBREVIATED_ONLY,
    AND_WORDS,
    FORMS,
    LAST_ONLY,
    LONGEST,
    PARTNER_WORDS,
    PARTNERS,
    SPELLINGS,
    TRAILERS,
    WITH_PARTNER,
)
from mapping.normalize.text import folded, line

_LIMIT = 300
_PREFIX = re.compile(r"(?:firma|fa\.|fa:)\s+(?=\S)", re.IGNORECASE)
_QUOTES = "\"'„“”‚‘’«»"
# "m.b.H." and "A/S" are one word each, so is what else is letters and digits; "&" and "+" matter,
# the rest separates.
_WORD = re.compile(
    r"(?<!\w)[^\W\d_](?:(?:\.|\s?/\s?)[^\W\d_])+(?![\w'])\.?|[^\W_]+|[&+]",
)
_SURE_INSIDE = frozenset({"AG", "KG", "eV", "eK"})
_DASHES = " \t,;-–—&+."


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A company's name: as shown, without its legal form, and that form as FORMS spells it."""

    name: str
    core: str
    legal_form: str | None = None


def company_name(value: Any) -> CompanyName | None:
    """Return the pieces of a company's name, or None where there is no name.

    "Firma Müller Gesellschaft mit beschränkter Haftung & Co KG" is shown as written without
    "Firma", has the core "Müller" and the form "GmbH & Co. KG".
    """
    text = line(value, _LIMIT)
    return None if text is None else _company_name(text)


def legal_form(value: Any) -> str | None:
    """Return the canonical spelling of a legal form that stands alone ("g.m.b.h" -> "GmbH")."""
    text = line(value, _LIMIT)
    if text is None:
        return None
    if text in FORMS:
        return text
    found = _company_name(f"Xy {text}")
    return found.legal_form if found is not None and found.core == "Xy" else None


# Names come again with every version of their record; taking one apart costs some 10 microseconds.
@lru_cache(maxsize=16_384)
def _company_name(text: str) -> CompanyName | None:
    name = _undecorated(text)
    if not any(map(str.isalnum, name)):
        return None
    found = _find_form(name)
    if found is None:
        return CompanyName(name, name)
    form, start, end = found
    core = f"{name[:start].rstrip(_DASHES + '(')} {name[end:].lstrip(_DASHES + ')')}".strip()
    return CompanyName(name, core, form) if core else CompanyName(name, name)


def _undecorated(name: str) -> str:
    while name:
        before = name
        if prefix := _PREFIX.match(name):
            name = name[prefix.end() :]
        if name[0] in _QUOTES and name[-1] in _QUOTES:
            name = name.strip(_QUOTES).strip()
        if name == before:
            break
    return name


def _find_form(name: str) -> tuple[str, int, int] | None:
    """Return the legal form in `name` and the span of characters it takes; the last one wins."""
    spans = [(match.start(), match.end()) for match in _WORD.finditer(name)]
    raw = [name[start:end] for start, end in spans]
    words = _Words(raw, [_key(word) for word in raw], shouted=name.upper() == name)
    last = len(raw) - _trailer_length(words.keys)
    for end in range(last, 0, -1):
        found = words.form_before(end, is_last=end == last)
        if found is not None and (found[1] > 0 or end < len(raw)):
            final = len(raw) if end == last else end
            return found[0], spans[found[1]][0], spans[final - 1][1]
    return None


@dataclass(frozen=True, slots=True)
class _Words:
    """A name's words as written and folded; shouted: the name is in capitals throughout."""

    raw: list[str]
    keys: list[str]
    shouted: bool

    def form_before(self, end: int, *, is_last: bool) -> tuple[str, int] | None:
        """Return the form whose words end before `end`, partner included, and where it starts."""
        plain = self._plain_form(end, is_last=is_last)
        if plain is None:
            # "GmbH & Co" with the rest cut off: but for rare exceptions it is a KG.
            return self._with_partner("KG", end) if is_last else None
        form, start = plain
        if form not in WITH_PARTNER:
            return plain
        at = self._partner_start(start)
        return self._with_partner(form, start) or ((form, at) if at else plain)

    def _with_partner(self, form: str, end: int) -> tuple[str, int] | None:
        at = self._partner_start(end)
        partner = self._plain_form(at, is_last=True) if at else None
        if partner is None or partner[0] not in PARTNERS:
            return None
        return f"{partner[0]} & Co. {form}", partner[1]

    def _partner_start(self, end: int) -> int | None:
        """Return where the "& Co." begins that ends before `end`."""
        if end >= 2 and self.keys[end - 1] in PARTNER_WORDS and self.keys[end - 2] in AND_WORDS:
            return end - 2
        return None

    def _plain_form(self, end: int, *, is_last: bool) -> tuple[str, int] | None:
        for length in range(min(LONGEST, end), 0, -1):
            key = tuple(self.keys[end - length : end])
            form = SPELLINGS.get(key)
            if form is not None and self._counts(key, end, is_last=is_last):
                return form, end - length
        return None

    def _counts(self, key: tuple[str, ...], end: int, *, is_last: bool) -> bool:
        """Return whether words that may be a form are meant as one where they stand."""
        if key not in LAST_ONLY:
            return True
        word = self.raw[end - 1]
        if not is_last:
            behind_co = self._partner_start(end - len(key)) is not None
            written = "".join(self.raw[end - len(key) : end]).replace(".", "")
            unmistakable = written in _SURE_INSIDE and not self.shouted
            return end > len(key) and (behind_co or unmistakable)
        as_abbreviation = "." in word or word != word.title() or len(word) == 1
        return key not in ABBREVIATED_ONLY or as_abbreviation


def _trailer_length(words: list[str]) -> int:
    return next((n for n in (2, 1) if tuple(words[-n:]) in TRAILERS), 0)


def _key(word: str) -> str:
    if "/" in word:
        return "".join(word.split()).lower().rstrip(".")
    return folded("".join(c for c in word if c not in ". "))
