"""Sources are found by name, and a wrong configuration names the key that is wrong."""

from pathlib import Path
from typing import Any

import pytest

from connectors.registry import REGISTRY, connector_class, open_connector
from connectors.sdk import ConnectionBrokenError

STREAMS = {"rows": {"key": "id"}}


def refusal(source: str, config: dict[str, Any]) -> str:
    with pytest.raises(ConnectionBrokenError) as caught:
        open_connector(source, name="crm", config=config, base_dir=Path("/"))
    return str(caught.value)


@pytest.mark.parametrize("source", sorted(REGISTRY))
def test_our_sources_are_known_and_their_options_closed(source: str) -> None:
    model = connector_class(source).config_model
    assert model.model_config["frozen"]
    assert model.model_config["extra"] == "forbid"
    assert connector_class(source) is REGISTRY[source]


def test_an_unknown_source_lists_those_known() -> None:
    text = refusal("salesforce", {})
    assert "'salesforce'" in text
    assert all(name in text for name in REGISTRY)


@pytest.mark.parametrize(
    ("source", "config", "said"),
    [
        ("files", {"streams": STREAMS}, "path: Field required"),
        ("files", {"path": "x", "streams": {}}, "streams: "),
        ("files", {"path": "x", "streams": {"a": {}}}, "streams.a.key: Field required"),
        ("files", {"path": "x", "streams": {"a": {"key": []}}}, "streams.a.key: "),
        ("files", {"path": "x", "streams": {"a": {"key": ["i", "i"]}}}, "named twice"),
        ("files", {"path": "x", "streams": {"Ä b": {"key": "i"}}}, "is no stream name"),
        ("files", {"path": "x", "steams": STREAMS}, "steams: no such option; is 'streams' meant?"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "delimeter": ";"}}}, "'delimiter'"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "delimiter": ";;"}}}, "one char"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "encoding": "u9"}}}, "'u9'"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "encoding": "zlib"}}}, "no text"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "path": "../b"}}}, "leaves the"),
        ("files", {"path": "x", "streams": {"a": {"key": "i", "glob": "/etc/*"}}}, "leaves the"),
        (
            "files",
            {"path": "x", "streams": {"a": {"key": "i", "path": "b", "glob": "c"}}},
            "not both",
        ),
        ("files", {"path": "x", "streams": STREAMS, "max_record_bytes": 3}, "max_record_bytes"),
        ("sql", {"streams": {"a": {"key": "i", "table": "t"}}}, "`url` or `url_env`"),
        ("sql", {"url": "sqlite:///x", "streams": STREAMS}, "`table` or `query`"),
    ],
)
def test_the_key_that_is_wrong_is_named(source: str, config: dict[str, Any], said: str) -> None:
    text = refusal(source, config)
    assert said in text
    assert text.startswith(f"connection crm ({source}): ")


def test_values_are_never_repeated() -> None:
    text = refusal("sql", {"url": ["postgresql://u:geheim@h/d"], "streams": {"a": {"key": "i"}}})
    assert "geheim" not in text


def test_every_fault_is_told_at_once() -> None:
    text = refusal("files", {"streams": {"a": {"glob": "../x"}}})
    assert "path: Field required" in text
    assert "streams.a.key: Field required" in text
    assert "streams.a.glob: " in text


def installed_source(folder: Path, target: str) -> None:
    """Lay down a package of somebody else's, as pip would."""
    (folder / "acme_crm.py").write_text(
        "from connectors.files import FilesConnector\n"
        "class AcmeConnector(FilesConnector):\n"
        "    pass\n"
    )
    info = folder / "acme_crm-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-crm\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hub.connectors]\nacme-crm = {target}\n")


def test_other_peoples_sources_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed_source(tmp_path, "acme_crm:AcmeConnector")
    monkeypatch.syspath_prepend(str(tmp_path))
    config = {"path": "x.csv", "streams": STREAMS}
    connector = open_connector("acme-crm", name="crm", config=config, base_dir=tmp_path)
    assert type(connector).__name__ == "AcmeConnector"
    assert "known are: acme-crm, bottlecrm, files, " in refusal("acme", {})


def test_a_source_that_does_not_load_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_source(tmp_path, "acme_gone:AcmeConnector")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "'acme-crm' (acme_gone:AcmeConnector) cannot be loaded" in refusal("acme-crm", {})
