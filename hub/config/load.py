"""Finds hub.yaml, reads it whole, and says everything that is wrong with it at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from hub.config.model import HubConfig
from hub.config.problems import explained
from hub.errors import ConfigError
from mapping.document import Document, read_document
from mapping.problems import MappingError, Problem

PLACES = ("configs/hub.yaml", "hub.yaml", "configs/demo/hub.yaml")
NO_ENV: Mapping[str, str] = MappingProxyType({})
SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A configuration that holds, with the file it came from and that file's lines.

    home: the folder that paths to data start from; mappings and rules start from the file's own.
    """

    path: Path
    config: HubConfig
    document: Document
    home: Path

    def beside(self, path: str) -> Path:
        """Return where a mapping or a folder of rules is."""
        return self.path.parent / path

    def database_url(self, env: Mapping[str, str]) -> str:
        """Return the database's URL: HUB_DATABASE_URL, else what the file says.

        A relative SQLite path starts from home. Raises ConfigError where the variable the file
        names is not set.
        """
        place = self.config.database
        url = env.get("HUB_DATABASE_URL") or (
            env.get(place.url_env, "") if place.url_env else place.url
        )
        if not url:
            raise ConfigError(
                f"{self.path}: database.url_env: "
                f"the environment variable {place.url_env} is not set"
            )
        path = url.removeprefix(SQLITE)
        if path == url or path.startswith(("/", ":")):
            return url
        return f"{SQLITE}{self.home / path}"


def find_config(chosen: Path | None, env: Mapping[str, str], folder: Path) -> Path:
    """Return the configuration file: the one chosen, HUB_CONFIG, or one of the usual places.

    Raises ConfigError where there is none.
    """
    if chosen is not None:
        return chosen
    if env.get("HUB_CONFIG"):
        return Path(env["HUB_CONFIG"])
    for place in PLACES:
        if (folder / place).is_file():
            return folder / place
    raise ConfigError(
        f"no configuration: neither {' nor '.join(PLACES)} is in {folder}; "
        "name one with --config or HUB_CONFIG, or make one with `hub init`"
    )


def read_config(path: Path, env: Mapping[str, str] = NO_ENV) -> tuple[Loaded | None, list[Problem]]:
    """Return the configuration, or None, and everything that is wrong with the file.

    HUB_HOME outranks what the file says of its home.
    """
    try:
        document = read_document(_text(path), str(path))
    except MappingError as error:
        return None, list(error.problems)
    except OSError as error:
        return None, [Problem(str(path), 1, "", f"cannot be read: {error.strerror}")]
    if document.data is None:
        message = "is empty: take it away, and `hub init` writes one to start from"
        return None, [Problem(str(path), 1, "", message)]
    try:
        config = HubConfig.model_validate(document.data)
    except ValidationError as error:
        found = [document.problem(place, text) for place, text in explained(error, HubConfig)]
        return None, sorted(found)
    home = Path(env.get("HUB_HOME") or path.parent / config.home).resolve()
    return Loaded(path, config, document, home), []


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(str(path), 1, "", f"is not UTF-8 text: {error.reason}")
        raise MappingError([problem]) from error


def load_config(path: Path, env: Mapping[str, str] = NO_ENV) -> Loaded:
    """Return the configuration. Raises ConfigError with one line for each thing that is wrong."""
    loaded, problems = read_config(path, env)
    if loaded is None:
        raise ConfigError("\n".join(map(str, problems)))
    return loaded
