"""The index of resolution: profiles, who has them, their tokens, and the edges between them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from hub.model.resolution import Edge, Profile
from hub.store.database import Tx, among, chunks, insert_new, upsert
from hub.store.tables import (
    edges,
    profile_records,
    profile_tokens,
    profiles,
    resolution_bases,
    token_counts,
)

_features = msgspec.json.Decoder(dict[str, tuple[str, ...]])
_texts = msgspec.json.Decoder(tuple[str, ...])


def base(tx: Tx, kind: str) -> tuple[str, int]:
    """Return the model all profiles of a kind were last scored with, and how many there are."""
    row = tx.execute(sa.select(resolution_bases).where(resolution_bases.c.kind == kind)).first()
    return (row.model, row.profiles) if row else ("", 0)


def save_base(tx: Tx, kind: str, model: str, count: int) -> None:
    """Note what all profiles of a kind are scored with, and how many there are."""
    upsert(tx, resolution_bases, [{"kind": kind, "model": model, "profiles": count}])


def of_records(tx: Tx, kind: str, refs: Iterable[str]) -> dict[str, int]:
    """Return the profile id of each record that has one of this kind."""
    found: dict[str, int] = {}
    p = profile_records.c
    for chunk in chunks(refs):
        rows = tx.execute(sa.select(p.ref, p.profile_id).where(among(p.ref, chunk), p.kind == kind))
        found.update(rows.all())
    return found


def records_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the records of each profile, sorted."""
    found: dict[int, list[str]] = {}
    p = profile_records.c
    for chunk in chunks(ids):
        rows = tx.execute(
            sa.select(p.profile_id, p.ref).where(among(p.profile_id, chunk)).order_by(p.ref)
        )
        for profile_id, ref in rows:
            found.setdefault(profile_id, []).append(ref)
    return found


def assign(tx: Tx, kind: str, ids: Mapping[str, int]) -> None:
    """Say which profile each record has now."""
    rows = [{"ref": ref, "kind": kind, "profile_id": one} for ref, one in ids.items()]
    upsert(tx, profile_records, rows)


def unassign(tx: Tx, refs: Iterable[str]) -> None:
    """Forget records that are gone."""
    for chunk in chunks(refs):
        tx.execute(sa.delete(profile_records).where(among(profile_records.c.ref, chunk)))


def known(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Return those profile ids that are stored."""
    found: set[int] = set()
    for chunk in chunks(ids):
        found.update(
            tx.execute(sa.select(profiles.c.id).where(among(profiles.c.id, chunk))).scalars()
        )
    return found


def add(
    tx: Tx,
    kind: str,
    new: Mapping[int, Profile],
    tokens: Mapping[int, Sequence[int]],
    exclusive: Mapping[int, Collection[str]],
) -> None:
    """Store profiles with their tokens; their bits with themselves follow by `save_itself`."""
    encode = msgspec.json.encode
    insert_new(
        tx,
        profiles,
        [
            {
                "id": one,
                "kind": kind,
                "features": encode(profile.features).decode(),
                "exclusive": encode(sorted(exclusive[one])).decode(),
                "itself": 0.0,
            }
            for one, profile in new.items()
        ],
    )
    rows = [
        {"token": token, "profile_id": one, "kind": kind} for one in new for token in tokens[one]
    ]
    insert_new(tx, profile_tokens, sorted(rows, key=lambda row: (row["token"], row["profile_id"])))


def drop(tx: Tx, ids: Iterable[int]) -> None:
    """Remove profiles nobody has any more, with tokens and edges."""
    ids = list(ids)
    drop_edges(tx, ids)
    for chunk in chunks(ids):
        tx.execute(sa.delete(profile_tokens).where(among(profile_tokens.c.profile_id, chunk)))
        tx.execute(sa.delete(profiles).where(among(profiles.c.id, chunk)))


def tokens_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[int]]:
    """Return the tokens of each profile."""
    found: dict[int, list[int]] = {}
    t = profile_tokens.c
    for chunk in chunks(ids):
        for one, token in tx.execute(
            sa.select(t.profile_id, t.token).where(among(t.profile_id, chunk))
        ):
            found.setdefault(one, []).append(token)
    return found


def counts(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, int]:
    """Return how many profiles hold each token; one that nobody holds is not there."""
    found: dict[int, int] = {}
    t = token_counts.c
    for chunk in chunks(tokens):
        rows = tx.execute(
            sa.select(t.token, t.holders).where(t.kind == kind, among(t.token, chunk))
        )
        found.update(rows.all())
    return found


def save_counts(tx: Tx, kind: str, after: Mapping[int, int]) -> None:
    """Store how many profiles hold each of these tokens."""
    rows = [
        {"kind": kind, "token": token, "holders": count}
        for token, count in sorted(after.items())
        if count
    ]
    upsert(tx, token_counts, rows)
    for chunk in chunks(token for token, count in after.items() if not count):
        tx.execute(
            sa.delete(token_counts).where(
                token_counts.c.kind == kind, among(token_counts.c.token, chunk)
            )
        )


def holders(tx: Tx, kind: str, tokens: Iterable[int]) -> dict[int, list[int]]:
    """Return the profiles that hold each token, ascending."""
    found: dict[int, list[int]] = {}
    t = profile_tokens.c
    for chunk in chunks(tokens):
        rows = tx.execute(
            sa.select(t.token, t.profile_id)
            .where(among(t.token, chunk), t.kind == kind)
            .order_by(t.token, t.profile_id)
        )
        for token, one in rows:
            found.setdefault(token, []).append(one)
    return found


def load(tx: Tx, ids: Iterable[int]) -> dict[int, Profile]:
    """Return profiles by id; their ref is the id, since several records may have one."""
    found: dict[int, Profile] = {}
    p = profiles.c
    for chunk in chunks(ids):
        for row in tx.execute(sa.select(p.id, p.kind, p.features).where(among(p.id, chunk))):
            found[row.id] = Profile(str(row.id), row.kind, "", _features.decode(row.features))
    return found


def load_kind(tx: Tx, kind: str) -> dict[int, Profile]:
    """Return all profiles of a kind."""
    rows = tx.execute(sa.select(profiles.c.id, profiles.c.features).where(profiles.c.kind == kind))
    return {one: Profile(str(one), kind, "", _features.decode(text)) for one, text in rows}


def members(tx: Tx, ids: Iterable[int]) -> dict[int, tuple[float, tuple[str, ...]]]:
    """Return of each profile its bits with itself and its exclusive values."""
    found: dict[int, tuple[float, tuple[str, ...]]] = {}
    p = profiles.c
    for chunk in chunks(ids):
        for row in tx.execute(sa.select(p.id, p.itself, p.exclusive).where(among(p.id, chunk))):
            found[row.id] = (row.itself, _texts.decode(row.exclusive))
    return found


def save_itself(tx: Tx, bits: Mapping[int, float]) -> None:
    """Store the bits of each profile with itself."""
    if bits:
        tx.execute(
            sa.update(profiles).where(profiles.c.id == sa.bindparam("b_id")),
            [{"b_id": one, "itself": value} for one, value in bits.items()],
        )


def drop_edges(tx: Tx, ids: Iterable[int]) -> None:
    """Remove every edge of these profiles."""
    for chunk in chunks(ids):
        tx.execute(sa.delete(edges).where(among(edges.c.left_id, chunk)))
        tx.execute(sa.delete(edges).where(among(edges.c.right_id, chunk)))


def drop_all_edges(tx: Tx, kind: str) -> None:
    """Remove every edge of a kind."""
    tx.execute(sa.delete(edges).where(edges.c.kind == kind))


def save_edges(tx: Tx, kind: str, found: Iterable[Edge]) -> None:
    """Store edges between different profiles."""
    rows: list[dict[str, Any]] = [
        {"left_id": edge.left, "right_id": edge.right, "kind": kind, "bits": edge.bits}
        for edge in found
        if edge.left != edge.right
    ]
    upsert(tx, edges, rows)


def edges_of(tx: Tx, ids: Iterable[int], at_least: float) -> list[Edge]:
    """Return the edges with these profiles on either side that have that many bits."""
    e = edges.c
    found: dict[tuple[int, int], Edge] = {}
    for chunk in chunks(ids):
        for side in (e.left_id, e.right_id):
            rows = tx.execute(
                sa.select(e.left_id, e.right_id, e.bits).where(
                    among(side, chunk), e.bits >= at_least
                )
            )
            for left, right, bits in rows:
                found[left, right] = Edge(left, right, bits)
    return [found[pair] for pair in sorted(found)]
