"""Rows become files: typed, disarmed, and never more than a page of them in memory."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pyarrow.parquet as pq
import pytest

from hub.pipeline.export import FORMS, PAGE, ROWS_OF_A_GROUP, Row, as_csv, as_parquet, pages
from hub.store.database import Database
from tests.street_rows import Row as Record
from tests.street_rows import lay

INVOICE: dict[str, Any] = {
    "ref": "erp:i:1",
    "number": "=cmd()",
    "balance_minor": 12_345,
    "currency": "EUR",
    "issued_on": "9999-12-31",
}


def test_parquet_is_typed_and_holds_what_fits_no_type_as_null() -> None:
    rows: list[Row] = [INVOICE, {"ref": "erp:i:2", "balance_minor": 2**70, "number": 7}]
    table = pq.read_table(io.BytesIO(b"".join(as_parquet("invoice", iter([rows])))))
    first, second = table.to_pylist()
    assert str(table.schema.field("balance_minor").type) == "int64"
    assert (first["balance_minor"], first["issued_on"]) == (12_345, "9999-12-31")
    assert (second["balance_minor"], second["number"]) == (None, "7")


def test_an_empty_kind_is_a_file_all_the_same() -> None:
    assert pq.read_table(io.BytesIO(b"".join(as_parquet("ticket", iter([]))))).num_rows == 0
    text = b"".join(as_csv("ticket", iter([]))).decode("utf-8-sig")
    assert text.startswith("ref,connection,customer,")


def test_csv_is_disarmed() -> None:
    text = b"".join(as_csv("invoice", iter([[INVOICE]]))).decode("utf-8-sig")
    assert ",'=cmd()," in text


@pytest.mark.parametrize("written", [as_csv, as_parquet])
def test_memory_does_not_grow_with_the_rows(written: Any) -> None:
    def peak(groups: int) -> int:
        def some() -> Iterator[list[Row]]:
            for page in range(groups * ROWS_OF_A_GROUP // PAGE):
                yield [{**INVOICE, "ref": f"erp:i:{page}-{n}"} for n in range(PAGE)]

        tracemalloc.start()
        for _ in written("invoice", some()):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(4) < 1.5 * peak(1) + 1_000_000


def test_pages_hold_every_record_once(database: Database) -> None:
    rows = [Record(f"desk:t:{n:05d}", "ticket", {"subject": f"S{n}"}) for n in range(PAGE + 1)]
    lay(database, rows, due=False)
    found = [row["ref"] for page in pages(database, "ticket", "EUR") for row in page]
    assert found == [row.ref for row in rows]


SOLD = [
    Record("erp:o:1", "order", {"net_minor": 1_000, "currency": "JPY", "exchange_rate": 0.006}),
    Record("erp:o:2", "order", {"net_minor": 1_000, "currency": "JPY"}),
    Record("erp:o:3", "order", {"net_minor": 1_000, "currency": "EUR"}, extensions={"hall": [3]}),
    Record("erp:o:4", "order", {"number": "A-4"}),
]


def test_rows_tell_amounts_in_the_companys_currency_and_keep_extensions(database: Database) -> None:
    lay(database, SOLD, due=False)

    def written(form: str) -> bytes:
        return b"".join(FORMS[form][1]("order", pages(database, "order", "EUR")))

    wanted = [(600, "EUR", None), (None, None, None), (1_000, "EUR", {"hall": [3]}), (None,) * 3]
    names = ("net_base_minor", "base_currency", "extensions")
    lines = [json.loads(line) for line in written("jsonl").splitlines()]
    assert [tuple(one.get(name) for name in names) for one in lines] == wanted
    table = pq.read_table(io.BytesIO(written("parquet")))
    assert str(table.schema.field("net_base_minor").type) == "int64"
    told = [tuple(one[name] for name in names) for one in table.to_pylist()]
    assert told == [
        (*amounts, text and json.dumps(text).replace(" ", "")) for *amounts, text in wanted
    ]
    rows = list(csv.DictReader(io.StringIO(written("csv").decode("utf-8-sig"), newline="")))
    assert [one["net_base_minor"] for one in rows] == ["600", "", "1000", ""]
    assert [one["extensions"] for one in rows] == ["", "", '{"hall":[3]}', ""]
