"""`hub rules`: what is in use, what a rule would say now, and what it would have said."""

from pathlib import Path

import pytest

from hub.cli.ending import Exit
from tests.cli.running import Said, hub

CONFIG = """\
database: {url: 'sqlite:///hub.db'}
connections:
  crm:
    source: files
    system: crm
    mapping: crm.yaml
    config: {path: ., streams: {deals: {path: deals.csv, key: id}}}
rules: {params: {X1: {least: 200000}}}
"""
MAPPING = """\
streams:
  deals:
    - kind: deal
      fields:
        number: id
        name: name
        amount_minor: {path: amount, currency: EUR}
        currency: {const: EUR}
"""
RULE = """\
id: X1
name: {de: Große Chance, en: Large deal}
subject: deal
when: deal.amount >= params.least
params: {least: 100000}
fresh: {crm: 24h}
severity: warning
mode: shadow
pos: {deal: {amount: 200000}}
neg: {deal: {amount: 199999}}
unk: {deal: {}}
"""
DEALS = """\
id,name,amount
D-1,Halle,2500.00
D-2,Tor,1999.99
D-3,Zaun,
D-4,Turm,2000.00
"""


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    for name, text in {
        "hub.yaml": CONFIG,
        "crm.yaml": MAPPING,
        "rules/X1.yaml": RULE,
        "deals.csv": DEALS,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def rules(folder: Path, *arguments: str) -> Said:
    return hub("rules", *arguments, folder=folder)


def test_the_rules_in_use_with_the_companys_parameters(folder: Path) -> None:
    assert rules(folder, "list").stdout.splitlines() == [
        "X1  deal       warning  Große Chance [shadow]",
        "     least=200000",
    ]


def test_what_a_rule_cannot_see_here_is_told(folder: Path) -> None:
    blind = RULE.replace("deal.amount >= params.least", "deal.amount >= params.least && WHAT")
    (folder / "rules/X1.yaml").write_text(blind.replace("WHAT", "deal.orders == 0"))
    config = folder / "hub.yaml"
    config.write_text(CONFIG.replace("database:", "company: {language: en}\ndatabase:"))
    assert rules(folder, "list").stdout.splitlines() == [
        "X1  deal       warning  Large deal [shadow]",
        "     least=200000",
        "     cannot fire here:",
        "       no connection gives records of kind order: deal.orders",
    ]
    maybe = "(deal.orders == 0 || deal.stage_order > 1)"
    (folder / "rules/X1.yaml").write_text(blind.replace("WHAT", maybe))
    assert rules(folder, "list").stdout.splitlines()[2] == "     sees less here:"
    (folder / "crm.yaml").write_text("streams: {")  # what is wrong with it is said elsewhere
    assert len(rules(folder, "list").stdout.splitlines()) == 2


def test_rules_bring_their_own_tests(folder: Path) -> None:
    said = rules(folder, "test")
    assert (said.returncode, said.stdout) == (Exit.OK, "1 rule, 3 of 3 tests passed\n")
    (folder / "other.yaml").write_text(RULE)  # with its own parameters: 1,999.99 is enough
    said = rules(folder, "test", "other.yaml")
    assert said.returncode == Exit.FAILED
    assert said.stdout.splitlines() == [
        "rule X1 is true where false is expected",
        "1 rule, 2 of 3 tests passed",
    ]


def test_a_sync_lets_the_rules_look_at_what_no_record_changed(folder: Path) -> None:
    (folder / "rules/X1.yaml").write_text(RULE.replace("mode: shadow\n", ""))
    assert hub("sync", folder=folder).returncode == Exit.OK
    assert len(hub("alerts", "list", "--json", folder=folder).stdout.splitlines()) == 2
    (folder / "hub.yaml").write_text(CONFIG.replace("least: 200000", "least: 199999"))
    said = hub("sync", folder=folder)
    assert "4 unchanged" in said.stdout
    assert len(hub("alerts", "list", "--json", folder=folder).stdout.splitlines()) == 3


def test_a_rule_is_tried_on_what_is_known(folder: Path) -> None:
    said = rules(folder, "try", "X1").stdout
    assert said.splitlines()[0] == "X1 Große Chance: no deal is known"
    assert hub("sync", folder=folder).returncode == Exit.OK
    said = rules(folder, "try", "X1", "--shown", "1").stdout
    assert said.splitlines() == [
        "X1 Große Chance: 1 false, 2 true, 1 unknown",
        "unknown for 1: the fact amount is not known",
        "warning  deal:crm:deals:D-1",
        "     deal: amount=250000",
        "... and 1 more",
    ]
    # Tried or shadowed, nobody hears of it.
    assert hub("alerts", "list", "--condition", "firing", folder=folder).stdout.count("X1") == 0


def test_a_rule_is_run_over_the_history_of_facts(folder: Path) -> None:
    assert (
        "nothing is known of the last 30 days"
        in rules(folder, "backtest", "X1", "--days", "30").stdout
    )
    assert hub("sync", folder=folder).returncode == Exit.OK
    said = rules(folder, "backtest", "X1").stdout.splitlines()
    assert said[0].startswith("X1 Große Chance, from 20")
    assert said[1] == "2 would have fired, 0 of them ended, 2 would fire now"
    assert [line.rsplit("  ", 1)[1] for line in said[3:]] == [
        "deal:crm:deals:D-1",
        "deal:crm:deals:D-4",
    ]


@pytest.mark.parametrize(
    ("arguments", "old", "new", "code", "why"),
    [
        (("try", "X9"), "", "", Exit.FAILED, "there is no rule 'X9'; there are: X1"),
        (("backtest", "X1", "--days", "0"), "", "", Exit.CONFIG, "--days"),
        (("test", "none.yaml"), "", "", Exit.FAILED, "none.yaml"),
        (("list",), "deal.amount", "deal.amuont", Exit.CONFIG, "did you mean 'amount'?"),
        (("try", "X1"), "deal.amount", "deal.amuont", Exit.CONFIG, "X1.yaml:4: when"),
        (("test",), "least: 100000", "most: 1", Exit.CONFIG, "has no parameter 'least'"),
    ],
)
def test_what_is_wrong_is_said(
    folder: Path, arguments: tuple[str, ...], old: str, new: str, code: Exit, why: str
) -> None:
    (folder / "rules/X1.yaml").write_text(RULE.replace(old, new) if old else RULE)
    said = rules(folder, *arguments)
    assert said.returncode == code
    assert why in said.stderr
