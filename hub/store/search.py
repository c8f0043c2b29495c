"""Finds entities and documents by words: umlauts either way, typing errors, numbers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log2

import sqlalchemy as sa

from hub.model.view import Hit
from hub.store.database import Tx, among, chunks, insert_new, upsert
from hub.store.search_words import (
    contained,
    fold,
    grams,
    likeness,
    readings,
    text_grams,
    words,
)
from hub.store.tables import search_grams, search_items, search_tokens

ASSUMED_ITEMS = 2**20
"""Stands for the size of the index in the weight of a word; only the order of weights matters."""
ASKED_WORDS = 8
ALIKE_PER_WORD = 12
TRIED_PER_WORD = 40
LEAST_LIKENESS = 0.5
COMMON = 5_000
"""A word in more items than this proposes none by itself; it still counts in the final order."""
READ_ITEMS = 20_000
"""How many entries of the index one query reads at most."""
RANKED = 200
LEAST_SCORE = 0.3


@dataclass(frozen=True, slots=True)
class SearchItem:
    """Something that can be found. text: beside the title, what else it is found by."""

    item: str
    kind: str
    title: str
    text: str


def search(tx: Tx, q: str, kinds: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """Return what fits `q` best, best first; only the first words of a long query count.

    kinds: organization, person, project, deal, order ...; None for all. limit: at most 200.
    """
    best: dict[str, Hit] = {}
    for text in readings(fold(q)):
        for hit in _found(tx, text, kinds):
            if hit.item not in best or best[hit.item].score < hit.score:
                best[hit.item] = hit
    return sorted(best.values(), key=lambda hit: (-hit.score, hit.item))[:limit]


def _found(tx: Tx, text: str, kinds: Collection[str] | None) -> list[Hit]:
    asked = words(text)[:ASKED_WORDS]
    likely = {word: _alike(tx, word) for word in asked}
    counts = _counts(tx, {token for tokens in likely.values() for token in tokens})
    scores = _candidates(tx, likely, counts, kinds)
    ranked = sorted(scores, key=lambda item: (-scores[item], item))[:RANKED]
    return _ranked(tx, text, {item: scores[item] for item in ranked})


def _alike(tx: Tx, word: str) -> dict[str, float]:
    """Return the indexed words that `word` may mean, with their likeness 0 to 1."""
    found = dict.fromkeys(_starting_with(tx, word), 0.9) if len(word) > 1 else {}
    if len(word) > 3 and not any(letter.isdigit() for letter in word):
        pieces = grams(word)
        for token in _sharing(tx, pieces):
            found[token] = max(found.get(token, 0.0), likeness(pieces, grams(token)))
    found[word] = 1.0
    best = sorted(found, key=lambda token: (-found[token], token))[:ALIKE_PER_WORD]
    return {token: found[token] for token in best if found[token] >= LEAST_LIKENESS}


def _starting_with(tx: Tx, word: str) -> list[str]:
    gram = search_grams.c.gram
    rows = tx.execute(
        sa.select(search_grams.c.token)
        .where(gram >= f"={word}", gram < f"={word}\U0010ffff")
        .order_by(gram)
        .limit(ALIKE_PER_WORD)
    )
    return list(rows.scalars())


def _sharing(tx: Tx, pieces: set[str]) -> list[str]:
    token, shared = search_grams.c.token, sa.func.count()
    rows = tx.execute(
        sa.select(token)
        .where(search_grams.c.gram.in_(sorted(pieces)))
        .group_by(token)
        .having(shared * 3 >= len(pieces))
        .order_by(shared.desc(), token)
        .limit(TRIED_PER_WORD)
    )
    return list(rows.scalars())


def _counts(tx: Tx, tokens: Collection[str]) -> dict[str, int]:
    """Return in how many items each indexed word stands; counting stops just past COMMON."""
    if not tokens:
        return {}
    counts = []
    for token in sorted(tokens):
        some = sa.select(sa.literal(1)).select_from(search_tokens)
        some = some.where(search_tokens.c.token == token).limit(COMMON + 1)
        counts.append(sa.select(sa.literal(token), sa.func.count()).select_from(some.subquery()))
    rows = tx.execute(sa.union_all(*counts))
    return {token: count for token, count in rows if count}


def _bits(counts: dict[str, int], token: str) -> float:
    return log2(ASSUMED_ITEMS / counts.get(token, 1))


def _proposing(likely: dict[str, dict[str, float]], counts: dict[str, int]) -> list[str]:
    """Return the words to look items up by: the most telling, as long as their items stay few."""
    best: dict[str, float] = {}
    for tokens in likely.values():
        for token in tokens.keys() & counts.keys():
            best[token] = max(best.get(token, 0.0), tokens[token] * _bits(counts, token))
    chosen: list[str] = []
    items = 0
    for token in sorted(best, key=lambda token: (-best[token], token)):
        if chosen and (counts[token] > COMMON or items + counts[token] > READ_ITEMS):
            continue
        chosen.append(token)
        items += counts[token]
    return chosen


def _candidates(
    tx: Tx,
    likely: dict[str, dict[str, float]],
    counts: dict[str, int],
    kinds: Collection[str] | None,
) -> dict[str, float]:
    """Return items with the share of the query's weight they answer, 0 to 1."""
    holders = _holders(tx, _proposing(likely, counts), kinds)
    total = 0.0
    scores: dict[str, float] = {}
    for word, tokens in likely.items():
        total += _bits(counts, word)
        best: dict[str, float] = {}
        for token, alike in tokens.items():
            bits = _bits(counts, token) * alike
            for item in holders.get(token, ()):
                best[item] = max(best.get(item, 0.0), bits)
        for item, bits in best.items():
            scores[item] = scores.get(item, 0.0) + bits
    return {item: min(1.0, bits / total) for item, bits in scores.items()}


def _holders(
    tx: Tx, tokens: Collection[str], kinds: Collection[str] | None
) -> dict[str, list[str]]:
    select = sa.select(search_tokens.c.token, search_tokens.c.item)
    select = select.where(among(search_tokens.c.token, tokens)).limit(READ_ITEMS)
    if kinds is not None:
        select = select.where(search_tokens.c.kind.in_(sorted(kinds)))
    found: dict[str, list[str]] = {}
    for token, item in tx.execute(select.order_by(search_tokens.c.token, search_tokens.c.item)):
        found.setdefault(token, []).append(item)
    return found


def _ranked(tx: Tx, text: str, scores: dict[str, float]) -> list[Hit]:
    """Weigh candidates by the words answered, the likeness of all text, and the title's share.

    Who asks for a name means what is called so, before those who only write from its domain.
    """
    asked = text_grams(text)
    hits = []
    for row in _items(tx, scores):
        alike = likeness(asked, text_grams(row.text))
        called = contained(asked, text_grams(fold(row.title)))
        score = 0.5 * scores[row.item] + 0.2 * alike + 0.3 * called
        if score >= LEAST_SCORE:
            hits.append(Hit(row.item, row.kind, row.title, round(score, 4)))
    return hits


def _items(tx: Tx, wanted: Collection[str]) -> list[SearchItem]:
    found = []
    for chunk in chunks(wanted):
        rows = tx.execute(sa.select(search_items).where(among(search_items.c.item, chunk)))
        found += [SearchItem(row.item, row.kind, row.title, row.text) for row in rows]
    return found


def put(tx: Tx, items: Sequence[SearchItem]) -> None:
    """Index items, replacing what stood; one that did not change costs a look-up."""
    new = {
        item.item: SearchItem(item.item, item.kind, item.title, fold(f"{item.title} {item.text}"))
        for item in items
    }
    stored = {item.item: item for item in _items(tx, new)}
    changed = {key: item for key, item in new.items() if stored.get(key) != item}
    _forget(tx, [key for key in changed if key in stored])
    upsert(
        tx,
        search_items,
        [
            {"item": item.item, "kind": item.kind, "title": item.title, "text": item.text}
            for item in changed.values()
        ],
    )
    of_item = {item: words(item.text) for item in changed.values()}
    insert_new(
        tx,
        search_tokens,
        [
            {"token": word, "item": item.item, "kind": item.kind}
            for item, found in of_item.items()
            for word in found
        ],
    )
    _learn(tx, {word for found in of_item.values() for word in found})


def _learn(tx: Tx, tokens: Iterable[str]) -> None:
    """Lead to each word from itself and, where it holds no digit, from its letter triples."""
    rows = []
    for token in sorted(tokens):
        numeric = any(letter.isdigit() for letter in token)
        pieces = {f"={token}"} if numeric else {f"={token}", *grams(token)}
        rows += [{"gram": piece, "token": token} for piece in sorted(pieces)]
    insert_new(tx, search_grams, rows)


def remove(tx: Tx, items: Collection[str]) -> None:
    """Take items out of the index, and with them the words that nothing else holds."""
    _forget(tx, items)
    for chunk in chunks(items):
        tx.execute(sa.delete(search_items).where(among(search_items.c.item, chunk)))


def _forget(tx: Tx, items: Collection[str]) -> None:
    words_gone: set[str] = set()
    for chunk in chunks(items):
        where = among(search_tokens.c.item, chunk)
        words_gone.update(tx.execute(sa.select(search_tokens.c.token).where(where)).scalars())
        tx.execute(sa.delete(search_tokens).where(where))
    held = sa.exists().where(search_tokens.c.token == search_grams.c.token)
    for chunk in chunks(sorted(words_gone)):
        ends = [f"={word}" for word in chunk]
        select = sa.select(search_grams.c.token).where(search_grams.c.gram.in_(ends), ~held)
        unheld = list(tx.execute(select).scalars())
        pieces = {(f"={word}", word) for word in unheld}
        pieces |= {(gram, word) for word in unheld for gram in grams(word)}
        for gone in chunks(sorted(pieces), 400):
            where = sa.tuple_(search_grams.c.gram, search_grams.c.token).in_(gone)
            tx.execute(sa.delete(search_grams).where(where))
