"""Works out anew who is who around the records that changed, and nothing else.

What changed is committed first, alone; then follows what that moved elsewhere: a token that more
records hold weighs less for all of them. In between the clusters are those of the old weights.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.clock import instant_text
from hub.pipeline.imprint import Imprint, imprint, imprint_again
from hub.pipeline.scores import enough_for_whole, score_new, score_stale, score_whole
from hub.pipeline.settle import Told, settle_around, settle_whole
from hub.resolution import resolver
from hub.resolution.edition import EDITION
from hub.resolution.model import Model
from hub.store import canonical, entities, work
from hub.store import profiles as index
from hub.store.database import Database, Tx
from hub.store.profiles import Base

WHOLE = 500
"""From so many profiles to work on (in a large kind: from a share), the whole kind is scored at
once: that is then cheaper."""
_ALL = 0
"""Stands for every token of a kind."""


def resolve(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> int:
    """Work off all records that are due; return how many there were.

    models: kind -> model. Where a kind's model is another than its profiles were scored with, all
    of them are scored again. whole_from: decides about time alone, never about the result.
    """
    done = resolve_due(db, models, now, whole_from=whole_from)
    reweigh(db, models, now, whole_from=whole_from)
    return done


def resolve_due(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> int:
    """Work off the records that are due, by the old weights of what they did not touch."""
    with db.transaction() as tx:
        refs = work.take(tx, "resolve", 1_000_000)
        for kind, due in _by_kind(tx, refs, models):
            _resolve_due(tx, Told(kind, due, (), instant_text(now)), models[kind], whole_from)
        work.done(tx, "resolve", refs, refs.marks)
    return len(refs)


def _by_kind(
    tx: Tx, refs: Sequence[str], models: Mapping[str, Model]
) -> list[tuple[str, list[str]]]:
    """Return what is due kind by kind.

    What is of another kind now leaves its old one first, and comes new to the other. Who leaves
    that one for good leaves with it, and never stands among what stays.
    """
    was = entities.kinds(tx, refs)
    stand = {ref: kind for ref, kind, _, _ in canonical.told(tx, refs)}
    left = {ref: kind for ref, kind in was.items() if stand.get(ref) != kind}
    turned = {kind for ref, kind in left.items() if ref in stand}
    leaving = {ref: kind for ref, kind in left.items() if kind in turned}
    found = []
    for some in (leaving, was | stand):
        for kind in models:
            due = [ref for ref in refs if some.get(ref) == kind]
            if due:
                found.append((kind, due))
    return found


def _resolve_due(tx: Tx, told: Told, model: Model, whole_from: int) -> None:
    """Resolve the records that are due; note the tokens that weigh something else since."""
    done = imprint(tx, told.kind, model, list(told.refs))
    told = Told(told.kind, told.refs, done.gone, told.now)
    if _is_whole(done, model, whole_from):
        index.add(tx, told.kind, done.new)
        done.new.clear()  # read again as columns; both at once would be most of the memory
        done.held.clear()
        _resolve_whole(tx, told, model, done.population)
        return
    if done.before != (now := Base(model.name, done.population, EDITION)):
        index.save_base(tx, told.kind, now)
    stale = set(done.stale)
    if not resolver.same_population(done.before.profiles, done.population):
        stale = {_ALL}
    work.add(tx, "reweigh", _items(told.kind, stale))
    score_new(tx, told.kind, model, done)
    settle_around(tx, told, done.touched, model)


def _is_whole(done: Imprint, model: Model, whole_from: int) -> bool:
    """Return whether all of a kind is scored: nothing else would do, or it is cheaper."""
    if not done.before.profiles or not _stands(done.before, model):
        return True
    return len(done.new) >= enough_for_whole(done.population, whole_from)


def _stands(base: Base, model: Model) -> bool:
    """Return whether all of a kind was scored with this model, out of tokens of this edition."""
    return (base.model, base.edition) == (model.name, EDITION)


def _resolve_whole(tx: Tx, told: Told, model: Model, population: int) -> None:
    before = index.base(tx, told.kind)
    if before.profiles and before.edition != EDITION:
        imprint_again(tx, told.kind, model)
    base, scored = score_whole(tx, told.kind, model)
    index.save_base(tx, told.kind, Base(model.name, population, EDITION))
    settle_whole(tx, told, base, scored, model)
    work.done(tx, "reweigh", _items(told.kind, _stale(tx).get(told.kind, ())))


# --- what weighs something else -------------------------------------------------------------------


def reweigh(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> None:
    """Score again what depends on tokens that weigh something else, or on another model."""
    with db.transaction() as tx:
        stale = _stale(tx)
        for kind, model in models.items():
            base = index.base(tx, kind)
            told = Told(kind, (), (), instant_text(now))
            tokens = stale.get(kind, set())
            if _ALL in tokens or (base.profiles and not _stands(base, model)):
                _resolve_whole(tx, told, model, base.profiles)
            elif tokens:
                _reweigh_some(tx, told, model, tokens, whole_from)


def _reweigh_some(tx: Tx, told: Told, model: Model, tokens: set[int], whole_from: int) -> None:
    touched = score_stale(tx, told.kind, model, tokens, whole_from=whole_from)
    if touched is None:
        _resolve_whole(tx, told, model, index.base(tx, told.kind).profiles)
        return
    work.done(tx, "reweigh", _items(told.kind, tokens))
    if touched:
        settle_around(tx, told, touched, model)


def _items(kind: str, tokens: Sequence[int] | set[int]) -> list[str]:
    return [f"{kind}:{token}" for token in sorted(tokens)]


def _stale(tx: Tx) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for item in work.take(tx, "reweigh", 1_000_000):
        kind, _, token = item.partition(":")
        found.setdefault(kind, set()).add(int(token))
    return found
