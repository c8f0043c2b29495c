"""The examples in docs/connectors.md hold."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from connectors.files.config import FilesConfig
from connectors.isolated.config import IsolatedConfig
from connectors.sdk import ConnectorClass, Options
from connectors.sdk.declarations import load_connector
from connectors.singer.config import SingerConfig, SingerStreamConfig
from connectors.sql.config import SqlConfig, SqlStreamConfig
from hub.config import with_secrets
from tests.connectors.dumping import dumped
from tests.connectors.reading import read_stream

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "connectors.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def _filled(config: Any) -> Any:
    return with_secrets(config, {"GITHUB_TOKEN": "x", "ACME_TOKEN": "y"}, where="the page")


def test_the_configurations_are_valid() -> None:
    files, sql, singer, isolated = (yaml.safe_load(block) for block in blocks("yaml")[:4])
    assert FilesConfig.model_validate(files).streams["deals"].complete is False
    assert SqlConfig.model_validate(sql).streams["invoices"].schema_name == "fibu"
    assert SingerConfig.model_validate(_filled(singer)).streams["repositories"].stream == "repos"
    assert IsolatedConfig.model_validate(_filled(isolated)).source == "acme-crm"


@pytest.mark.parametrize(
    "model",
    [
        FilesConfig.__pydantic_fields__,
        SqlStreamConfig.__pydantic_fields__,
        SingerConfig.__pydantic_fields__,
        SingerStreamConfig.__pydantic_fields__,
        IsolatedConfig.__pydantic_fields__,
        Options.__pydantic_fields__,
    ],
)
def test_every_option_is_told(model: dict[str, Any]) -> None:
    for name, field in model.items():
        assert re.search(rf"\b{field.alias or name}\b", PAGE), name


def test_a_source_of_ones_own_reads(tmp_path: Path) -> None:
    declared, source = blocks("python")
    names: dict[str, Any] = {}
    exec(declared, names)
    connector = names["connector"]
    assert connector.config_model.model_fields.keys() >= {"base_url", "token"}
    (text,) = (block for block in blocks("yaml") if block.startswith("connector:"))
    (tmp_path / "acme.yaml").write_text(text)
    assert dumped(load_connector(tmp_path / "acme.yaml")) == dumped(connector)
    exec(source, names)
    chosen: ConnectorClass = names["RatesConnector"]
    config = chosen.config_model.model_validate({"currencies": ["EUR", "CHF"]})
    rates = chosen("rates", config, base_dir=Path("/"))
    rates.check()
    outcome = read_stream(rates.streams()[0])
    assert (outcome.keys, outcome.end.complete) == (["EUR", "CHF"], True)
    rates.close()
