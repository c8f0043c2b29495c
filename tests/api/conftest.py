"""A served hub that holds one of everything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.seeding import seed, seed_evidence
from tests.api.serving import Hub, running_hub


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Hub]:
    """A hub for tests that only read, one for all of them."""
    folder = tmp_path_factory.mktemp("hub")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with running_hub(folder, f"sqlite:///{folder / 'hub.db'}", seed_evidence) as running:
        yield running


@pytest.fixture
def own_hub(tmp_path: Path, new_database_url: Callable[[], str]) -> Iterator[Hub]:
    """A hub of the test's own, on each kind of database."""
    with running_hub(tmp_path, new_database_url(), seed) as running:
        yield running
