"""A server that lies, never ends, leads astray or drowns its reader."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from connectors.sdk import (
    AuthError,
    ConnectionBrokenError,
    End,
    NotThereError,
    Page,
    RetryableError,
    SourceContractError,
    Surroundings,
    auth,
    pages,
)
from tests.connectors.declared.conftest import HandTime
from tests.connectors.declared.opening import connect, items, rows
from tests.connectors.emulator import Asked, Emulator, Reply, numbered
from tests.connectors.reading import read_stream

LIES = {
    "html": Reply(b"<html>Maintenance</html>", headers={"Content-Type": "text/html"}),
    "error": Reply({"error": "quota exceeded"}),
    "empty": Reply(b""),
    "no more": Reply({"data": [{"id": 5, "updated_at": "2026-11-01T10:00:05Z"}]}),
    "null list": Reply({"data": None, "meta": {"has_more": False, "total": 9}}),
    "half": Reply(b'{"data": [{"id": 5'),
}


@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize("lie", LIES)
def test_a_lying_200_is_never_an_end(
    source: Emulator, surroundings: Surroundings, at: int, lie: str
) -> None:
    source.routes["/items"] = numbered(rows(9), size=3)
    source.before = lambda asked: LIES[lie] if len(source.asked) == at else None
    (stream,) = connect(source.url, surroundings).streams()
    came: list[Any] = []
    with pytest.raises(SourceContractError, match="/items"):
        came.extend(stream.read(None))
    assert not any(isinstance(item, End) for item in came)
    records = [record.key for page in came if isinstance(page, Page) for record in page.records]
    assert records == [str(n) for n in range(1, 3 * (at - 1) + 1)]


def test_fewer_than_the_stated_total_is_an_error(
    source: Emulator, surroundings: Surroundings
) -> None:
    paged = pages.Offset(size=("limit", 3), total="total")
    source.routes["/items"] = lambda asked: Reply(
        {"data": rows(5)[int(asked.query["offset"]) :][:3], "total": 9}
    )
    (stream,) = connect(source.url, surroundings, items(pages=paged)).streams()
    with pytest.raises(SourceContractError, match="says 9 rows, and an empty page came after 5"):
        list(stream.read(None))


def test_a_cut_answer_is_tried_again(source: Emulator, surroundings: Surroundings) -> None:
    source.routes["/items"] = numbered(rows(4), size=3)
    source.before = lambda asked: Reply({"data": []}, cut=50) if len(source.asked) == 2 else None
    (stream,) = connect(source.url, surroundings).streams()
    assert read_stream(stream).keys == ["1", "2", "3", "4"]
    assert len(source.asked) == 3


def test_a_page_that_comes_for_ever_is_noticed(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.before = lambda asked: Reply({"data": rows(3), "meta": {"has_more": True, "total": 99}})
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(SourceContractError, match="the same page came twice"):
        list(stream.read(None))
    assert len(source.asked) == 2


def test_empty_pages_without_end_are_noticed(source: Emulator, surroundings: Surroundings) -> None:
    source.before = lambda asked: Reply({"data": [], "meta": {"has_more": True, "total": 0}})
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(SourceContractError, match="empty pages"):
        list(stream.read(None))


def test_a_huge_answer_is_refused_unread(source: Emulator, surroundings: Surroundings) -> None:
    source.before = lambda asked: Reply(b"[" + b" " * 100_000, cut=1_000_000_000)
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(SourceContractError, match="larger than 67108864 bytes"):
        list(stream.read(None))
    assert len(source.asked) == 1


def test_an_answer_that_grows_beyond_its_limit_is_refused(
    source: Emulator, surroundings: Surroundings
) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    source.before = lambda asked: Reply(bomb, headers={"Content-Encoding": "gzip"})
    options = {"max_response_bytes": 1_000_000}
    (stream,) = connect(source.url, surroundings, options=options).streams()
    with pytest.raises(SourceContractError, match="larger than 1000000 bytes"):
        list(stream.read(None))


def test_two_pages_in_turn_for_ever_are_no_listing(
    source: Emulator, surroundings: Surroundings
) -> None:
    tied = [{**row, "updated_at": "2026-11-01T10:00:00Z"} for row in rows(6)]
    halves = (tied[:3], tied[3:])
    paged = pages.Number(more="more")
    source.before = lambda asked: Reply(
        {"data": halves[int(asked.query["page"]) % 2], "more": True}
    )
    (stream,) = connect(source.url, surroundings, items(pages=paged, ordered=True)).streams()
    with pytest.raises(SourceContractError, match="the same page came twice"):
        list(stream.read(None))
    assert len(source.asked) <= 4


def test_a_link_that_is_no_address_is_the_sources_fault(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.before = lambda asked: Reply({"data": rows(1), "next": "\thttp://evil.example/"})
    (stream,) = connect(source.url, surroundings, items(pages=pages.NextLink("next"))).streams()
    with pytest.raises(SourceContractError, match="no address"):
        list(stream.read(None))


@pytest.mark.parametrize(
    "link",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://evil.example/items?page=2",
        "//evil.example/items",
        "http://user:pw@127.0.0.1/items",
        "file:///etc/passwd",
    ],
)
def test_a_link_to_another_host_is_refused(
    source: Emulator, surroundings: Surroundings, link: str
) -> None:
    source.before = lambda asked: Reply({"data": rows(1), "next": link})
    stream = items(pages=pages.NextLink("next"))
    options = {"token": "s3cret-token"}
    connection = connect(source.url, surroundings, stream, auth=auth.Bearer(), options=options)
    with pytest.raises(SourceContractError) as caught:
        list(connection.streams()[0].read(None))
    assert "s3cret-token" not in str(caught.value)
    assert len(source.asked) == 1


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://127.0.0.1:1/", "//x.example/"]
)
def test_a_redirect_away_is_refused(
    source: Emulator, surroundings: Surroundings, target: str
) -> None:
    source.before = lambda asked: Reply({}, 302, {"Location": target})
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(SourceContractError, match="credentials never leave the configured host"):
        list(stream.read(None))
    assert len(source.asked) == 1


def test_a_redirect_on_the_host_is_followed_and_a_circle_is_not(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.routes["/new"] = numbered(rows(2), size=3)
    source.routes["/items"] = lambda asked: Reply({}, 307, {"Location": "/new?page=1&per_page=3"})
    (stream,) = connect(source.url, surroundings).streams()
    assert read_stream(stream).keys == ["1", "2"]
    source.routes["/items"] = lambda asked: Reply({}, 302, {"Location": "/items"})
    with pytest.raises(SourceContractError, match="more than 5 redirects"):
        list(stream.read(None))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ConnectionBrokenError),
        (401, AuthError),
        (403, AuthError),
        (404, NotThereError),
        (410, NotThereError),
        (429, RetryableError),
        (500, RetryableError),
        (503, RetryableError),
    ],
)
def test_errors_are_named_by_what_to_do_next(
    source: Emulator, surroundings: Surroundings, status: int, kind: type[Exception]
) -> None:
    source.before = lambda asked: Reply({"message": "geht nicht"}, status)
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(kind, match=f"answered {status}: geht nicht") as caught:
        list(stream.read(None))
    assert type(caught.value) is kind


def test_a_host_that_is_away_is_transient_and_a_check_is_quick(
    surroundings: Surroundings, time: HandTime
) -> None:
    connection = connect("http://127.0.0.1:9", surroundings)
    with pytest.raises(RetryableError, match=r"127\.0\.0\.1 cannot be reached"):
        connection.check()
    assert time.slept == []
    with pytest.raises(RetryableError):
        list(connection.streams()[0].read(None))
    assert len(time.slept) == 5


def test_a_check_with_bad_credentials_says_auth(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.before = lambda asked: Reply(b"", 401)
    options = {"api_key": "k3y-that-nobody-sees"}
    connection = connect(source.url, surroundings, auth=auth.ApiKey(query="key"), options=options)
    with pytest.raises(AuthError) as caught:
        connection.check()
    assert "k3y" not in str(caught.value)
    assert source.asked[0].query["key"] == "k3y-that-nobody-sees"


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        ("http://crm.example", "would be asked without encryption"),
        ("ftp://crm.example", "expected an address as https://"),
        ("https://u:p@crm.example", "put credentials into options of their own"),
    ],
)
def test_a_base_url_that_is_not_safe_is_refused(
    surroundings: Surroundings, base_url: str, said: str
) -> None:
    with pytest.raises(ConnectionBrokenError, match=said):
        connect(base_url, surroundings)


@pytest.mark.parametrize("ahead_h", [-1, 1])
def test_a_server_whose_clock_is_off_loses_nothing(
    source: Emulator, surroundings: Surroundings, time: HandTime, ahead_h: int
) -> None:
    there = time.now() + timedelta(hours=ahead_h)
    source.date = there

    def at(seconds: float) -> str:
        return (there + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

    held = [{"id": 1, "name": "a", "updated_at": at(-60)}, {"id": 2, "updated_at": at(0)}]
    source.routes["/items"] = numbered(held, size=3)
    (stream,) = connect(source.url, surroundings).streams()
    first = read_stream(stream)
    held.append({"id": 3, "name": "same second", "updated_at": at(0)})
    held.append({"id": 4, "name": "just before", "updated_at": at(-1)})
    assert {"3", "4"} <= set(read_stream(stream, first.end.cursor).keys)


def test_a_type_that_changes_and_a_new_version_are_told_once_a_field(
    source: Emulator, surroundings: Surroundings
) -> None:
    held = rows(9)
    for row in held[4:]:
        row["name"] = 17
        row["edition"] = "v2"
    source.routes["/items"] = numbered(held, size=3)
    (stream,) = connect(source.url, surroundings).streams()
    outcome = read_stream(stream)
    told = [(name, text) for page in outcome.pages for name, text in page.drift.items()]
    assert sorted(told) == [
        ("edition", "new: text"),
        ("name", "expected str, got number"),
    ]
    assert len(outcome.records) == 9


def test_bad_keys_and_cursors_are_set_aside_whole(
    source: Emulator, surroundings: Surroundings
) -> None:
    held = rows(6)
    held[1]["id"] = None
    held[2]["updated_at"] = "gestern"
    body = {"data": held, "meta": {"has_more": False, "total": 6}}
    source.before = lambda asked: Reply(body)
    (stream,) = connect(source.url, surroundings).streams()
    outcome = read_stream(stream)
    assert outcome.keys == ["1", "4", "5", "6"]
    assert [item.key for item in outcome.rejected] == [None, "3"]
    assert not outcome.end.complete
    assert '"gestern"' in outcome.rejected[1].raw


def test_a_large_record_is_set_aside(source: Emulator, surroundings: Surroundings) -> None:
    held = rows(3)
    held[1]["name"] = "x" * 1_000_000
    source.routes["/items"] = numbered(held, size=3)
    options = {"max_record_bytes": 100_000}
    (stream,) = connect(source.url, surroundings, options=options).streams()
    outcome = read_stream(stream)
    assert (outcome.keys, outcome.reasons) == (["1", "3"], ["larger than 100000 bytes"])


def test_a_filter_that_is_ignored_is_told_and_nothing_is_taken_as_gone(
    source: Emulator, surroundings: Surroundings
) -> None:
    def deaf(asked: Asked) -> Reply:
        return numbered(rows(7), size=3)(replace(asked, query={**asked.query, "updated_since": ""}))

    source.routes["/items"] = deaf
    (stream,) = connect(source.url, surroundings, items(ordered=True)).streams()
    outcome = read_stream(stream, "2026-11-01T10:00:06Z")
    assert len(set(outcome.keys)) == 7
    told = [name for page in outcome.pages for name in page.drift]
    assert told.count("(updated_since)") == 1
    assert not outcome.end.complete


def test_tombstones_nulls_and_wrapped_items(source: Emulator, surroundings: Surroundings) -> None:
    wrapped = [
        {"item": {"id": 1, "updated_at": "1970-01-01T00:00:00Z", "gone": False}},
        {"item": {"id": 2, "updated_at": "", "gone": True}},
    ]
    source.before = lambda asked: Reply({"open": {"list": wrapped[:1]}, "closed": wrapped[1:]})
    stream = items(
        items=("open.list", "closed"),
        each="item",
        tombstone="gone",
        nulls=("", "1970-01-01T00:00:00Z"),
        pages=pages.Single(),
    )
    outcome = read_stream(connect(source.url, surroundings, stream).streams()[0])
    assert [(record.key, record.deleted) for record in outcome.records] == [
        ("1", False),
        ("2", True),
    ]
    assert outcome.end.cursor is None


def test_an_answer_that_drips_for_ever_is_given_up(
    surroundings: Surroundings, time: HandTime
) -> None:
    def drip() -> Iterator[bytes]:
        yield b'{"data": ['
        while True:
            time.sleep(30)  # within the limit for each part
            yield b" "

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=drip())

    mocked = replace(surroundings, transport=lambda *_: httpx.MockTransport(answer))
    (stream,) = connect("https://acme.test", mocked).streams()
    with pytest.raises(RetryableError, match="its answer never ends"):
        list(stream.read(None))


def new_envelope(body: dict[str, Any]) -> dict[str, Any]:
    return {"items": body["data"], "page": {"next": True}}


def new_key(body: dict[str, Any]) -> dict[str, Any]:
    changed = [{**row, "uid": row["id"]} for row in body["data"]]
    for row in changed:
        del row["id"]
    return {**body, "data": changed}


@pytest.mark.parametrize("upgrade", [new_envelope, new_key])
@pytest.mark.parametrize("at", [2, 3])
def test_a_server_that_is_upgraded_between_two_pages_deletes_nothing(
    source: Emulator,
    surroundings: Surroundings,
    upgrade: Callable[[dict[str, Any]], dict[str, Any]],
    at: int,
) -> None:
    old = numbered(rows(9), size=3)
    source.routes["/items"] = lambda asked: (
        Reply(upgrade(old(asked).body)) if int(asked.query["page"]) >= at else old(asked)
    )
    (stream,) = connect(source.url, surroundings, items(since=None)).streams()
    came: list[Any] = []
    with suppress(SourceContractError):
        came.extend(stream.read(None))
    ends = [item for item in came if isinstance(item, End)]
    assert not any(end.complete for end in ends)
    assert bool(ends) == (upgrade is new_key)  # its rows are in quarantine, whole
    lost = [row for item in came if isinstance(item, Page) for row in item.rejected]
    assert len(lost) == (3 * (4 - at) if ends else 0)
