"""A last look at companies: who mentions one from its domain means the one that has the domain.

A ticket knows who wrote and, at best, a part of a company's name. Two tickets of a company tell
little of each other, and their average over dozens tells less than each of them and the company's
own record do. But all records of a domain together tell whether one company has it or several.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import OSA

from hub.model.resolution import Merge
from hub.resolution.clustering import Knot, Signs
from hub.resolution.company import company_name
from hub.resolution.facets import Facets
from hub.resolution.groups import Links, components_of
from hub.resolution.letters import SLACK

BITS = 5.0
"""What a merge by domain counts: of those in invented hubs 97 % were right."""
MOST = 64
"""Clusters with a name from which on a domain is no company's: a provider's, an association's."""
ALIKE = 0.75
"""Share of letters without an edit from which on a word is another one, misspelt."""
SHORTEST = 3
"""Letters from which on the beginning of a word abbreviates it."""
SIGNS = ("domain", "name", "vat", "register_number")
"""The facets that `signs_of` reads."""
_NUMBERS = SIGNS[2:]
_Name = tuple[tuple[str, ...], str]
"""Telling words and legal form."""


def signs_of(facets: Facets) -> Signs:
    """Return what a company's record tells of whose its domains are."""
    domains, names, *numbers = (facets.get(which, ()) for which in SIGNS)
    return Signs(domains, names, tuple(zip(_NUMBERS, numbers, strict=True)))


def is_mention(refs: Iterable[str]) -> bool:
    """Return whether records are all parts of others, such as the company of a ticket."""
    return all("#" in ref for ref in refs)


def bring_home(
    knots: Sequence[Knot],
    found: Sequence[list[int]],
    edges: Links,
    apart: Iterable[tuple[int, int]],
) -> tuple[list[list[int]], list[Merge]]:
    """Return clusters of knots once mentions are with the company of their domain, and the merges.

    found: clusters of knots. edges: between knots; only what they join into one component is held
    against each other. apart: knots that a judgement parts.
    """
    if len(found) < 2 or not any(knot.signs and is_mention(knot.refs) for knot in knots):
        return list(found), []
    parties = _parties(knots, found)
    hosts: dict[int, set[int]] = defaultdict(set)
    for here in _by_domain(parties, _components(knots, found, edges)):
        for guest, host in _guests(here):
            hosts[guest].add(host)
    order = sorted(hosts, key=lambda guest: parties[guest].rank)
    goes = [(guest, min(hosts[guest])) for guest in order if len(hosts[guest]) == 1]
    of = {at: number for number, cluster in enumerate(found) for at in cluster}
    return _moved(parties, found, goes, [(of[a], of[b]) for a, b in apart])


@dataclass(slots=True)
class _Party:
    """One cluster, later with those that are one company with it. at: their numbers, its own first.

    numbers: (which, value) -> stated. size: knots.
    """

    at: list[int]
    refs: tuple[str, ...]
    size: int
    domains: set[str] = field(default_factory=set)
    names: set[_Name] = field(default_factory=set)
    numbers: set[tuple[str, str]] = field(default_factory=set)

    @property
    def mentions(self) -> bool:
        """Return whether all its records are parts of others."""
        return is_mention(self.refs)

    @property
    def rank(self) -> tuple[bool, int, tuple[str, ...]]:
        """Return when it is heard: those with records of their own first, then the largest."""
        return self.mentions, -self.size, self.refs

    def may_be(self, other: "_Party") -> bool:
        """Return whether no number and no name of the other one contradicts it."""
        called = (name in self.names or self._may_mean(name) for name in other.names)
        return not _differ(self.numbers, other.numbers) and all(called)

    def _may_mean(self, name: _Name) -> bool:
        """Return whether each of its names may be the same company's as another one."""
        return all(may_mean(own, name) for own in self.names)

    def hear(self, other: "_Party") -> None:
        """Be called what the other one is called, too."""
        self.names |= other.names
        self.numbers |= other.numbers

    def take(self, other: "_Party") -> None:
        """Hold what the other one holds, too."""
        self.at += other.at
        self.refs = tuple(sorted(self.refs + other.refs))
        self.hear(other)


def _parties(knots: Sequence[Knot], found: Sequence[Sequence[int]]) -> list[_Party]:
    """Return each cluster; what it tells is read only where it has a domain."""
    parties = []
    for number, cluster in enumerate(found):
        refs = tuple(sorted(ref for at in cluster for ref in knots[at].refs))
        told = [signs for at in cluster if (signs := knots[at].signs)]
        one = _Party([number], refs, len(cluster), {own for each in told for own in each.domains})
        if one.domains:
            one.names = {_name(text) for signs in told for text in signs.names}
            numbers = [each for signs in told for each in signs.numbers]
            one.numbers = {(which, value) for which, own in numbers for value in own}
        parties.append(one)
    return parties


def _name(text: str) -> _Name:
    read = company_name(text)
    return read.words, read.form


def _components(knots: Sequence[Knot], found: Sequence[Sequence[int]], edges: Links) -> list[int]:
    """Return for each cluster the number of the component that edges put it into."""
    of = np.zeros(len(knots), dtype=np.int64)
    for number, cluster in enumerate(found):
        of[cluster] = number
    joins = np.ones(len(edges.left), dtype=bool) if edges.joins is None else edges.joins
    found_in = components_of(of[edges.left], of[edges.right], joins, len(found))
    return [int(number) for number in found_in]


def _by_domain(parties: Sequence[_Party], component: Sequence[int]) -> Iterator[list[_Party]]:
    """Yield the clusters of each component that have a domain in common, in order of rank."""
    held: dict[tuple[str, int], list[_Party]] = defaultdict(list)
    for one, where in zip(parties, component, strict=True):
        for domain in one.domains:
            held[domain, where].append(one)
    for place in sorted(held):
        here = sorted(held[place], key=lambda one: one.rank)
        if len(here) > 1 and here[-1].mentions and sum(bool(one.names) for one in here) <= MOST:
            yield here


def _guests(here: Sequence[_Party]) -> Iterator[tuple[int, int]]:
    """Yield (cluster, the one it belongs to) for each mention that may mean one company only.

    A mention that fits none is another company of the domain; where there are two, a mention
    without a name may mean either.
    """
    homes: list[_Party] = []
    for one in sorted(here, key=lambda one: not one.names):
        if one.mentions and not one.names and len(homes) > 1:
            continue
        fits = _closest(one, [each for each in homes if each.may_be(one)]) if one.mentions else []
        if len(fits) == 1:
            yield one.at[0], fits[0].at[0]
            fits[0].hear(one)
        elif not fits and (one.names or not one.mentions or not homes):
            homes.append(replace(one, names=set(one.names), numbers=set(one.numbers)))


def _closest(one: _Party, homes: Sequence[_Party]) -> Sequence[_Party]:
    """Return those that bear its very name, of several words, where any does: `Weber Bau` may be
    short for a sister's name, too."""
    own = {words for words, _ in one.names if len(words) > 1}
    named = [home for home in homes if not own.isdisjoint(words for words, _ in home.names)]
    return named if len(homes) > 1 and named else homes


def _moved(
    parties: Sequence[_Party],
    found: Sequence[Sequence[int]],
    goes: Iterable[tuple[int, int]],
    apart: Iterable[tuple[int, int]],
) -> tuple[list[list[int]], list[Merge]]:
    """Return clusters of knots once each guest is with its host, but where something forbids it.

    Of a merge, the host is to the left. goes: (guest, host), apart: both clusters by number.
    """
    banned: dict[int, list[int]] = defaultdict(list)
    for a, b in apart:
        banned[a].append(b)
        banned[b].append(a)
    where = list(parties)
    merges = []
    for guest, host in goes:
        one, other = where[guest], where[host]
        parted = any(where[b] is other for a in one.at for b in banned.get(a, ()))
        if parted or _differ(one.numbers, other.numbers):
            continue
        merges.append(Merge(other.refs, one.refs, BITS, "domain"))
        other.take(one)
        for at in one.at:
            where[at] = other
    left = {id(one): one for one in where}.values()
    return [[knot for at in one.at for knot in found[at]] for one in left], merges


def _differ(one: Collection[tuple[str, str]], other: Collection[tuple[str, str]]) -> bool:
    """Return whether both sides state a number of one sort, and share none of them."""
    return any(
        ours.isdisjoint(theirs)
        for which in _NUMBERS
        if (ours := _of(one, which)) and (theirs := _of(other, which))
    )


def _of(numbers: Iterable[tuple[str, str]], which: str) -> set[str]:
    return {value for sort, value in numbers if sort == which}


@lru_cache(maxsize=1 << 16)
def may_mean(one: _Name, other: _Name) -> bool:
    """Return whether two names may be one company's: `HDZ GmbH` and `hdz Masch.-Bau`, not `HDZ AG`.

    Each word of the shorter one is among the other's, abbreviated or misspelt, or the whole is.
    """
    if one[1] and other[1] and one[1] != other[1]:
        return False
    few, many = sorted((one[0], other[0]), key=lambda words: (len(words), words))
    if all(any(_is_word(word, each) for each in many) for word in few):
        return True
    return OSA.normalized_similarity("".join(few), "".join(many)) >= ALIKE - SLACK


def _is_word(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) >= SHORTEST and long.startswith(short):
        return True
    return OSA.normalized_similarity(short, long) >= ALIKE - SLACK
