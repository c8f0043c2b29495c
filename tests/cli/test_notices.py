"""`hub notices routes` and `hub notices test`: who would hear of what, and whether they would."""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from hub.cli.ending import Exit
from hub.clock import instant_text, system_clock
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.store import alerts, rule_states
from hub.store.database import Database
from tests.cli.running import hub
from tests.notify.receiver import Receiver, receiver

SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
CONFIG = """\
database: {{url: 'sqlite:///hub.db'}}
notify:
  targets:
    desk: {{webhook: '{url}', secret: {{env: DESK}}}}
    away: {{webhook: 'http://127.0.0.1:1/', secret: {{env: DESK}}}}
  routes:
    - {{departments: [sales], to: [desk]}}
    - {{severity: critical, departments: [sales, finance], to: [away]}}
    - {{rules: [X3], to: [desk]}}
  owners: {{crm: sales}}
  allow: [127.0.0.0/8]
"""
RULES = """\
- {id: X1, name: a, subject: deal, when: deal.amount > 5, severity: warning,
   escalate: {to: critical, if: deal.amount > 9}}
- {id: X2, name: b, subject: invoice, when: invoice.balance > 5, severity: warning}
- {id: X3, name: c, subject: invoice, when: invoice.balance > 5, severity: info}
- {id: X4, name: d, subject: deal, when: deal.amount > 5, severity: info, mode: shadow}
"""


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path, server: Receiver) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/x.yaml").write_text(RULES)
    (tmp_path / "hub.yaml").write_text(CONFIG.format(url=server.url))
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def test_who_would_hear_of_what(folder: Path) -> None:
    said = hub("notices", "routes", folder=folder, DESK=SECRET).stdout
    lines = [line.rstrip() for line in said.splitlines()]
    assert [line.split(maxsplit=3) for line in lines[1:5]] == [
        ["X1", "sales", "warning", "desk"],
        ["X1", "sales", "critical", "away, desk"],
        ["X2", "finance", "warning", "nobody"],
        ["X3", "finance", "info", "desk"],
    ]
    assert [line.split(maxsplit=3) for line in lines[5:]] == [
        ["-", "it", "critical", "nobody"],
        ["-", "rules", "critical", "nobody"],
        ["-", "sales", "critical", "away, desk"],
    ]


def test_what_is_held_back_is_counted_by_what_holds_it(folder: Path) -> None:
    at = instant_text(system_clock())
    state = AlertState(Condition.FIRING, Severity.CRITICAL, at, at, fired_at=at)
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    with database.transaction() as tx:
        for rule, of in [("X1", "deal"), ("X1", "deal"), ("X3", "invoice")]:
            subject = Subject(of, f"crm:{of}s:{len(alerts.live_subjects(tx))}")
            alerts.put(tx, [Alert(rule, subject, None, state, at)])
        rule_states.put(tx, "X3", held_at=at)
    database.close()
    lines = hub("notices", "send", folder=folder, DESK=SECRET).stdout.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("2 held back: grouped until ")
    assert lines[2] == (
        "1 held back: inhibited (too many at once: `hub alerts release X3` lets them go)"
    )


def test_a_target_is_tried(folder: Path, server: Receiver) -> None:
    said = hub("notices", "test", "desk", folder=folder, DESK=SECRET)
    assert (said.returncode, said.stdout) == (Exit.OK, "desk: took it\n")
    (sent,) = server.got
    body = msgspec.json.decode(sent[1])
    assert (body["type"], body["data"]["target"]) == ("hub.test", "desk")
    server.status = 500
    said = hub("notices", "test", folder=folder, DESK=SECRET)
    assert said.returncode == Exit.FAILED
    assert said.stdout.splitlines()[1] == "desk: the target answered 500"
    assert said.stdout.startswith("away: ")
    said = hub("notices", "test", "dask", folder=folder, DESK=SECRET)
    assert said.returncode == Exit.FAILED
    assert "there is no target 'dask'; there are: away, desk" in said.stderr
    assert hub("notices", "list", folder=folder, DESK=SECRET).stdout == "no notices\n"
