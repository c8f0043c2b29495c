"""Says why two records are taken for one thing or not, and how a cluster came together."""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from hub.model.resolution import Evidence, Explanation, Merge, Profile, probability_of
from hub.resolution.candidates import needed, token_weight
from hub.resolution.catalogue import Compared, compare_pairs
from hub.resolution.facets import Facets, facets_of
from hub.resolution.frame import frame_of
from hub.resolution.model import Interaction, Model
from hub.resolution.scoring import interaction_holds, level_bits, prior_bits
from hub.resolution.tokens import Counts, tokens_of_facets

_FACET = {"given_name": "person", "family_name": "person"}
_FACET |= dict.fromkeys(("form", "beyond", "trade"), "name")
_EITHER = {"site": ("domain", "name"), "writer": ("contact", "email")}
_BAR = 20


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
        turning=_turning(bits, compared, rows, model),
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
        return side.get(first) or side.get(second, ())
    return side.get(_FACET.get(comparison, comparison), ())


def _interactions(compared: Sequence[Compared], model: Model) -> list[Evidence]:
    holds = interaction_holds(model, {each.name: each for each in compared}, 1)
    return [
        Evidence(" and ".join(rule.when), (), (), _words(rule), rule.bits)
        for rule, held in zip(model.interactions, holds, strict=True)
        if held[0] and rule.bits
    ]


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
    bits: float, compared: Sequence[Compared], rows: Sequence[Evidence], model: Model
) -> tuple[str, ...]:
    """Return what would turn the verdict: a level of one comparison each, all else as it is."""
    found = []
    for each, row in zip(compared, rows, strict=False):
        weights = model.weights.get(each.key, {})
        for level in (each.levels[1], each.levels[-1]):
            if level not in weights or level == row.level:
                continue
            weight = weights[level]
            changed = bits - row.bits + weight.base + weight.slope * min(weight.cap, 8)
            if (changed >= model.merge) != (bits >= model.merge):
                found.append(f"{each.name}: {level}")
    return tuple(found)


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
