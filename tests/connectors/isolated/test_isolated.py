"""A source in another environment and process reads as it would in ours, and cannot harm us."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from connectors.registry import connector_class, open_connector
from connectors.sdk import (
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.contract import Connector
from connectors.sdk.record import End, Page, Record, Rejected
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store.database import Database
from tests.conftest import ROOT, HandClock

SECRET = "s3cr3t-value"


@pytest.fixture(scope="session")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the SDK and a source that is not installed here."""
    place = tmp_path_factory.mktemp("guest")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    (site / "sdk.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n")
    shutil.copy(Path(__file__).with_name("guest.py"), site / "acme_guest.py")
    info = site / "acme_guest-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-guest\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[hub.connectors]\nguest = acme_guest:GuestConnector\n")
    return place / "bin" / "python"


def connection(python: Path, **options: Any) -> Connector:
    config = {
        "source": "guest",
        "python": str(python),
        "options": options,
        "secrets": {"token": SECRET},
        "silence_s": 5,
    }
    return open_connector("isolated", name="acme", config=config, base_dir=Path("/"))


def sync(db: Database, clock: HandClock, connector: Connector) -> Run:
    return sync_connection(db, clock, name="acme", connector=connector)


def test_pages_end_and_quarantine_come_over_as_they_were(python: Path) -> None:
    with pytest.raises(ConnectionBrokenError, match="there is no source 'guest'"):
        connector_class("guest")
    connector = connection(python)
    connector.check()
    (stream,) = connector.streams()
    items = list(stream.read(None))
    first = items[0]
    assert isinstance(first, Page)
    assert list(first.records) == [
        Record("1-0", {"page": 1, "ü": None}),
        Record("1-1", {"page": 1, "ü": None}),
        Record("gone-1", {}, deleted=True),
    ]
    assert list(first.rejected) == [Rejected("raw\x00", "odd", "page 1", "9")]
    assert [item.cursor for item in items] == ["1", "2", "3", "3"]
    assert items[-1] == End(True, 9, "3", "all")
    assert len(list(stream.read("3"))) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        ("busy", RetryableError, "later, please"),
        ("broken", ConnectionBrokenError, "refused ***"),
        ("contract", SourceContractError, "cut short"),
        ("bug", ConnectorError, "unforeseen KeyError at acme_guest.py:"),
        ("kill", RetryableError, "ended by SIGKILL"),
    ],
)
def test_a_fault_arrives_as_what_it_is(
    python: Path, fault: str, kind: type[ConnectorError], said: str
) -> None:
    pages: list[Page | End] = []
    with pytest.raises(ConnectorError) as caught:
        pages.extend(connection(python, fault=fault).streams()[0].read(None))
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert SECRET not in str(caught.value)
    assert "anna" not in str(caught.value)
    assert [item.cursor for item in pages] == ["1"]
    if isinstance(caught.value, RetryableError):
        assert caught.value.retry_after_s == (7.5 if fault == "busy" else None)


def test_a_check_that_fails_says_so_without_the_secret(python: Path) -> None:
    with pytest.raises(ConnectionBrokenError, match=r"the token \*\*\* is not good"):
        connection(python, fault="check").check()


def test_a_source_that_is_not_installed_there_is_said(python: Path) -> None:
    config = {"source": "nobody", "python": str(python)}
    connector = open_connector("isolated", name="acme", config=config, base_dir=Path("/"))
    with pytest.raises(ConnectionBrokenError, match="there is no source 'nobody'"):
        connector.check()


@pytest.mark.parametrize("at", [2, 3])
def test_killed_at_any_page_nothing_is_lost(
    python: Path, database: Database, clock: HandClock, at: int
) -> None:
    run = sync(database, clock, connection(python, fault="kill", at=at))
    assert run.streams["numbers"].error_kind == "transient"
    assert run.total("created") == 2 * (at - 1)
    again = sync(database, clock, connection(python))
    assert again.total("created") == 6 - 2 * (at - 1)
    # At most the page of the cursor is read again; a part of a listing deletes nothing.
    assert again.total("unchanged") == 2
    assert again.total("deleted") == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "`install` or `python`"),
        ({"python": "p", "install": ["a==1"]}, "`install` or `python`"),
        ({"install": ["a"]}, "state the exact version"),
    ],
)
def test_a_wrong_configuration_is_refused(options: Any, said: str) -> None:
    config = {"source": "guest", **options}
    with pytest.raises(ConnectionBrokenError, match=said):
        open_connector("isolated", name="acme", config=config, base_dir=Path("/"))


def test_an_interpreter_that_is_not_there_is_said() -> None:
    with pytest.raises(ConnectionBrokenError, match="there is no interpreter"):
        connection(Path("/nowhere/python")).check()
