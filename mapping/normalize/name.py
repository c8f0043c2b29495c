"""Names of people: one text -> title, given name and family name, without guessing."""

import re
from dataclasses import dataclass, replace
from typing import Any

from mapping.normalize.text import line

_LIMIT = 200


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SALUTATIONS = _words(
    "herr herrn hr frau fr fräulein mr mrs ms miss mister monsieur madame mme mlle señor señora "
    "signor signora sig sra"
)
_SEVERAL_PEOPLE = _words("familie fam eheleute ehepaar & und and u + et y")
_TITLES = _words(
    "dr prof professor professorin dipl ing mag pd priv doz med rer nat phil jur iur oec pol habil "
    "theol vet dent techn h c hc mult univ fh tu betriebsw kfm kffr inf phys chem math komm sir "
    "dame lord ra rain stb wp notar dres em ir ddr mba msc bsc"
)
_DEGREES = _words(
    "ma ba msc bsc meng beng mba llm llb phd md esq cpa fh dba mag dr mphil bcom mcom"
)
_GENERATIONS = _words("jun jr sen sr junior senior ii iii iv")
_PARTICLES = _words(
    "von vom van vander vanden zu zum zur de del della dell' delle di da das do dos du des den der "
    "dem la le lo ten ter te af av al el bin ibn ben st in op 't"
)
_ATTENTION = re.compile(r"^(?:z\.?\s?h(?:d|dn)?\.|zu händen)\s*(?:von\s|v\.\s)?", re.IGNORECASE)
_BORN = re.compile(r",?\s(?:geb\.|geborene)\s[^,]*", re.IGNORECASE)
_REMARK = re.compile(r"\s\([^()]*\)$")
_PIECE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's name in pieces; name: given and family name, as one would introduce them."""

    name: str
    given: str | None = None
    family: str | None = None
    title: str | None = None
    salutation: str | None = None


def person_name(value: Any) -> PersonName | None:
    """Return the pieces of a person's name, or None where there is no name.

    Understands "Herr Dr. Max Mustermann", "von der Heide, Anna", "Mustermann, Dr. Max" and
    "Heide, Anna von der". Of one bare word, and of two people in one field ("Max und Erika
    Muster"), only `name` is stated. Upper and lower case stay as they are.
    """
    text = line(value, _LIMIT)
    found = None if text is None else _parsed(text)
    if found is None or found.name == text:
        return found
    # What is left may itself begin with a title or a comma ("Dr. Frau Dr. Muster"): the name must
    # come out the same when it is read again.
    again = _parsed(found.name)
    while again is not None and again.name != found.name:
        found, again = replace(found, name=again.name), _parsed(again.name)
    return found if again is not None else None


def _bare(text: str) -> str:
    """Return `text` without "z. Hd.", "geb. Huber" and a remark in brackets behind the name."""
    for pattern in (_ATTENTION, _BORN, _REMARK):
        rest = pattern.sub("", text).strip()
        text = rest if _PIECE.search(rest) else text
    return text


def _parsed(text: str) -> PersonName | None:
    text = _bare(text)
    if not _PIECE.search(text):
        return None
    before, comma, after = text.partition(",")
    if comma and not all(_is_suffix(word) for word in after.split()):
        return _sorted_form(before.split(), after.replace(",", " ").split())
    return _spoken_form(text.replace(",", " ").split())


def full_name(given: str | None, family: str | None) -> str | None:
    """Return the name as one would introduce the person, or None where both are missing."""
    return " ".join(piece for piece in (given, family) if piece) or None


def _spoken_form(words: list[str]) -> PersonName | None:
    salutation, title, rest = _without_front(words)
    rest, suffix = _without_back(rest)
    if not rest:
        return None
    name = " ".join(rest + suffix)
    if _are_several(words):
        return PersonName(" ".join(words))
    if len(rest) == 1:
        family = rest[0] if salutation or title else None
        return PersonName(name, family=family, title=title, salutation=salutation)
    split = _family_start(rest, salutation or title)
    given, family = " ".join(rest[:split]) or None, " ".join(rest[split:])
    return PersonName(name, given, family, title, salutation)


def _are_several(words: list[str]) -> bool:
    """Return whether a word for two people stands there; "von und zu Berg" is one."""
    return any(
        _key(word) in _SEVERAL_PEOPLE and before.lower() not in _PARTICLES
        for before, word in zip(["", *words], words, strict=False)
    )


def _sorted_form(before: list[str], after: list[str]) -> PersonName | None:
    """Return the name of `Family, Given`; particles behind the given name join the family."""
    salutation, title, family = _without_front(before)
    later_salutation, later_title, given = _without_front(after)
    family, suffix = _without_back(family)
    given, later_suffix = _without_back(given)
    suffix += later_suffix
    split = len(given)
    while split > 1 and given[split - 1].lower() in _PARTICLES:
        split -= 1
    family, given = given[split:] + family, given[:split]
    name = full_name(" ".join(given), " ".join(family + suffix))
    if name is None:
        return None
    return PersonName(
        name,
        " ".join(given) or None,
        " ".join(family) or None,
        " ".join(filter(None, (title, later_title))) or None,
        salutation or later_salutation,
    )


def _without_front(words: list[str]) -> tuple[str | None, str | None, list[str]]:
    """Return salutation, titles, and what is left of `words`."""
    at = 0
    salutation = None
    while at < len(words) and _key(words[at]) in _SALUTATIONS and len(words) > at + 1:
        salutation = salutation or words[at].rstrip(".")
        at += 1
    start = at
    while at < len(words) and _is_title(words[at]):
        at += 1
    return salutation, " ".join(words[start:at]) or None, words[at:]


def _without_back(words: list[str]) -> tuple[list[str], list[str]]:
    """Return `words` without degrees behind the name, and the generation ("jun.") apart."""
    end = len(words)
    while end > 1 and _is_degree(words[end - 1]):
        end -= 1
    suffix_start = end
    while suffix_start > 1 and _key(words[suffix_start - 1]) in _GENERATIONS:
        suffix_start -= 1
    return words[:suffix_start], words[suffix_start:end]


def _family_start(words: list[str], addressed: str | None) -> int:
    """Return where the family name begins: at its first particle, else at the last word."""
    for index, word in enumerate(words[:-1]):
        if word.lower() in _PARTICLES and (index or addressed):
            return index
    return len(words) - 1


def _is_title(word: str) -> bool:
    """Return whether every piece of e.g. `Dr.-Ing.` or `(FH)` is a title, and it looks like one.

    A title carries a dot, a bracket or is a known whole word; "Ing" or "Med" alone may be a name.
    """
    pieces = [piece.lower() for piece in _PIECE.findall(word)]
    if not pieces or any(piece not in _TITLES for piece in pieces):
        return False
    if word in ("PD", "RA", "StB", "WP"):
        return True
    return "." in word or "(" in word or pieces[0] in {"dr", "prof", "professor", "professorin"}


def _is_degree(word: str) -> bool:
    """Return whether `word` is e.g. M.A. or MBA; "Ma" is a name."""
    joined = word.strip("(),").replace(".", "")
    written_so = "." in word or joined not in (joined.title(), joined.lower())
    return written_so and joined.lower() in _DEGREES


def _is_suffix(word: str) -> bool:
    return _is_degree(word) or _key(word) in _GENERATIONS


def _key(word: str) -> str:
    return word.rstrip(".,").lower()
