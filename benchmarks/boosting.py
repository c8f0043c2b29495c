"""Grows the trees of a model: each on what the model and the trees before it still get wrong.

Gradient boosting by Newton steps (Friedman 2001; Chen and Guestrin 2016), with the laws of
`hub.resolution.laws` as a part of what is minimised: no tree may learn from worlds full of sisters
that to agree on more speaks against. The same examples give the same trees.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.resolution.catalogue import Compared
from hub.resolution.laws import LATER, cases
from hub.resolution.model import Model, grained
from hub.resolution.scoring import NEAR, total_bits
from hub.resolution.tokens import size_step
from hub.resolution.training import LAW_POPULATION, Compare
from hub.resolution.trees import HELD, INFORMATION_BITS, Split, Tree

ASKED = (
    "name", "beyond", "trade", "form", "contact", "site", "writer", "email", "domain", "phone",
    "street", "postcode", "city", "vat",
)  # fmt: skip
"""Comparisons that trees ask about: those that every world has something to tell of."""
TREES = 192
LEAVES = 16
DEEPEST = 7
RATE = 0.15
"""How far each tree goes towards what would be best: the rest is left to later ones."""
PULL = 10.0
"""How strongly bits are pulled to nothing, in matches at even odds times four."""
LEAST_TOLD = 5.0
"""What each leaf's pairs must tell, in the same measure."""
LAW = 0.3
"""What a square bit costs by which a law is broken."""
MIXED = 8
LN2 = float(np.log(2.0))
Example = tuple[Compare, NDArray[np.bool_]]
Numbers = NDArray[np.float64]
Codes = NDArray[np.int16]


@dataclass(slots=True)
class _Question:
    """What may be asked: the distinct answers there are, ascending, and the code of each row's."""

    comparison: str
    held: bool
    answers: NDArray[np.int64]
    codes: Codes


@dataclass(slots=True)
class _Rows:
    """What is learnt from. odds: before any tree, natural; less, more: cases of laws, by row."""

    questions: list[_Question]
    odds: Numbers
    truth: Numbers
    weight: Numbers
    less: NDArray[np.int64]
    more: NDArray[np.int64]
    levels: dict[str, tuple[str, ...]]


def grown(
    examples: Iterable[Example], model: Model, *, count: int = TREES, mixed: int = MIXED
) -> tuple[Tree, ...]:
    """Return trees that tell what the bits of a model leave open.

    mixed: how often each case of a law is told with information drawn for each comparison.
    """
    rows = _rows(examples, model, mixed)
    trees = []
    for _ in range(count):
        tree, bits = _tree(rows, *_slopes(rows))
        trees.append(tree)
        rows.odds += LN2 * bits
    return tuple(trees)


def _rows(examples: Iterable[Example], model: Model, mixed: int) -> _Rows:
    """Return the pairs that trees are asked about, those that answer the same as one."""
    asked, odds, truths, weights = [], [], [], []
    levels: dict[str, tuple[str, ...]] = {}
    for each, same in examples:
        bits = total_bits(model, each.compared, each.population)
        levels |= {one.name: one.levels for one in each.compared}
        near = np.flatnonzero(bits >= NEAR)
        asked.append(_answers(each.compared, near, each.population))
        odds.append(bits[near])
        truths.append(same[near])
        weights.append(np.full(len(near), each.weight))
    answers, bits = np.concatenate(asked), np.concatenate(odds)
    truth, weight = np.concatenate(truths).astype(np.float64), np.concatenate(weights)
    drawn = np.random.default_rng(1).random(answers.shape[1] + 2)
    mark = np.round(answers @ drawn[2:] + drawn[0] * bits + drawn[1] * truth, 9)
    _, first, back = np.unique(mark, return_index=True, return_inverse=True)
    laws, law_bits, less, more = _laws(model, len(first), mixed)
    every = np.concatenate([answers[first], laws])
    return _Rows(
        [_question(at, column) for at, column in enumerate(every.T)],
        LN2 * np.concatenate([bits[first], law_bits]),
        truth[first],
        np.bincount(back, weight, len(first)).astype(np.float64),
        less,
        more,
        levels,
    )


def _answers(
    compared: Sequence[Compared], at: NDArray[np.int64], population: int
) -> NDArray[np.int64]:
    """Return per pair what each comparison shows, and the holders of what is shared in it."""
    reached = {each.name: each.outcome for each in compared}
    found = np.zeros((len(at), 2 * len(ASKED)), dtype=np.int64)
    for column, name in enumerate(ASKED):
        if name in reached:
            told = reached[name].info[at].astype(np.int64)
            level = reached[name].levels[at].astype(np.int64)
            found[:, column] = level << INFORMATION_BITS | told
            held = np.where(told > 0, size_step(population) - told, 0)
            found[:, len(ASKED) + column] = held
    return found


def _laws(
    model: Model, rows: int, mixed: int
) -> tuple[NDArray[np.int64], Numbers, NDArray[np.int64], NDArray[np.int64]]:
    """Return the cases of laws as rows behind others, their bits, and which must not beat which."""
    answers, bits, less, more, at = [], [], [], [], rows
    for among in (None, LATER):
        compared, fewer, greater = cases(model, among, mixed=mixed)
        size = len(compared[0].outcome.levels)
        answers.append(_answers(compared, np.arange(size), LAW_POPULATION))
        bits.append(total_bits(model, compared, LAW_POPULATION))
        less.append(fewer + at)
        more.append(greater + at)
        at += size
    every = np.concatenate(answers), np.concatenate(bits)
    return *every, np.concatenate(less), np.concatenate(more)


def _question(at: int, column: NDArray[np.int64]) -> _Question:
    answers, codes = np.unique(column, return_inverse=True)
    return _Question(ASKED[at % len(ASKED)], at >= len(ASKED), answers, codes.astype(np.int16))


def _slopes(rows: _Rows) -> tuple[Numbers, Numbers]:
    """Return the slope of the loss at each row, by bits, and how the slope changes."""
    learnt = len(rows.truth)
    slope, curve = np.zeros(len(rows.odds)), np.zeros(len(rows.odds))
    chance = 1.0 / (1.0 + np.exp(-np.clip(rows.odds[:learnt], -60.0, 60.0)))
    slope[:learnt] = rows.weight * (chance - rows.truth)
    curve[:learnt] = rows.weight * chance * (1.0 - chance)
    broken = (rows.odds[rows.more] - rows.odds[rows.less]) / LN2
    at = np.flatnonzero(broken < 0.0)
    pushed = 2.0 * LAW * broken[at] / LN2
    for side, sign in ((rows.more[at], 1.0), (rows.less[at], -1.0)):
        slope += np.bincount(side, sign * pushed, len(slope))
        curve += np.bincount(side, minlength=len(slope)) * 2.0 * LAW / LN2**2
    return slope, curve


@dataclass(slots=True)
class _Leaf:
    """Rows that end in one place, and the best question to part them, with what it would gain."""

    rows: NDArray[np.int64]
    depth: int
    sums: list[tuple[Numbers, Numbers]]
    gain: float = 0.0
    question: int = -1
    code: int = 0


def _tree(rows: _Rows, slope: Numbers, curve: Numbers) -> tuple[Tree, Numbers]:
    """Return the tree that lowers the loss most, question by question, and its bits by row."""
    first = _leaf(rows, np.arange(len(slope)), 0, slope, curve)
    leaves: list[_Leaf] = [first]
    parted: dict[int, tuple[_Leaf, _Leaf]] = {}
    while len(leaves) < LEAVES:
        best = max(leaves, key=lambda each: each.gain)
        if best.gain <= 0.0:
            break
        yes = rows.questions[best.question].codes[best.rows] >= best.code
        sides = _sides(rows, best, yes, slope, curve)
        parted[id(best)] = sides
        leaves = [each for each in leaves if each is not best] + list(sides)
    bits = np.zeros(len(slope))
    return tuple(_nodes(first, parted, rows, bits, (slope, curve))), bits


def _nodes(
    leaf: _Leaf,
    parted: dict[int, tuple[_Leaf, _Leaf]],
    rows: _Rows,
    bits: Numbers,
    told: tuple[Numbers, Numbers],
) -> list[Split | float]:
    """Return a leaf, or what became of it, in the order of a tree; its rows get their bits."""
    if id(leaf) not in parted:
        slope, curve = (float(each[leaf.rows].sum()) for each in told)
        worth = grained(-RATE * slope / (curve + PULL) / LN2)
        bits[leaf.rows] = worth
        return [worth]
    asked = rows.questions[leaf.question]
    no, yes = (_nodes(each, parted, rows, bits, told) for each in parted[id(leaf)])
    return [_split(asked, int(asked.answers[leaf.code]), rows.levels), *no, *yes]


def _split(asked: _Question, answer: int, levels: dict[str, tuple[str, ...]]) -> Split:
    if asked.held:
        return Split(asked.comparison, HELD, answer)
    level = levels[asked.comparison][answer >> INFORMATION_BITS]
    return Split(asked.comparison, level, answer & (1 << INFORMATION_BITS) - 1)


def _sides(
    rows: _Rows, leaf: _Leaf, yes: NDArray[np.bool_], slope: Numbers, curve: Numbers
) -> tuple[_Leaf, _Leaf]:
    """Return both sides of a leaf that is parted; only the smaller one is counted."""
    no_rows, yes_rows = leaf.rows[~yes], leaf.rows[yes]
    fewer = min(no_rows, yes_rows, key=len)
    one = _leaf(rows, fewer, leaf.depth + 1, slope, curve)
    rest = [
        (whole[0] - part[0], whole[1] - part[1])
        for whole, part in zip(leaf.sums, one.sums, strict=True)
    ]
    other = _asking(_Leaf(yes_rows if fewer is no_rows else no_rows, leaf.depth + 1, rest))
    return (one, other) if fewer is no_rows else (other, one)


def _leaf(rows: _Rows, at: NDArray[np.int64], depth: int, slope: Numbers, curve: Numbers) -> _Leaf:
    own, bent = slope[at], curve[at]
    sums = []
    for each in rows.questions:
        codes, size = each.codes[at], len(each.answers)
        both = np.bincount(codes, own, size), np.bincount(codes, bent, size)
        sums.append((both[0].astype(np.float64), both[1].astype(np.float64)))
    return _asking(_Leaf(at, depth, sums))


def _asking(leaf: _Leaf) -> _Leaf:
    """Return the leaf with its best question."""
    if leaf.depth == DEEPEST:
        return leaf
    for number, (slopes, curves) in enumerate(leaf.sums):
        if len(slopes) < 2:
            continue
        whole, bent = float(slopes.sum()), float(curves.sum())
        above = np.cumsum(slopes[::-1])[::-1][1:], np.cumsum(curves[::-1])[::-1][1:]
        below = whole - above[0], bent - above[1]
        gain = above[0] ** 2 / (above[1] + PULL) + below[0] ** 2 / (below[1] + PULL)
        gain -= whole**2 / (bent + PULL)
        gain[(above[1] < LEAST_TOLD) | (below[1] < LEAST_TOLD)] = 0.0
        best = int(np.argmax(gain))
        if gain[best] > leaf.gain + 1e-9:
            leaf.gain, leaf.question, leaf.code = float(gain[best]), number, best + 1
    return leaf
