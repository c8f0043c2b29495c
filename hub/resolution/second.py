"""Says what the second round saw of two records: the groups they are in, held against each other.

The sums are those of `groups`; a test holds both together.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from hub.model.resolution import Edge, Evidence, Explanation, Judgement, probability_of
from hub.resolution.components import cluster_components
from hub.resolution.division import Member, lay_out
from hub.resolution.groups import (
    Groups,
    Meeting,
    between_groups,
    first_round,
    grains,
    meeting,
    of_groups,
    weighed,
)
from hub.resolution.masks import Bits
from hub.resolution.model import Again, Model
from hub.resolution.resolver import placed


def second_round(
    members: Iterable[Member],
    edges: Iterable[Edge],
    judgements: Iterable[Judgement],
    model: Model,
    pair: tuple[str, str],
) -> Explanation | None:
    """Return what the groups of two records (refs) tell of each other once all are groups.

    members, edges, judgements: of whole components. Each side's evidence names the records of its
    group. None where no second round held the two against each other: the model knows none, one
    group holds both, or nothing of one component is between their groups.
    """
    again = model.second
    if again is None:
        return None
    known, _, links = placed(members, edges)
    laid = lay_out(known, links, judgements, model)
    found, _ = cluster_components(
        laid.knots, laid.edges, laid.same, laid.apart, first_round(model, again)
    )
    held = of_groups(laid.knots, found, laid.edges)
    sides = [next((at for at, one in enumerate(held.knots) if ref in one.refs), -1) for ref in pair]
    met = meeting(held, laid.edges, model)
    at = np.flatnonzero((met.left == min(sides)) & (met.right == max(sides)))
    if min(sides) < 0 or not len(at):
        return None
    bits = between_groups(held, laid.edges, model, again).bits
    return _told(held, met, bits, int(at[0]), (sides, pair), (model, again))


def _told(
    held: Groups,
    met: Meeting,
    bits: Bits,
    at: int,
    asked: tuple[Sequence[int], tuple[str, str]],
    by: tuple[Model, Again],
) -> Explanation:
    sides, pair = asked
    model, again = by
    one, other = (held.knots[side].refs for side in sides)
    sizes = [int(held.size[side]) for side in sides]
    rows = [
        Evidence(
            "average", one, other, f"of {met.average[at]:+.2f}", again.average * met.average[at]
        ),
        Evidence("sources", (), (), f"of {met.sources[at]:+.2f}", again.sources * met.sources[at]),
        *_of_their_place(held, met, at, again),
    ]
    told = float(bits[at])
    rest = told - again.shift - sum(row.bits for row in rows)
    name = "alone" if max(sizes) == 1 else "rounding"
    rows.append(Evidence(name, (), (), "heard", rest))
    return Explanation(
        left=pair[0],
        right=pair[1],
        bits=told,
        probability=probability_of(told),
        prior=again.shift,
        evidence=tuple(row for row in rows if row.bits),
        shared_tokens=(),
        candidate=True,
        verdict="same" if told >= model.merge else "different",
    )


def _of_their_place(held: Groups, met: Meeting, at: int, again: Again) -> tuple[Evidence, Evidence]:
    """Return what rivals and sizes take off, once the groups' average and sources are weighed."""
    own = grains(again.shift + again.average * met.average + again.sources * met.sources)
    size = [int(held.size[side]) for side in (met.left[at], met.right[at])]
    lost = again.smaller * np.log2(min(size)) + again.larger * np.log2(max(size))
    rivals = weighed(held, met, again)[at] + lost - own[at]
    return (
        Evidence("rivals", (), (), "heard", float(rivals)),
        Evidence("size", (), (), f"{size[0]} and {size[1]}", -float(lost)),
    )
