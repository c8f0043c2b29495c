"""A demo company and its exports, for whoever reads what was written."""

from datetime import date
from pathlib import Path

import pytest

from hub.demo.model import World
from hub.demo.world import world
from hub.demo.write import write


@pytest.fixture(scope="module")
def company() -> World:
    return world(11, date(2026, 11, 23), 90)


@pytest.fixture(scope="module")
def folder(company: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("exports")
    write(company, made)
    return made
