"""The import law leaves no room out; import-linter checks the law itself in `make check`."""

import ast
import tomllib

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONTRACTS = {each["name"]: each for each in PROJECT["tool"]["importlinter"]["contracts"]}
BANNED = {"util", "utils", "helper", "helpers", "common", "base", "manager", "service", "misc"}


def _python_files() -> list[str]:
    return [
        str(path.relative_to(ROOT))
        for package in ("hub", "mapping", "connectors")
        for path in sorted((ROOT / package).rglob("*.py"))
    ]


def test_every_room_of_the_hub_has_its_layer() -> None:
    layers = CONTRACTS["Rooms of the hub"]["layers"]
    listed = {name for layer in layers for name in layer.split(" | ")}
    rooms = {
        f"hub.{path.stem}"
        for path in (ROOT / "hub").iterdir()
        if not path.name.startswith("_") and (path.is_dir() or path.suffix == ".py")
    }
    assert rooms == listed


def test_every_source_is_kept_from_the_others() -> None:
    kept = set(CONTRACTS["Sources do not know each other"]["modules"])
    sources = {
        f"connectors.{path.name}"
        for path in (ROOT / "connectors").iterdir()
        if path.is_dir() and path.name not in {"sdk", "__pycache__"}
    }
    assert sources == kept


def test_no_file_is_called_by_a_name_that_says_nothing() -> None:
    names = {path.rpartition("/")[2].removesuffix(".py") for path in _python_files()}
    assert names & BANNED == set()


def test_no_file_of_code_grows_past_400_lines() -> None:
    long = {path for path in _python_files() if len((ROOT / path).read_text().splitlines()) > 400}
    assert long == set()


def test_migrations_folder_hides_no_library() -> None:
    assert not (ROOT / "alembic/__init__.py").exists()


def test_nothing_is_coloured_async_but_what_the_web_server_demands() -> None:
    coloured = {
        path
        for path in _python_files()
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.AsyncFunctionDef)
    }
    assert all(path.startswith(("hub/api/", "hub/app.py")) for path in coloured)
