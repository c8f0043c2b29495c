"""Works out anew who is who around the records that changed, and nothing else.

What changed is committed first, alone; then follows what that moved elsewhere: a token that more
records hold weighs less for all of them. In between the clusters are those of the old weights.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from hub.clock import instant_text
from hub.pipeline.imprint import Imprint, imprint, read_on
from hub.pipeline.reweigh import (
    ALL,
    STAGE,
    note,
    noted,
    noted_tokens,
    rescore,
    rescore_holders,
    strike,
)
from hub.pipeline.scores import enough_for_whole, score_new
from hub.pipeline.settle import Told, let_go, settle_around
from hub.pipeline.whole import reckon, take_over
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
NONE_YET = ""
"""The model of profiles that are stored and wait for the whole kind to be scored."""


def resolve(
    db: Database, models: Mapping[str, Model], now: datetime, *, whole_from: int = WHOLE
) -> int:
    """Work off all records that are due; return how many there were.

    models: kind -> model. Where a kind's model is another than its profiles were scored with, all
    of them are scored again. whole_from: decides about time alone, never about the result.
    """
    done = resolve_due(db, models, now, whole_from=whole_from)
    left = True
    while left:
        left = reweigh_some(db, models, now, whole_from=whole_from)
        db.give_way()
        more = resolve_due(db, models, now, whole_from=whole_from)
        left, done = left or more > 0, done + more
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
    """Work off what is due, and in a second round who belongs to a company that moved."""
    done = 0
    while refs := work.take(tx, "resolve", 1_000_000):
        for kind, due in _by_kind(tx, refs, models):
            _resolve_due(tx, Told(kind, due, (), instant_text(now)), models[kind], whole_from)
        work.done(tx, "resolve", refs, refs.marks)
        done += len(refs)
    return done


def _by_kind(
    tx: Tx, refs: Sequence[str], models: Mapping[str, Model]
) -> list[tuple[str, list[str]]]:
    """Return what is due kind by kind.

    What is of another kind now leaves its old one first, and comes new to the other. Who leaves
    that one for good leaves with it, and never stands among what stays.
    """
    was = index.kinds(tx, refs)
    was |= entities.kinds(tx, [ref for ref in refs if ref not in was])  # once all begins anew
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
    """Resolve the records that are due; note the tokens that weigh something else since.

    Where the whole kind is to be scored, they are but stored: who they are, all of them, is told
    when that is done.
    """
    done = imprint(tx, told.kind, model, list(told.refs))
    told = Told(told.kind, told.refs, done.gone, told.now)
    if _is_whole(done, model, whole_from):
        index.add(tx, told.kind, done.new)
        index.save_base(tx, told.kind, Base(NONE_YET, done.population, EDITION))
        note(tx, told.kind, {ALL})
        let_go(tx, told)
        return
    if done.before != (now := Base(model.name, done.population, EDITION)):
        index.save_base(tx, told.kind, now)
    stale = set(done.stale)
    if not resolver.same_population(done.before.profiles, done.population):
        stale = {ALL}
    note(tx, told.kind, stale)
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
    """Score some of that again: a portion in one transaction, or whole kinds; return whether
    something may be left.

    Profiles of an earlier edition are read anew before all else, some at a time.
    """
    with db.transaction() as tx:
        unread = _unread(tx, models)
        if any(read_on(tx, kind, models[kind]) for kind in unread):
            return True
        for kind in unread:
            _count_again(tx, kind)
        stale = noted_tokens(tx)
        whole = [kind for kind, model in models.items() if _whole_is_due(tx, kind, model, stale)]
        if not whole:
            due = [_reweigh(tx, kind, one, stale, now, whole_from) for kind, one in models.items()]
            if not any(due):
                _rescore(tx, models, now)
            return bool(noted_tokens(tx) or work.take(tx, STAGE, 1))
    for kind in whole:
        _score_whole(db, kind, models, now, whole_from)
    return True


def _count_again(tx: Tx, kind: str) -> None:
    """Count who holds what once all profiles of a kind are read anew; all wait to be scored."""
    holders.count_again(tx, kind, MOST_HOLDERS)
    index.save_base(tx, kind, index.base(tx, kind)._replace(model=NONE_YET, edition=EDITION))


def _whole_is_due(tx: Tx, kind: str, model: Model, stale: Mapping[str, set[int]]) -> bool:
    base = index.base(tx, kind)
    return ALL in stale.get(kind, ()) or bool(base.profiles and not _stands(base, model))


def _score_whole(
    db: Database, kind: str, models: Mapping[str, Model], now: datetime, whole_from: int
) -> None:
    """Score a whole kind: reckoned in a snapshot, written in a transaction of its own.

    What is due goes first: who is gone must not stand among what is scored.
    """
    done = False
    while not done:
        with db.transaction() as tx:
            _work_off(tx, models, now, whole_from)
        with db.reading() as tx:
            whole = reckon(tx, kind, models[kind])
        with db.transaction() as tx:
            done = take_over(tx, whole, now)


def _reweigh(
    tx: Tx,
    kind: str,
    model: Model,
    stale: Mapping[str, set[int]],
    now: datetime,
    whole_from: int,
) -> bool:
    """Score what stale tokens weigh in, or note it where that is much; False where nothing is."""
    tokens = stale.get(kind, set())
    if not tokens:
        return False
    touched = rescore_holders(tx, kind, model, tokens, whole_from=whole_from)
    if touched is None:
        note(tx, kind, {ALL})
        return True
    strike(tx, kind, tokens)
    if touched:
        settle_around(tx, Told(kind, (), (), instant_text(now)), touched, model)
    return True


def _rescore(tx: Tx, models: Mapping[str, Model], now: datetime) -> None:
    kind, due, items = noted(tx)
    if due:
        touched = rescore(tx, kind, models[kind], due)
        settle_around(tx, Told(kind, (), (), instant_text(now)), touched, models[kind])
        work.done(tx, STAGE, items)
