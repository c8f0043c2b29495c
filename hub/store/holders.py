"""The inverted index of resolution: how many profiles hold a token, and which ones do.

Which ones is kept of tokens that propose somebody. Most tokens of a record are generic: nobody asks
who holds those but where their weight moves.
"""

from array import array
from bisect import insort
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from hub.store.database import Tx, chunks, listed, upsert_tuples
from hub.store.prepared import Prepared
from hub.store.tables import profiles, token_holders

Numbers = NDArray[np.int64]


class Holders(NamedTuple):
    """Who holds one token. ids: 8 bytes for each of them, ascending; None where it is generic, or
    was until now and is not `listed` again."""

    total: int = 0
    ids: bytes | None = b""

    def moved(self, come: Collection[int], gone: Collection[int], most: int) -> "Holders":
        """Return who holds it after profiles came and went; of more than `most` just how many."""
        total = self.total + len(come) - len(gone)
        if total > most or self.ids is None:
            return Holders(total, None)
        held = array("q", self.ids)
        for one in gone:
            if one in held:
                held.remove(one)
        for one in come:
            insort(held, one)
        return Holders(total, held.tobytes())


NOBODY = Holders()
_NONE = np.zeros(0, dtype=np.int64)
_AT_ONCE = 50_000
_p, _h = profiles.c, token_holders.c
_asked = (listed(_h.token, "tokens"), _h.kind == sa.bindparam("kind"))
_held = Prepared(sa.select(_h.token, _h.holders, _h.ids).where(*_asked))
_counts = Prepared(sa.select(_h.token, _h.holders).where(*_asked))
_listed = Prepared(sa.select(_h.token, _h.ids).where(*_asked, _h.ids.is_not(None)))
_every_unlisted = sa.select(_h.token).where(
    _h.kind == sa.bindparam("kind"),
    _h.holders <= sa.bindparam("most", type_=sa.Integer),
    _h.ids.is_(None),
)
_unlisted = Prepared(_every_unlisted.where(listed(_h.token, "tokens")))
_all_unlisted = Prepared(_every_unlisted)
_tokens_of_kind = Prepared(
    sa.select(_p.id, _p.tokens).where(_p.kind == sa.bindparam("kind")).order_by(_p.id)
)
_drop = Prepared(sa.delete(token_holders).where(*_asked))


def held(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, Holders]:
    """Return who holds each token; one that nobody holds is not there."""
    tokens = list(tokens)
    rows = _held(tx, tokens=tokens, kind=kind) if tokens else ()
    return {token: Holders(total, ids) for token, total, ids in rows}


def counts(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, int]:
    """Return how many profiles hold each token; one that nobody holds is not there."""
    tokens = list(tokens)
    return dict(_counts(tx, tokens=tokens, kind=kind)) if tokens else {}


def save(tx: Tx, kind: str, after: Mapping[int, Holders]) -> None:
    """Store who holds these tokens from now on."""
    for some in chunks(sorted(after), _AT_ONCE):
        rows = [(kind, token, *after[token]) for token in some if after[token].total]
        upsert_tuples(tx, token_holders, ("kind", "token", "holders", "ids"), rows)
    none = [token for token, now in after.items() if not now.total]
    if none:
        _drop(tx, tokens=none, kind=kind)


def ids_of(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, bytes]:
    """Return the profiles that hold each token whose holders are stored, packed."""
    tokens = list(tokens)
    return dict(_listed(tx, tokens=tokens, kind=kind)) if tokens else {}


def holdings(tx: Tx, kind: str, tokens: Iterable[int]) -> tuple[Numbers, Numbers]:
    """Return who holds what as two columns, token and profile, by token, then profile."""
    found = sorted(ids_of(tx, kind, tokens).items())
    token = np.array([token for token, _ in found], dtype=np.int64)
    holder = np.frombuffer(b"".join([ids for _, ids in found]), dtype="<i8").astype(np.int64)
    return np.repeat(token, [len(ids) // 8 for _, ids in found]), holder


def unlisted(tx: Tx, kind: str, most: int, tokens: Collection[int] | None = None) -> set[int]:
    """Return the tokens that at most `most` profiles hold of which it is not stored who does.

    tokens: those that are asked for; None for all of the kind.
    """
    if tokens is None:
        return {row[0] for row in _all_unlisted(tx, kind=kind, most=most)}
    rows = _unlisted(tx, kind=kind, most=most, tokens=tokens) if tokens else ()
    return {row[0] for row in rows}


def searched(tx: Tx, kind: str, tokens: Collection[int]) -> tuple[Numbers, Numbers]:
    """Return who holds what as `holdings` does, out of the tokens of all profiles of a kind."""
    if not tokens:
        return _NONE, _NONE
    ids, ends, every = _every(tx, kind)
    at = np.flatnonzero(np.isin(every, np.array(sorted(tokens), dtype=np.int64)))
    token, holder = every[at], ids[np.searchsorted(ends, at, side="right")]
    order = np.lexsort((holder, token))
    return token[order], holder[order]


def _every(tx: Tx, kind: str) -> tuple[Numbers, Numbers, Numbers]:
    """Return the profiles of a kind, where the tokens of each of them end, and all tokens."""
    rows = _tokens_of_kind(tx, kind=kind)
    ids = np.array([one for one, _ in rows], dtype=np.int64)
    ends = np.cumsum(np.array([len(packed) // 8 for _, packed in rows], dtype=np.int64))
    every = np.frombuffer(b"".join([packed for _, packed in rows]), dtype="<i8")
    return ids, ends, every.astype(np.int64, copy=False)


def found(tx: Tx, kind: str, tokens: Collection[int]) -> dict[int, Holders]:
    """Return who holds each of these tokens out of all profiles of a kind, ready to `save`."""
    return _gathered(*searched(tx, kind, tokens))


def count_again(tx: Tx, kind: str, most: int) -> None:
    """Store who holds which token out of all profiles of a kind, whatever stood; of more than
    `most` just how many."""
    tx.execute(sa.delete(token_holders).where(_h.kind == kind))
    ids, ends, token = _every(tx, kind)
    holder = np.repeat(ids, np.diff(ends, prepend=0))
    order = np.lexsort((holder, token))
    token, holder = token[order], holder[order]
    starts = np.flatnonzero(np.diff(token, prepend=-1))
    for first in range(0, len(starts), _AT_ONCE):  # as objects they would be most of the memory
        cuts = starts[first : first + _AT_ONCE + 1]
        some = slice(cuts[0], cuts[_AT_ONCE] if len(cuts) > _AT_ONCE else len(token))
        after = _gathered(token[some], holder[some])
        save(tx, kind, {number: each.moved((), (), most) for number, each in after.items()})


def _gathered(token: Numbers, holder: Numbers) -> dict[int, Holders]:
    """Return who holds each token. token, holder: in the order of `holdings`."""
    numbers, starts = np.unique(token, return_index=True)
    parts = np.split(holder.astype("<i8"), starts[1:])
    each = zip(numbers.tolist(), parts, strict=False)
    return {number: Holders(len(ids), ids.tobytes()) for number, ids in each}
