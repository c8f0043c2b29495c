"""Roundup, the real one: what it holds, what changes and what goes is what the hub has."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.accounts import roundup_account
from tests.servers.apis import Roundup, Row
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Hub, hub, page_shows

pytestmark = pytest.mark.light_servers
USER_FIELDS = "username,realname,address,organisation,phone"
ISSUE_FIELDS = "title,status,priority,nosy,messages,creation,activity"


@pytest.fixture
def roundup(servers: Servers) -> Roundup:
    return Roundup(servers["roundup"])


@pytest.fixture
def desk(roundup: Roundup, tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with hub(tmp_path, new_sqlite_url(), {"desk": roundup_account(roundup)}) as opened:
        yield opened


def issues_match(desk: Hub, roundup: Roundup) -> dict[str, Row]:
    """Compare every issue and user; return the server's issues."""
    issues = roundup.all("issue", ISSUE_FIELDS)
    stored = desk.stored("desk", "issues")
    assert {key: row["title"] for key, row in stored.items()} == {
        key: row["title"] for key, row in issues.items()
    }
    for key, row in stored.items():
        sent = issues[key]
        for name in ("activity", "creation"):
            assert row[name] == sent[name], (key, name)
        for name in ("status", "priority"):
            assert row[name]["name"] == sent[name]["name"], (key, name)
        assert [one["id"] for one in row["nosy"]] == [one["id"] for one in sent["nosy"]]
    users = roundup.all("user", USER_FIELDS)
    people = desk.stored("desk", "users")
    assert people.keys() == users.keys()
    for key, row in people.items():
        for name in ("realname", "address", "organisation", "phone"):
            assert row[name] == users[key][name], (key, name)
    return issues


def test_changes_and_deletes_arrive(roundup: Roundup, desk: Hub) -> None:
    assert desk.sync("desk").streams["issues"].created >= 24
    before = issues_match(desk, roundup)
    page_shows(desk, f"desk:issues:{max(before, key=int)}")

    first, second, gone = sorted(before, key=int)[:3]
    roundup.change("issue", first, status="8")
    roundup.change("issue", second, title="Größer – 2 GB „täglich“ 👋")
    new = roundup.create("issue", title="Neu", status="1", priority="1")
    run = desk.sync("desk")
    assert (run.streams["issues"].created, run.streams["issues"].changed) == (1, 2)
    after = issues_match(desk, roundup)
    assert (after[first]["status"]["name"], new in after) == ("resolved", True)

    roundup.delete("issue", gone)
    desk.sync("desk")
    assert gone in desk.stored("desk", "issues")  # what changed cannot tell what is gone
    assert desk.list_whole("desk", "issues").streams["issues"].deleted == 1
    assert gone not in issues_match(desk, roundup)


def test_issues_of_one_second_all_arrive(roundup: Roundup, desk: Hub) -> None:
    desk.sync("desk")
    made = [roundup.create("issue", title=f"Gleich {n}", status="1") for n in range(8)]
    desk.sync("desk")
    late = roundup.create("issue", title="Gleich zum Schluss", status="1")
    desk.sync("desk")
    assert {*made, late} <= desk.stored("desk", "issues").keys()
    run = desk.sync("desk")
    assert run.streams["issues"].created + run.streams["issues"].changed == 0


def test_a_clock_elsewhere_loses_nothing(
    roundup: Roundup, tmp_path: Path, new_sqlite_url: Callable[[], str]
) -> None:
    """Filters mean the account's zone, answers UTC: five hours behind, changes of now must come."""
    reader = next(
        key for key, row in roundup.all("user", "username").items() if row["username"] == "admin"
    )
    roundup.change("user", reader, timezone="-5")
    behind = roundup_account(roundup, time_zone="Etc/GMT+5")
    try:
        with hub(tmp_path, new_sqlite_url(), {"desk": behind}) as desk:
            desk.sync("desk")
            new = roundup.create("issue", title="Eben erst", status="1")
            run = desk.sync("desk")
            assert new in desk.stored("desk", "issues")
            assert run.streams["issues"].read < len(roundup.all("issue", "title"))
    finally:
        roundup.change("user", reader, timezone="0")
