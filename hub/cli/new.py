"""`hub new`: a connector to start from, which passes the contract as it stands."""

import re
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.ending import Exit, fail

CONNECTOR = '''\
"""Reads {name}: what its API says goes into the declaration, nothing else is needed."""

from datetime import datetime

from connectors.sdk import Connector, Model, Stream, auth, pages


class Contact(Model):
    """One contact, as the API sends it; `str | None` where a value may be missing."""

    id: int
    name: str | None
    email: str | None
    updated_at: datetime


contacts = Stream(
    Contact,
    "/v1/contacts",
    key="id",
    items="data",  # where the list stands in an answer
    cursor="updated_at",
    since="updated_since",  # the parameter that asks for what changed
    pages=pages.Number("page", size=("per_page", 100), more="meta.has_more"),
)

connector = Connector(
    "{name}", version="0.1.0", auth=auth.Bearer(), rate="100/min", streams=[contacts]
)
'''

PROJECT = """\
[build-system]
requires = ["setuptools>=80"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}-connector"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["verbund-hub"]

[project.entry-points."hub.connectors"]
{name} = "{module}:connector"

[tool.setuptools]
py-modules = ["{module}"]
"""

SCHEMA = """\
{
  "connector": "{name}",
  "version": "0.1.0",
  "streams": {
    "contacts": {
      "key": [
        "id"
      ],
      "cursor": "updated_at",
      "fields": {
        "id": "int",
        "name": "optional text",
        "email": "optional text",
        "updated_at": "moment"
      }
    }
  }
}
"""

TEST = '''\
"""The connector keeps the contract."""

from pathlib import Path

import pytest
from {module} import connector

from connectors.sdk.conformance import DeclaredSubject

HOME = Path(__file__).resolve().parents[1]

pytest_plugins = ["hub.contract_plugin"]


@pytest.fixture
def subject() -> DeclaredSubject:
    """What the contract's checks fill and read."""
    return DeclaredSubject(connector, home=HOME)


def test_contract(contract_check) -> None:  # type: ignore[no-untyped-def]
    contract_check()
'''


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    name: Annotated[str, typer.Argument(help="How the product is called, as acme-crm.")],
    folder: Annotated[Path, typer.Option("--in", help="Where the folder NAME is made.")] = Path(),
) -> None:
    """Make a connector to start from.

    It reads an invented API and passes the contract; change the declaration to what the real one
    says.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        fail(f"{name!r} is no name: expected small letters, digits and -, as acme-crm", Exit.CONFIG)
    place, module = folder / name, name.replace("-", "_")
    if place.exists():
        fail(f"{place} is there already; nothing was written", Exit.CONFIG)
    files = {
        f"{module}.py": CONNECTOR,
        "pyproject.toml": PROJECT,
        "tests/test_contract.py": TEST,
        f"{name}.schema.json": SCHEMA,
    }
    for path, text in files.items():
        target = place / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text.replace("{name}", name).replace("{module}", module), "utf-8")
        print(f"wrote {target}")
    print(f"next: cd {place}, then hub contract {module}:connector")
