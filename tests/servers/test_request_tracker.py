"""Request Tracker, the real one: tickets and people as it has them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers.accounts import tracker_account
from tests.servers.apis import RequestTracker
from tests.servers.conftest import Servers
from tests.servers.hub_of_servers import Hub, hub, is_part, page_shows

pytestmark = pytest.mark.servers
TICKET_FIELDS = "Subject,Status,Priority,Created,LastUpdated,Resolved"
USER_FIELDS = "EmailAddress,RealName,Organization"
EVERYBODY = '[{"field": "id", "operator": ">", "value": "0"}]'


@pytest.fixture
def tracker(servers: Servers) -> RequestTracker:
    return RequestTracker(servers["rt"])


@pytest.fixture
def desk(
    tracker: RequestTracker, tmp_path: Path, new_sqlite_url: Callable[[], str]
) -> Iterator[Hub]:
    with hub(tmp_path, new_sqlite_url(), {"desk": tracker_account(tracker)}) as opened:
        yield opened


def everything_matches(desk: Hub, tracker: RequestTracker) -> None:
    tickets = tracker.all("tickets", "id > 0", TICKET_FIELDS)
    users = tracker.all("users", EVERYBODY, USER_FIELDS, find_disabled_rows="1")
    for stream, sent, fields in (
        ("tickets", tickets, TICKET_FIELDS),
        ("users", users, USER_FIELDS),
    ):
        stored = desk.stored("desk", stream)
        assert stored.keys() == sent.keys(), stream
        for key, row in stored.items():
            for name in fields.split(","):
                assert is_part(row[name], sent[key][name]), (stream, key, name)


def test_changes_and_deletes_arrive(tracker: RequestTracker, desk: Hub) -> None:
    desk.sync("desk")
    everything_matches(desk, tracker)
    for stream in ("tickets", "users"):
        page_shows(desk, f"desk:{stream}:{min(desk.stored('desk', stream))}")
    run = desk.sync("desk")
    assert sum(one.created + one.changed for one in run.streams.values()) == 0

    first, second, gone, *_ = sorted(desk.stored("desk", "tickets"), key=int)
    tracker.change(first, Status="resolved")
    tracker.change(second, Subject="Größer – „täglich“ 👋")
    new = tracker.create(Queue="General", Subject="Neu", Requestor="neu@kunde.example")
    run = desk.sync("desk")
    assert (run.streams["tickets"].created, run.streams["tickets"].changed) == (1, 2)
    assert run.streams["users"].created == 1
    everything_matches(desk, tracker)
    assert new in desk.stored("desk", "tickets")

    tracker.change(gone, Status="deleted")  # found by no search from now on
    assert desk.list_whole("desk", "tickets").streams["tickets"].deleted == 1
    everything_matches(desk, tracker)


def test_merged_tickets_are_one(tracker: RequestTracker, desk: Hub) -> None:
    """The id that was merged answers with the other ticket's body ever after."""
    into = tracker.create(Queue="General", Subject="Bleibt", Requestor="a@kunde.example")
    merged = tracker.create(Queue="General", Subject="Geht auf", Requestor="a@kunde.example")
    desk.sync("desk")
    tracker.change(merged, MergeInto=int(into))
    desk.list_whole("desk", "tickets")
    stored = desk.stored("desk", "tickets")
    assert (into in stored, merged in stored) == (True, False)
    everything_matches(desk, tracker)
