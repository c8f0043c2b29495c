"""`hub init` where a configuration stands that somebody wrote by hand."""

from pathlib import Path

import pytest

from hub.cli.ending import Exit
from tests.cli.running import hub

SHIPPED = Path(__file__).resolve().parents[2] / "configs/rules"
WRITTEN = "database: {{url: 'sqlite:///hub.db'}}\nrules: {{folder: {rules}}}\n"


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        ("configs/hub.yaml", "rules"),
        ("hub.yaml", "rules"),
        ("hub.yaml", "configs/ours/rules"),
        ("configs/hub.yaml", "../ours"),
    ],
)
def test_rules_come_to_where_a_configuration_looks_for_them(
    tmp_path: Path, at: str, rules: str
) -> None:
    config = tmp_path / at
    config.parent.mkdir(exist_ok=True)
    config.write_text(WRITTEN.format(rules=rules))
    made = hub("init", folder=tmp_path)
    assert made.returncode == Exit.OK, made.stderr
    folder = (config.parent / rules).resolve()
    assert {one.name for one in folder.iterdir()} == {one.name for one in SHIPPED.glob("*.yaml")}
    assert ", 20 rules\n" in made.stdout
    assert config.read_text() == WRITTEN.format(rules=rules)
    assert [one.name for one in tmp_path.rglob("hub.yaml")] == ["hub.yaml"]
    assert "20 rules" in hub("check", folder=tmp_path).stdout
    assert "wrote" not in hub("init", folder=tmp_path).stdout


def test_a_folder_somebody_emptied_stays_empty_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(WRITTEN.format(rules="rules"))
    (tmp_path / "rules").mkdir()
    said = hub("init", folder=tmp_path)
    assert "rules holds no rules: copy those you want from " in said.stdout
    assert list((tmp_path / "rules").iterdir()) == []


def test_what_was_broken_off_leaves_no_half_of_the_rules(tmp_path: Path) -> None:
    (tmp_path / "hub.yaml").write_text(WRITTEN.format(rules="rules"))
    (tmp_path / "rules.part").mkdir()
    (tmp_path / "rules.part/R01.yaml").write_text("half of ")
    assert hub("init", folder=tmp_path).returncode == Exit.OK
    assert (tmp_path / "rules/R01.yaml").read_bytes() == (SHIPPED / "R01.yaml").read_bytes()
    assert not (tmp_path / "rules.part").exists()
