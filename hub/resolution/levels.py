"""Ordered levels: how a comparison answers, and how the best of several values is taken."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.resolution.frame import Column, Ints, cross

Levels = NDArray[np.int8]
Info = NDArray[np.int16]
MISSING = 0
"""The level of a pair of which one side has no value: no evidence either way."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Per pair: the level reached (0 = missing, upwards = more alike) and what sharing it tells."""

    levels: Levels
    info: Info


def best_of(size: int, rows: Ints, levels: Levels, info: Info) -> Outcome:
    """Return per pair the best of its value pairs: highest level, then most telling.

    rows: ascending numbers of pairs, one entry per value pair.
    """
    if len(rows) < 2 or bool((rows[1:] > rows[:-1]).all()):
        found = missing(size)
        found.levels[rows] = levels
        found.info[rows] = info
        return found
    packed = np.zeros(size, dtype=np.int32)
    firsts = np.flatnonzero(np.diff(rows, prepend=-1))
    value = levels.astype(np.int32) << 16 | info.astype(np.int32)
    packed[rows[firsts]] = np.maximum.reduceat(value, firsts)
    return Outcome((packed >> 16).astype(np.int8), (packed & 0xFFFF).astype(np.int16))


def value_pairs(column: Column, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints]:
    """Return (pair, value number left, value number right) for all values of each pair."""
    held = column.held
    lengths = np.diff(held.starts)
    if lengths.max(initial=0) < 2:
        rows = np.flatnonzero(lengths[left] & lengths[right])
        return rows, held.items[held.starts[left[rows]]], held.items[held.starts[right[rows]]]
    rows, a, b = cross(held, left, held, right)
    return rows, held.items[a], held.items[b]


def shared(column: Column, left: Ints, right: Ints) -> NDArray[np.bool_]:
    """Return which pairs have a value of a column in common."""
    rows, a, b = value_pairs(column, left, right)
    found = np.zeros(len(left), dtype=bool)
    found[rows[a == b]] = True
    return found


def missing(size: int) -> Outcome:
    """Return the outcome of a comparison for which no record has values."""
    return Outcome(np.zeros(size, dtype=np.int8), np.zeros(size, dtype=np.int16))
