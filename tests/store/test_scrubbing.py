"""Words are found in any text, however they are spelt, on both databases alike."""

from json import dumps

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hub.store.database import Database
from hub.store.scrubbing import bound, holds

SAID = sa.Table("texts", sa.MetaData(), sa.Column("text", sa.Text))


def found(db: Database, text: str, words: list[str]) -> bool:
    with db.reading() as tx:
        looked_for = bound(tx, words)
        values = f"(SELECT CAST(:text AS TEXT) AS text) AS {SAID.name}"
        condition = holds(tx, SAID.c.text, looked_for)
        select = sa.text(f"SELECT CASE WHEN {condition} THEN 1 ELSE 0 END FROM {values}")
        return bool(tx.execute(select, {**looked_for, "text": text}).scalar_one())


@pytest.mark.parametrize(
    ("text", "words", "is_there"),
    [
        ("Mail an MAX@Weber.Example, bitte", ["max@weber.example"], True),
        ("Mail an max@webér.example", ["max@weber.example"], False),
        ("MÜLLER hat es", ["müller"], True),
        ("Muller hat es", ["müller"], False),
        (r'{"name": "M\u00fcller"}', ["Müller"], True),
        (r'{"name": "M\u00DCLLER"}', ["Müller"], True),
        ("100 % sicher", ["100 %"], True),
        ("100 x sicher", ["100 %"], False),
        ("a_b!c", ["a_b!c"], True),
        ("aXb!c", ["a_b!c"], False),
        ("Karl", ["karl"], True),  # a Kelvin sign is a k
        ("Kaul", ["karl"], False),
        ("nichts", ["alles", "nichts"], True),
        ("nichts", [f"wort {number}" for number in range(300)], False),
        ("das Wort 7 fällt", [f"wort {number}" for number in range(300)], True),
        ("nichts", [], False),
    ],
)
def test_a_word_is_found_as_it_is_spelt(
    lent: Database, text: str, words: list[str], is_there: bool
) -> None:
    assert found(lent, text, words) == is_there


LETTERS = st.text("aAäÄkKß%_!\\'\"@. 1", max_size=12)


@given(text=LETTERS, word=LETTERS.filter(bool))
def test_it_is_found_where_python_finds_it(lent_sqlite: str, text: str, word: str) -> None:
    db = _opened(lent_sqlite)
    said = (word, word.lower(), word.upper())
    spellings = {spelt.lower() for one in said for spelt in (one, dumps(one)[1:-1])}
    assert found(db, text, [word]) == any(one in text.lower() for one in spellings)


_OPEN: dict[str, Database] = {}


def _opened(url: str) -> Database:
    if url not in _OPEN:
        _OPEN[url] = Database(url)
    return _OPEN[url]
