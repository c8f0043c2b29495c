"""Which files make a stream, and what happens when they are missing, empty or changing."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.files.source import SourceFile, unchanged
from connectors.registry import open_connector
from connectors.sdk import (
    ConnectionBrokenError,
    End,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.contract import Connector
from connectors.sdk.surroundings import Surroundings
from tests.connectors.reading import file_stream, read_stream


def folder_of(base: Path, path: str = "exports", **streams: Any) -> Connector:
    config = {"path": path, "streams": {name: {"key": "id", **s} for name, s in streams.items()}}
    return open_connector("files", name="crm", config=config, base_dir=base)


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    (folder / "old").mkdir(parents=True)
    (folder / "accounts-2.csv").write_text("id;n\n3;c\n4;d\n")
    (folder / "accounts-1.csv").write_text("n,id\na,1\nb,2\n")
    (folder / "deals.jsonl").write_text('{"id": 1}\n')
    (folder / "old" / "accounts-0.csv").write_text("id;n\n0;z\n")
    (folder / "~$accounts-3.csv").write_text("lock")
    (folder / ".accounts-4.csv").write_text("hidden")
    return folder


def test_a_folder_gives_a_stream_per_entry(tmp_path: Path, exports: Path) -> None:
    connector = folder_of(
        tmp_path, accounts={"glob": "accounts-*.csv"}, deals={"path": "deals.jsonl"}
    )
    connector.check()
    accounts, deals = connector.streams()
    assert (accounts.name, deals.name) == ("accounts", "deals")
    outcome = read_stream(accounts)
    assert outcome.keys == ["1", "2", "3", "4"]
    assert outcome.data[0] == {"n": "a", "id": "1"}
    assert outcome.end == End(complete=True, total=4)
    assert read_stream(deals).keys == ["1"]
    connector.close()
    connector.close()


def test_a_glob_may_reach_into_folders_and_passes_over_hidden_files(
    tmp_path: Path, exports: Path
) -> None:
    (stream,) = folder_of(tmp_path, accounts={"glob": "**/*.csv"}).streams()
    outcome = read_stream(stream)
    assert outcome.keys == ["1", "2", "3", "4", "0"]


def test_one_key_in_two_files_is_a_duplicate(tmp_path: Path, exports: Path) -> None:
    (exports / "accounts-3.csv").write_text("id;n\n3;other\n5;e\n")
    (stream,) = folder_of(tmp_path, accounts={"glob": "accounts-*.csv"}).streams()
    outcome = read_stream(stream)
    (rejected,) = outcome.rejected
    assert (rejected.where, rejected.key) == ("accounts-3.csv line 2", "3")
    assert outcome.end.complete


def test_a_partial_export_never_ends_complete(tmp_path: Path, exports: Path) -> None:
    (stream,) = folder_of(tmp_path, deals={"path": "deals.jsonl", "complete": False}).streams()
    assert read_stream(stream).end == End(complete=False)


def test_absolute_paths_and_symlinks_are_followed(tmp_path: Path, exports: Path) -> None:
    (tmp_path / "link").symlink_to(exports)
    for path in (str(exports), "link", "./exports/../exports"):
        (stream,) = folder_of(tmp_path, path, deals={"path": "deals.jsonl"}).streams()
        assert read_stream(stream).keys == ["1"]
    (stream,) = folder_of(tmp_path, "exports/deals.jsonl", deals={}).streams()
    assert read_stream(stream).keys == ["1"]


@pytest.mark.parametrize(
    ("path", "stream", "said"),
    [
        ("exports", {"path": "gone.csv"}, "there is no file .*exports/gone.csv"),
        ("exports", {"glob": "gone-*.csv"}, "no file in .*exports matches 'gone-"),
        ("nowhere", {"glob": "*.csv"}, "there is no folder .*nowhere"),
        ("nowhere", {"path": "a.csv"}, "there is no file .*nowhere/a.csv"),
        ("exports", {}, "exports is a folder: state `path` or `glob`"),
        ("exports", {"path": "old"}, "old is a folder"),
        ("exports/notes.doc", {}, "a .doc is not known"),
        ("exports/notes", {}, "a file without ending is not known"),
    ],
)
def test_what_is_not_there_is_named(
    tmp_path: Path, exports: Path, path: str, stream: dict[str, str], said: str
) -> None:
    (exports / "notes.doc").write_text("x")
    (exports / "notes").write_text("x")
    connector = folder_of(tmp_path, path, rows=stream)
    with pytest.raises(ConnectionBrokenError, match=said):
        connector.check()
    with pytest.raises(ConnectionBrokenError, match=said):
        read_stream(connector.streams()[0])


def test_a_stated_format_beats_the_ending(tmp_path: Path, exports: Path) -> None:
    (exports / "rows.dat").write_text('{"id": 1}\n')
    (stream,) = folder_of(tmp_path, "exports/rows.dat", rows={"format": "jsonl"}).streams()
    assert read_stream(stream).keys == ["1"]


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.jsonl", "a.xlsx"])
def test_a_file_of_0_bytes_deletes_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(SourceContractError, match="0 bytes"):
        read_stream(file_stream(tmp_path / name))


@pytest.mark.parametrize("how", ["appended", "rewritten", "replaced", "removed"])
def test_a_file_that_changes_while_it_is_read_has_no_end(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id;n\n" + "".join(f"{n};x\n" for n in range(100_000)))
    os.utime(path, (1_000_000, 1_000_000))
    reading = iter(file_stream(path).read(None))
    next(reading)
    match how:
        case "appended":
            with path.open("a") as stream:
                stream.write("999999;x\n")
        case "rewritten":
            content = path.read_text()
            path.write_text(content.replace("99999;x", "99999;y"))
        case "replaced":
            (tmp_path / "b.csv").write_text(path.read_text())
            os.utime(tmp_path / "b.csv", (1_000_000, 1_000_000))
            (tmp_path / "b.csv").replace(path)
        case "removed":
            path.unlink()
    with pytest.raises(
        (SourceContractError, ConnectionBrokenError), match=r"changed while|any more"
    ):
        list(reading)


def test_a_disk_that_fails_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id\n1\n")
    file = SourceFile(path, "a.csv")
    with pytest.raises(RetryableError, match="now: the share is gone"), unchanged(file):
        raise OSError(5, "the share is gone")
    with pytest.raises(ConnectionBrokenError, match="not be read: no rights"), unchanged(file):
        raise PermissionError(13, "no rights")


@pytest.mark.parametrize("text", ["2026-12-31", "31.12.2026\n", "\ufeff31.12.2026"])
def test_a_folder_may_say_until_when_it_is_read(exports: Path, text: str) -> None:
    told: list[datetime | None] = []
    config = {
        "path": "exports",
        "access_ends": "ends.txt",
        "streams": {"deals": {"key": "id", "path": "deals.jsonl"}},
    }

    def opened() -> Connector:
        around = Surroundings(credential_ends=told.append)
        base = exports.parent
        return open_connector(
            "files", name="crm", config=config, base_dir=base, surroundings=around
        )

    opened().streams()
    (exports / "ends.txt").write_text(text, "utf-8")
    opened().streams()
    assert told == [None, datetime(2026, 12, 31, 23, 59, tzinfo=UTC)]
    (exports / "ends.txt").write_text("soon")
    with pytest.raises(ConnectionBrokenError, match=r"ends\.txt ought to name the day .*'soon'"):
        opened().check()
