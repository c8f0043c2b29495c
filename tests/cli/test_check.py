"""`hub check`: a configuration with a mistake of every sort, told all at once."""

from pathlib import Path

import pytest

from hub.cli.ending import Exit
from hub.vault import new_key
from tests.cli.running import Said, hub

CONFIG = """\
connections:
  crm:
    source: files
    system: crm
    mapping: crm.yaml
    config:
      path: exports
      streams: {accounts: {path: accounts.jsonl, key: id}}
  books:
    source: sql
    system: accounting
    mapping: books.yaml
    config: {url: {env: BOOKS_URL}, streams: {orders: {table: orders, key: id}}}
  desk:
    source: fils
    system: ticketing
    mapping: crm.yaml
  lists:
    source: files
    system: marketing
    mapping: nowhere.yaml
    config: {pth: x}
rules: {folder: rules, params: {R99: {min: 1}}}
"""
MAPPING = """\
streams:
  acounts:
    - kind: organization
      fields: {nam: name}
"""
RULE = """\
id: R50
name: Deal too large
subject: deal
severity: warning
when: |
  deal.status == "open" &&
  deal.amout > 5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A configuration full of mistakes."""
    _write(tmp_path, "hub.yaml", CONFIG)
    _write(tmp_path, "crm.yaml", MAPPING)
    _write(tmp_path, "books.yaml", "streams: {orders: [{kind: order, fields: {number: id}}]}")
    _write(tmp_path, "rules/R50.yaml", RULE)
    return tmp_path


def _write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)


def _lines(said: Said) -> list[str]:
    assert "Traceback" not in said.stderr
    return said.stdout.splitlines()


def test_every_mistake_is_told_once_with_its_place(folder: Path) -> None:
    said = hub("check", folder=folder)
    lines = _lines(said)
    assert said.returncode == Exit.CONFIG
    assert lines[-1] == f"{len(lines) - 1} problems"
    for place, text in (
        ("hub.yaml:13: connections.books.config.url", "variable BOOKS_URL is not set"),
        ("hub.yaml:14: connections.desk", "there is no source 'fils'; known are: "),
        ("hub.yaml:22: connections.lists.config", "pth: no such option; is 'path' meant?"),
        ("crm.yaml:2: streams.acounts", "(did you mean accounts?)"),
        ("crm.yaml:4: streams.acounts[0].fields.nam", "did you mean name?"),
        ("nowhere.yaml:1:", "`hub map suggest lists --write` makes one"),
        ("rules/R50.yaml:7: when", "amout"),
    ):
        found = [line for line in lines if line.startswith(place)]
        assert len(found) == 1, (place, lines)
        assert text in found[0]


@pytest.mark.parametrize(
    ("links", "text"),
    [
        (
            "{acounts: 'https://crm.example.org/{key}'}",
            "no stream 'acounts' (did you mean accounts?)",
        ),
        ("{accounts: 'https://crm.example.org/'}", "expected an address as https://"),
        ("{accounts: 'javascript:{key}'}", "expected an address as https://"),
        ("{accounts: 'https://crm.example.org/#/{key}/view'}", None),
    ],
)
def test_where_people_see_a_record(folder: Path, links: str, text: str | None) -> None:
    config = CONFIG.replace(
        "    mapping: crm.yaml\n    config:",
        f"    mapping: crm.yaml\n    links: {links}\n    config:",
        1,
    )
    _write(folder, "hub.yaml", config)
    found = [line for line in _lines(hub("check", folder=folder)) if ".links" in line]
    assert len(found) == (text is not None), found
    assert text is None or text in found[0]


def test_a_parameter_of_a_rule_that_is_not_there(folder: Path) -> None:
    (folder / "rules/R50.yaml").unlink()
    assert any(
        line.startswith("hub.yaml:23: rules.params.R99: there is no rule R99")
        for line in _lines(hub("check", folder=folder))
    )


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("- a: [", "rules/R50.yaml:"),
        ("[]", None),
        ("id: R50", "rules/R50.yaml:1: when: is missing"),
        (RULE.replace("deal.amout > 5", "true").replace("severity", "severty"), "did you mean"),
        (RULE.replace("subject: deal", "subject: dael"), "there is no subject 'dael'"),
    ],
)
def test_rules_that_cannot_be_used(folder: Path, rule: str, text: str | None) -> None:
    _write(folder, "rules/R50.yaml", rule)
    lines = [line for line in _lines(hub("check", folder=folder)) if "rules/" in line]
    assert bool(lines) == (text is not None)
    assert text is None or any(text in line for line in lines)


def test_two_rules_of_one_id_and_a_folder_that_is_not_there(folder: Path) -> None:
    good = RULE.replace("amout", "amount")
    _write(folder, "rules/R50.yaml", good)
    _write(folder, "rules/again.yaml", good)
    text = hub("check", folder=folder).stdout
    assert "R50 stands twice, first in " in text
    _write(folder, "hub.yaml", CONFIG.replace("folder: rules", "folder: ruls"))
    assert (
        "hub.yaml:23: rules.folder: there is no folder ruls" in hub("check", folder=folder).stdout
    )


def test_a_broken_file_is_all_there_is_to_say(folder: Path) -> None:
    _write(folder, "hub.yaml", "connections: {crm: ")
    said = hub("check", folder=folder)
    assert said.returncode == Exit.CONFIG
    assert _lines(said)[-1] == "1 problem"


def test_no_configuration_at_all(tmp_path: Path) -> None:
    said = hub("check", folder=tmp_path)
    assert said.returncode == Exit.CONFIG
    assert "make one with `hub init`" in said.stderr


def test_what_is_right_is_said_and_connect_tries_it(folder: Path) -> None:
    _write(folder, "hub.yaml", CONFIG[: CONFIG.index("  books:")] + "rules: {folder: rules}\n")
    _write(folder, "crm.yaml", MAPPING.replace("acounts", "accounts").replace("nam:", "name:"))
    _write(folder, "rules/R50.yaml", RULE.replace("amout", "amount"))
    said = hub("check", folder=folder)
    assert (said.returncode, said.stdout) == (
        Exit.OK,
        "hub.yaml: 1 connection with its mapping, 1 rule: all fine\n",
    )
    said = hub("check", "--connect", folder=folder)
    assert said.returncode == Exit.CONFIG
    assert any(line.startswith("hub.yaml:2: connections.crm: ") for line in _lines(said))
    assert "is at migration none" in said.stdout


def test_a_vault_that_is_named_and_has_no_key(folder: Path) -> None:
    config = CONFIG.replace("{env: BOOKS_URL}", "{vault: books-url}")
    _write(folder, "hub.yaml", config)
    said = hub("check", folder=folder)
    assert "hub.yaml:13: connections.books.config.url: the vault has no key" in said.stdout
    assert "'books-url'" in said.stdout
    assert "the vault has no key" not in hub("check", folder=folder, HUB_VAULT_KEY=new_key()).stdout
    wrong = hub("check", folder=folder, HUB_VAULT_KEY="no-key-s3cret").stdout
    assert "HUB_VAULT_KEY: holds no key of a vault" in wrong
    assert "s3cret" not in wrong
