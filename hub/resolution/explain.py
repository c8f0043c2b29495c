"""Says why two records are taken for one thing or not, and how a cluster came together."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from hub.model.resolution import Evidence, Explanation, Merge, Profile, probability_of
from hub.resolution.candidates import needed, token_weight
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.facets import Facets, facets_of, spoken
from hub.resolution.frame import frame_of
from hub.resolution.levels import Outcome
from hub.resolution.model import Interaction, Model
from hub.resolution.scoring import (
    asked,
    interaction_holds,
    level_bits,
    prior_bits,
    total_bits,
    tree_bits,
)
from hub.resolution.tokens import Counts, tokens_of_facets

_FACET = {"given_name": "person", "family_name": "person"}
_FACET |= dict.fromkeys(("form", "beyond", "trade"), "name")
_EITHER = {"site": ("domain", "name"), "writer": ("contact", "email")}
_BAR = 20
_TELLING = 0.5
"""Bits that a comparison must move what is told together to be named."""
_RARE = 8
"""Bits that a shared value tells of which it is asked whether it would turn a verdict."""


def why(
    left: Profile,
    right: Profile,
    counts: Counts,
    model: Model,
    *,
    settled: float | None = None,
    one_source: float = 0.0,
) -> Explanation:
    """Return the evidence for and against two records being one, comparison by comparison.

    counts: of all tokens of both. settled: the bits of their edge once rivals were heard, where
    the pair has an edge; the difference is shown as the evidence `rivals`. one_source: what an edge
    loses because both are of one source.
    """
    left, right = sorted((left, right), key=lambda side: side.id)
    sides = facets_of(left), facets_of(right)
    frame = frame_of(sides, counts)
    compared = list(compare_pairs(model.kind, frame, np.array([0]), np.array([1])))
    rows = [_evidence(each, sides, model, counts) for each in compared]
    rows += _interactions(compared, model)
    prior = prior_bits(model, counts.population)
    rows += _together(compared, prior + sum(row.bits for row in rows), model, counts)
    bits = prior + sum(row.bits for row in rows)
    rows += _of_their_edge(bits, settled, one_source)
    bits = bits if settled is None else settled
    shared = sorted(set(tokens_of_facets(sides[0])) & set(tokens_of_facets(sides[1])))
    compared_at_all = _shared_weight(shared, counts) >= needed(counts.population, model.propose)
    return Explanation(
        left=left.ref,
        right=right.ref,
        bits=bits,
        probability=probability_of(bits),
        prior=prior,
        evidence=tuple(row for row in rows if row.level != "missing"),
        shared_tokens=tuple(shared),
        candidate=compared_at_all,
        verdict=_verdict(bits, sides, compared_at_all, model),
        turning=_turning(bits, compared, model, counts),
    )


def _of_their_edge(bits: float, settled: float | None, one_source: float) -> Iterator[Evidence]:
    """Yield what a pair's fields do not tell, but its source and its rivals do."""
    if one_source:
        yield Evidence("source", (), (), "same", one_source)
    if settled is not None:
        yield Evidence("rivals", (), (), "heard", settled - bits - one_source)


def _evidence(
    each: Compared, sides: tuple[Facets, Facets], model: Model, counts: Counts
) -> Evidence:
    level = each.levels[int(each.outcome.levels[0])]
    bits = float(level_bits(model, each, counts.population)[0])
    return Evidence(
        each.name, _shown(each.name, sides[0]), _shown(each.name, sides[1]), level, bits
    )


def _shown(comparison: str, side: Facets) -> tuple[str, ...]:
    """Return the values of one side that a comparison looks at; those of two facets, of either."""
    if comparison in _EITHER:
        first, second = _EITHER[comparison]
        values = side.get(first) or side.get(second, ())
    else:
        values = side.get(_FACET.get(comparison, comparison), ())
    return tuple(map(spoken, values))


def _interactions(compared: Sequence[Compared], model: Model) -> list[Evidence]:
    holds = interaction_holds(model, {each.name: each for each in compared}, 1)
    return [
        Evidence(" and ".join(rule.when), (), (), _words(rule), rule.bits)
        for rule, held in zip(model.interactions, holds, strict=True)
        if held[0] and rule.bits
    ]


def _together(
    compared: Sequence[Compared], bits: float, model: Model, counts: Counts
) -> list[Evidence]:
    """Return what trees add to the bits of a pair, with the comparisons that this hangs on."""
    if not model.trees or not len(asked(compared, np.array([bits]))):
        return []
    known = [each for each in compared if each.outcome.levels[0]]
    without = [_varied(each, [(at, 0, 0)], len(known) + 1) for at, each in enumerate(known, 1)]
    told = tree_bits(model, without, np.arange(len(known) + 1), counts.population)
    moved = [(abs(told[0] - told[at]), each) for at, each in enumerate(known, 1)]
    named = sorted((one for one in moved if one[0] >= _TELLING), key=lambda one: -one[0])
    words = ", ".join(f"{each.name} {each.levels[each.outcome.levels[0]]}" for _, each in named)
    return [Evidence("together", (), (), words or "heard", float(told[0]))]


def _varied(each: Compared, changes: Sequence[tuple[int, int, int]], size: int) -> Compared:
    """Return a pair's comparison `size` times, at some places with what else it might show.

    changes: place, level, information.
    """
    levels, info = np.repeat(each.outcome.levels, size), np.repeat(each.outcome.info, size)
    for at, level, told in changes:
        levels[at], info[at] = level, told
    return replace(each, outcome=Outcome(levels, info))


def _words(rule: Interaction) -> str:
    return ", ".join(f"{name} {'/'.join(levels)}" for name, levels in rule.when.items())


def _shared_weight(tokens: Sequence[str], counts: Counts) -> int:
    held = counts.holders(tokens).tolist() if tokens else []
    return sum(
        token_weight(token, count, counts.population)
        for token, count in zip(tokens, held, strict=True)
    )


def _verdict(bits: float, sides: tuple[Facets, Facets], compared: bool, model: Model) -> str:
    for facet in model.vetoes:
        one, other = (set(side.get(facet, ())) for side in sides)
        if one and other and not one & other:
            return f"kept apart by {facet}"
    if not compared:
        return "not compared: they share too little"
    if bits >= model.merge:
        return "same"
    return "review" if bits >= model.review else "different"


def _turning(
    bits: float, compared: Sequence[Compared], model: Model, counts: Counts
) -> tuple[str, ...]:
    """Return what would turn the verdict: a level of one comparison each, all else as it is."""
    other = [
        (each, level, told)
        for each in compared
        for level, told in ((1, 0), (len(each.levels) - 1, _RARE))
        if each.levels[level] in model.weights.get(each.key, {}) and each.outcome.levels[0] != level
    ]
    varied = [
        _varied(
            each,
            [(at, level, told) for at, (one, level, told) in enumerate(other, 1) if one is each],
            len(other) + 1,
        )
        for each in compared
    ]
    total = total_bits(model, varied, counts.population)
    changed = bits + total[1:] - total[0]
    return tuple(
        f"{each.name}: {each.levels[level]}"
        for (each, level, _), then in zip(other, changed.tolist(), strict=True)
        if (then >= model.merge) != (bits >= model.merge)
    )


def how(refs: Collection[str], merges: Iterable[Merge]) -> tuple[Merge, ...]:
    """Return the merges that made one cluster, in order."""
    inside = set(refs)
    return tuple(each for each in merges if inside.issuperset((*each.left, *each.right)))


def table(explanation: Explanation) -> str:
    """Return an explanation as text: one line and one bar per comparison, then the sum."""
    rows = [("prior", "", "", "", explanation.prior)]
    rows += [
        (row.comparison, " | ".join(row.left), " | ".join(row.right), row.level, row.bits)
        for row in explanation.evidence
    ]
    rows.append(("sum", "", "", explanation.verdict, explanation.bits))
    most = max(abs(row[-1]) for row in rows) or 1.0
    head = f"{explanation.left}  ~  {explanation.right}"
    lines = [_line(*row, most=most) for row in rows]
    tail = [f"probability {explanation.probability:.4f}"]
    tail += [f"would turn it: {', '.join(explanation.turning)}"] if explanation.turning else []
    return "\n".join([head, *lines, *tail])


def _line(name: str, left: str, right: str, level: str, bits: float, *, most: float) -> str:
    size = round(abs(bits) / most * _BAR)
    bar = ("-" if bits < 0 else "+") * size
    return f"{name[:24]:24} {left[:28]:28} {right[:28]:28} {level[:24]:24} {bits:+8.2f} {bar}"
