"""A source in another environment and process reads as it would in ours, and cannot harm us."""

import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from connectors.isolated.tokens import without_tokens
from connectors.registry import connector_class, open_connector
from connectors.sdk import (
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
    Surroundings,
)
from connectors.sdk.contract import Connector
from connectors.sdk.isolation.masking import Mask
from connectors.sdk.record import End, Page, Record, Rejected
from connectors.sdk.surroundings import MemoryVault
from hub.model.run import Run
from hub.pipeline.sync import sync_connection
from hub.store import checkpoints
from hub.store.database import Database
from tests.conftest import ROOT, HandClock
from tests.connectors.declared.opening import rows
from tests.connectors.declared.test_tokens import TokenServer
from tests.connectors.emulator import Emulator, emulator, numbered

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
    (info / "entry_points.txt").write_text(
        "[hub.connectors]\nguest = acme_guest:GuestConnector\nrotating = acme_guest:rotating\n"
    )
    return place / "bin" / "python"


def connection(python: Path, **options: Any) -> Connector:
    config = {
        "source": "guest",
        "python": str(python),
        "options": options,
        "secrets": {"token": SECRET},
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
        ({}, "`install`, `python` or `command`"),
        ({"python": "p", "install": ["a==1"]}, "`install`, `python` or `command`"),
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


class StoredFirst(MemoryVault):
    """A vault that notes what the token server knew when something was stored."""

    def __init__(self, source: Emulator) -> None:
        super().__init__()
        self.source = source
        self.asked_before: list[int] = []
        self.holding = 0

    def put(self, name: str, value: str) -> None:
        assert self.holding == 1
        self.asked_before.append(sum(one.path == "/items" for one in self.source.asked))
        super().put(name, value)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        self.holding += 1
        with super().alone(name):
            yield
        self.holding -= 1


def rotating(python: Path, source: Emulator, vault: MemoryVault | None) -> Connector:
    config = {
        "source": "rotating",
        "python": str(python),
        "options": {"base_url": source.url, "client_id": "hub"},
        "secrets": {"client_secret": "c-secret", "refresh_token": "first-refresh"},
    }
    return open_connector(
        "isolated",
        name="acme",
        config=config,
        base_dir=Path("/"),
        surroundings=Surroundings(vault=vault),
    )


@pytest.fixture
def source() -> Iterator[Emulator]:
    with emulator() as running:
        yield running


def test_a_token_for_one_use_is_stored_before_it_is_used(
    python: Path,
    source: Emulator,
    new_sqlite_url: Callable[[], str],
    clock: HandClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    server, vault = TokenServer(lasts_s=30), StoredFirst(source)
    source.routes["/token"], source.before = server.token, server.guarded
    source.routes["/items"] = numbered(rows(7), size=3)
    database = Database(new_sqlite_url())
    with caplog.at_level("DEBUG"), closing(database):
        first = sync(database, clock, rotating(python, source, vault))
        assert (first.state, first.total("created")) == ("succeeded", 7)
        again = sync(database, clock, rotating(python, source, vault))
        assert (again.state, again.total("created")) == ("succeeded", 0)
        with database.reading() as tx:
            positions = checkpoints.load(tx, "acme")["items"]
    assert positions[""].startswith("2026-11-01T10:00:07")
    assert set(positions) == {"", "kept", "full"}
    assert vault.asked_before[0] == 0
    assert len(vault.asked_before) == server.issued > 1
    assert vault.holding == 0
    kept = vault.get("oauth") or ""
    assert server.refresh in kept
    texts = [caplog.text, *(str(run.error) for run in (first, again))]
    for secret in ("c-secret", "first-refresh", "refresh-1", "access-1", server.access):
        assert not any(secret in text for text in texts)


def test_without_a_vault_a_source_with_such_tokens_is_refused(
    python: Path, source: Emulator
) -> None:
    source.routes["/token"] = TokenServer().token
    with pytest.raises(ConnectionBrokenError, match="vault"):
        list(rotating(python, source, None).streams()[0].read(None))
    assert not any(one.path == "/token" for one in source.asked)


def met(lines: list[bytes], vault: MemoryVault | None) -> tuple[list[bytes], list[bytes], Mask]:
    answers: list[bytes] = []
    mask = Mask([])
    left = without_tokens(lines, answers.append, vault=vault, mask=mask, label="acme")
    return list(left), answers, mask


def test_a_token_is_answered_masked_and_no_part_of_what_is_read() -> None:
    vault = MemoryVault()
    record = b'{"type":"RECORD","stream":"s","record":{"a":"\\"TOKEN\\""}}'
    other = b'{"type":"RECORD","stream":"s","record":{"type":"TOKEN","name":1}}'
    put = b'{"type":"TOKEN","work":"put","name":"oauth","value":"n3w-t0ken"}'
    get = b'{"type": "TOKEN", "work": "get", "name": "oauth"}'
    left, answers, mask = met([record, put, other, get], vault)
    assert left == [record, other]
    assert answers == [b'{"value":null}', b'{"value":"n3w-t0ken"}']
    assert vault.get("oauth") == "n3w-t0ken"
    assert mask("it says n3w-t0ken") == "it says ***"


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"TOKEN","work":"put","name":"oauth","value":"n3w-t0k',
        b'{"type":"TOKEN","work":"steal","name":"oauth","value":"n3w-t0ken"}',
        b'{"type":"TOKEN","value":"n3w-t0ken"}',
    ],
)
def test_a_token_that_cannot_be_read_is_quoted_nowhere(line: bytes) -> None:
    with pytest.raises(SourceContractError, match="a TOKEN that cannot be read") as caught:
        met([line], MemoryVault())
    assert "n3w" not in f"{caught.value} {caught.value.__cause__}"


def test_what_a_source_held_is_given_back_when_it_ends() -> None:
    with emulator() as source:
        vault = StoredFirst(source)
        line = b'{"type":"TOKEN","work":"hold","name":"oauth"}'
        assert met([line, line], vault)[1] == [b'{"value":null}'] * 2
        assert vault.holding == 0


def in_shell(folder: Path, script: str, **said: Any) -> Connector:
    """Open a program in another language that lies in the hub's home."""
    (folder / "connectors").mkdir(exist_ok=True)
    (folder / "connectors" / "rates.sh").write_text(script)
    config = {"command": ["sh", "connectors/rates.sh"], **said}
    return open_connector("isolated", name="rates", config=config, base_dir=folder)


def of_the_docs() -> str:
    """Return the program that docs/connectors.md shows."""
    page = (ROOT / "docs" / "connectors.md").read_text()
    return next(
        block.partition("```")[0] for block in page.split("```sh\n")[1:] if "asked" in block
    )


def test_a_program_in_any_language_is_a_source(
    tmp_path: Path, new_sqlite_url: Callable[[], str], clock: HandClock
) -> None:
    with closing(Database(new_sqlite_url())) as database:

        def run(script: str) -> Run:
            connector = in_shell(tmp_path, script)
            return sync_connection(database, clock, name="rates", connector=connector)

        first = run(of_the_docs())
        assert (first.state, first.total("created")) == ("succeeded", 1)
        with database.reading() as tx:
            assert checkpoints.load(tx, "rates")["rates"] == {"": "2026-11-23"}
        script = of_the_docs()
        none = script.replace('echo \'{"type":"RECORD"', ": '").replace('"total":1', '"total":0')
        gone = run(none)
        assert (gone.state, gone.total("deleted")) == ("succeeded", 1)
        cut = run(script.replace('"type":"COMPLETE"', '"type":"NOTHING"'))
        assert (cut.state, cut.error_kind) == ("failed", "contract")
        refused = run('echo \'{"type":"ERROR","class":"auth","message":"no key"}\'')
        assert (refused.state, refused.error_kind) == ("failed", "auth")


def test_a_command_that_is_not_there_is_told(tmp_path: Path) -> None:
    connector = in_shell(tmp_path, "", command=["no-such-program"])
    with pytest.raises(ConnectionBrokenError, match="there is no program no-such-program"):
        connector.check()
    for said in ({"command": ["sh"], "python": "python3"}, {"command": [], "source": "x"}):
        with pytest.raises(ConnectionBrokenError, match="`install`, `python` or `command`"):
            in_shell(tmp_path, "", **said)
    with pytest.raises(ConnectionBrokenError, match="`source` names the source"):
        in_shell(tmp_path, "", command=[], python="python3")
