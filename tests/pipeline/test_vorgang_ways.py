"""Whatever the order of changes, cases end as one load and a rebuild leave them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from hub.store import rebuild, tables, work
from hub.store.database import Database
from tests.pipeline.one_case import (
    CRM,
    DEAL,
    ERP,
    INVOICE,
    OF_ERP,
    ORDER,
    OTHER,
    PAYMENT,
    cases,
    run,
)
from tests.street_rows import Row, all_of, drop, lay

PAPERS = [CRM, ERP, DEAL, ORDER, OTHER, INVOICE, PAYMENT]


VARIANTS = [
    DEAL,
    replace(DEAL, fields={**DEAL.fields, "status": "lost"}),
    ORDER,
    replace(ORDER, fields={**ORDER.fields, "reference": None}),
    OTHER,
    replace(OTHER, fields={**OTHER.fields, "reference": "AN-2026-00011"}),
    INVOICE,
    replace(INVOICE, refs=[*INVOICE.refs, ("order", OTHER.ref)]),
    replace(INVOICE, refs=OF_ERP),
    PAYMENT,
    replace(PAYMENT, fields={**PAYMENT.fields, "reference": "Danke"}, refs=OF_ERP),
]


def picture(db: Database, *, with_ids: bool) -> Any:
    names = {one: one if with_ids else refs[0] for one, refs in cases(db).items()}
    ended = {row["id"] for row in all_of(db, tables.vorgaenge)} - names.keys()
    hub = ("created_at", "changed_at", "valid_from", "ended_at", "merged_into", "split_from")
    return [
        [
            {**row, where: names[row[where]]}
            for row in all_of(db, table, *hub)
            if row[where] not in ended
        ]
        for table, where in (
            (tables.vorgaenge, "id"),
            (tables.vorgang_members, "vorgang_id"),
            (tables.vorgang_phases, "vorgang_id"),
            (tables.vorgang_gaps, "vorgang_id"),
        )
    ] + [all_of(db, tables.link_candidates), all_of(db, tables.vorgang_dwells)]


@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(st.tuples(st.sampled_from(VARIANTS), st.booleans()), min_size=2, max_size=8))
def test_any_way_ends_where_one_load_and_a_rebuild_end(
    new_database: Callable[[], Database], steps: list[tuple[Row, bool]]
) -> None:
    db, at_once = new_database(), new_database()
    lay(db, [CRM, ERP])
    stand: dict[str, Row] = {}
    for row, there in steps:
        if there or row.ref not in stand:
            stand[row.ref] = row
            lay(db, [row])
        else:
            del stand[row.ref]
            drop(db, [row.ref])
        run(db)
    lay(at_once, [CRM, ERP, *stand.values()])
    run(at_once)
    assert sort(picture(db, with_ids=False)) == sort(picture(at_once, with_ids=False))
    before = picture(db, with_ids=True)
    with db.transaction() as tx:
        rebuild.start_over(tx)
        work.done(tx, "resolve", work.take(tx, "resolve", 10_000))
    run(db)
    assert picture(db, with_ids=True) == before


def sort(some: list[list[dict[str, Any]]]) -> list[list[str]]:
    return [sorted(map(str, rows)) for rows in some]
