"""Names of organisations in columns: each distinct name taken apart once."""

from collections.abc import Sequence
from dataclasses import dataclass

from hub.resolution.company import company_name, parts_of
from hub.resolution.frame import Column, Ints, Texts, joined, one_each, texts_of

FEW = 2000
"""Names that a change or a portion of profiles has, at most: those are asked for again."""


@dataclass(slots=True)
class Apart:
    """Per name its telling words; and, one text a name, all it tells, its form, its initials."""

    words: Texts
    whole: Texts
    form: Texts
    initials: Texts

    def texts(self) -> tuple[Texts, Texts, Texts, Texts]:
        """Return all of it."""
        return self.words, self.whole, self.form, self.initials


def apart_of(names: Sequence[str]) -> Apart:
    """Return names taken apart."""
    if not names:
        return Apart(texts_of([]), texts_of([]), texts_of([]), texts_of([]))
    read = company_name if len(names) <= FEW else parts_of
    words, joined, forms, initials = zip(*map(read, names), strict=True)
    return Apart(texts_of(words), one_each(joined), one_each(forms), one_each(initials))


def merged(parts: Sequence[tuple[Apart, Ints]]) -> Apart:
    """Return of each part the names at some positions, one behind the other."""

    def column(which: int) -> Texts:
        every = [(part.texts()[which], at) for part, at in parts]
        return joined([Texts(texts.vocabulary, texts.held.taken(at)) for texts, at in every])

    return Apart(column(0), column(1), column(2), column(3))


def apart(column: Column) -> Apart:
    """Return the names of a column taken apart, once."""
    found = column.read.get("apart")
    if found is None:
        found = column.read["apart"] = apart_of(column.vocabulary)
    assert isinstance(found, Apart)
    return found
