"""`hub init`: a configuration to start from, and the database; it overwrites nothing."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from hub.cli.counting import counted
from hub.errors import ConfigError
from hub.runtime import opened
from hub.store.migrations import migrate

SHIPPED = Path(__file__).resolve().parents[2] / "configs"

SKELETON = """\
# What the hub is told: docs/operating.md says more. `hub check` says what is wrong.
home: ..                      # paths to data start from the folder above this one

company:
  name: My company
  time_zone: Europe/Berlin
  currency: EUR
  country: DE
  # state: BY                 # for its public holidays
  language: de

database:
  url: sqlite:///data/hub.db  # or postgresql://user@host/hub; HUB_DATABASE_URL outranks it

connections: {}
  # crm:
  #   source: files           # or sql, redmine ..., connectors/mine.py: docs/connectors.md
  #   system: crm             # what it is in the rules: crm, ticketing, accounting, projects ...
  #   mapping: mappings/crm.yaml
  #   schedule: {every: 15m}  # or {cron: "*/5 6-20 * * 1-5"}
  #   config:
  #     path: exports/crm
  #     streams:
  #       accounts: {path: accounts.csv, key: id}

rules: {folder: rules}
"""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("init")(init)


def init(
    folder: Annotated[
        Path | None, typer.Argument(help="Where, else here; `configs` is made in it.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Migrate the database of this one; write nothing."),
    ] = None,
) -> None:
    """Make a configuration to start from, and the database.

    What stands is left alone; a database that is behind is migrated.
    """
    if folder is not None and config is not None:
        raise ConfigError("say one of: FOLDER to make a configuration in, --config FILE to keep")
    path = config or _laid_out(folder or Path())
    with opened(path, os.environ) as runtime:
        if config is None:
            _bring_rules(runtime.loaded.beside(runtime.loaded.config.rules.folder))
        migrate(runtime.database)
        print(f"the database {runtime.database.place} is up to date")
    if config is None:
        print(f"next: describe your sources in {path}, then `hub check` and `hub sync`")


def _laid_out(folder: Path) -> Path:
    """Return the configuration that stands in a folder; write one to start from where none does."""
    configs = folder / "configs"
    for path in (configs / "hub.yaml", folder / "hub.yaml"):
        if path.exists():
            return path
    (configs / "mappings").mkdir(parents=True, exist_ok=True)
    (folder / "connectors").mkdir(exist_ok=True)  # sources of one's own, beside the configuration
    path = configs / "hub.yaml"
    path.write_text(SKELETON, "utf-8")
    print(f"wrote {path}")
    return path


def _bring_rules(folder: Path) -> None:
    """Put the shipped rules where a configuration looks for rules, if there is no such folder.

    Into one that stands nothing is put: a rule somebody took out stays out.
    """
    shipped = SHIPPED / "rules"
    if not folder.exists():
        begun = folder.with_name(f"{folder.name}.part")  # what is broken off leaves no half of them
        shutil.rmtree(begun, ignore_errors=True)
        begun.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            shipped, begun, ignore=lambda _, names: [n for n in names if n[-5:] != ".yaml"]
        )
        begun.rename(folder)
        print(f"wrote {folder}, {counted(len(list(folder.iterdir())), 'rule')}")
    elif not any(folder.glob("*.yaml")):
        print(f"{folder} holds no rules: copy those you want from {shipped}")
