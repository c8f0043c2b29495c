"""Batch reads and writes on both databases alike: every column type, odd texts, many values."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import tables
from hub.store.database import CHUNK, Database, Tx, among, insert_new, upsert
from tests.store.undone import undone

PROBE = sa.Table(
    "probe",
    sa.MetaData(),
    sa.Column("ref", tables.Ref, primary_key=True),
    sa.Column("big", tables.BigInt, primary_key=True),
    sa.Column("small", sa.Integer),
    sa.Column("wide", sa.BigInteger),
    sa.Column("share", sa.Float),
    sa.Column("own", sa.Boolean),
    sa.Column("hash", sa.LargeBinary),
    sa.Column("text", sa.Text),
)
ODD = [
    "",
    " ",
    "'",
    '"',
    "\\",
    "\\u0041",
    "a,b",
    "[1]",
    "null",
    "%s",
    "%%",
    ":x",
    "{}",
    "$1",
    "Müller",
    "\u2028",
    "🦜",
    "a\tb\nc",
    "\x01\x7f",
    "e\u0301",
]
"""Texts that a careless quoting would break."""

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
_ROW = st.fixed_dictionaries(
    {
        "ref": _TEXT | st.sampled_from(ODD),
        "big": st.integers(-(2**63), 2**63 - 1),
        "small": st.none() | st.integers(-(2**31), 2**31 - 1),
        "wide": st.none() | st.integers(-(2**63), 2**63 - 1),
        "share": st.none() | st.floats(allow_nan=False, allow_infinity=False),
        "own": st.none() | st.booleans(),
        "hash": st.none() | st.binary(max_size=20),
        "text": st.none() | _TEXT | st.sampled_from(ODD),
    }
)
_SMALL = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def row(ref: str, big: int = 1, **more: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("small", "wide", "share", "own", "hash", "text"))
    return {"ref": ref, "big": big, **empty, **more}


def probe(tx: Tx) -> dict[tuple[str, int], dict[str, Any]]:
    rows = tx.execute(sa.select(PROBE)).mappings()
    return {(one["ref"], one["big"]): dict(one) for one in rows}


@_SMALL
@given(st.lists(_ROW, max_size=8, unique_by=lambda one: (one["ref"], one["big"])), st.booleans())
def test_what_is_written_is_read_again_type_for_type(
    lent: Database, rows: list[dict[str, Any]], whole: bool
) -> None:
    with undone(lent) as tx:
        PROBE.create(tx)
        (upsert if whole else insert_new)(tx, PROBE, rows)
        assert probe(tx) == {(one["ref"], one["big"]): one for one in rows}
        for one in rows:
            with_type = {name: (type(value), value) for name, value in one.items()}
            found = probe(tx)[one["ref"], one["big"]]
            assert {name: (type(value), value) for name, value in found.items()} == with_type


@_SMALL
@given(st.lists(_ROW, min_size=1, max_size=6), st.lists(_ROW, min_size=1, max_size=6), st.data())
def test_upsert_and_insert_new_are_what_a_dictionary_does(
    lent: Database,
    first: list[dict[str, Any]],
    second: list[dict[str, Any]],
    data: st.DataObject,
) -> None:
    second = [{**one, **data.draw(st.sampled_from([{}, _key(first[0])]))} for one in second]
    one, two = _by_key(first), _by_key(second)
    keep = data.draw(st.lists(st.sampled_from(["small", "text", "own"]), unique=True))
    with undone(lent) as tx:
        PROBE.create(tx)
        upsert(tx, PROBE, list(one.values()))
        insert_new(tx, PROBE, list(two.values()))
        assert probe(tx) == {**two, **one}
        upsert(tx, PROBE, list(two.values()), keep=keep)
        kept = {
            key: {**given, **({name: one[key][name] for name in keep} if key in one else {})}
            for key, given in two.items()
        }
        assert probe(tx) == {**one, **kept}


def _key(given: dict[str, Any]) -> dict[str, Any]:
    return {"ref": given["ref"], "big": given["big"]}


def _by_key(rows: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    return {(one["ref"], one["big"]): one for one in rows}


def test_columns_that_are_not_named_stay_as_they_are(lent: Database) -> None:
    with undone(lent) as tx:
        PROBE.create(tx)
        upsert(tx, PROBE, [row("a", text="old", small=1)])
        upsert(tx, PROBE, [{"ref": "a", "big": 1, "small": 2}])
        assert probe(tx)["a", 1] == row("a", text="old", small=2)
        upsert(tx, PROBE, [{"big": 1, "ref": "a"}, {"big": 2, "ref": "a"}])
        assert probe(tx).keys() == {("a", 1), ("a", 2)}
        assert probe(tx)["a", 1]["text"] == "old"


def test_a_row_is_found_by_another_unique_key(lent: Database) -> None:
    def cursor(stream: str, at: str) -> dict[str, Any]:
        return {"connection": "crm", "stream": stream, "state": "x", "key": at}

    rest = {"place": "", "reason": "", "raw": "", "first_seen_at": "t", "seen_run": 1}
    with undone(lent) as tx:
        for at, state in (("1", b"f"), ("2", b"f"), ("3", b"g")):
            given = [{**cursor("s", at), **rest, "fingerprint": state}]
            upsert(tx, tables.quarantine, given, by=["connection", "stream", "fingerprint"])
        q = tables.quarantine.c
        found = tx.execute(sa.select(q.id, q.key).order_by(q.id)).all()
    assert [one.key for one in found] == ["2", "3"]


@pytest.mark.parametrize("write", [upsert, insert_new])
def test_nothing_to_write_costs_nothing(lent: Database, write: Any) -> None:
    with undone(lent) as tx:
        write(tx, PROBE, [])  # there is not even such a table


def test_among_finds_each_odd_text_and_no_other(lent: Database) -> None:
    with undone(lent) as tx:
        PROBE.create(tx)
        insert_new(tx, PROBE, [row(text) for text in ODD])

        def found(*values: str) -> set[str]:
            return set(
                tx.execute(sa.select(PROBE.c.ref).where(among(PROBE.c.ref, values))).scalars()
            )

        assert found(*ODD) == set(ODD)
        for text in ODD:
            assert found(text) == {text}
        assert found() == set()
        assert found("muller", "NULL", "A", "\u00e9") == set()


def test_among_knows_numbers_of_64_bits_and_texts_that_look_like_numbers(
    lent: Database,
) -> None:
    numbers = [0, -1, 7, 2**53 + 1, 2**63 - 1, -(2**63)]
    with undone(lent) as tx:
        PROBE.create(tx)
        insert_new(tx, PROBE, [row(str(one), one, wide=one, small=7) for one in numbers])

        def count(condition: Any) -> int:
            return tx.execute(sa.select(sa.func.count()).where(condition)).scalar_one()

        for column in (PROBE.c.big, PROBE.c.wide):
            assert count(among(column, numbers)) == len(numbers)
            assert count(among(column, [2**53 + 1])) == 1
            assert count(among(column, [2**53])) == 0
        assert count(among(PROBE.c.small, [7])) == len(numbers)
        assert count(among(PROBE.c.ref, ["7", "0", "07", "-0"])) == 2


def test_a_text_that_is_no_unicode_is_refused_before_the_database_sees_it(
    lent: Database,
) -> None:
    refused = pytest.raises((UnicodeEncodeError, sa.exc.StatementError), match="surrogates")
    with undone(lent) as tx, refused:
        tx.execute(sa.select(tables.work).where(among(tables.work.c.item, ["a", "\ud800"])))


def test_twenty_thousand_values_at_once(lent: Database) -> None:
    many = 4 * CHUNK
    with undone(lent) as tx:
        PROBE.create(tx)
        insert_new(tx, PROBE, [row(f"r{n}", n, text="x") for n in range(many)])
        upsert(tx, PROBE, [row(f"r{n}", n, text="y") for n in range(0, many, 2)])
        asked = [f"r{n}" for n in range(0, 2 * many, 2)]
        select = sa.select(PROBE.c.text, sa.func.count()).group_by(PROBE.c.text)
        assert dict(tx.execute(select).all()) == {"x": many // 2, "y": many // 2}
        assert dict(tx.execute(select.where(among(PROBE.c.ref, asked))).all()) == {"y": many // 2}
        gone = sa.delete(PROBE).where(among(PROBE.c.big, range(many)))
        assert tx.execute(gone).rowcount == many
