"""What departments call things: headers and stream names held against lists of words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import yaml

from mapping.nouns import KINDS, Kind

Words = tuple[str, ...]

_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_WORD = re.compile(r"[a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-ZÄÖÜ])")
_UNITS: Final = frozenset({"eur", "usd", "chf", "in"})
_LINKS: Final = ("", "s", "n", "en")
_ENDINGS: Final = ("", "s", "n", "en", "e", "es")
_LAST_VOWEL = re.compile(r"(?<![aeo])(a|o|u|au)(?=[^aeiou]+$)")
_MUTATED_ENDINGS: Final = ("", "e", "er", "en", "ern")
_SHORTEST = 4
_BARE: Final = frozenset({"id", "nr", "nummer", "number", "code", "name", "date", "datum"})
"""Words that say something of the record only where they stand alone: not in `product_id`."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words by what they stand for; a phrase is a tuple of words, the likeliest phrase first.

    values: by field and word of the closed vocabulary the sources' words for it.
    """

    streams: Mapping[Kind, frozenset[str]]
    fields: Mapping[Kind, Mapping[str, tuple[Words, ...]]]
    parties: Mapping[Kind, frozenset[str]]
    values: Mapping[str, Mapping[str, frozenset[str]]]
    constants: Mapping[Kind, Mapping[str, str]]


def words_of(text: str) -> Words:
    """Return the words of a header or a phrase, folded: `E-Mail (2)` is e, mail, 2."""
    return tuple(word for word in _words(text) if word not in _UNITS)


def _words(text: str) -> list[str]:
    return _WORD.findall(_HUMP.sub(" ", text).casefold().translate(_UMLAUTS))


@cache
def vocabulary() -> Vocabulary:
    """Return the words that come with the hub."""
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    raw: dict[str, Any] = yaml.safe_load(text)
    kinds = {kind: raw[kind] for kind in KINDS if kind in raw}
    return Vocabulary(
        streams={kind: _bag(one["streams"]) for kind, one in kinds.items()},
        fields={
            kind: {
                name: tuple(words_of(phrase) for phrase in phrases.split("|"))
                for name, phrases in one["fields"].items()
            }
            for kind, one in kinds.items()
        },
        parties={kind: _bag(words) for kind, words in raw["parties"].items()},
        values={
            name: {word: _bag(theirs) | {_fold(word)} for word, theirs in words.items()}
            for name, words in raw["values"].items()
        },
        constants=raw["constants"],
    )


def _bag(text: str) -> frozenset[str]:
    return frozenset(_fold(word) for word in text.split())


def _fold(text: str) -> str:
    return "".join(_words(text))


def closeness(header: Words, phrases: Sequence[Words], own: Iterable[str]) -> float:
    """Return how well a header says one of the phrases, 0 to 1.

    own: words for the record itself, which may stand before: `Rechnungsdatum` of an invoice says
    `Datum`. Of two phrases said equally well the earlier one counts more.
    """
    heads = {"".join(header), *_without(header, own)}
    return max(
        (_close(header, heads, phrase) - at / 200 for at, phrase in enumerate(phrases)),
        default=0.0,
    )


def _without(header: Words, own: Iterable[str]) -> Iterable[str]:
    whole = "".join(header)
    for word in own:
        for link in _LINKS:
            start = word + link
            if whole.startswith(start) and len(whole) > len(start):
                yield whole[len(start) :]


def _close(header: Words, heads: set[str], phrase: Words) -> float:
    said, whole = "".join(phrase), "".join(header)
    if said == whole:
        return 1.0
    if said in heads or set(phrase) == set(header):
        return 0.95
    if said in _BARE:
        return 0.0
    if set(phrase) <= set(header):
        return max(0.6, 0.8 - 0.05 * (len(header) - len(phrase)))
    if len(said) >= _SHORTEST and (whole.endswith(said) or _begins(whole, said)):
        return 0.65
    return 0.0


def _begins(whole: str, said: str) -> bool:
    """Return whether a header goes on from a phrase; not `Kontaktnr` from `Kontakt`."""
    return whole.startswith(said) and whole[len(said) :].lstrip("s") not in _BARE


def names_kind(name: str, words: Iterable[str]) -> float:
    """Return how well a stream's or a column's name says one of the words, 0 to 1."""
    parts = words_of(name)
    whole = "".join(parts)
    best = 0.0
    for word in words:
        forms = {word + ending for ending in _ENDINGS}
        if word.endswith("y"):
            forms.add(word[:-1] + "ies")
        mutated = _LAST_VOWEL.sub(_mutate, word)
        forms |= {mutated + ending for ending in _MUTATED_ENDINGS if mutated != word}
        if whole in forms:
            return 1.0
        if forms & set(parts):
            best = max(best, 0.9)
        elif len(word) >= _SHORTEST and whole.endswith(tuple(forms)):
            best = max(best, 0.8)
        elif len(word) > _SHORTEST and whole.startswith(word):
            best = max(best, 0.5)
    return best


def _mutate(vowel: re.Match[str]) -> str:
    """Return the vowel as a plural has it: Auftrag, Aufträge; Haus, Häuser."""
    return f"{vowel[1][0]}e{vowel[1][1:]}"


def rest_of(header: Words, words: Iterable[str]) -> Words | None:
    """Return what a header says beside one of the words, None where it says none of them."""
    found = set(header) & set(words)
    if found:
        return tuple(word for word in header if word not in found)
    whole = "".join(header)
    for word in sorted(words, key=lambda one: (-len(one), one)):
        if whole == word:
            return ()
        if len(word) > _SHORTEST and whole.startswith(word):
            return (whole[len(word) :],)
    return None


def canonical_word(raw: str, name: str, choices: Iterable[str]) -> str | None:
    """Return the word of a closed vocabulary that a source's word stands for, None if unknown."""
    said = _fold(raw)
    if not said:
        return None
    meanings = vocabulary().values.get(name, {})
    by_rank = [word for word in meanings if word in choices]
    by_rank += sorted(set(choices) - set(by_rank))
    return next((w for w in by_rank if said in meanings.get(w, ()) or said == _fold(w)), None)
