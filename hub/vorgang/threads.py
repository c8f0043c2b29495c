"""Joins records into business cases along their flow links, and shares out what is of several."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hub.model.vorgang import Membership
from hub.vorgang.flow import FOUNDING, TRUNK, rank

AmountOf = Callable[["FlowLink"], int | None]

WHOLE = 10_000
"""Shares are reckoned in hundredths of a percent."""


@dataclass(frozen=True, slots=True)
class FlowLink:
    """A link along the flow. upper: the earlier end; weight: the amount that this link alone
    stands for, where a line of an invoice says so."""

    id: str
    upper: str
    lower: str
    score: float
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """One business case: its members in the order of the flow."""

    members: tuple[Membership, ...]

    @property
    def own(self) -> tuple[str, ...]:
        """Return the members that are of no other thread; there is always one."""
        return tuple(one.ref for one in self.members if one.share_pct == 100)

    @property
    def confidence(self) -> float:
        """Return the score of the weakest link that holds it together."""
        return min(member.score for member in self.members)


@dataclass(slots=True)
class _Growth:
    """Threads as they grow. homes: record -> thread -> its share in hundredths of a percent."""

    kinds: Mapping[str, str]
    amounts: Mapping[str, int]
    threads: list[dict[str, Membership]] = field(default_factory=list)
    homes: dict[str, dict[int, int]] = field(default_factory=dict)

    def found(self, members: Iterable[Membership]) -> None:
        grown = {member.ref: member for member in members}
        self.homes.update({ref: {len(self.threads): WHOLE} for ref in grown})
        self.threads.append(grown)


def threads(
    kinds: Mapping[str, str], links: Iterable[FlowLink], amounts: Mapping[str, int]
) -> list[Thread]:
    """Return the threads of whole neighbourhoods; the result depends on no order.

    kinds: record -> its kind in the flow; links to other records are not heard. amounts: record ->
    what it is worth, by which a record that follows from several of them is shared.
    """
    heard = sorted(
        (one for one in links if one.upper in kinds and one.lower in kinds),
        key=lambda one: (-one.score, one.id, one.upper, one.lower),
    )
    growth = _Growth(kinds, amounts)
    for trunk in _trunks(kinds, heard):
        growth.found(trunk)
    above: dict[str, list[FlowLink]] = {}
    for link in heard:
        above.setdefault(link.lower, []).append(link)
    branches = (ref for ref in kinds if kinds[ref] not in TRUNK)
    for ref in sorted(branches, key=lambda ref: (rank(kinds[ref]), ref)):
        _grow(growth, ref, [link for link in above.get(ref, ()) if link.upper in growth.homes])
    return [_thread(members, kinds) for members in growth.threads]


def _trunks(kinds: Mapping[str, str], links: Sequence[FlowLink]) -> list[list[Membership]]:
    """Return each trunk, held by its strongest links, from its founder on."""
    head: dict[str, str] = {ref: ref for ref in kinds if kinds[ref] in TRUNK}

    def find(ref: str) -> str:
        while head[ref] != ref:
            head[ref] = head[head[ref]]
            ref = head[ref]
        return ref

    beside: dict[str, list[tuple[str, FlowLink]]] = {ref: [] for ref in head}
    for link in links:
        if link.upper in head and link.lower in head:
            one, other = find(link.upper), find(link.lower)
            if one != other:
                head[max(one, other)] = min(one, other)
                beside[link.upper].append((link.lower, link))
                beside[link.lower].append((link.upper, link))
    found, seen = [], set[str]()
    for founder in sorted(head, key=lambda ref: (rank(kinds[ref]), ref)):
        if founder not in seen:
            found.append(_spread(founder, beside, kinds))
            seen.update(member.ref for member in found[-1])
    return found


def _spread(
    founder: str, beside: Mapping[str, Sequence[tuple[str, FlowLink]]], kinds: Mapping[str, str]
) -> list[Membership]:
    members = {founder: Membership(founder, kinds[founder], "trunk", 100.0, None, 1.0)}
    fringe = [founder]
    while fringe:
        ref = fringe.pop()
        for other, link in beside[ref]:
            if other not in members:
                members[other] = Membership(
                    other, kinds[other], "trunk", 100.0, link.id, link.score
                )
                fringe.append(other)
    return list(members.values())


def _grow(growth: _Growth, ref: str, held: Sequence[FlowLink]) -> None:
    """Add a branch to every thread that it follows from."""
    kind = growth.kinds[ref]
    if not held:
        if kind in FOUNDING:
            growth.found([Membership(ref, kind, "branch", 100.0, None, 1.0)])
        return
    best: dict[int, FlowLink] = {}
    for link in held:  # the strongest first
        for at in growth.homes[link.upper]:
            best.setdefault(at, link)
    shares = _shares(growth, held, sorted(best))
    growth.homes[ref] = shares
    for at, link in best.items():
        share_pct = shares[at] / 100
        growth.threads[at][ref] = Membership(ref, kind, "branch", share_pct, link.id, link.score)


def _shares(growth: _Growth, held: Sequence[FlowLink], at: Sequence[int]) -> dict[int, int]:
    """Share a branch out: by its lines, else by what it follows from is worth, else evenly."""
    if len(at) == 1:
        return {at[0]: WHOLE}
    lines = [link for link in held if link.weight is not None]
    for some, amount_of in (
        (lines, lambda link: link.weight),
        (held, lambda link: growth.amounts.get(link.upper)),
    ):
        weights = _weights(growth, some, amount_of, at)
        if weights is not None:
            return _in_parts(weights)
    return _in_parts(dict.fromkeys(at, 1))


def _weights(
    growth: _Growth, links: Sequence[FlowLink], amount_of: AmountOf, at: Sequence[int]
) -> dict[int, int] | None:
    """Return what speaks for each thread, None where one of them has nothing that is known.

    An order and its project speak for the same work: of several kinds the one worth most counts.
    """
    by_kind: dict[tuple[int, str], int] = {}
    for link in links:
        amount = amount_of(link)
        if not amount:
            return None
        for thread, share in growth.homes[link.upper].items():
            place = (thread, growth.kinds[link.upper])
            by_kind[place] = by_kind.get(place, 0) + abs(amount) * share
    weights: dict[int, int] = {}
    for (thread, _), weight in by_kind.items():
        weights[thread] = max(weights.get(thread, 0), weight)
    return weights if all(weights.get(one) for one in at) else None


def _in_parts(weights: Mapping[int, int]) -> dict[int, int]:
    """Return parts of WHOLE in proportion, none of them nothing, that sum to it exactly."""
    total = sum(weights.values())
    parts = {at: WHOLE * weight // total for at, weight in weights.items()}
    largest_rest = sorted(weights, key=lambda at: (-(WHOLE * weights[at] % total), at))
    for at in largest_rest[: WHOLE - sum(parts.values())]:
        parts[at] += 1
    for at in sorted(parts):
        if parts[at] == 0:
            parts[max(parts, key=lambda one: (parts[one], -one))] -= 1
            parts[at] = 1
    return parts


def _thread(members: Mapping[str, Membership], kinds: Mapping[str, str]) -> Thread:
    return Thread(tuple(sorted(members.values(), key=lambda one: (rank(kinds[one.ref]), one.ref))))
