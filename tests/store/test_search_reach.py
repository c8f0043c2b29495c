"""Search under any input: what is indexed is found by its own words, at a bounded cost."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import search, tables
from hub.store.database import Database
from hub.store.search import SearchItem
from tests.store.undone import undone

_SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_WORD = st.sampled_from(
    ["Müller", "Mueller", "Weber", "Straße", "Köln", "GmbH", "AB-2024-17", "Øst", "X", "Bau-Markt"]
)
_NAME = st.lists(_WORD, min_size=1, max_size=4).map(" ".join)


@_SMALL
@given(st.dictionaries(st.sampled_from([f"01{n}" for n in range(8)]), _NAME, min_size=1))
def test_each_is_among_the_best_for_its_own_name(lent: Database, names: dict[str, str]) -> None:
    with undone(lent) as tx:
        search.put(tx, [SearchItem(one, "organization", name, "") for one, name in names.items()])
        for one, name in names.items():
            for q in (name, name.upper(), name.lower(), " ".join(reversed(name.split()))):
                hits = search.search(tx, q)
                assert one in [hit.item for hit in hits]
                assert len({hit.item for hit in hits}) == len(hits)
                assert [hit.score for hit in hits] == sorted((h.score for h in hits), reverse=True)


@_SMALL
@given(st.lists(st.tuples(st.sampled_from(["01", "02", "03"]), st.none() | _NAME), max_size=8))
def test_the_index_is_that_of_what_stands(
    lent: Database, steps: list[tuple[str, str | None]]
) -> None:
    stands: dict[str, str] = {}
    tables_of_it = (tables.search_items, tables.search_tokens, tables.search_grams)
    with undone(lent) as tx:
        for one, name in steps:
            if name is None:
                stands.pop(one, None)
                search.remove(tx, [one])
            else:
                stands[one] = name
                search.put(tx, [SearchItem(one, "organization", name, "")])
        after = [sorted(map(tuple, tx.execute(table.select()))) for table in tables_of_it]
    with undone(lent) as tx:
        search.put(tx, [SearchItem(one, "organization", name, "") for one, name in stands.items()])
        fresh = [sorted(map(tuple, tx.execute(table.select()))) for table in tables_of_it]
    assert after == fresh


@_SMALL
@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_indexed_and_asked(lent: Database, title: str, q: str) -> None:
    item = SearchItem(
        "01", "organization", title.replace("\0", "").encode("utf-8", "ignore").decode(), ""
    )
    with undone(lent) as tx:
        search.put(tx, [item])
        for asked in (q, title, q + "\0", "%" + q, q * 200):
            assert {hit.item for hit in search.search(tx, asked)} <= {"01"}


@pytest.mark.parametrize(
    "q",
    [
        "Müller " * 2_000,
        "x" * 10_000,
        " ".join(f"wort{n}" for n in range(2_000)),
        "-".join("ab" for _ in range(4_000)),
        "\u0308" * 10_000,
        "ﷺ" * 10_000,
    ],
)
def test_a_long_query_reads_no_more_than_a_short_one(lent: Database, q: str) -> None:
    """Counted in statements and in the words they ask for, so that no clock is needed."""
    asked: list[int] = []
    with undone(lent) as tx:
        search.put(tx, [SearchItem("01", "organization", "Müller Bau", "")])

        def count(_c: object, _d: object, statement: str, parameters: object, *_: object) -> None:
            asked.append(len(statement) + len(str(parameters)))

        sa.event.listen(tx, "before_cursor_execute", count)
        search.search(tx, q)
    assert len(asked) <= 3 + 2 * search.ASKED_WORDS
    assert max(asked) < 40_000
