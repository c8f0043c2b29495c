"""Work shared out in slices, and an index's numbers, give what one reading of all gives."""

import os
import signal
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from benchmarks.persons import people
from benchmarks.worlds import world
from hub.model.resolution import Profile
from hub.pipeline.processes import WorkLostError, on_all_processors
from hub.resolution import batch, indexed
from hub.resolution.candidates import MOST_HOLDERS, token_weight
from hub.resolution.facets import facets_of
from hub.resolution.frame import Texts
from hub.resolution.model import default_model
from hub.resolution.reading import read_part
from hub.resolution.resolver import imprint, stale_tokens
from hub.resolution.tokens import (
    QUARTERS,
    TokenCounts,
    only_meets,
    quarters_of,
    token_hash,
    tokens_of_facets,
)
from hub.resolution.told import Told, ids_of

T = TypeVar("T")
WORLDS = {
    "organization": world(150, seed=5).profiles,
    "person": people(120, habit="contacts", seed=5).profiles,
}


class InSlices:
    """Does the work slice by slice."""

    def __init__(self, width: int) -> None:
        self.width = width

    def __call__(self, work: Callable[[int, int], T], size: int) -> list[T]:
        return [work(at, min(size, at + self.width)) for at in range(0, max(size, 1), self.width)]


def said(base: batch.Base, scored: batch.Scored) -> tuple[object, ...]:
    columns = {
        name: (column.vocabulary, column.held.starts.tolist(), column.held.items.tolist())
        for name, column in base.frame.columns.items()
    }
    return (
        columns,
        base.held.items.tolist(),
        base.weights.tolist(),
        scored.left.tolist(),
        scored.right.tolist(),
        scored.bits.tolist(),
        scored.itself.tolist(),
    )


@pytest.mark.parametrize("kind", WORLDS)
@pytest.mark.parametrize("width", [1, 17, 100_000])
def test_any_slices_give_what_one_reading_gives(kind: str, width: int) -> None:
    model = default_model(kind)
    profiles = WORLDS[kind][:120]
    whole = batch.base_of(profiles)
    base = batch.base_of(profiles, InSlices(width))
    wide = InSlices(max(width, 500))
    assert said(base, batch.score_all(base, model, wide)) == said(
        whole, batch.score_all(whole, model)
    )


def test_no_profile_at_all_can_be_shared_out() -> None:
    base = batch.base_of([], InSlices(3))
    scored = batch.score_all(base, default_model("organization"), InSlices(3))
    assert len(base.facets) == len(scored.bits) == 0


def test_processes_give_the_slices_in_order() -> None:
    assert on_all_processors(lambda start, stop: (start, stop), 10_000, workers=3) == [
        (0, 3333),
        (3333, 6666),
        (6666, 10_000),
    ]
    assert on_all_processors(lambda start, stop: (start, stop), 9, workers=3) == [(0, 9)]


def test_what_fails_in_a_process_fails_here() -> None:
    with pytest.raises(ZeroDivisionError):
        on_all_processors(lambda start, _stop: 1 // start, 20_000, workers=2)
    with pytest.raises(ZeroDivisionError):
        on_all_processors(lambda start, _stop: 1 // (10_000 - start), 20_000, workers=2)
    assert on_all_processors(lambda start, _stop: start, 20_000, workers=2) == [0, 10_000]


def test_a_person_s_stop_is_left_to_the_process_that_waits() -> None:
    def work(start: int, _stop: int) -> int:
        if start:
            os.kill(os.getpid(), signal.SIGINT)
        return start

    assert on_all_processors(work, 20_000, workers=2) == [0, 10_000]


def test_a_process_that_is_killed_is_told_of() -> None:
    def work(start: int, _stop: int) -> int:
        if start:
            os.kill(os.getpid(), signal.SIGKILL)
        return start

    with pytest.raises(WorkLostError, match="-9"):
        on_all_processors(work, 20_000, workers=2)


@pytest.mark.parametrize("kind", WORLDS)
def test_facets_come_back_as_they_were_read(kind: str) -> None:
    base = batch.base_of(WORLDS[kind])
    by_id = {each.id: each for each in WORLDS[kind]}
    assert list(base.facets) == [facets_of(by_id[one]) for one in base.ids]
    assert base.facets[-1] == facets_of(by_id[base.ids[-1]])
    with pytest.raises(IndexError):
        base.facets[len(base.ids)]


def _indexed(
    profiles: list[Profile], kind: str
) -> tuple[dict[int, Profile], TokenCounts, dict[int, NDArray[Any]]]:
    model = default_model(kind)
    by_id = {each.id: each for each in profiles}
    tokens = {
        one: np.array(imprint(by_id[one], model).tokens, dtype=np.int64) for one in sorted(by_id)
    }
    held = Counter(token for own in tokens.values() for token in own.tolist())
    counts = TokenCounts(len(by_id), held)
    return by_id, counts, tokens


@pytest.mark.parametrize("kind", WORLDS)
def test_an_index_meets_and_scores_as_the_batch_does(kind: str) -> None:
    model = default_model(kind)
    by_id, counts, tokens = _indexed(WORLDS[kind], kind)
    base = batch.base_of(WORLDS[kind])
    scored = batch.score_all(base, model)
    ids = np.array(base.ids, dtype=np.int64)
    expected = list(zip(ids[scored.left], ids[scored.right], scored.bits, strict=True))
    held: dict[int, list[int]] = defaultdict(list)
    for one, own in tokens.items():
        for token in own.tolist():
            held[token].append(one)
    useful = {
        token: array("q", them).tobytes()
        for token, them in held.items()
        if len(them) <= MOST_HOLDERS
    }
    asked = {one: own.tolist() for one, own in tokens.items()}
    left, right = indexed.partners(asked, useful, counts, model)
    some = list(asked)[:9]
    alone = {
        pair
        for one in some
        for pair in zip(*indexed.partners({one: asked[one]}, useful, counts, model), strict=True)
    }
    assert alone == {pair for pair in zip(left, right, strict=True) if set(pair) & set(some)}
    facets = {one: facets_of(each) for one, each in by_id.items()}
    bits = indexed.bits_of(facets, left, right, counts, model)
    assert list(zip(left, right, bits, strict=True)) == expected
    again = batch.indexed_base(
        list(tokens), [()] * len(tokens), [facets[one] for one in tokens], list(tokens.values())
    )
    rescored = batch.score_all(again, model)
    assert rescored.bits.tolist() == scored.bits.tolist()
    assert rescored.itself.tolist() == scored.itself.tolist()


@pytest.mark.parametrize("kind", WORLDS)
def test_pairs_that_share_a_stale_token_are_those_candidates_that_do(kind: str) -> None:
    model = default_model(kind)
    _, counts, tokens = _indexed(WORLDS[kind], kind)
    base = batch.base_of(WORLDS[kind])
    left, right = batch.candidates_of(base, model)
    often = Counter(token for own in tokens.values() for token in own.tolist()).most_common(60)
    stale = {token for token, _ in often[::7]}
    held = {one: own for one, own in tokens.items() if stale & set(own.tolist())}
    got = indexed.pairs_sharing(stale, held, counts, model)
    expected = [
        (base.ids[a], base.ids[b])
        for a, b in zip(left.tolist(), right.tolist(), strict=True)
        if stale & set(tokens[base.ids[a]].tolist()) & set(tokens[base.ids[b]].tolist())
    ]
    assert list(zip(*(side.tolist() for side in got), strict=True)) == expected


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(sorted(QUARTERS)), st.text(max_size=9), st.integers(0, 600))
def test_a_token_number_tells_its_weight(name: str, text: str, holders: int) -> None:
    number = np.array([token_hash(f"{name}:{text}")])
    assert quarters_of(number)[0] == QUARTERS[name]
    weight = indexed.weights_of(number, np.array([holders]), 1000)[0]
    assert weight == token_weight(f"{name}:{text}", holders, 1000)


def test_what_only_meets_is_never_stale_among_too_many_holders() -> None:
    gram, word = token_hash("g:weber"[:6]), token_hash("w:weber")
    assert only_meets(np.array([gram, word])).tolist() == [True, False]
    before, after = {gram: 511, word: 511}, {gram: 512, word: 512}
    assert stale_tokens(before, after, population=9999) == {word}
    assert stale_tokens({gram: 255}, {gram: 256}, population=9999) == {gram}
    assert not stale_tokens({gram: 5}, {gram: 6}, population=9999)


@pytest.mark.parametrize(
    ("word", "was", "now", "population", "expected"),
    [
        ("technik", 2047, 2048, 99_000, False),  # six bits or five: four are heard
        ("weber", 2047, 2048, 99_000, True),
        ("technik", 4095, 4096, 99_000, False),
        ("technik", 8191, 8192, 99_000, True),  # four or three
        ("technik", 127, 128, 99_000, True),  # whoever shares it meets by it
        ("technik", 255, 256, 99_000, True),
    ],
)
def test_of_a_trade_no_more_is_heard_than_that_moves(
    word: str, was: int, now: int, population: int, *, expected: bool
) -> None:
    token = token_hash(f"w:{word}")
    found = stale_tokens({token: was}, {token: now}, population=population)
    assert (token in found) == expected


def test_tokens_are_told_by_what_they_do() -> None:
    facets = facets_of(WORLDS["organization"][0])
    assert {token.partition(":")[0] for token in tokens_of_facets(facets)} <= set(QUARTERS)


TEXTS = st.one_of(
    st.sampled_from(["Müller GmbH, Köln", "Weber & Söhne", "AG", "𝒳 𐍈𐍉 Bau", "info@x-bau.de", "0"]),
    st.text(max_size=12),
    st.text("abé 𐌰𐌱.-@", max_size=50),
)
TYPES = (
    "org_name",
    "email",
    "phone",
    "street",
    "category:region",
    "region",
    "text:t",
    "org_name:b",
    "city",
    "address",
    "phone:mobile",
    "website",
)


@settings(deadline=None)
@given(
    st.sampled_from(["organization", "person"]),
    st.lists(st.dictionaries(st.sampled_from(TYPES), st.lists(TEXTS, max_size=3)), max_size=6),
)
@example("organization", [{"org_name": ["Müller GmbH, Köln"], "city": [" "]}])
def test_a_batch_reads_and_tokenises_as_one_record_is_read(
    kind: str, told: list[dict[str, list[str]]]
) -> None:
    profiles = [
        Profile(f"a:b:{at}", kind, "a", {name: tuple(values) for name, values in one.items()})
        for at, one in enumerate(told)
    ]
    part = read_part(profiles)
    assert list(ids_of(kind, raw(told), len(told))) == [each.id for each in profiles]
    facets = [facets_of(each) for each in profiles]
    for at, one in enumerate(facets):
        assert one == {
            name: tuple(texts.vocabulary[number] for number in row_of(texts, at))
            for name, texts in part.facets.items()
            if row_of(texts, at)
        }
        tokens = {part.tokens.vocabulary[number] for number in row_of(part.tokens, at)}
        assert tokens == set(tokens_of_facets(one))
        assert len(tokens) == len(row_of(part.tokens, at))


def raw(rows: list[dict[str, list[str]]]) -> dict[str, Told]:
    """Return what rows tell under each name, blank or not."""
    return {
        name: Told(
            [tuple(row[name]) for row in rows if name in row],
            np.array([at for at, row in enumerate(rows) if name in row]),
            np.arange(sum(name in row for row in rows)),
        )
        for name in {name for row in rows for name in row}
    }


def row_of(texts: Texts, at: int) -> list[int]:
    held = texts.held
    found: list[int] = held.items[held.starts[at] : held.starts[at + 1]].tolist()
    return found
