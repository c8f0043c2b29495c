"""Judgements: a person's word, replaced by a later one, taken back, never forgotten."""

from typing import Any

import pytest

from hub.errors import NotFoundError
from hub.store import judgements, work
from hub.store.database import Database, Tx
from tests.store.canonical_rows import made, put
from tests.store.undone import undone

NOW, LATER = "2026-11-23T10:00:00.000Z", "2026-11-23T11:00:00.000Z"
A, B, C, ERIKA = "crm:a:1", "crm:a:2", "crm:a:3", "crm:a:9"


def records(tx: Tx) -> None:
    put(tx, *(made(tx, ref, name=ref) for ref in (A, B, C)), made(tx, ERIKA, "person"))


def say(tx: Tx, left: str, right: str, verdict: Any = "same", now: str = NOW) -> judgements.Judged:
    return judgements.add(tx, left, right, verdict, author="anna", reason="rief an: ü", now=now)


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_a_word_is_kept_whole_and_both_records_are_due(lent: Database, verdict: Any) -> None:
    with undone(lent) as tx:
        records(tx)
        judged = say(tx, B, A, verdict)
        assert (judged.left, judged.right) == (A, B), "in one order, whichever way it was said"
        assert (judged.verdict, judged.author, judged.reason) == (verdict, "anna", "rief an: ü")
        assert (judged.created_at, judged.deleted_at) == (NOW, None)
        assert judgements.page(tx) == [judged]
        assert work.take(tx, "resolve", 9) == [A, B]


@pytest.mark.parametrize("turned", [True, False])
def test_a_later_word_on_the_same_two_replaces_the_first(lent: Database, turned: bool) -> None:
    with undone(lent) as tx:
        records(tx)
        first = say(tx, A, B)
        beside = say(tx, A, C)
        second = say(tx, *((B, A) if turned else (A, B)), "different", LATER)
        assert judgements.page(tx) == [beside, second]
        (undone_one,) = [one for one in judgements.page(tx, undone=True) if one.deleted_at]
        assert (undone_one.id, undone_one.verdict, undone_one.deleted_at) == (
            first.id,
            "same",
            LATER,
        )
        assert judgements.standing(tx, [B]) == [second]


@pytest.mark.parametrize(
    ("left", "right", "error", "text"),
    [
        (A, A, ValueError, "a judgement needs two"),
        (A, "crm:a:7", NotFoundError, "no record crm:a:7"),
        ("crm:a:0", A, NotFoundError, "no record crm:a:0"),
        (A, ERIKA, ValueError, "crm:a:1 is a organization, crm:a:9 a person"),
        ("", A, NotFoundError, "no record"),
    ],
)
def test_what_cannot_be_judged(
    lent: Database, left: str, right: str, error: type[Exception], text: str
) -> None:
    with undone(lent) as tx:
        records(tx)
        with pytest.raises(error, match=text):
            say(tx, left, right)
        assert judgements.page(tx, undone=True) == []
        assert work.counts(tx).get("resolve", 0) == 0


def test_it_is_taken_back_once(lent: Database) -> None:
    with undone(lent) as tx:
        records(tx)
        judged = say(tx, A, B)
        work.done(tx, "resolve", [A, B])
        taken_back = judgements.undo(tx, judged.id, LATER)
        assert taken_back.deleted_at == LATER
        assert work.take(tx, "resolve", 9) == [A, B]
        assert judgements.page(tx) == judgements.standing(tx, [A, B]) == []
        assert judgements.page(tx, undone=True) == [taken_back]
        for number in (judged.id, 10**6):
            with pytest.raises(NotFoundError, match=f"no judgement {number} stands"):
                judgements.undo(tx, number, LATER)


def test_those_that_name_any_of_many_records_each_once(lent: Database) -> None:
    with undone(lent) as tx:
        records(tx)
        one, two, three = say(tx, A, B), say(tx, B, C, "different"), say(tx, A, C, "unsure")
        assert judgements.standing(tx, [B]) == [one, two]
        assert judgements.standing(tx, [A, B, C]) == [one, two, three]
        assert judgements.standing(tx, [f"crm:a:{n}" for n in range(6_000)]) == [one, two, three]
        assert judgements.standing(tx, [ERIKA]) == judgements.standing(tx, []) == []


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_page_by_page(lent: Database, limit: int) -> None:
    with undone(lent) as tx:
        records(tx)
        said = [say(tx, A, B), say(tx, B, C), say(tx, A, C)]
        found: list[judgements.Judged] = []
        while page := judgements.page(tx, after=found[-1].id if found else 0, limit=limit):
            assert len(page) <= limit
            found += page
        assert found == said


def test_it_stands_though_a_record_is_away(lent: Database) -> None:
    with undone(lent) as tx:
        records(tx)
        judged = say(tx, A, B)
        put(tx, made(tx, A, "deal"))
        assert judgements.standing(tx, [B]) == [judged]
