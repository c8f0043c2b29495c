"""`hub alerts` and `hub notices` on a database with one alert that fires."""

import json
from datetime import datetime, timedelta
from getpass import getuser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hub.api.schemas import AlertWithEvents
from hub.cli.alerts import left_out
from hub.clock import instant_text, system_clock
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import Letter
from hub.store import alerts, outbox, rule_states
from hub.store.database import Database
from tests.cli.running import hub

AT = "2026-11-23T10:00:00.000Z"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "hub.yaml").write_text("database: {url: 'sqlite:///hub.db'}\n")
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


@pytest.fixture
def alert(folder: Path) -> str:
    state = AlertState(Condition.FIRING, Severity.WARNING, AT, AT, fired_at=AT)
    texts = {"name": {"de": "Übergabe", "en": "Handover"}}
    about = {"variable": "deal", "ref": "crm:deals:1", "facts": {"orders": 0}}
    evidence = {"current": {"because": [{"condition": "deal.orders == 0", "about": [about]}]}}
    one = Alert("R07", Subject("deal", "crm:deals:1"), None, state, AT, evidence, texts)
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    with database.transaction() as tx:
        alerts.put(tx, [one])
        outbox.add(tx, [Letter("msg_1", "erp", AT, 0, {"type": "alerts"})])
        outbox.failed(tx, "msg_1", error="the target answered 500", due_at=None)
        rule_states.put(tx, "R07", held_at=instant_text(system_clock()))
    database.close()
    return one.id


def test_an_alert_is_listed_taken_on_silenced_rated_and_closed(folder: Path, alert: str) -> None:
    listed = hub("alerts", "list", folder=folder, COLUMNS="40").stdout
    assert "Übergabe" in listed
    assert alert in listed
    shown = hub("alerts", "show", alert, folder=folder).stdout
    assert "Verkaufschance: Aufträge dazu 0" in shown
    assert hub("alerts", "show", "none", folder=folder).returncode == 1
    taken = hub("alerts", "ack", alert[:6], "--for", "2d", folder=folder).stdout
    until = datetime.fromisoformat(taken.strip().partition(" until ")[2])
    in_two_days = datetime.now(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) + timedelta(days=2)
    assert abs(in_two_days - until) < timedelta(minutes=10)
    assert "acknowledged" in hub("alerts", "list", folder=folder).stdout
    shown = hub("alerts", "show", alert, folder=folder).stdout
    said = f"bis {until:%d.%m.%Y %H:%M}"
    assert f"  übernommen, {getuser()}, {said}\n" in shown
    assert f"  {getuser()}: übernommen, {said}\n" in shown  # who took it on alone is named once
    assert "Übergabe - Verkaufschance crm:deals:1: Warnung, liegt vor\n" in shown
    assert hub("alerts", "silence", alert, "--reason", "known", folder=folder).returncode == 0
    assert hub("alerts", "release", "R07", folder=folder).stdout == (
        "R07 is free, and 1 alert that it held back\n"
    )
    assert "silenced" in hub("alerts", "list", folder=folder).stdout
    (_, row) = hub("alerts", "silences", folder=folder).stdout.splitlines()
    assert row.split()[1:5] == ["active", "R07,", "deal:crm:deals:1", "1"]
    muting = row.split()[0]
    said = hub("alerts", "unsilence", muting, folder=folder).stdout
    assert said == f"silence {muting} is over\n"
    assert "silenced" not in hub("alerts", "list", folder=folder).stdout
    assert hub("alerts", "silences", folder=folder).stdout == "no silences\n"
    assert "expired" in hub("alerts", "silences", "--all", folder=folder).stdout
    assert hub("alerts", "unsilence", "none", folder=folder).returncode == 1
    assert hub("alerts", "feedback", alert, "wrong", folder=folder).returncode == 0
    assert hub("alerts", "done", alert, "--reason", "mended", folder=folder).returncode == 0
    shown = hub("alerts", "show", alert, folder=folder).stdout
    assert f"  abgeschlossen, {getuser()}, bewertet: falsch: mended\n" in shown
    assert f"{getuser()}: bewertet: falsch\n" in shown
    assert f"{getuser()}: abgeschlossen: mended\n" in shown
    whole = json.loads(hub("alerts", "show", alert, "--json", folder=folder).stdout)
    handling = whole["handling"]
    assert (handling["state"], handling["reason"], handling["feedback"]) == (
        *("done", "mended", "wrong"),
    )
    said = hub("alerts", "list", "--condition", "resolved", "--json", folder=folder).stdout
    assert '"ending":"by_hand"' in said
    assert hub("alerts", "ack", alert, folder=folder).returncode == 1
    assert hub("alerts", "done", "none", "--reason", "x", folder=folder).returncode == 1


def test_json_is_what_the_api_answers(folder: Path, alert: str) -> None:
    (listed,) = hub("alerts", "list", "--json", folder=folder).stdout.splitlines()
    whole = json.loads(hub("alerts", "show", alert, "--json", folder=folder).stdout)
    assert json.loads(listed) == {
        name: value for name, value in whole.items() if name not in ("events", "actions")
    }
    assert set(whole) == set(AlertWithEvents.model_fields)
    assert (whole["condition"], whole["subject"]) == (
        *("firing", {"kind": "deal", "id": "crm:deals:1"}),
    )
    assert hub("alerts", "list", "--rule", "R99", "--json", folder=folder).stdout == ""


def test_the_gravest_stand_first_and_what_is_left_out_is_said(folder: Path, alert: str) -> None:
    later = "2026-11-24T10:00:00.000Z"
    newer = AlertState(Condition.FIRING, Severity.INFO, later, later, fired_at=later)
    database = Database(f"sqlite:///{folder / 'hub.db'}")
    with database.transaction() as tx:
        subjects = (Subject("ticket", f"crm:tickets:{n}") for n in range(60))
        alerts.put(tx, [Alert("R12", one, None, newer, later) for one in subjects])
    database.close()
    *rows, left = hub("alerts", "list", folder=folder).stdout.splitlines()
    assert (len(rows), rows[1].split()[0]) == (51, alert)
    assert left == "11 more, no graver: --limit 61 shows all"
    said = hub("alerts", "list", "--limit", "61", folder=folder).stdout
    assert (said.count(" info "), "more" in said) == (60, False)
    graded = hub("alerts", "list", "--severity", "info", "--rule", "R12", "--json", folder=folder)
    assert graded.stdout.count("\n") == 50
    assert graded.stderr == "10 more, no graver: --limit 60 shows all\n"


@pytest.mark.parametrize(
    ("shown", "total", "said"),
    [(0, 0, ""), (50, 50, ""), (50, 1000, "--limit 1000 shows"), (50, 1001, "GET /v1/alerts has")],
)
def test_how_to_see_the_rest(shown: int, total: int, said: str) -> None:
    assert said in left_out(shown, total)
    assert bool(left_out(shown, total)) == (total > shown)


def test_what_is_not_there_is_said(folder: Path) -> None:
    assert hub("alerts", "list", folder=folder).stdout == "no such alerts\n"
    assert hub("notices", "list", folder=folder).stdout == "no notices\n"


@pytest.mark.parametrize("letters", ["", "%%%%", "none"])
def test_letters_that_no_alert_begins_with(folder: Path, alert: str, letters: str) -> None:
    said = hub("alerts", "ack", letters, folder=folder)
    assert (said.returncode, said.stdout) == (1, "")
    assert "`hub alerts list` shows them" in said.stderr


def test_dead_letters_are_replayed(folder: Path, alert: str) -> None:
    dead = hub("notices", "list", "--state", "dead", folder=folder).stdout
    assert "2026-11-23 11:00:00" in dead  # by the company's clocks
    assert "answered 500" in dead
    assert "notices: 1 given up; hub notices list" in hub("status", folder=folder).stdout
    assert hub("notices", "replay", folder=folder).returncode == 2
    assert hub("notices", "replay", "--all", folder=folder).stdout == "1 due again\n"
    assert "given up" not in hub("status", folder=folder).stdout
    sent, nobody = hub("notices", "send", folder=folder).stdout.splitlines()
    assert (sent, "no `notify.targets`" in nobody) == ("0 written, 0 sent", True)
    assert "no such target" in hub("notices", "list", folder=folder).stdout
