"""docs/rules.md names every fact and every rule that is shipped."""

import re

from hub.alerts.model import SUBJECTS
from hub.alerts.rule_files import load_rules
from hub.alerts.ways import WAYS
from tests.conftest import ROOT

TEXT = (ROOT / "docs/rules.md").read_text()


def test_every_fact_stands_in_the_table_of_its_subject() -> None:
    for subject, fields in SUBJECTS.items():
        row = re.search(rf"^\| {subject} \| (`.*`) \|$", TEXT, re.MULTILINE)
        assert row, subject
        assert row[1].replace("`", "").split() == list(fields)


def test_every_fact_has_a_way_to_come_about() -> None:
    assert {subject: set(ways) | {"id"} for subject, ways in WAYS.items()} == {
        subject: set(fields) for subject, fields in SUBJECTS.items()
    }


def test_every_shipped_rule_is_described() -> None:
    folder = ROOT / "configs/rules"
    for rule in load_rules({path.name: path.read_text() for path in folder.glob("*.yaml")}):
        assert f"| {rule.id} | {rule.rule.subject} |" in TEXT
