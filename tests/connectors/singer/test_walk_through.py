"""docs/singer.md holds: its files and commands, as they stand, with a tap from the index."""

import json
import re
from pathlib import Path

import pytest

from hub.cli.ending import Exit
from tests.cli.running import hub
from tests.conftest import ROOT
from tests.connectors.singer.contacts import TOKEN, contacts_server

pytestmark = pytest.mark.servers
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / "singer.md").read_text(), re.DOTALL)
FILES = ("configs/hub.yaml", "configs/mappings/crm.yaml", "schemas/contacts.json")
ADDRESS = "https://crm.example.org"


def test_a_tap_is_read_step_by_step(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    assert pytestconfig.cache is not None
    (tmp_path / ".environments").symlink_to(pytestconfig.cache.mkdir("environments"))
    *files, (_, commands) = BLOCKS
    headers = {"CRM_HEADERS": json.dumps({"Authorization": f"Bearer {TOKEN}"})}
    assert hub("init", folder=tmp_path).returncode == Exit.OK
    with contacts_server() as server:
        for name, (_, text) in zip(FILES, files, strict=True):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text.replace(ADDRESS, server.url))
        said = [
            hub(*command.split(), folder=tmp_path, **headers)
            for command in re.findall(r"^hub (.+)$", commands, re.MULTILINE)
        ]
        again = hub("sync", "crm", folder=tmp_path, **headers)
    if any("package index does not answer" in one.stderr for one in said):
        pytest.skip("the package index does not answer")
    assert [one.returncode for one in said] == [Exit.OK] * 3, said
    assert "Müller 3" in said[1].stdout
    assert "25 new" in said[2].stdout
    assert "25 mapped" in said[2].stdout
    assert "since=124&" in server.asked[-1], again
    assert again.returncode == Exit.OK, again
