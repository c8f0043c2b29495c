"""A tap's lines become pages; nothing it does loses a record, invents one, or deletes one."""

import logging
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from connectors.sdk.errors import (
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.record import Page
from tests.connectors.singer.tap import (
    SECRET,
    connection,
    line,
    note,
    read,
    record,
    schema,
    state,
)


def keys(pages: list[Page]) -> list[str]:
    return [one.key for page in pages for one in page.records]


def test_records_state_and_an_end_that_deletes_nothing(tmp_path: Path) -> None:
    pages, end, error = read(
        tmp_path,
        schema("id"),
        record(id=1),
        line("ACTIVATE_VERSION", stream="orders", version=7),
        record(id=2),
        state({"bookmarks": {"orders": {"at": "2026"}}}),
        record(id=3),
    )
    assert error is None
    assert [(keys([page]), page.cursor) for page in pages] == [
        (["1", "2"], '{"bookmarks":{"orders":{"at":"2026"}}}'),
        (["3"], None),
    ]
    assert end is not None
    assert (end.complete, end.cursor) == (False, '{"bookmarks":{"orders":{"at":"2026"}}}')


def test_the_tap_goes_on_from_its_own_state(tmp_path: Path) -> None:
    read(tmp_path, schema("id"), since='{"bookmarks":{"orders":3}}')
    assert note(tmp_path, "state") == {"bookmarks": {"orders": 3}}


def test_selection_is_marked_in_each_of_the_three_ways(tmp_path: Path) -> None:
    read(tmp_path, streams={"orders": {"replication": "INCREMENTAL", "replication_key": "at"}})
    orders, customers = note(tmp_path, "catalog")["streams"]
    metadata = {tuple(one["breadcrumb"]): one["metadata"] for one in orders["metadata"]}
    assert (orders["selected"], orders["schema"]["selected"]) == (True, True)
    assert metadata[()] == {
        "inclusion": "available",
        "selected": True,
        "replication-method": "INCREMENTAL",
        "replication-key": "at",
    }
    for name, wanted in {"id": True, "text": True, "note": False}.items():
        assert metadata["properties", name]["selected"] is wanted
        assert orders["schema"]["properties"][name]["selected"] is wanted
    assert (customers["selected"], customers["schema"]["selected"]) == (False, False)
    assert customers["metadata"][0] == {"breadcrumb": [], "metadata": {"selected": False}}


def test_only_the_fields_asked_for_are_selected(tmp_path: Path) -> None:
    read(tmp_path, streams={"orders": {"fields": ["text"], "beside": ["customers"]}})
    orders, customers = note(tmp_path, "catalog")["streams"]
    chosen = {name: one["selected"] for name, one in orders["schema"]["properties"].items()}
    assert chosen == {"id": True, "text": True, "note": False}  # a key is always sent
    assert customers["selected"] is True


@pytest.mark.parametrize(
    ("stream", "said"),
    [
        ({"stream": "invoices"}, "no stream 'invoices'; it has: customers, orders"),
        ({"fields": ["nothing"]}, "no field nothing"),
        ({"beside": ["x"]}, "no stream 'x'"),
    ],
)
def test_a_check_finds_what_the_tap_lacks(tmp_path: Path, stream: Any, said: str) -> None:
    with pytest.raises(ConnectionBrokenError, match=said):
        connection(tmp_path, streams={"orders": stream}).check()
    connection(tmp_path).check()


@pytest.mark.parametrize(
    ("first", "options", "expected"),
    [
        (schema("year", "no"), {}, ["2026|7"]),
        (schema(), {"key": ["no"]}, ["7"]),
        (schema("year"), {"key": "no"}, ["7"]),
        (record("customers", no=9, year=1), {"key": "no"}, ["7"]),
    ],
)
def test_keys_are_the_taps_or_those_stated(
    tmp_path: Path, first: Any, options: Any, expected: list[str]
) -> None:
    pages, _, error = read(tmp_path, first, record(no=7, year=2026), streams={"orders": options})
    assert (keys(pages), error) == (expected, None)


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        ([schema()], ConnectionBrokenError, "names no key; state `key`"),
        ([record(id=1)], SourceContractError, "before the schema"),
        ([schema("id"), schema("no")], SourceContractError, "changed the stream's key"),
        ([state({"a": "x" * 1_100_000})], SourceContractError, "state has more than"),
    ],
)
def test_what_makes_no_sense_stops_the_stream(
    tmp_path: Path, script: Any, kind: type[ConnectorError], said: str
) -> None:
    pages, end, error = read(tmp_path, *script)
    assert (pages, end, type(error)) == ([], None, kind)
    assert said in str(error)


def test_lines_that_are_no_message_are_quarantined_whole(tmp_path: Path) -> None:
    bad = [
        "INFO starting",
        '{"type":"RECORD","stream":"orders"}',
        "[1]",
        '{"type":"ERROR","class":"bug","message":"m"}',
    ]
    pages, _, error = read(
        tmp_path,
        schema("id"),
        record(id=1),
        *({"line": f"{text}\n"} for text in bad),
        {"line": "\n"},
        line("BATCH", manifest=[]),
        record(text="no key"),
        record(id=2, text="x" * 3000),
        record(id=3),
        max_record_bytes=2048,
    )
    assert error is None
    (page,) = pages
    assert keys(pages) == ["1", "3"]
    assert [item.raw for item in page.rejected[:4]] == bad
    assert [item.key for item in page.rejected] == [None] * 5 + ["2"]
    assert page.rejected[0].where.endswith("stream orders line 3")


def test_a_line_that_does_not_end_is_not_kept(tmp_path: Path) -> None:
    script: list[dict[str, Any]] = [schema("id"), {"line": "x" * 600_000}, {"sleep": 30}]
    _, _, error = read(tmp_path, *script, max_record_bytes=1024)
    assert isinstance(error, SourceContractError)
    assert "more than 16384 bytes" in str(error)


def test_a_row_that_the_log_says_is_gone_is_deleted(tmp_path: Path) -> None:
    gone = record(id=1, _sdc_deleted_at="2026-11-23T10:00:00Z")
    pages, _, _ = read(tmp_path, schema("id"), gone, record(id=2, _sdc_deleted_at=None))
    assert [(one.key, one.deleted) for one in pages[0].records] == [("1", True), ("2", False)]


@pytest.mark.parametrize(
    ("said", "end", "kind"),
    [
        ("requests: 401 Client Error: Unauthorized", {"exit": 1}, ConnectionBrokenError),
        ("CRITICAL 503 Server Error", {"exit": 1}, RetryableError),
        ("Max retries exceeded: Connection refused", {"exit": 1}, RetryableError),
        ("usage: tap [-h]", {"exit": 2}, ConnectionBrokenError),
        ("Config is missing required keys: ['url']", {"exit": 1}, ConnectionBrokenError),
        ("TypeError: 'NoneType' is not iterable", {"exit": 1}, ConnectorError),
        ("", {"kill": True}, RetryableError),
    ],
)
def test_an_exit_tells_what_to_do_next(
    tmp_path: Path, said: str, end: Any, kind: type[ConnectorError]
) -> None:
    script = [schema("id"), record(id=1), state({"n": 1}), record(id=2), {"say": said}, end]
    pages, stated, error = read(tmp_path, *script)
    assert type(error) is kind
    assert stated is None
    assert [(keys([page]), page.cursor) for page in pages] == [(["1"], '{"n":1}')]
    assert said in str(error)


def test_half_a_line_of_a_killed_tap_is_nobodys_record(tmp_path: Path) -> None:
    half = {"line": '{"type":"RECORD","stream":"orders","rec'}
    pages, _, error = read(tmp_path, schema("id"), record(id=1), state({"n": 1}), half, {"kill": 1})
    assert isinstance(error, RetryableError)
    assert [(keys([page]), page.rejected) for page in pages] == [(["1"], [])]


def test_a_tap_that_falls_silent_is_stopped(tmp_path: Path) -> None:
    script: list[dict[str, Any]] = [schema("id"), record(id=1), state({"n": 1}), {"sleep": 60}]
    pages, _, error = read(tmp_path, *script, silence_s=1.5)
    assert isinstance(error, RetryableError)
    assert "wrote nothing for 1.5 s" in str(error)
    assert keys(pages) == ["1"]


def test_a_read_that_is_left_ends_the_tap_and_its_files(tmp_path: Path) -> None:
    reading = (
        connection(tmp_path, schema("id"), {"many": 3000, "size": 10}, {"sleep": 60})
        .streams()[0]
        .read(None)
    )
    next(reading)
    config = Path(note(tmp_path, "seen")["config"])
    assert config.exists()
    reading.close()  # type: ignore[attr-defined]
    assert not config.parent.exists()


def test_secrets_stand_in_one_private_file_and_nowhere_else(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", SECRET)
    caplog.set_level(logging.DEBUG)
    said = f"ERROR for anna@example.org: http://h/?private_token={SECRET} Bearer {SECRET}"
    _, _, error = read(tmp_path, schema("id"), {"say": "INFO quiet"}, {"say": said}, {"exit": 1})
    seen = note(tmp_path, "seen")
    assert seen["mode"] == 0o600
    assert not Path(seen["config"]).exists()
    assert SECRET not in str(seen["env"])
    for text in (str(error), caplog.text):
        assert "ERROR for ***: http://h/?private_token=***" in text
        assert SECRET not in text
        assert "anna" not in text
    assert "quiet" not in caplog.text


def test_what_a_killed_hub_left_is_swept(tmp_path: Path) -> None:
    left = Path(tempfile.mkdtemp(prefix="verbund-4194303-"))  # no process has this number
    (left / "config.json").write_text(SECRET)
    read(tmp_path, schema("id"))
    assert not left.exists()


def test_memory_holds_a_page_however_much_comes(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        stream = connection(tmp_path, schema("id"), {"many": count, "size": 500}).streams()[0]
        tracemalloc.start()
        total = sum(len(item.records) for item in stream.read(None) if isinstance(item, Page))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert total == count
        return most

    peak(2_000)
    few, many = peak(4_000), peak(20_000)
    assert many < few * 1.3
    assert many < 8_000_000


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"install": ["tap-x"]}, "state the exact version"),
        ({"install": ["tap-x>=1"]}, "state the exact version"),
        ({"secrets": {"script": "x"}}, "stands in settings, too"),
        ({"secrets": {"notes.x": "x"}}, "is no mapping"),
    ],
)
def test_a_wrong_configuration_is_refused(tmp_path: Path, options: Any, said: str) -> None:
    with pytest.raises(ConnectionBrokenError, match=said):
        connection(tmp_path, **options)


def test_a_tap_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConnectionBrokenError, match="cannot be started"):
        connection(tmp_path, command="./nothing").check()
