"""Company names: display name, the name without its legal form, and the legal form."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from mapping.normalize.legal_forms import (
    ABBREVIATED_ONLY,
    AND_WORDS,
    CARE_OF,
    FORMS,
    LAST_ONLY,
    LAST_WORDS,
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
# the rest separates. "CoKG" is two words.
_WORD = re.compile(
    r"\b[Cc]o(?=(?:KG|OHG|oHG|KGaA)\b)|(?<!\w)[^\W\d_](?:(?:\.|\s?/\s?)[^\W\d_])+(?![\w'])\.?|[^\W_]+|[&+]",
)
_SURE_INSIDE = frozenset({"AG", "KG", "eV", "eK"})
_EDGES = " \t,;-–—&+."
_WORDS_BETWEEN = 4


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
    form, pieces = found
    core = " ".join(filter(None, map(_trimmed, pieces)))
    return CompanyName(name, core, form) if core else CompanyName(name, name)


def _trimmed(piece: str) -> str:
    """Return what stood beside a form without the marks that tied the two together."""
    return piece.strip(_EDGES).removesuffix("(").removeprefix(")").strip(_EDGES)


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


def _find_form(name: str) -> tuple[str, list[str]] | None:
    """Return the legal form in `name` and the pieces of text around it; the last form wins."""
    spans = [(match.start(), match.end()) for match in _WORD.finditer(name)]
    raw = [name[start:end] for start, end in spans]
    words = _Words(raw, [_key(word) for word in raw], shouted=name.upper() == name)
    last = words.end()
    for end in range(last, 0, -1):
        found = words.form_before(end, is_last=end == last)
        if found is not None and (found.start > 0 or end < len(raw)):
            pieces = [name[: spans[found.start][0]]]
            if found.kept_to > found.kept_from:
                pieces.append(name[spans[found.kept_from][0] : spans[found.kept_to - 1][1]])
            if end < last:
                pieces.append(name[spans[end - 1][1] :])
            return found.form, pieces
    return None


@dataclass(frozen=True, slots=True)
class _Found:
    """A form whose words begin at `start`; those from kept_from to kept_to belong to the name."""

    form: str
    start: int
    kept_from: int = 0
    kept_to: int = 0


@dataclass(frozen=True, slots=True)
class _Words:
    """A name's words as written and folded; shouted: the name is in capitals throughout."""

    raw: list[str]
    keys: list[str]
    shouted: bool

    def end(self) -> int:
        """Return where the name proper ends: before "c/o ..." and "i.L."."""
        end = self.keys.index(CARE_OF) if CARE_OF in self.keys else len(self.keys)
        return end - next(
            (n for n in (2, 1) if tuple(self.keys[max(end - n, 0) : end]) in TRAILERS), 0
        )

    def form_before(self, end: int, *, is_last: bool) -> _Found | None:
        """Return the form whose words end before `end`, its general partner's form included."""
        plain = self._plain_form(end, is_last=is_last)
        if plain is None:
            # "GmbH & Co" with the rest cut off: but for rare exceptions it is a KG.
            return self._with_partner("KG", end, end) if is_last else None
        if plain.form not in WITH_PARTNER:
            return plain
        # "GmbH & Co. KG", and "GmbH & Co. Immobilien KG" with words of the name in between.
        for at in range(plain.start, max(plain.start - _WORDS_BETWEEN, 1), -1):
            found = self._with_partner(plain.form, at, plain.start)
            if found is not None:
                return found
        alone = self._partner_start(plain.start)
        return _Found(plain.form, alone) if alone else plain

    def _with_partner(self, form: str, end: int, form_start: int) -> _Found | None:
        at = self._partner_start(end)
        if at is None and end and self.keys[end - 1] in PARTNER_WORDS:
            at = end - 1
        partner = self._plain_form(at, is_last=True) if at else None
        if partner is None or partner.form not in PARTNERS:
            return None
        return _Found(f"{partner.form} & Co. {form}", partner.start, end, form_start)

    def _partner_start(self, end: int) -> int | None:
        """Return where the "& Co." begins that ends before `end`."""
        if end >= 2 and self.keys[end - 1] in PARTNER_WORDS and self.keys[end - 2] in AND_WORDS:
            return end - 2
        return None

    def _plain_form(self, end: int, *, is_last: bool) -> _Found | None:
        if self.keys[end - 1] not in LAST_WORDS:
            return None
        for length in range(min(LONGEST, end), 0, -1):
            key = tuple(self.keys[end - length : end])
            form = SPELLINGS.get(key)
            if form == "AG" and "".join(self.raw[end - length : end]).replace(".", "") == "aG":
                form = "VVaG"  # "Pensionsverein a. G.": auf Gegenseitigkeit
            if form is not None and self._counts(key, end, is_last=is_last):
                return _Found(form, end - length)
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


def _key(word: str) -> str:
    if "/" in word:
        return "".join(word.split()).lower().rstrip(".")
    return folded(word.replace(".", ""))
