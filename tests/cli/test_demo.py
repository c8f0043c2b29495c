"""`hub demo`: from nothing to a company with alerts; a second start finds it as it was."""

import re
import shutil
import stat
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from hub.cli.ending import Exit
from tests.cli.running import Said, hub, start
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said]:
    """A home in which `hub demo` began with nothing, and what it said."""
    home = tmp_path_factory.mktemp("home")
    return home, hub("demo", "--size", "80", folder=ROOT, HUB_HOME=str(home))


@pytest.fixture
def home(made: tuple[Path, Said], tmp_path: Path) -> dict[str, str]:
    """A home of the test's own that looks as if it had been made there."""
    shutil.copytree(made[0], tmp_path, dirs_exist_ok=True)
    return {"HUB_HOME": str(tmp_path)}


def test_from_nothing_to_a_served_company_and_again(
    made: tuple[Path, Said], home: dict[str, str], tmp_path: Path
) -> None:
    first = made[1]
    assert first.returncode == Exit.OK, first.stderr
    assert "wrote the exports of four departments" in first.stdout
    assert "marketing: partial" in first.stdout
    assert "marketing: so planted, see R20 in docs/demo.md; tried twice more" in first.stdout
    assert re.search(r"\d+ customers, .* [1-9]\d* alerts fire", first.stdout)
    key = tmp_path / "data/demo/api-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    token = key.read_text().strip()

    with start("demo", "--serve", "--size", "80", "--port", "0", folder=ROOT, **home) as process:
        try:
            _look_at(process, token)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _look_at(process: "subprocess.Popen[str]", token: str) -> None:
    assert process.stdout is not None
    lines: list[str] = []
    while not (lines and lines[-1].startswith("Stop")):
        lines.append(process.stdout.readline())
        assert process.poll() is None, process.communicate()
    text = "".join(lines)
    assert "wrote the exports" not in text
    assert " mapped" not in text
    assert f"API key   {token}" in text
    (address,) = re.findall(r"(http://\S+)/v1/customers/\S+", text)
    (place,) = re.findall(r"http://\S+(/v1/customers/\S+)", text)
    with httpx.Client(base_url=address, verify=False) as client:
        answer = client.get(place, headers={"Authorization": f"Bearer {token}"})
        assert answer.json()["name"].startswith("Hallwandt")
        assert {record["connection"] for record in answer.json()["records"]} == {
            "crm",
            "helpdesk",
            "books",
            "projects",
        }


def test_a_planted_case_is_mended(home: dict[str, str]) -> None:
    mended = hub("demo", "--repair", "R07-warning", folder=ROOT, **home)
    assert mended.returncode == Exit.OK
    assert "`hub sync` brings it in" in mended.stdout
    synced = hub("sync", "books", folder=ROOT, **home)
    assert "1 new" in synced.stdout
    wrong = hub("demo", "--repair", "R99", folder=ROOT, **home)
    assert wrong.returncode == Exit.FAILED
    assert "R07-warning" in wrong.stderr


def test_the_exports_are_written_anew_on_another_day(home: dict[str, str], tmp_path: Path) -> None:
    made = tmp_path / "data/demo/made-for"
    assert made.read_text().endswith(" 80\n")
    assert made.read_text()[:4] == str(datetime.now(UTC).year)
    made.write_text("2020-01-01 80\n")
    assert "wrote the exports" in hub("demo", "--size", "80", folder=ROOT, **home).stdout
