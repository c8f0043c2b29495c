"""`hub new` makes a connector that passes the contract as it stands, as a new author would try."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from connectors.sdk import ConnectionBrokenError
from hub.cli.contract import HOSTS, subject_of
from tests.cli import running
from tests.conftest import ROOT


def new(folder: Path, name: str) -> running.Said:
    return running.hub("new", name, folder=folder)


def hub(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, which alone knows the new module."""
    code = "import sys; from hub.cli import main; sys.argv[0] = 'hub'; main()"
    return run(folder, "-c", code, *args)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *args], cwd=folder, env=env, capture_output=True, text=True
    )


def test_from_nothing_to_a_passing_connector(tmp_path: Path) -> None:
    made = hub(tmp_path, "new", "acme-crm")
    assert made.returncode == 0, made.stderr
    assert "next: cd acme-crm, then hub contract acme_crm:connector" in made.stdout
    folder = tmp_path / "acme-crm"
    tried = hub(folder, "contract", "acme_crm:connector", "--check", "schema", "--check", "check")
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "acme_crm:connector: passes the contract" in tried.stdout
    assert "schema       passed\n" in tried.stdout
    released = (folder / "acme-crm.schema.json").read_text()
    assert hub(folder, "contract", "acme_crm:connector", "--write-schema").returncode == 0
    assert (folder / "acme-crm.schema.json").read_text() == released
    tested = run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout
    assert "10 passed" in tested.stdout


def test_a_connector_describes_itself(tmp_path: Path) -> None:
    new(tmp_path, "acme-crm")
    said = hub(tmp_path / "acme-crm", "docs", "acme_crm.py").stdout
    for line in (
        "# acme-crm 0.1.0",
        "Options: `base_url`, `token` (secret).",
        "Asks at most 100 times in 60 s.",
        "Read by `GET /v1/contacts`; a record is named by `id`.",
        "- later runs ask for what changed, by `updated_at`",
        "| `email` | optional text |",
    ):
        assert line in said.splitlines()
    refused = hub(tmp_path, "docs", "files")
    assert (refused.returncode, "said by each connection" in refused.stderr) == (2, True)


def test_what_breaks_the_contract_fails(tmp_path: Path) -> None:
    new(tmp_path, "acme-crm")
    module = tmp_path / "acme-crm" / "acme_crm.py"
    module.write_text(module.read_text().replace('cursor="updated_at"', 'cursor="updated"'))
    failed = hub(module.parent, "contract", "acme_crm:connector", "--check", "schema")
    assert failed.returncode == 1
    assert "contacts: its cursor 'updated' is no field of Contact" in failed.stdout


def test_a_release_that_breaks_the_last_one_fails(tmp_path: Path) -> None:
    new(tmp_path, "acme-crm")
    module = tmp_path / "acme-crm" / "acme_crm.py"
    text = module.read_text().replace('version="0.1.0"', 'version="1.0.0"')
    module.write_text(text)
    written = hub(module.parent, "contract", "acme_crm:connector", "--write-schema")
    assert written.stdout == f"wrote {module.parent / 'acme-crm.schema.json'}\n"
    module.write_text(text.replace("    email: str | None\n", ""))
    again = hub(module.parent, "contract", "acme_crm:connector", "--write-schema")
    assert (again.returncode, "contacts.email: the field is gone" in again.stdout) == (1, True)
    assert 'state version="2.0.0"' in again.stdout


def test_nothing_is_overwritten_and_names_are_checked(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    again = new(tmp_path, "acme")
    assert (again.returncode, "nothing was written" in again.stderr) == (2, True)
    wrong = new(tmp_path, "Acme CRM")
    assert (wrong.returncode, "is no name" in wrong.stderr) == (2, True)


def test_what_cannot_be_checked_says_why() -> None:
    assert subject_of("singer") == HOSTS["singer"]
    with pytest.raises(ConnectionBrokenError, match="nobody:connector cannot be loaded"):
        subject_of("nobody:connector")
