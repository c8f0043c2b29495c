"""What a declaration can speak of: several totals, typed records, fields that are known."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.sdk import (
    Connector,
    Cursor,
    Model,
    SourceContractError,
    Stream,
    Surroundings,
    pages,
)
from connectors.sdk.contract import Stream as ReadStream
from connectors.sdk.pages import Answered, Ask
from tests.connectors.reading import read_stream


def answered(body: Any) -> Answered:
    return Answered(Ask(), body, {}, [1, 2], 0)


def test_a_total_may_stand_in_two_places() -> None:
    both = pages.Offset(size=("limit", 5), step="size", total=("open.count", "closed.count"))
    body = {"open": {"count": 2}, "closed": {"count": 1}}
    assert both.stated_total(answered(body)) == 3
    with pytest.raises(SourceContractError, match=r"closed\.count"):
        both.stated_total(answered({"open": {"count": 2}}))


class Row(Model):
    also = "rank colour"
    id: int
    changed: datetime | None


def stream_of(rows: list[dict[str, Any]], **said: Any) -> ReadStream:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=rows)

    connector = Connector("typed", streams=[Stream(Row, "/rows", **said)])
    options = connector.config_model.model_validate({"base_url": "https://typed.example"})
    around = Surroundings(transport=lambda *_: httpx.MockTransport(answer))
    return connector("typed", options, base_dir=Path("/"), surroundings=around).streams()[0]


def unwrapped(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value["is"] for name, value in row.items()}


def latest(row: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(row["changed"])


def test_a_record_is_read_before_anything_looks_at_it() -> None:
    sent = [{"id": {"is": 7}, "changed": {"is": "2026-11-23T10:00:00Z"}}]
    outcome = read_stream(
        stream_of(sent, reads=unwrapped, cursor=Cursor("", kind="moment", read=latest))
    )
    assert outcome.data == [{"id": 7, "changed": "2026-11-23T10:00:00Z"}]
    assert outcome.records[0].cursor == "2026-11-23T10:00:00.000000Z"
    assert outcome.end.cursor == "2026-11-23T10:00:00.000000Z"
    assert datetime.fromisoformat(outcome.end.cursor).tzinfo == UTC


def test_fields_that_are_known_are_no_drift() -> None:
    outcome = read_stream(stream_of([{"id": 7, "rank": 1, "colour": None, "size": 3}]))
    drift = [dict(page.drift) for page in outcome.pages if page.drift]
    assert drift == [{"size": "new: number"}]
