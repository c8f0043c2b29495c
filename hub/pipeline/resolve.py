"""Works out anew who is who around the records that changed, and nothing else.

What changed is committed first, alone; then follows what that moved elsewhere: a token that more
records hold weighs less for all of them. In between the clusters are those of the old weights.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.clock import instant_text
from hub.pipeline.imprint import Imprint, imprint, read_on
from hub.pipeline.reweigh import STAGE, forget, noted, rescore, rescore_holders
from hub.pipeline.scores import enough_for_whole, score_new, score_whole
from hub.pipeline.settle import Told, settle_around, settle_whole
from hub.resolution import resolver
from hub.resolution.candidates import MOST_HOLDERS
from hub.resolution.edition import EDITION
from hub.resolution.model import Model
from hub.store import canonical, entities, holders, work
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
    while reweigh_some(db, models, now, whole_from=whole_from):
        db.give_way()
        done += resolve_due(db, models, now, whole_from=whole_from)
    return done


def resolve_some(db: Database, models: Mapping[str, Model], now: datetime) -> int:
    """Work off all records that are due and some of what that moved elsewhere; return how many
    records there were."""
    done = resolve_due(db, models, now)
    if reweigh_some(db, models, now):
        db.give_way()
    return done


def resolve_due(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> int:
    """Work off the records that are due, by the old weights of what they did not touch.

    None is while profiles are of an earlier edition: `reweigh_some` reads those anew first.
    """
    with db.transaction() as tx:
        return 0 if _unread(tx, models) else _work_off(tx, models, now, whole_from)


def _work_off(tx: Tx, models: Mapping[str, Model], now: datetime, whole_from: int) -> int:
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
    if _unread(tx, {told.kind: model}):
        holders.count_again(tx, told.kind, MOST_HOLDERS)
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


def _unread(tx: Tx, models: Mapping[str, Model]) -> list[str]:
    """Return the kinds whose profiles are of another edition."""
    bases = index.bases(tx)
    return [
        kind
        for kind in models
        if kind in bases and bases[kind].profiles and bases[kind].edition != EDITION
    ]


def _stands(base: Base, model: Model) -> bool:
    """Return whether all of a kind was scored with this model, out of tokens of this edition."""
    return (base.model, base.edition) == (model.name, EDITION)


def _resolve_whole(tx: Tx, told: Told, model: Model, population: int) -> None:
    if _unread(tx, {told.kind: model}):
        holders.count_again(tx, told.kind, MOST_HOLDERS)
    base, scored = score_whole(tx, told.kind, model)
    index.save_base(tx, told.kind, Base(model.name, population, EDITION))
    settle_whole(tx, told, base, scored, model)
    work.done(tx, "reweigh", _items(told.kind, _stale(tx).get(told.kind, ())))
    forget(tx, told.kind)


# --- what weighs something else -------------------------------------------------------------------


def reweigh(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> None:
    """Score again all that depends on tokens that weigh something else, or on another model."""
    while reweigh_some(db, models, now, whole_from=whole_from):
        pass


def reweigh_some(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> bool:
    """Score some of that again, in one transaction; return whether something may be left.

    Profiles of an earlier edition are read anew before all else, some at a time.
    """
    with db.transaction() as tx:
        unread = _unread(tx, models)
        if any(read_on(tx, kind, models[kind]) for kind in unread):
            return True
        if unread:  # who is gone since must not stand among what is scored whole
            _work_off(tx, models, now, whole_from)
        stale = _stale(tx)
        due = [_reweigh(tx, kind, one, stale, now, whole_from) for kind, one in models.items()]
        if not any(due):
            _rescore(tx, models, now)
        return bool(unread or work.take(tx, STAGE, 1))


def _reweigh(
    tx: Tx,
    kind: str,
    model: Model,
    stale: Mapping[str, set[int]],
    now: datetime,
    whole_from: int,
) -> bool:
    """Score what stale tokens weigh in, or note it where that is much; False where nothing is."""
    base, tokens = index.base(tx, kind), stale.get(kind, set())
    told = Told(kind, (), (), instant_text(now))
    touched = None
    if _ALL not in tokens and (not base.profiles or _stands(base, model)):
        if not tokens:
            return False
        touched = rescore_holders(tx, kind, model, tokens, whole_from=whole_from)
    if touched is None:
        _resolve_whole(tx, told, model, base.profiles)
        return True
    work.done(tx, "reweigh", _items(kind, tokens))
    if touched:
        settle_around(tx, told, touched, model)
    return True


def _rescore(tx: Tx, models: Mapping[str, Model], now: datetime) -> None:
    kind, due, items = noted(tx)
    if due:
        touched = rescore(tx, kind, models[kind], due)
        settle_around(tx, Told(kind, (), (), instant_text(now)), touched, models[kind])
        work.done(tx, STAGE, items)


def _items(kind: str, tokens: Sequence[int] | set[int]) -> list[str]:
    return [f"{kind}:{token}" for token in sorted(tokens)]


def _stale(tx: Tx) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for item in work.take(tx, "reweigh", 1_000_000):
        kind, _, token = item.partition(":")
        found.setdefault(kind, set()).add(int(token))
    return found
