"""The feed of changes and the exports, over the API; on both databases."""

import csv
import io
import json
import threading

import pyarrow.parquet as pq
import pytest

from hub.pipeline.export import EXPORTS
from hub.store import changes
from hub.store.database import Database
from tests.api.serving import Hub

NOW = "2026-11-23T10:00:00.000Z"


def test_a_consumer_gets_everything_once_and_then_what_changed(own_hub: Hub) -> None:
    with own_hub.client("read") as client:
        seen, after = [], None
        while True:
            query = {"limit": 4} | ({"after": after} if after else {})
            answer = client.get("/v1/changes", params=query).json()
            seen += [(one["kind"], one["id"]) for one in answer["items"]]
            after = answer["next"]
            if not answer["more"]:
                break
        assert len(seen) == len(set(seen)) == 11  # 7 customers, a person, 3 alerts
        assert client.get("/v1/changes", params={"after": after}).json()["items"] == []
        with own_hub.runtime.database.transaction() as tx:
            changes.note(tx, "organization", [seen[0][1]], NOW, op="removed")
        (again,) = client.get("/v1/changes", params={"after": after}).json()["items"]
        assert again["op"] == "removed"
        only = client.get("/v1/changes", params={"kind": "alert"}).json()["items"]
        assert [one["href"].rpartition("/")[0] for one in only] == ["/v1/alerts"] * 3
        assert client.get("/v1/changes", params={"after": "x"}).status_code == 400


def test_nothing_is_left_out_however_many_write_at_once(database: Database) -> None:
    """Writers commit out of order and slowly; a reader that keeps its place misses nobody."""
    stop = threading.Event()
    seen: dict[str, int] = {}

    def write(writer: int) -> None:
        for n in range(25):
            with database.transaction() as tx:
                changes.note(tx, "alert", [f"{writer}-{n}", f"{writer}-{n}-b"], NOW)
                stop.wait(0.002 * (writer % 3))

    def read() -> int:
        place = 0
        while True:
            ended = stop.is_set()
            with database.transaction() as tx:
                changes.number(tx)
            with database.reading() as tx:
                found = changes.after(tx, place, (), 7)
            for one in found:
                assert one.place > place
                place = one.place
                seen[one.id] = seen.get(one.id, 0) + 1
            if ended and not found:
                return place

    reader = threading.Thread(target=read)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert len(seen) == 4 * 25 * 2
    assert set(seen.values()) == {1}


def test_a_transaction_that_is_still_open_is_neither_seen_nor_lost(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("one writer at a time: nobody is overtaken")
    with database.transaction() as slow:
        changes.note(slow, "alert", ["slow"], NOW)
        with database.transaction() as tx:
            changes.note(tx, "alert", ["fast"], NOW)
        with database.transaction() as tx:
            assert changes.number(tx) == 1
        with database.reading() as tx:
            (fast,) = changes.after(tx, 0, (), 10)
    with database.transaction() as tx:
        changes.number(tx)
    with database.reading() as tx:
        assert [one.id for one in changes.after(tx, fast.place, (), 10)] == ["slow"]


def test_exports_hold_every_record_in_each_form(own_hub: Hub) -> None:
    with own_hub.client("read") as client:
        for name in EXPORTS:
            assert client.get(f"/v1/export/{name}.csv").status_code == 200, name
        text = client.get("/v1/export/tickets.csv")
        lines = client.get("/v1/export/tickets.jsonl")
        table = client.get("/v1/export/tickets.parquet")
        people = client.get("/v1/export/organizations.jsonl")
        assert client.get("/v1/export/customers.jsonl").content == people.content
        for wrong in ("tickets.xml", "ticket.csv", "tickets", "%00.csv"):
            assert client.get(f"/v1/export/{wrong}").status_code in (400, 404), wrong
    assert text.headers["content-type"] == "text/csv; charset=utf-8"
    assert text.headers["content-disposition"] == 'attachment; filename="tickets.csv"'
    (row,) = list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig"))))
    assert (row["ref"], row["subject"], row["status"]) == ("crm:tickets:T-1", "Export", "open")
    (line,) = [json.loads(one) for one in lines.text.splitlines()]
    assert (line["ref"], line["subject"]) == (row["ref"], row["subject"])
    assert line["customer"].startswith("01CUSTOMER")
    (typed,) = pq.read_table(io.BytesIO(table.content)).to_pylist()
    assert (typed["ref"], typed["subject"]) == (row["ref"], row["subject"])
    assert len(people.text.splitlines()) == 7
