"""Search: however it is spelt, by number, bounded in cost, and forgotten when it is gone."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.store import search, tables
from hub.store.database import Database
from hub.store.search import SearchItem
from hub.store.search_words import MAX_TEXT, fold, grams, likeness, words
from tests.street_rows import all_of

NAMES = {
    "01A": "Müller Stahlbau GmbH",
    "01B": "Meyer & Söhne KG",
    "01C": "Straßenbau Großmann",
    "01D": "Müller Gartenbau",
    "01E": "Weber Logistik",
}


@pytest.fixture
def stocked(database: Database) -> Database:
    items = [SearchItem(key, "organization", name, "Köln") for key, name in NAMES.items()]
    items.append(SearchItem("01P", "person", "Erika Mustermann", "erika@mueller.de"))
    items.append(SearchItem("01V", "organization", "Nordwind AG", "DE811569869 73112345"))
    items.append(SearchItem("erp:o:1", "order", "Lieferung Stahl", "AB-2024/0815"))
    items.append(SearchItem("erp:i:1", "invoice", "RE-99001", "RE-99001"))
    with database.transaction() as tx:
        search.put(tx, items)
    return database


def found(db: Database, q: str, kinds: list[str] | None = None, limit: int = 20) -> list[str]:
    with db.reading() as tx:
        return [hit.item for hit in search.search(tx, q, kinds, limit)]


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("Müller Stahlbau", "01A"),
        ("MUELLER STAHLBAU", "01A"),
        ("muller stahlbau", "01A"),
        ("Muler Stalbau", "01A"),
        ("stahlbau müller", "01A"),
        ("Strassenbau Grossmann", "01C"),
        ("Strasenbau", "01C"),
        ("webr logistk", "01E"),
        ("Web", "01E"),
        ("Mustermann Erika", "01P"),
        ("AB-2024/0815", "erp:o:1"),
        ("ab20240815", "erp:o:1"),
        ("0815", "erp:o:1"),
        ("RE-99001", "erp:i:1"),
        ("re 99001", "erp:i:1"),
        ("Mu\u0308ller Gartenbau", "01D"),
        ("DE811569869", "01V"),
        ("DE 811 569 869", "01V"),
        ("de 811569869", "01V"),
        ("0731 12345", "01V"),
        ("0731/123-45", "01V"),
        ("(0731) 12345", "01V"),
        ("073112345", "01V"),
        ("+49 731 12345", "01V"),
        ("+4973112345", "01V"),
        ("+49 (0)731 12345", "01V"),
        ("0049 731 12345", "01V"),
        ("0731 123", "01V"),
    ],
)
def test_it_is_found_however_it_is_spelt(stocked: Database, q: str, first: str) -> None:
    assert found(stocked, q)[0] == first


@pytest.mark.parametrize("q", ["", " ", "%", "xyzzy", "'; DROP TABLE views; --", "\0", "????"])
def test_what_is_not_there_is_not_found(stocked: Database, q: str) -> None:
    assert found(stocked, q) == []


def test_kinds_and_limit_narrow_it(stocked: Database) -> None:
    assert set(found(stocked, "müller")) >= {"01A", "01D", "01P"}
    assert found(stocked, "müller", ["person"]) == ["01P"]
    assert found(stocked, "stahl", ["order", "invoice"]) == ["erp:o:1"]
    assert len(found(stocked, "müller", limit=1)) == 1


def test_scores_fall_and_stay_within_one(stocked: Database) -> None:
    with stocked.reading() as tx:
        hits = search.search(tx, "Müller Stahlbau GmbH Köln")
    assert hits[0].title == "Müller Stahlbau GmbH"
    assert all(0 < hit.score <= 1 for hit in hits)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].score > 0.9


def test_a_query_of_ten_thousand_letters_costs_little(stocked: Database) -> None:
    for q in ("Müller " * 1_500, "x" * 10_000, " ".join(f"wort{n}" for n in range(2_000))):
        start = time.monotonic()
        found(stocked, q)
        assert time.monotonic() - start < 1


def test_a_word_in_every_item_neither_hides_nor_drowns(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "COMMON", 20)
    monkeypatch.setattr(search, "READ_ITEMS", 40)
    items = [SearchItem(f"01{n:03d}", "organization", f"Firma Nr{n:03d}", "") for n in range(100)]
    with database.transaction() as tx:
        search.put(tx, items)
    assert found(database, "Firma Nr042")[0] == "01042"
    assert len(found(database, "Firma", limit=200)) == 40


def test_what_is_put_again_replaces_and_what_is_removed_leaves_no_word(stocked: Database) -> None:
    before = all_of(stocked, tables.search_grams)
    with stocked.transaction() as tx:
        search.put(tx, [SearchItem("01E", "organization", "Adler Spedition", "Bonn")])
    assert found(stocked, "Weber") == []
    assert found(stocked, "Adler") == ["01E"]
    with stocked.transaction() as tx:
        search.put(tx, [SearchItem("01E", "organization", "Weber Logistik", "Köln")])
    assert all_of(stocked, tables.search_grams) == before
    with stocked.transaction() as tx:
        search.remove(tx, [*NAMES, "01P", "01V", "erp:o:1", "erp:i:1"])
    for table in (tables.search_items, tables.search_tokens, tables.search_grams):
        assert all_of(stocked, table) == []


@given(st.text(max_size=600))
def test_folding_is_bounded_and_settled(text: str) -> None:
    folded = fold(text)
    assert len(words(folded)) <= 24
    assert all(0 < len(word) <= 40 for word in words(folded))
    assert len(folded) <= 20 * MAX_TEXT


def test_likeness_of_words() -> None:
    assert likeness(grams("muller"), grams("muller")) == 1.0
    assert 0.5 < likeness(grams("muler"), grams("muller")) < 1.0
    assert likeness(grams("adler"), grams("weber")) < 0.5
    assert likeness(set(), grams("x")) == 0.0


def test_who_is_called_so_stands_before_who_only_writes_from_there(database: Database) -> None:
    with database.transaction() as tx:
        search.put(
            tx,
            [
                SearchItem("01A", "organization", "Möckelstedt Verpackungen GmbH", "Nürnberg"),
                SearchItem("01B", "person", "Britta Ernst", "b.ernst@moeckelstedt.example"),
            ],
        )
    with database.reading() as tx:
        for asked in ("Moeckelstedt", "mockelstedt", "Möckelsted"):
            assert [hit.item for hit in search.search(tx, asked)] == ["01A", "01B"]
