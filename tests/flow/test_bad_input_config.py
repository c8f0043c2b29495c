"""Mistakes in what the hub is told: each names file, line, key, and nothing is read by halves."""

import re
import socket
from contextlib import closing

import pytest

from hub.cli.ending import Exit
from tests.cli.running import hub
from tests.flow.hub_folder import CONFIG, MAPPING, HubFolder, one_line

READY = CONFIG.replace("STREAM", "path: accounts.csv")
RULE = """\
id: T1
name: {en: Many tickets, de: Viele Tickets}
subject: customer
when: customer.open_tickets > params.n
params: {n: 1}
severity: warning
"""
HUB_YAML: list[tuple[str | bytes, str]] = [
    ("", r"hub\.yaml:1: is empty: take it away, and `hub init` writes one"),
    ("# nothing\n", r"hub\.yaml:1: is empty"),
    ("- a\n- b\n", r"hub\.yaml:1: expected keys with values, as `key: value`, got a list"),
    ("hello\n", r"hub\.yaml:1: expected keys with values, .*got 'hello'"),
    ("connections: [crm]\n", r"hub\.yaml:1: connections: expected keys with values"),
    (READY + "databse: {url: x}\n", r"hub\.yaml:8: databse: .*did you mean database\?"),
    (READY.replace("mapping:", "maping:"), r"hub\.yaml:6: connections\.crm\.maping: .*mapping\?"),
    (READY + "connections: {}\n", r"hub\.yaml:8: connections: stands twice, first in line 2"),
    ("home: ..\n\tx: 1\n", r"hub\.yaml:2: is not valid YAML"),
    (b"home: ..\n\0", r"hub\.yaml:1: is not valid YAML"),
    ("company: {name: Bär}".encode("latin-1"), r"hub\.yaml:1: is not UTF-8 text"),
    ("connections: &a {crm: *a}\n", r"hub\.yaml:1: is not valid YAML"),
    (READY + "company: {state: XX}\n", r"hub\.yaml:8: company: no calendar .* DE, state XX"),
]


@pytest.mark.parametrize(("text", "why"), HUB_YAML, ids=lambda v: str(v)[:30])
def test_a_configuration_that_is_wrong(folder: HubFolder, text: str | bytes, why: str) -> None:
    folder.write("configs/hub.yaml", text)
    for command in (("check",), ("sync",), ("status",), ("serve", "--port", "0")):
        said = folder.hub(*command)
        assert said.returncode == Exit.CONFIG
        one_line(said, why)
    assert folder.keys_alive() == []


DATABASES = [
    ("no url", "a URL that cannot be read is not supported; use sqlite:///"),
    ("postgresql://joe:CANARY@host:9x/db", "a URL that cannot be read"),
    ("postgresql://joe:CANARY@host/db?opt=CANARY", 'invalid connection option "opt"'),
    ("mysql://joe:CANARY@host/db", "mysql is not supported"),
]


@pytest.mark.parametrize(("url", "why"), DATABASES)
def test_a_database_url_that_is_wrong(folder: HubFolder, url: str, why: str) -> None:
    folder.write("configs/hub.yaml", f'{READY}database: {{url: "{url}"}}\n')
    for command in (("check",), ("check", "--connect"), ("sync",), ("serve", "--port", "0")):
        said = hub(*command, folder=folder.path)
        assert said.returncode == Exit.CONFIG
        one_line(said, f"database: {why}")
        assert "CANARY" not in said.stdout + said.stderr


MAPPINGS: list[tuple[str | bytes, str]] = [
    (MAPPING.replace("city: city", "citty: city"), r"crm\.yaml:4: .*fields\.citty: .*mean city"),
    (MAPPING.replace("accounts", "acounts"), r"crm\.yaml:2: streams\.acounts: .*mean accounts\?"),
    (MAPPING.replace("organization", "organisation"), r"crm\.yaml:3: .*mean organization\?"),
    (MAPPING + "      ref: {parent: x}\n", r"crm\.yaml:5: .*ref: .*mean refs\?"),
    (
        MAPPING + "      refs: {parent: {stream: firms, path: x}}\n",
        r"crm\.yaml:5: .*refs\.parent\.stream: the connection has no stream 'firms'",
    ),
    ("", r"crm\.yaml:1: expected `streams:`"),
    ("- a\n", r"crm\.yaml:1: expected `streams:`"),
    ("streams: {\n", r"crm\.yaml:2?1?: is not valid YAML"),
    ("streams: {}\n# Bär".encode("latin-1"), r"crm\.yaml:1: is not UTF-8"),
]


@pytest.mark.parametrize(("text", "why"), MAPPINGS, ids=lambda v: str(v)[-30:])
def test_a_mapping_that_is_wrong(folder: HubFolder, text: str | bytes, why: str) -> None:
    assert folder.hub("sync").returncode == Exit.OK
    before = folder.customers()
    folder.write("configs/mappings/crm.yaml", text)
    folder.write("exports/accounts.csv", "id,name,city\n1,Another GmbH,Ulm\n")
    for command in (("check",), ("sync",), ("serve", "--port", "0"), ("schedule",), ("rebuild",)):
        said = folder.hub(*command)
        assert said.returncode == Exit.CONFIG
        one_line(said, why)
    assert (folder.keys_alive(), folder.customers()) == (["1", "2", "3"], before)


RULES = [
    (RULE.replace("open_tickets", "open_tikets"), r"T1\.yaml:4: when: .*mean 'open_tickets'\?"),
    (RULE.replace("> params.n", ">> &&"), r"T1\.yaml:4: when: Syntax error"),
    (RULE.replace("> params.n", "+ params.n"), r"T1\.yaml:4: when: gives int, expected"),
    (RULE.replace("params.n", "params.m"), r"T1\.yaml:4: when: params has no 'm'; known are n"),
    (RULE.replace("{n: 1}", "{n: x}"), r"T1\.yaml:4: when: found no matching overload"),
    (RULE.replace("subject: customer", "subject: kunde"), r"T1\.yaml:3: subject: .*'kunde'"),
    (RULE + "sevrity: x\n", r"T1\.yaml:7: sevrity: .*mean severity\?"),
    ("", r"T1\.yaml:1: expected "),
    (RULE.replace("> params.n", "> 0 || true" * 500), r"T1\.yaml:4: when: is \d+ characters long"),
]


@pytest.mark.parametrize(("text", "why"), RULES, ids=lambda v: str(v)[-30:])
def test_a_rule_that_does_not_compile(folder: HubFolder, text: str, why: str) -> None:
    folder.write("configs/rules/T1.yaml", text)
    for command in (("check",), ("sync",), ("serve", "--port", "0")):
        said = folder.hub(*command)
        assert said.returncode == Exit.CONFIG
        one_line(said, why)
    assert folder.keys_alive() == []


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ("T1: {m: 3}", r"hub\.yaml:8: rules\.params\.T1\.m: rule T1 has no parameter 'm'"),
        ("T1: {n: many}", r"hub\.yaml:8: rules\.params\.T1\.n: rule T1 expects int for 'n'"),
        ("T2: {n: 3}", r"hub\.yaml:8: rules\.params\.T2: there is no rule '?T2'? .known: T1"),
    ],
)
def test_parameters_that_a_rule_does_not_have(folder: HubFolder, params: str, why: str) -> None:
    folder.write("configs/rules/T1.yaml", RULE)
    folder.write("configs/hub.yaml", f"{READY}rules: {{params: {{{params}}}}}\n")
    for command in (("check",), ("sync",)):
        said = folder.hub(*command)
        assert said.returncode == Exit.CONFIG
        one_line(said, why)


def test_a_port_in_use(folder: HubFolder) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = folder.hub("serve", "--port", str(port))
    assert said.returncode == Exit.BUSY
    one_line(said, f"cannot listen on 127.0.0.1, port {port}: Address already in use")


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("sync", "../crm"), Exit.FAILED, "no connection '../crm'; configured are: crm"),
        (("sync", ""), Exit.FAILED, "no connection ''"),
        (("export", "customers", "-o", "no/x.csv"), Exit.FAILED, "no/x.csv: No such file"),
        (("export", "customers", "-o", "exports"), Exit.FAILED, "Is a directory"),
        (("init", "exports/accounts.csv"), Exit.FAILED, "accounts.csv.*: Not a directory"),
        (("init", "/proc/hub"), Exit.FAILED, "/proc/hub: No such file"),
        (("map", "try", "crm", "accounts", "--limit", "0"), Exit.CONFIG, "greater than or equal"),
        (("map", "try", "crm", "accounts", "--limit", "1000000000"), Exit.CONFIG, "less than"),
        (("serve", "--port", "99999"), Exit.CONFIG, "less than or equal to 65535"),
        (("keys", "create", ""), Exit.CONFIG, "a name has 1 to 100 characters"),
        (("keys", "create", "a\nb"), Exit.CONFIG, "a name has 1 to 100 characters"),
        (("keys", "create", "\udcff"), Exit.CONFIG, "a name has 1 to 100 characters"),
        (("--config", "x"), Exit.CONFIG, "No such option"),
    ],
    ids=str,
)
def test_arguments_that_make_no_sense(
    folder: HubFolder, arguments: tuple[str, ...], code: Exit, why: str
) -> None:
    said = hub(*arguments, folder=folder.path, **folder.env)
    assert said.returncode == code, said
    assert re.search(why, said.stderr), said.stderr
    assert len(said.stderr.splitlines()) <= 5
    assert not list(folder.path.rglob("*.new"))


def test_a_terminal_that_knows_no_umlauts_gets_a_text(folder: HubFolder) -> None:
    folder.write("exports/accounts.csv", "id,name,city\n1,Weber 😀 GmbH,Köln\nBär,x\n")
    assert folder.hub("sync").returncode == Exit.OK
    for arguments in (("status",), ("map", "try", "crm", "accounts")):
        process = folder.start(*arguments, PYTHONIOENCODING="ascii")
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, ""), out
    assert "K\\xf6ln" in out
