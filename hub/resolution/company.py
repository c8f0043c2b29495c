"""Names of organisations: legal form, telling words, and what German writers do to them."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from hub.resolution.text import LONGEST, fold, words
from hub.resolution.wordlists import lines, listed

# Longest first: "gmbh co kg" must be found before "gmbh" and "kg".
_CO = r"(?:und |u )?(?:co|compagnie|cie)? ?"
FORMS = (
    (r"gesellschaft mit beschrankter haftung", "gmbh"),
    (r"gemeinnutzige gmbh|g ?gmbh", "ggmbh"),
    (rf"(?:gmbh|mbh|ug|ag|se) {_CO}(?:kg ?a ?a|kommanditgesellschaft auf aktien)", "kgaa"),
    (rf"(?:gmbh|mbh|ug|ag|se|ltd) {_CO}(?:kg|kommanditgesellschaft)", "gmbhcokg"),
    (r"(?:gmbh|mbh) (?:und |u )?co ?ohg", "gmbhcoohg"),
    (r"gmbh (?:und |u )?co", "gmbhcokg"),
    (r"kommanditgesellschaft auf aktien|kg ?a ?a", "kgaa"),
    (r"ug haftungsbeschrankt|unternehmergesellschaft(?: haftungsbeschrankt)?|ug", "ug"),
    (r"gmbh|g m b h|(?:ges|gesellschaft) (?:m b h|mbh)|gesmbh|m b h|mbh", "gmbh"),
    (r"aktiengesellschaft|ag", "ag"),
    (r"kommanditgesellschaft|(?:und )?co kg|kg", "kg"),
    (r"offene handelsgesellschaft|ohg|o h g", "ohg"),
    (r"gesellschaft burgerlichen rechts|gbr|g b r", "gbr"),
    (r"eingetragener verein|e v|ev", "ev"),
    (r"eingetragene genossenschaft|e g|eg", "eg"),
    (r"eingetragener kaufmann|e k|ek|e kfm|e kfr|inh", "ek"),
    (r"partg ?mbb|partg", "partg"),
    (
        r"s a r l|sarl|s a s|sas|s r l|srl|s p a|spa|b v|bv|n v|nv|s a|oy|ab|a s|aps|plc|se"
        r"|sp z o ?o|spolka z o ?o|spol s r ?o|s r o|sro|d o o|doo|kft|zrt|sia|uab|og|sagl",
        "foreign",
    ),
    (
        r"limited liability company|l l c|llc|limited|ltd|incorporated|inc|corporation|corp|llp",
        "limited",
    ),
)
_FORM = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<f{at}>{pattern})" for at, (pattern, _) in enumerate(FORMS))
    + r")(?!\w)"
)
_FORM_OF = {f"f{at}": form for at, (_, form) in enumerate(FORMS)}
_NOISE = frozenset(
    ("firma", "fa", "und", "the", "der", "die", "das", "co", "and", "of", "fur", "von", "in", "zu")
)
_ABBREVIATED = {short: tuple(full) for short, *full in lines("abbreviations")}
_CUT = re.compile(
    r"(?<=\w )(?:(?P<partner>(?:gmbh|mbh) und(?: c)?)|(?P<ug>ug h\w*)"
    r"|(?P<gmbh>gmb?|gesell\w* m\w{0,2}(?: b\w*(?: h\w*)?)?)|(?P<ev>eingetr\w*(?: v\w*)?)"
    r"|(?P<kg>kommanditges\w*))$"
)
"""A legal form that the end of a column cut off."""
_CUT_FORMS = {"partner": "gmbhcokg", "ug": "ug", "gmbh": "gmbh", "ev": "ev", "kg": "kg"}
_BRACKET = re.compile(r"\([^()]*\)?")
_MISSPELT = re.compile(r"g?mbh|gm\wh|g\wbh|gmb\w|\wmbh|gmbh\w|gm\wbh|g\wmbh|gbmh|gmhb|mgbh")
_BRANCH = re.compile(
    r"[-, ]\s*\b(?:niederlassung|zweigniederlassung|filiale|standort|nl)\b(?P<seat>.*)$"
    r"|,(?P<town>[^,]*)$"
)
_MAY_BRANCH = re.compile(r"[(,]|\bnl\b|niederlassung|filiale|standort").search
"""Whether brackets or a branch may be in a name: most names have neither."""
_PUNCT = re.compile(r"[^\w&+ ]+")


class CompanyName(NamedTuple):
    """A company's name taken apart.

    words: telling words in order, folded; joined: they and nothing else; form: code of the legal
    form or ""; initials: first letters of the words.
    """

    words: tuple[str, ...]
    joined: str
    form: str
    initials: str


_Parts = tuple[tuple[str, ...], str, str, str]
"""What `CompanyName` holds, in its order."""


@lru_cache(maxsize=300_000)
def company_name(text: str) -> CompanyName:
    """Return the parts of a name; what stands in brackets counts only where nothing else does.

    A name that is a legal form and nothing else keeps it as a word. What follows a comma behind the
    legal form is where a branch stands.
    """
    return CompanyName(*parts_of(text))


def parts_of(text: str) -> _Parts:
    """Return the parts of a name, put together from those of its words: few words are new."""
    if len(text) > LONGEST:
        return parts_of_folded(fold(text))
    plain: list[str] = []
    for piece in text.split():
        read, may_branch = _piece(piece)
        if may_branch:
            return parts_of_folded(fold(text))
        plain += read
    for at, word in enumerate(plain):
        if begins_form(word) and (word != "und" or plain[at + 1 : at + 2] == ["co"]):
            form, rest = _form_behind(" ".join(plain[at:])) if at else _form(" ".join(plain))
            return _parts(plain[:at] + rest.split(), form, plain)
    return _parts(plain, "", plain)


def parts_of_folded(folded: str) -> _Parts:
    """Return the same of a whole folded text."""
    whole = _plain(folded)
    plain = _plain(_branch(_BRACKET.sub(" ", folded))[0]) if _MAY_BRANCH(folded) else whole
    form, rest = _form(plain)
    if plain != whole:
        if not any(letter.isalnum() for letter in _FORM.sub(" ", plain)):
            plain = whole
            form, rest = _form(plain)
        form = form or _form(whole)[0]
    return _parts(rest.split(), form, plain.split())


def _parts(rest: Sequence[str], form: str, plain: Sequence[str]) -> _Parts:
    """Return the parts of a name. rest: its words without the form; plain: with it."""
    telling = _telling(rest) or tuple(plain)
    initials = "".join([word[0] for word in telling])
    return telling[:16], "".join(telling), form, initials


@lru_cache(maxsize=200_000)
def _piece(piece: str) -> tuple[tuple[str, ...], bool]:
    """Return the words of a text without blanks, and whether it may tell of a branch."""
    folded = fold(piece)
    return tuple(_plain(folded).split()), bool(_MAY_BRANCH(folded))


_BEGINNINGS = (
    "gesellschaft gemeinnutzige ggmbh g gmbh mbh ug ag se ltd kommanditgesellschaft kg kga kgaa"
    " unternehmergesellschaft m gesmbh ges aktiengesellschaft und co offene ohg o gbr eingetragener"
    " eingetragene e ev eg ek inh partg partgmbb s sarl sas srl spa b bv n nv sa oy ab a aps plc"
    " limited l llc incorporated inc corporation corp llp gm gmb sp spolka spol sro d doo kft zrt"
    " sia uab og sagl"
)
_BEGIN = frozenset(_BEGINNINGS.split())
_BEGIN_CUT = ("gesell", "eingetr", "kommanditges")


@lru_cache(maxsize=100_000)
def begins_form(word: str) -> bool:
    """Return whether a legal form, whole or cut off, may begin with this word."""
    return word in _BEGIN or word.startswith(_BEGIN_CUT)


@lru_cache(maxsize=100_000)
def _form_behind(tail: str) -> tuple[str, str]:
    """Return what `_form` makes of the end of a name, other words before it."""
    form, rest = _form(f"x {tail}")
    return form, rest[2:]


def _form(plain: str) -> tuple[str, str]:
    """Return the code of the legal form, "" where there is none, and the name without."""
    cut = _CUT.search(plain)
    if cut:
        return _CUT_FORMS[str(cut.lastgroup)], plain[: cut.start()]
    found = _FORM.search(plain)
    return (_FORM_OF[str(found.lastgroup)], _FORM.sub(" ", plain)) if found else ("", plain)


@lru_cache(maxsize=300_000)
def branch_of(text: str) -> str:
    """Return the town that a name states behind its legal form, "" where it states none."""
    if len(text) <= LONGEST and not any(_piece(piece)[1] for piece in text.split()):
        return ""
    folded = fold(text)
    return _branch(_BRACKET.sub(" ", folded))[1] if _MAY_BRANCH(folded) else ""


def _branch(folded: str) -> tuple[str, str]:
    """Return `x gmbh` and `koln` for `x gmbh, koln` and `x gmbh niederlassung koln`."""
    found = _BRANCH.search(folded)
    if not found:
        return folded, ""
    head, tail = folded[: found.start()], words(found["seat"] or found["town"] or "")
    plain = _plain(head)
    named = _FORM.search(plain) and _FORM.sub(" ", plain).split()
    clear = found["seat"] is not None or (tail and TRADE_WORDS.isdisjoint(tail))
    return (head, " ".join(tail)) if named and clear and len(tail) < 4 else (folded, "")


def _plain(folded: str) -> str:
    return " ".join(_PUNCT.sub(" ", folded).replace("_", " ").split())


def _telling(found: Iterable[str]) -> tuple[str, ...]:
    """Return the words without filling; a slip in the most frequent legal form is none either."""
    told: list[str] = []
    for word in found:
        told += _spelt_out(word)
    return tuple(told)


@lru_cache(maxsize=100_000)
def _spelt_out(word: str) -> tuple[str, ...]:
    """Return the word, the words it abbreviates, or nothing where it tells nothing."""
    if word in _NOISE or _MISSPELT.fullmatch(word):
        return ()
    return _ABBREVIATED.get(word, (word,))


TRADE_WORDS = frozenset(listed("trade"))
"""Words that many names share wherever they are used: little information even in a small base."""
