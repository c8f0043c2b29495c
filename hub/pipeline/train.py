"""Fits a model to records, on request alone: without labels, or with people's judgements."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from hub.clock import instant_text
from hub.model.resolution import Judgement
from hub.resolution.batch import Base, Scored, score_table
from hub.resolution.catalogue import compare_pairs
from hub.resolution.frame import Ints
from hub.resolution.model import Model
from hub.resolution.training import Compare, fit

ANCHORS = 2000
"""Pairs beyond doubt that hold the weights where they are while judgements move them."""
SURE = 6.0
"""Bits, for or against, from which on a pair is beyond doubt."""
JUDGED = 4.0
"""As how many anchors a judgement counts."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model and what it was fitted to. judged: judgements that taught it."""

    model: Model
    records: int
    pairs: int
    judged: int


def train(base: Base, start: Model, words: Iterable[Judgement], now: datetime) -> Trained:
    """Return `start` fitted to all records of a base: how often matches reach each level, and which
    sources hold a thing once.

    words: judgements on its records; what was judged unsure, or lies elsewhere, teaches nothing.
    """
    adapted, scored = score_table(base, start)
    left, right, truth = _labelled(base, words)
    model, name = adapted, f"{start.name}+adapted"
    if len(left):
        model, name = _taught(base, adapted, scored, (left, right, truth)), f"{name}+judged"
    records = sum(map(len, base.refs))
    told = {"at": instant_text(now), "records": records, "judgements": len(left)}
    model = replace(model, name=name, notes={**start.notes, "trained": told})
    return Trained(model, records, len(scored.left), len(left))


def _labelled(base: Base, words: Iterable[Judgement]) -> tuple[Ints, Ints, NDArray[np.bool_]]:
    """Return the judged pairs of different profiles by position, and whether they are one."""
    position = {ref: at for at, refs in enumerate(base.refs) for ref in refs}
    truth: dict[tuple[int, int], bool] = {}
    for word in words:
        if word.left in position and word.right in position and word.verdict != "unsure":
            left, right = sorted((position[word.left], position[word.right]))
            if left != right:
                truth[left, right] = word.verdict == "same"
    pairs = np.array(sorted(truth), dtype=np.int64).reshape(-1, 2)
    same = np.array([truth[pair] for pair in sorted(truth)], dtype=bool)
    return pairs[:, 0], pairs[:, 1], same


def _taught(
    base: Base, model: Model, scored: Scored, judged: tuple[Ints, Ints, NDArray[np.bool_]]
) -> Model:
    sure = np.flatnonzero(np.abs(scored.bits) >= SURE)
    sure = sure[:: -(-len(sure) // ANCHORS) or 1]
    examples = [(_compare(base, model, judged[0], judged[1], JUDGED), judged[2])]
    if len(sure):
        anchors = _compare(base, model, scored.left[sure], scored.right[sure], 1.0)
        examples.append((anchors, scored.bits[sure] > 0))
    return fit(examples, model)


def _compare(base: Base, model: Model, left: Ints, right: Ints, weight: float) -> Compare:
    compared = list(compare_pairs(model.kind, base.frame, left, right))
    return Compare(len(base.ids), compared, len(left), weight)
