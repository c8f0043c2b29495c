"""`hub train`: a model file that changes nothing by itself, and may learn from judgements."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.cli.ending import Exit
from hub.pipeline.model_file import read_model
from hub.resolution.model import default_model
from tests.cli.firms import lay_out
from tests.cli.running import hub
from tests.cli.test_switch import SHIPPED, base_model, standing

SCHEMA = "kind: organization\nid: id\nfields: {name: org_name, city: city}\n"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    lay_out(tmp_path, sqlite_template)
    (tmp_path / "schema.yaml").write_text(SCHEMA, "utf-8")
    return tmp_path


def trained(folder: Path, *options: str) -> dict[str, Any]:
    said = hub("train", *options, "--out", "new/model.json", folder=folder)
    assert said.returncode == Exit.OK, said.stderr
    found: dict[str, Any] = json.loads((folder / "new/model.json").read_text("utf-8"))
    return found


def test_a_model_of_the_hub_changes_nothing_until_it_is_switched_on(folder: Path) -> None:
    before = standing(folder)
    model = trained(folder, "--hub", "--kind", "organization")
    shipped = default_model("organization")
    assert model["name"] == f"{shipped.name}+adapted"
    assert model["notes"]["trained"]["records"] == len(before)
    assert read_model(folder / "new/model.json").merge == shipped.merge
    hub("resolve", folder=folder)
    assert standing(folder) == before
    assert base_model(folder) == SHIPPED
    done = hub("resolve", "--activate", "--model", "new/model.json", folder=folder)
    assert done.returncode == Exit.OK
    assert base_model(folder).startswith(f"{shipped.name}+adapted#")


def test_the_same_records_give_the_same_model(folder: Path) -> None:
    once, again = (trained(folder, "--hub", "--kind", "organization") for _ in range(2))
    for model in (once, again):
        del model["notes"]["trained"]["at"]
    assert once == again


def test_judgements_teach(folder: Path) -> None:
    plain = trained(folder, "--hub", "--kind", "organization")
    for number in ("1", "2", "4"):
        pair = f"crm:firms:{number}", f"desk:firms:{number}"
        assert hub("review", "different", *pair, folder=folder).returncode == Exit.OK
    hub("review", "unsure", "crm:firms:3", "desk:firms:3", folder=folder)
    without = trained(folder, "--hub", "--kind", "organization")
    assert without["weights"] == plain["weights"]
    taught = trained(folder, "--hub", "--kind", "organization", "--with-judgements")
    assert taught["name"].endswith("+adapted+judged")
    assert taught["notes"]["trained"]["judgements"] == 3
    before = plain["weights"]["name"]["same"], plain["weights"]["name"]["contained"]
    after = taught["weights"]["name"]["same"], taught["weights"]["name"]["contained"]

    def base(weight: Any) -> float:
        return float(weight["base"] if isinstance(weight, dict) else weight)

    assert sum(map(base, after)) < sum(map(base, before))


def test_a_model_of_a_file(folder: Path) -> None:
    model = trained(folder, "exports/crm.jsonl", "--schema", "schema.yaml")
    assert model["kind"] == "organization"
    table = "exports/crm.jsonl", "--schema", "schema.yaml", "--out"
    for out, options in (("own.csv", []), ("told.csv", ["--model", "new/model.json"])):
        assert hub("resolve", *table, out, *options, folder=folder).returncode == Exit.OK
    assert (folder / "own.csv").read_text("utf-8") == (folder / "told.csv").read_text("utf-8")
    on_top = trained(
        folder, "exports/crm.jsonl", "--schema", "schema.yaml", "--model", "new/model.json"
    )
    assert on_top["name"] == f"{model['name']}+adapted"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "expected either FILE with --schema, or --hub"),
        (["--hub"], "--kind is needed"),
        (["--hub", "--kind", "deal"], "--kind is needed"),
        (["exports/crm.jsonl"], "a file needs --schema"),
        (["exports/none.jsonl", "--schema", "schema.yaml"], "none.jsonl: cannot be read"),
    ],
)
def test_what_cannot_be_trained(folder: Path, options: list[str], text: str) -> None:
    said = hub("train", *options, folder=folder)
    assert said.returncode == Exit.CONFIG
    assert text in " ".join(said.stderr.replace("│", " ").split())
