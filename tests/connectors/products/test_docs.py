"""docs/products.md names every product's options and streams as they are."""

import re
from pathlib import Path

import pytest
import yaml

from connectors.registry import REGISTRY
from connectors.sdk import Connector
from hub.config import with_secrets
from mapping.load import load_spec

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "products.md").read_text()
TITLES = {
    "redmine": "Redmine",
    "request_tracker": "Request Tracker",
    "roundup": "Roundup",
    "tryton": "Tryton",
    "bottlecrm": "BottleCRM",
}


def product(name: str) -> Connector:
    found = REGISTRY[name]
    assert isinstance(found, Connector)
    return found


@pytest.mark.parametrize("name", TITLES)
def test_the_configuration_is_valid_and_whole(name: str) -> None:
    section = PAGE.split(f"\n## {TITLES[name]}\n")[1].split("\n## ")[0]
    block = re.search(r"```yaml\n(.*?)```", section, re.DOTALL)
    assert block
    said = yaml.safe_load(block[1])
    secrets = dict.fromkeys(re.findall(r"env: (\w+)", block[1]), "x")
    product(name).config_model.model_validate(with_secrets(said, secrets, where="the page"))
    own = {name for name, field in product(name).config_model.model_fields.items()}
    general = {name for name in own if name not in said}
    assert general.isdisjoint({"token", "api_key", "user", "password", "time_zone"})


@pytest.mark.parametrize("name", TITLES)
def test_every_stream_is_named_and_mapped(name: str) -> None:
    streams = [stream.name for stream in product(name).declared]
    title = TITLES[name]
    line = next(row for row in PAGE.splitlines() if row.startswith(f"| {title}"))
    assert re.split(r", ", line.split("|")[2].strip()) == streams
    path = ROOT / "configs" / "mappings" / f"{name}.yaml"
    spec = load_spec(path.read_text(), file=path.name, streams=streams)
    assert [one for one in streams if one not in spec.streams] == []
