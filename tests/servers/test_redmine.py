"""Redmine, the real one: projects, issues and hours as it has them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.accounts import redmine_account
from tests.servers.apis import Redmine
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Hub, hub, is_part, page_shows

pytestmark = pytest.mark.servers
ISSUE_NAMES = ("subject", "created_on", "updated_on", "done_ratio", "estimated_hours", "status")
ALL = {"status_id": "*"}


@pytest.fixture
def redmine(servers: Servers) -> Redmine:
    return Redmine(servers["redmine"])


@pytest.fixture
def office(redmine: Redmine, tmp_path: Path, new_sqlite_url: Callable[[], str]) -> Iterator[Hub]:
    with hub(tmp_path, new_sqlite_url(), {"office": redmine_account(redmine)}) as opened:
        yield opened


def everything_matches(office: Hub, redmine: Redmine) -> None:
    for stream, names in (
        ("projects", ("identifier", "name", "status", "custom_fields")),
        ("issues", ISSUE_NAMES),
        ("time_entries", ("hours", "spent_on", "project", "issue")),
    ):
        sent = redmine.all(stream, **(ALL if stream == "issues" else {}))
        stored = office.stored("office", stream)
        assert stored.keys() == sent.keys(), stream
        for key, row in stored.items():
            for name in names:
                assert is_part(row.get(name), sent[key].get(name)), (stream, key, name)


def test_everything_arrives_and_then_what_changed(redmine: Redmine, office: Hub) -> None:
    office.sync("office")
    everything_matches(office, redmine)
    for stream in ("projects", "issues"):
        page_shows(office, f"office:{stream}:{min(office.stored('office', stream))}")
    assert office.sync("office").streams["issues"].changed == 0

    first, second, *_ = sorted(redmine.all("issues", **ALL), key=int)
    redmine.change("issues", first, status_id=5)  # closed: gone from the list of open ones
    redmine.change("issues", second, subject="Ärger – größer")
    issue = redmine.create(
        "issues", project_id=redmine.all("issues", **ALL)[first]["project"]["id"], subject="Neu"
    )
    activity = redmine.api.ask("GET", "/enumerations/time_entry_activities.json")
    redmine.create(
        "time_entries",
        issue_id=int(issue),
        hours=1.25,
        spent_on="2026-11-23",
        activity_id=activity["time_entry_activities"][0]["id"],
    )
    run = office.sync("office")
    assert (run.streams["issues"].created, run.streams["time_entries"].created) == (1, 1)
    everything_matches(office, redmine)
    assert office.stored("office", "issues")[first]["closed_on"] is not None


def test_an_id_used_twice_is_the_new_issue(redmine: Redmine, office: Hub) -> None:
    """On SQLite the next issue gets the id of the one that was deleted."""
    project = next(iter(redmine.all("projects")))
    old = redmine.create("issues", project_id=int(project), subject="Wird gelöscht")
    office.sync("office")
    redmine.delete("issues", old)
    new = redmine.create("issues", project_id=int(project), subject="Ganz anderes")
    assert new == old
    office.sync("office")
    assert office.stored("office", "issues")[new]["subject"] == "Ganz anderes"
    everything_matches(office, redmine)


def test_deleted_issues_go_with_the_next_whole_listing(redmine: Redmine, office: Hub) -> None:
    project = next(iter(redmine.all("projects")))
    gone = redmine.create("issues", project_id=int(project), subject="Geht")
    office.sync("office")
    redmine.delete("issues", gone)
    office.sync("office")
    assert gone in office.stored("office", "issues")  # what changed cannot tell what is gone
    assert office.list_whole("office", "issues").streams["issues"].deleted == 1
    everything_matches(office, redmine)


def test_more_issues_than_a_page_holds_arrive_whole(redmine: Redmine, office: Hub) -> None:
    """A hundred is the most Redmine lists at once; many of these share a second."""
    project = int(next(iter(redmine.all("projects"))))
    for number in range(110):
        redmine.create("issues", project_id=project, subject=f"Massenhaft {number}")
    office.sync("office")
    everything_matches(office, redmine)
