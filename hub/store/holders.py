"""The inverted index of resolution: how many profiles hold a token, and which ones do.

Which ones is kept of tokens that propose somebody. Most tokens of a record are generic: a row for
each holder of those was half of what a change wrote, and was read only where their weight moves.
"""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from hub.store.database import Tx, insert_tuples, listed, upsert
from hub.store.prepared import Prepared
from hub.store.tables import profile_tokens, profiles, token_counts

Numbers = NDArray[np.int64]

_AT_ONCE = 50_000
_p, _t, _n = profiles.c, profile_tokens.c, token_counts.c
_let_go = Prepared(
    sa.delete(profile_tokens).where(
        listed(_t.token, "tokens"), listed(_t.profile_id, "ids"), _t.kind == sa.bindparam("kind")
    )
)
_unlist = Prepared(
    sa.delete(profile_tokens).where(listed(_t.token, "tokens"), _t.kind == sa.bindparam("kind"))
)
_listed = (
    sa.select(sa.func.count())
    .where(_t.token == _n.token, _t.kind == _n.kind)
    .correlate(token_counts)
    .scalar_subquery()
)
_every_unlisted = sa.select(_n.token).where(
    _n.kind == sa.bindparam("kind"),
    _n.holders <= sa.bindparam("most", type_=sa.Integer),
    _n.holders > _listed,
)
_unlisted = Prepared(_every_unlisted.where(listed(_n.token, "tokens")))
_all_unlisted = Prepared(_every_unlisted)
_tokens_of_kind = Prepared(
    sa.select(_p.id, _p.tokens).where(_p.kind == sa.bindparam("kind")).order_by(_p.id)
)
_counts = Prepared(
    sa.select(_n.token, _n.holders).where(
        listed(_n.token, "tokens"), _n.kind == sa.bindparam("kind")
    )
)
_drop_counts = Prepared(
    sa.delete(token_counts).where(listed(_n.token, "tokens"), _n.kind == sa.bindparam("kind"))
)
_holders = Prepared(
    sa.select(_t.token, _t.profile_id)
    .where(listed(_t.token, "tokens"), _t.kind == sa.bindparam("kind"))
    .order_by(_t.token, _t.profile_id)
)


def hold(tx: Tx, kind: str, token: Numbers, holder: Numbers) -> None:
    """Store who holds which token, given as two columns.

    Of a token that many hold nobody asks for them one by one: whoever calls leaves those out.
    """
    order = np.lexsort((holder, token))
    for start in range(0, len(order), _AT_ONCE):
        part = order[start : start + _AT_ONCE]
        rows = zip(token[part].tolist(), holder[part].tolist(), strict=True)
        insert_tuples(
            tx,
            profile_tokens,
            ("token", "profile_id", "kind"),
            ((number, one, kind) for number, one in rows),
        )


def let_go(tx: Tx, kind: str, tokens: Collection[int], ids: Collection[int]) -> None:
    """Store that none of these profiles holds one of these tokens any more."""
    if tokens and ids:
        _let_go(tx, tokens=tokens, ids=ids, kind=kind)


def unlist(tx: Tx, kind: str, tokens: Collection[int]) -> None:
    """Forget who holds these tokens."""
    if tokens:
        _unlist(tx, tokens=tokens, kind=kind)


def unlisted(tx: Tx, kind: str, most: int, tokens: Collection[int] | None = None) -> set[int]:
    """Return the tokens that at most `most` profiles hold of which not all holders are stored.

    tokens: those that are asked for; None for all of the kind.
    """
    if tokens is None:
        return {row[0] for row in _all_unlisted(tx, kind=kind, most=most)}
    rows = _unlisted(tx, kind=kind, most=most, tokens=tokens) if tokens else ()
    return {row[0] for row in rows}


def searched(tx: Tx, kind: str, tokens: Collection[int]) -> tuple[Numbers, Numbers]:
    """Return who holds what as `holdings` does, out of the tokens of all profiles of a kind."""
    rows = _tokens_of_kind(tx, kind=kind) if tokens else []
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    every = np.frombuffer(b"".join([packed for _, packed in rows]), dtype="<i8")
    owner = np.repeat(
        np.array([one for one, _ in rows], dtype=np.int64),
        [len(packed) // 8 for _, packed in rows],
    )
    asked = np.isin(every, np.array(sorted(tokens), dtype=np.int64))
    token, holder = every[asked], owner[asked]
    order = np.lexsort((holder, token))
    return token[order], holder[order]


def counts(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, int]:
    """Return how many profiles hold each token; one that nobody holds is not there."""
    tokens = list(tokens)
    return dict(_counts(tx, tokens=tokens, kind=kind)) if tokens else {}


def save_counts(tx: Tx, kind: str, after: Mapping[int, int]) -> None:
    """Store how many profiles hold each of these tokens."""
    rows = [
        {"kind": kind, "token": token, "holders": count}
        for token, count in sorted(after.items())
        if count
    ]
    upsert(tx, token_counts, rows)
    none = [token for token, count in after.items() if not count]
    if none:
        _drop_counts(tx, tokens=none, kind=kind)


def of_tokens(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, list[int]]:
    """Return the profiles that hold each token, ascending."""
    tokens = list(tokens)
    found: dict[int, list[int]] = {}
    for token, one in _holders(tx, tokens=tokens, kind=kind) if tokens else ():
        found.setdefault(token, []).append(one)
    return found


def holdings(tx: Tx, kind: str, tokens: Iterable[int]) -> tuple[Numbers, Numbers]:
    """Return who holds what as two columns, token and profile, by token, then profile."""
    tokens = list(tokens)
    rows = _holders(tx, tokens=tokens, kind=kind) if tokens else []
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=2 * len(rows))
    columns = flat.reshape(-1, 2)
    return columns[:, 0], columns[:, 1]
