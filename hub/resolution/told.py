"""What many records tell, name by name: each input once, and who tells it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from hub.model.resolution import Profile, profile_id, said
from hub.resolution.facets import type_of
from hub.resolution.frame import Ints, numbering, row_numbers

Values = tuple[str, ...]


@dataclass(slots=True)
class Told:
    """What records tell under one name.

    inputs: texts of one record each, not all of them used. at: which records tell any, ascending.
    which: of each of them the number of its input.
    """

    inputs: list[Values]
    at: Ints
    which: Ints

    def among(self, wanted: NDArray[np.bool_]) -> "Told":
        """Return what those of all records tell that are wanted, with no other inputs."""
        kept = wanted[self.at]
        used, which = np.unique(self.which[kept], return_inverse=True)
        return Told([self.inputs[each] for each in used.tolist()], self.at[kept], which)


NOTHING = Told([], np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def told_of(profiles: Sequence[Profile]) -> dict[str, Told]:
    """Return what profiles tell by type, or `type:label` where labels count, blank values left out.

    What `facets.stated` says of one profile holds here, too.
    """
    found: dict[str, tuple[list[int], list[Values]]] = {}
    for at, profile in enumerate(profiles):
        for key, values in profile.features.items():
            where, what = found.setdefault(key, ([], []))
            where.append(at)
            what.append(values)
    named: dict[str, list[Told]] = {}
    for key in sorted(found):
        where, what = found[key]
        numbers = numbering()
        which = np.fromiter(map(numbers.__getitem__, what), np.int64, len(what))
        one = filled([_without_blanks(each) for each in numbers], which, np.array(where))
        if len(one.at):
            named.setdefault(type_of(key), []).append(one)
    return {name: strung(parts, len(profiles)) for name, parts in named.items()}


def filled(inputs: list[Values], which: Ints, at: Ints | None = None) -> Told:
    """Return the same without records that tell nothing. at: which records; all, if not said."""
    kept = np.flatnonzero(np.array(list(map(bool, inputs)), dtype=bool)[which])
    return Told(inputs, kept if at is None else at[kept], which[kept])


def _without_blanks(values: Values) -> Values:
    if all(map(str.strip, values)):
        return values
    return tuple(value for value in values if value.strip())


def strung(parts: Sequence[Told], size: int) -> Told:
    """Return the texts of all parts, one behind the other."""
    if len(parts) == 1:
        return parts[0]
    rows, at, which = together(parts, size)
    return Told([tuple(chain.from_iterable(row)) for row in rows], at, which)


def together(parts: Sequence[Told], size: int) -> tuple[list[tuple[Values, ...]], Ints, Ints]:
    """Return what `size` records tell in several parts: each combination once, and who tells it.

    The result is (combinations, which records tell any part, of each the number of its own).
    """
    numbers = np.zeros((len(parts), size), dtype=np.int64)
    for row, one in zip(numbers, parts, strict=True):
        row[one.at] = one.which + 1
    at = np.flatnonzero(numbers.any(axis=0))
    widths = [len(one.inputs) + 1 for one in parts]
    packed = row_numbers(zip(numbers[:, at], widths, strict=True), len(at))
    _, first, which = np.unique(packed, return_index=True, return_inverse=True)
    columns = [
        [one.inputs[number - 1] if number else () for number in row[at[first]].tolist()]
        for row, one in zip(numbers, parts, strict=True)
    ]
    return list(zip(*columns, strict=True)), at, which


def ids_of(kind: str, told: Mapping[str, Told], size: int) -> Iterable[int]:
    """Yield the profile id of each of `size` records of a kind, as `Profile.id` tells it."""
    texts = np.full(size, kind, dtype=object)
    for key in sorted(told):
        one = told[key]
        pieces = np.array([said(key, values) for values in one.inputs], dtype=object)
        texts[one.at] += pieces[one.which]
    return map(profile_id, texts.tolist())
