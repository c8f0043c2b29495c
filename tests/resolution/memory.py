"""A hub's store of resolution kept in dictionaries: what a real one does between the pure calls."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from hub.model.resolution import Assignment, Edge, Judgement, Profile
from hub.resolution.division import Member
from hub.resolution.lasting import assign
from hub.resolution.model import Model
from hub.resolution.resolver import (
    Imprint,
    imprint,
    partition,
    propose,
    same_population,
    score,
    stale_tokens,
)
from hub.resolution.sources import of_records
from hub.resolution.tokens import TokenCounts


class Memory:
    """Records of one kind, walked through increments."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.profile_of: dict[str, int] = {}
        self.refs: dict[int, set[str]] = defaultdict(set)
        self.profiles: dict[int, Profile] = {}
        self.imprints: dict[int, Imprint] = {}
        self.holders: dict[int, set[int]] = defaultdict(set)
        self.edges: dict[tuple[int, int], Edge] = {}
        self.judgements: dict[tuple[str, str], Judgement] = {}
        self.entity_of: dict[str, str] = {}
        self.taken: set[str] = set()
        self.rescored = 0

    def change(
        self,
        changed: Mapping[str, Profile | None],
        judged: Iterable[Judgement] = (),
        withdrawn: Iterable[tuple[str, str]] = (),
    ) -> Assignment:
        """Take in new, changed and deleted (None) records and judgements, as one increment."""
        judged, withdrawn = list(judged), list(withdrawn)
        touched = {self.profile_of[ref] for ref in changed if ref in self.profile_of}
        touched |= self._profiles_of(ref for each in judged for ref in (each.left, each.right))
        touched |= self._profiles_of(ref for pair in withdrawn for ref in pair)
        outdated = self._component(touched)
        gone = [ref for ref, profile in changed.items() if profile is None]
        work = self._index(changed)
        outdated |= self._component(work & self.profiles.keys())
        for each in judged:
            self.judgements[(each.left, each.right)] = each
        for pair in withdrawn:
            self.judgements.pop(pair, None)
        self._rescore(work)
        alive = (outdated | work | touched | self._profiles_of(changed)) & self.profiles.keys()
        alive |= self._profiles_of(ref for each in judged for ref in (each.left, each.right))
        return self._recluster(self._component(alive), gone)

    def clusters(self) -> list[tuple[str, ...]]:
        """Return the records of each entity."""
        found: dict[str, list[str]] = defaultdict(list)
        for ref, entity in self.entity_of.items():
            found[entity].append(ref)
        return sorted(tuple(sorted(refs)) for refs in found.values())

    def _profiles_of(self, refs: Iterable[str]) -> set[int]:
        return {self.profile_of[ref] for ref in refs if ref in self.profile_of}

    def _index(self, changed: Mapping[str, Profile | None]) -> set[int]:
        """Bring postings up to date; return the profiles to work on."""
        population = len(self.profiles)
        before: Counter[int] = Counter()
        old = set(self.profiles)
        for ref, profile in changed.items():
            self._forget(ref, before)
            if profile is not None:
                self._remember(ref, profile, before)
        for profile_id in [each for each in self.profiles if not self.refs[each]]:
            for token in self.imprints[profile_id].tokens:
                before.setdefault(token, len(self.holders[token]))
                self.holders[token].discard(profile_id)
            del self.profiles[profile_id], self.imprints[profile_id], self.refs[profile_id]
        after = {token: len(self.holders[token]) for token in before}
        if not same_population(population, len(self.profiles)):
            return set(self.profiles) | old
        moved = stale_tokens(before, after, population=len(self.profiles))
        stale = {held for token in moved for held in self.holders[token]}
        return stale | (self.profiles.keys() ^ old)

    def _forget(self, ref: str, before: Counter[int]) -> None:
        if ref in self.profile_of:
            self.refs[self.profile_of.pop(ref)].discard(ref)

    def _remember(self, ref: str, profile: Profile, before: Counter[int]) -> None:
        made = imprint(profile, self.model)
        self.profile_of[ref] = made.profile_id
        self.refs[made.profile_id].add(ref)
        if made.profile_id not in self.profiles:
            self.profiles[made.profile_id] = profile
            self.imprints[made.profile_id] = made
            for token in made.tokens:
                before.setdefault(token, len(self.holders[token]))
                self.holders[token].add(made.profile_id)

    def _rescore(self, work: set[int]) -> None:
        self.edges = {pair: edge for pair, edge in self.edges.items() if not work & set(pair)}
        pairs = set()
        for each in sorted(work & self.profiles.keys()):
            held = {token: sorted(self.holders[token]) for token in self.imprints[each].tokens}
            counts = {token: len(holders) for token, holders in held.items()}
            found = propose(
                self.profiles[each], held, counts, population=len(self.profiles), model=self.model
            )
            pairs |= {(each, each)} | {(min(each, other), max(each, other)) for other in found}
        counts = {token: len(held) for token, held in self.holders.items()}
        self.rescored += len(pairs)
        for edge in score(
            self.profiles, pairs, TokenCounts(len(self.profiles), counts), self.model
        ):
            self.edges[(edge.left, edge.right)] = edge

    def _component(self, start: Iterable[int]) -> set[int]:
        """Return everything that links and judgements "same" join to the start."""
        near: dict[int, set[int]] = defaultdict(set)
        for (a, b), edge in self.edges.items():
            if edge.bits >= self.model.link:
                near[a].add(b)
                near[b].add(a)
        for each in self.judgements.values():
            known = self._profiles_of((each.left, each.right))
            if each.verdict == "same" and len(known) == 2:
                a, b = known
                near[a].add(b)
                near[b].add(a)
        found = set(start)
        queue = list(found)
        while queue:
            fresh = near[queue.pop()] - found
            found |= fresh
            queue += fresh
        return found

    def _recluster(self, component: set[int], gone: list[str]) -> Assignment:
        members = [
            Member(
                each,
                tuple(sorted(self.refs[each])),
                self.edges[(each, each)].bits if (each, each) in self.edges else -99.0,
                self.imprints[each].exclusive,
                of_records(sorted(self.refs[each])),
            )
            for each in component
        ]
        inside = [edge for pair, edge in self.edges.items() if set(pair) <= component]
        found = partition(members, inside, self.judgements.values(), self.model)
        living = [ref for refs in found.clusters for ref in refs]
        before = {ref: self.entity_of[ref] for ref in (*living, *gone) if ref in self.entity_of}
        done = assign(
            found.clusters,
            before=before,
            first_seen_ms=dict.fromkeys(living, 0),
            taken=frozenset(self.taken),
        )
        for ref in gone:
            self.entity_of.pop(ref, None)
        self.entity_of.update(done.entity_of)
        self.taken |= set(done.entity_of.values())
        return done
