"""Canonical records: what a new version changes, who refers to whom, what was not understood."""

from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.store import canonical, work
from hub.store.canonical import replace
from hub.store.database import Database, Tx
from hub.store.tables import canonical_issues, canonical_refs
from tests.store.canonical_rows import made, put, source
from tests.store.undone import undone

A, B, C = "crm:a:1", "crm:a:2", "crm:a:3"


def pairs(tx: Tx, ref: str) -> set[tuple[str, str]]:
    r = canonical_refs.c
    rows = tx.execute(sa.select(r.role, r.target_ref).where(r.from_ref == ref))
    return {(role, target) for role, target in rows}


def one(tx: Tx, ref: str) -> Any:
    (row,) = canonical.get(tx, [ref])
    return row


def test_what_is_new_is_written_and_what_is_the_same_is_not(lent: Database) -> None:
    with undone(lent) as tx:
        first = put(tx, made(tx, A, name="Weber"), made(tx, B, "person", name="Erika"))
        assert (sorted(first.written), list(first.vanished)) == ([A, B], [])
        assert first.kinds == {A: {"organization"}, B: {"person"}}
        again = put(tx, made(tx, A, name="Weber", version=2), made(tx, B, "person", name="Erika"))
        assert (again.written, again.vanished, again.kinds) == ([], [], {})
        assert one(tx, A).version == 2, "of which version it was made is kept up to date"


@pytest.mark.parametrize(
    ("after", "differs"),
    [
        ({"name": "Weber"}, False),
        ({"name": "Weber", "issues": [("city", "?", "unknown")]}, False),
        ({"name": "weber"}, True),
        ({"name": "Weber", "city": "Ulm"}, True),
        ({"name": "Weber", "raw": {"name": "WEBER"}}, True),
        ({"name": "Weber", "kind": "person"}, True),
        ({"name": "Weber", "refs": [("parent", B)]}, True),
        ({"name": "Weber", "at": "2026-01-01"}, False),
    ],
)
def test_what_counts_as_a_change(lent: Database, after: dict[str, Any], differs: bool) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, A, name="Weber"))
        changes = put(tx, made(tx, A, **after))
        assert list(changes.written) == ([A] if differs else [])
        if after.get("kind"):
            assert changes.kinds[A] == {"organization", "person"}


def test_fields_are_compared_by_meaning_not_by_order(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, A, name="Weber", city="Ulm", refs=[("parent", B), ("parent", C)]))
        turned = made(tx, A, city="Ulm", name="Weber", refs=[("parent", C), ("parent", B)])
        assert put(tx, turned).written == []


def test_parts_that_a_record_no_longer_has_vanish(lent: Database) -> None:
    parts = [f"{A}#member.{n}" for n in range(3)]
    with undone(lent) as tx:
        put(
            tx,
            made(tx, A, name="x"),
            *(made(tx, p, "person", name=p, refs=[("organization", A)]) for p in parts),
        )
        changes = put(tx, made(tx, A, name="x"), made(tx, parts[1], "person", name="other"))
        assert list(changes.written) == [parts[1]]
        assert sorted(changes.vanished) == [parts[0], parts[2]]
        assert changes.kinds[parts[0]] == {"person"}
        assert {row.ref for row in canonical.get(tx, [A, *parts])} == {A, parts[1]}
        assert pairs(tx, parts[0]) == pairs(tx, parts[1]) == set()
        gone = replace(tx, [source(tx, A)], [])
        assert sorted(gone.vanished) == [A, parts[1]]
        assert canonical.get(tx, [A, *parts]) == []


def test_other_records_are_left_alone(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, A, name="x"), made(tx, B, name="y", refs=[("parent", A)]))
        put(tx, made(tx, A, name="z"))
        replace(tx, [source(tx, C)], [])
        assert one(tx, B).title == "y"
        assert pairs(tx, B) == {("parent", A)}


def test_references_follow_the_newest_version(lent: Database) -> None:
    with undone(lent) as tx:
        put(tx, made(tx, A, refs=[("organization", B), ("person", B), ("organization", B)]))
        assert pairs(tx, A) == {("organization", B), ("person", B)}
        put(tx, made(tx, A, refs=[("organization", C), ("organization", "crm:a:x\0")]))
        assert pairs(tx, A) == {("organization", C)}, "no record is called by a NUL"
        put(tx, made(tx, A))
        assert pairs(tx, A) == set()


def test_who_refers_to_a_record(lent: Database) -> None:
    with undone(lent) as tx:
        put(
            tx,
            made(tx, A, name="Weber"),
            made(tx, B, "person", name="Erika", refs=[("organization", A)]),
            made(tx, C, "deal", refs=[("organization", A), ("person", B), ("person", "crm:a:9")]),
        )
        assert canonical.referrers(tx, [A]) == {B: "person", C: "deal"}
        assert canonical.referrers(tx, [B]) == {C: "deal"}
        assert canonical.referrers(tx, ["crm:a:9"]) == {C: "deal"}, "what is not there may come"
        assert canonical.referrers(tx, [C, "x"]) == {}
        assert canonical.referrers(tx, []) == {}


def test_columns_hold_what_any_database_holds(lent: Database) -> None:
    with undone(lent) as tx:
        long = "x" * 2_000
        put(tx, made(tx, A, name=f"a\0{long}", number=47, status="open", at="2026-01-01"))
        row = one(tx, A)
        assert (row.number, row.status, row.at) == ("47", "open", "2026-01-01")
        assert row.title == "a" + "x" * 498
        assert msgspec.json.decode(row.fields)["name"] == f"a\0{long}", "the fields keep it whole"
        put(tx, made(tx, A))
        row = one(tx, A)
        assert (row.number, row.status, row.title, row.fields) == (None, None, None, "{}")


def test_issues_are_counted_by_field_and_go_when_they_are_mended(lent: Database) -> None:
    with undone(lent) as tx:
        put(
            tx,
            made(
                tx, A, issues=[("status", "Weiß\0nicht", "no such\0value"), ("at", "x", "no date")]
            ),
            made(tx, B, issues=[("status", "Foo", "no such value")]),
            made(tx, "erp:a:1", issues=[("status", "Foo", "no such value")]),
        )
        found = [tuple(row) for row in canonical.issue_counts(tx)]
        assert found == [
            ("crm", "a", "at", "no date", "x", 1),
            ("crm", "a", "status", "no such value", "Foo", 2),
            ("erp", "a", "status", "no such value", "Foo", 1),
        ]
        put(tx, made(tx, A, issues=[("status", "Bar", "no such value")]))
        put(tx, made(tx, B))
        i = canonical_issues.c
        rows = tx.execute(sa.select(i.ref, i.field, i.value).order_by(i.ref)).all()
        assert [tuple(row) for row in rows] == [(A, "status", "Bar"), ("erp:a:1", "status", "Foo")]
        replace(tx, [source(tx, A), source(tx, "erp:a:1")], [])
        assert canonical.issue_counts(tx) == []


def test_another_mapping_sends_all_records_of_its_connection_again(lent: Database) -> None:
    with undone(lent) as tx:
        ids = [str(source(tx, ref)) for ref in (A, B)]
        source(tx, "erp:a:1")
        work.done(tx, "canonicalize", work.take(tx, "canonicalize", 9))
        assert not canonical.remap(tx, "crm", "v1"), "the first one changes nothing that was"
        assert work.take(tx, "canonicalize", 9) == sorted(ids)
        work.done(tx, "canonicalize", ids)
        assert not canonical.remap(tx, "crm", "v1")
        assert work.counts(tx) == {}
        work.add(tx, "canonicalize", ids[:1])
        assert canonical.remap(tx, "crm", "v2")
        assert work.take(tx, "canonicalize", 9) == sorted(ids), "what is due already stays due once"
        assert canonical.remap(tx, "crm", "v1")


_ROLES = st.lists(
    st.tuples(st.sampled_from(["organization", "person"]), st.sampled_from([A, B, C])), max_size=3
)
_RECORD = st.tuples(
    st.sampled_from(["organization", "person", "deal"]), st.sampled_from("xyz"), _ROLES
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.dictionaries(st.sampled_from([A, B, f"{A}#p"]), _RECORD), min_size=1, max_size=4)
)
def test_versions_one_after_the_other_leave_the_last(
    lent: Database, states: list[dict[str, Any]]
) -> None:
    before: dict[str, Any] = {}
    with undone(lent) as tx:
        sources = [source(tx, ref) for ref in (A, B)]
        for state in states:
            records = [
                made(tx, ref, kind, name=name, refs=refs)
                for ref, (kind, name, refs) in state.items()
            ]
            changes = replace(tx, sources, records)
            now = {ref: (kind, name, set(refs)) for ref, (kind, name, refs) in state.items()}
            assert set(changes.vanished) == before.keys() - now.keys()
            assert set(changes.written) == {r for r in now if now[r] != before.get(r)}
            found = {
                row.ref: (row.kind, row.title, pairs(tx, row.ref))
                for row in canonical.get(tx, [A, B, f"{A}#p"])
            }
            assert found == now
            before = now
