"""Reads how people cite document numbers: otherwise punctuated, without zeros, by kind, in lists.

What is found this way is compared by marks of its own, which mean something among the papers of one
customer alone: `~an.2024.815` is AN-2024-0815 however it is divided and without leading zeros,
`quote~2024.815` the same without its letters, behind a word for quotes, `~2024.815` without such a
word, and `quote#815` the running number alone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hub.vorgang.numbers import LEAST, MOST, TEXT, is_year, number_key

RUNNING = 3
"""Digits a running number needs, leading zeros not counted, to be cited alone."""
PREFIX = 5
"""Letters of the longest prefix of a number."""
RUNS = 4
"""Runs of letters or digits of the longest number that is looked for."""

_WORDS: Mapping[str, str] = {
    "quote": "angebot ang offerte kostenvoranschlag kva quote quotation offer an ag",
    "order": "auftrag auftr auftragsbestätigung bestellung order ab",
    "delivery": "lieferschein liefersch lieferung delivery dn ls",
    "invoice": "rechnung rechn rech rg re rn faktura invoice inv gutschrift gs",
    "project": "projekt proj project",
    "contract": "vertrag contract",
    "ticket": "ticket",
}
_KIND = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_FILLERS = frozenset({"nr", "no", "nummer", "number", "note"})

_RUN = re.compile(r"[^\W\d_]+|\d+")
_GAP = re.compile(r"[-/._#\s]{0,3}")
_TIGHT = re.compile(r"[-/._#]?")
_AFTER_WORD = re.compile(r"[-/._#:\s]{0,4}")
_COMPOUND = re.compile(r"s?-?(?:nr|nummer)$")
_NEXT = re.compile(r"\s*(?:[,/+&;]|und\b|u\.)\s*-?\s*(\d{2,})(?!\w|\.\d)")


@dataclass(frozen=True, slots=True)
class _Run:
    """Letters or digits, where they end, and what stands between them and the run before."""

    text: str
    end: int
    gap: str

    @property
    def digits(self) -> bool:
        return self.text[0].isdigit()


def marks_of(kind: str, number: str) -> Iterator[str]:
    """Yield the marks that a paper's number is cited by, beside its key."""
    runs = [run.text for run in _runs(number)]
    digits = [run for run in runs if run[0].isdigit()]
    if len(runs) > 1 and _tells(runs):
        if runs != _bare(runs):
            yield _dotted(runs)
        if len(digits) > 1 and _tells(digits):
            yield _dotted(digits)
            yield kind + _dotted(digits)
    if len(runs) > 1 and digits and len(running := digits[-1].lstrip("0")) >= RUNNING:
        yield f"{kind}#{running}"


def marks_in(text: str) -> Iterator[str]:
    """Yield the marks, and the keys of numbers that blanks divide, that a text may cite."""
    text = text[:TEXT]
    runs = _runs(text)
    for at in range(len(runs)):
        kind, alone = _word_before(runs, at)
        for end in range(at + 1, min(at + RUNS, len(runs)) + 1):
            if end > at + 1 and not _goes_on(runs[end - 1]):
                break
            if runs[end - 1].digits and _may_end(runs, end):
                window = [run.text for run in runs[at:end]]
                parted = any(" " in run.gap for run in runs[at + 1 : end])
                for count, number in enumerate(_listed(window, text, runs[end - 1].end)):
                    yield from _marks(number, kind, alone=alone, parted=parted or count > 0)


def _marks(number: Sequence[str], kind: str | None, *, alone: bool, parted: bool) -> Iterator[str]:
    """Yield the marks of one number. alone: no letters stand before it that may be its own;
    parted: not found as a whole word."""
    if len(number) == 1:
        running = number[0].lstrip("0")
        if kind and _running(running):
            yield f"{kind}#{running}"
        return
    if not _tells(number) or number[0] in _FILLERS:
        return
    lettered = not number[0][0].isdigit()
    if lettered and len(number[0]) <= PREFIX:
        yield _dotted(number)
    elif not lettered and (kind or alone):
        yield (kind or "") + _dotted(number)
    else:
        return
    if parted and (key := number_key("".join(number))):
        yield key


def _listed(number: list[str], text: str, end: int) -> Iterator[list[str]]:
    """Yield a number and those that follow by their last digits: RE-00123, -124 and 125."""
    yield number
    while _running(number[-1]) and (found := _NEXT.match(text, end)):
        digits, last = found[1], number[-1]
        number = [*number[:-1], last[: max(0, len(last) - len(digits))] + digits]
        end = found.end()
        yield number


def _runs(text: str) -> list[_Run]:
    found, before = [], 0
    for match in _RUN.finditer(text.casefold()):
        found.append(_Run(match[0], match.end(), text[before : match.start()]))
        before = match.end()
        if len(found) == 2 * MOST:
            break
    return found


def _word_before(runs: Sequence[_Run], at: int) -> tuple[str | None, bool]:
    """Return the kind of paper that a word before a number names, and whether the number stands
    alone: behind no letters or digits that may be the beginning of it."""
    tight = at > 0 and _TIGHT.fullmatch(runs[at].gap) is not None
    while at > 0 and runs[at - 1].text in _FILLERS:
        at, tight = at - 1, False
    if at == 0 or runs[at - 1].digits:
        return None, not tight
    word = runs[at - 1].text
    kind = _KIND.get(word) or _KIND.get(_COMPOUND.sub("", word))
    if not _AFTER_WORD.fullmatch(runs[at].gap) or (":" in runs[at].gap and len(word) < RUNNING):
        return None, True  # the Re: of a mail is no word for an invoice
    return kind, kind is not None or len(word) > PREFIX


def _goes_on(run: _Run) -> bool:
    """Say whether a number may go on with a run: by digits, or by one letter within it."""
    if run.digits:
        return _GAP.fullmatch(run.gap) is not None
    return len(run.text) == 1 and _TIGHT.fullmatch(run.gap) is not None


def _may_end(runs: Sequence[_Run], end: int) -> bool:
    """Say whether a number may end before a run: not where digits follow that are its own."""
    if end == len(runs) or not runs[end].digits:
        return True
    if runs[end].gap == "/" and _running(runs[end - 1].text):
        return True  # a list
    return _TIGHT.fullmatch(runs[end].gap) is None


def _tells(runs: Sequence[str]) -> bool:
    """Say whether runs are more than a date or a small count."""
    digits = [run for run in runs if run[0].isdigit()]
    if len(digits) == len(runs):
        return any(map(_running, digits))
    return bool(digits) and sum(map(len, runs)) >= LEAST


def _running(digits: str) -> bool:
    """Say whether digits may be the running part of a number."""
    return len(digits) >= RUNNING and not is_year(digits)


def _bare(runs: Sequence[str]) -> list[str]:
    return [run.lstrip("0") or "0" for run in runs]


def _dotted(runs: Sequence[str]) -> str:
    return "~" + ".".join(_bare(runs))
