"""A hub in a folder, with an empty database and one source of three customers."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flow import canary
from tests.flow.hub_folder import MAPPING, HubFolder

GOOD = "id,name,city\n1,Weber GmbH,Ulm\n2,Bär AG,Kiel\n3,Oetzwald KG,Jena\n"


def configured(path: Path, url: str) -> HubFolder:
    """Return a hub that reads `exports/accounts.csv`."""
    folder = HubFolder(path, url)
    folder.stream("path: accounts.csv")
    folder.write("configs/mappings/crm.yaml", MAPPING)
    folder.write("configs/rules/.keep", "")
    folder.write("exports/accounts.csv", GOOD)
    return folder


@pytest.fixture
def folder(tmp_path: Path, new_sqlite_url: Callable[[], str]) -> HubFolder:
    return configured(tmp_path, new_sqlite_url())


@pytest.fixture
def folder_of_each_database(tmp_path: Path, new_database_url: Callable[[], str]) -> HubFolder:
    return configured(tmp_path, new_database_url())


@pytest.fixture(scope="session")
def canaries_read(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> HubFolder:
    """A hub on SQLite that has read the sources with the canaries; tests work on a copy."""
    path = tmp_path_factory.mktemp("canary")
    shutil.copy(sqlite_template, path / "hub.db")
    folder = canary.lay_out(path, f"sqlite:///{path / 'hub.db'}")
    with canary.running(folder) as runtime:
        canary.sync(runtime)
        assert runtime.database.compact()
    return folder
