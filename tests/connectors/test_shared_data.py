"""Data that no one here wrote is read whole by both sources."""

from pathlib import Path

import pytest

from connectors.registry import open_connector
from tests.connectors.reading import file_stream, read_stream


@pytest.mark.parametrize(
    ("name", "key", "count"),
    [
        ("customers.json", "customer_id", 90),
        ("sales.json", "sales_record_id", 13_510),
        ("customer_support_chats.json", "chat_id", 1_000),
        ("clients.json", "client_id", 400),
    ],
)
def test_departments_as_files(shared_data: Path, name: str, key: str, count: int) -> None:
    outcome = read_stream(file_stream(shared_data / "departments" / name, key=key))
    assert not outcome.rejected
    assert len(set(outcome.keys)) == count
    assert (outcome.end.total, outcome.end.complete) == (count, True)


def test_northwind_as_a_database(shared_data: Path) -> None:
    streams = {
        "customers": {"table": "Customers", "key": "CustomerID"},
        "orders": {"table": "Orders", "key": "OrderID", "cursor": "OrderDate"},
        "lines": {"table": "Order Details", "key": ["OrderID", "ProductID"]},
        "employees": {"table": "Employees", "key": "EmployeeID", "exclude": ["Photo"]},
        "invoices": {
            "query": "SELECT OrderID AS id, SUM(UnitPrice) AS net FROM Invoices GROUP BY 1",
            "key": "id",
        },
    }
    connector = open_connector(
        "sql",
        name="erp",
        config={"url": "sqlite:///departments/northwind.sqlite", "streams": streams},
        base_dir=shared_data,
    )
    connector.check()
    found = {stream.name: read_stream(stream) for stream in connector.streams()}
    counts = {name: outcome.end.total for name, outcome in found.items()}
    assert counts["customers"] == 93
    assert counts["orders"] == 830
    assert counts["lines"] == 2_155
    assert counts["employees"] == 9
    assert counts["invoices"]
    assert all(not o.rejected and o.end.complete for o in found.values())
    assert "Photo" not in found["employees"].data[0]
    assert "ALFKI" in found["customers"].keys
    connector.close()


def test_german_funding_records_as_json_lines(shared_data: Path) -> None:
    path = shared_data / "resolution" / "berlin_open" / "records.jsonl"
    outcome = read_stream(file_stream(path))
    assert len(outcome.records) == 3_397
    assert outcome.end.complete
