"""Papers of some customers are reached by the customers, however many papers there are."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.store import flow
from hub.store.database import Database, Row, Tx

Ask = Callable[[Tx], list[Row]]


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: flow.nodes_of_parties(tx, ["01A"], {"deal", "order", "project"}),
        lambda tx: flow.records(tx, ["01A", "crm:deals:1"]),
        lambda tx: flow.contracts(tx, ["erp:contracts:1"], ["01A"]),
    ],
    ids=["nodes_of_parties", "records", "contracts"],
)
def test_no_batch_reads_all_records_of_a_kind(sqlite_template: Path, ask: Ask) -> None:
    sqlite = Database(f"sqlite:///{sqlite_template}")
    plans: list[str] = []

    def explained(conn: Any, cursor: Any, sql: str, *rest: Any) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", rest[0])
        plans.extend(row[3] for row in cursor.fetchall())

    with sqlite.reading() as tx:
        sa.event.listen(tx, "before_cursor_execute", explained)
        assert ask(tx) == []
    sqlite.close()
    assert plans
    for step in plans:
        assert "(kind=?)" not in step
        assert not step.startswith("SCAN canonical_records")
