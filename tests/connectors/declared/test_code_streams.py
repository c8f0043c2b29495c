"""Streams read by code, and children below their parents: each parent has its own position."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.sdk import (
    AuthError,
    Model,
    NotThereError,
    Page,
    RetryableError,
    SourceContractError,
    Stream,
    Surroundings,
    pages,
)
from connectors.sdk.record import End
from tests.connectors.declared.conftest import HandTime
from tests.connectors.declared.opening import connect, items, rows
from tests.connectors.emulator import Asked, Emulator, Reply, numbered
from tests.connectors.reading import read_stream


class Note(Model):
    id: int
    at: str | None


CONTACTS = items(since=None, cursor=None)


@Stream.code(
    Note, key="id", parent=CONTACTS, parent_field="contact", cursor={"path": "at", "kind": "moment"}
)
def notes(api: Any, contact: Any, since: Any) -> Iterator[Any]:
    """Read by the parent's attribute, from the parent's own position."""
    params = {"since": since.isoformat()} if since else {}
    yield from api.pages(f"/items/{contact.id}/notes", items="notes", **params)


@pytest.fixture
def noted(source: Emulator) -> Emulator:
    source.routes["/items"] = numbered(rows(7), size=3, cursor="updated_at")

    def below(asked: Asked) -> Reply:
        n = int(asked.path.split("/")[2])
        return Reply(
            {"notes": [{"id": 10 * n + k, "at": f"2026-11-0{n}T10:00:00Z"} for k in (1, 2)]}
        )

    for n in range(1, 8):
        source.routes[f"/items/{n}/notes"] = below
    return source


def test_children_come_below_their_parents_in_order(
    noted: Emulator, surroundings: Surroundings
) -> None:
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    outcome = read_stream(stream)
    assert outcome.keys == [str(10 * n + k) for n in range(1, 8) for k in (1, 2)]
    assert [record.data["contact"] for record in outcome.records][:3] == ["1", "1", "2"]
    assert outcome.end.complete
    moved = {page.partition: page.cursor for page in outcome.pages if page.partition != "kept"}
    assert moved == {str(n): f"2026-11-0{n}T10:00:00.000000Z" for n in range(1, 8)}


def test_each_parent_goes_on_from_its_own_position(
    noted: Emulator, surroundings: Surroundings
) -> None:
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    positions = {"3": "2026-11-03T10:00:00.000000Z"}
    end = [item for item in stream.read_from(positions) if isinstance(item, End)]  # type: ignore[attr-defined]
    asked = {one.path: one.query.get("since") for one in noted.asked if "notes" in one.path}
    assert asked["/items/3/notes"] == "2026-11-03T10:00:00+00:00"
    assert asked["/items/4/notes"] is None
    assert not end[0].complete


def test_a_child_that_fails_keeps_what_came_before(
    noted: Emulator, surroundings: Surroundings
) -> None:
    noted.routes["/items/5/notes"] = lambda asked: Reply(b"", 503)
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    came: list[Any] = []
    with pytest.raises(RetryableError):
        came.extend(stream.read(None))
    keys = [record.key for page in came if isinstance(page, Page) for record in page.records]
    assert keys == [str(10 * n + k) for n in range(1, 5) for k in (1, 2)]
    assert not any(isinstance(item, End) for item in came)


def test_code_that_lies_is_caught_by_the_same_rules(
    noted: Emulator, surroundings: Surroundings
) -> None:
    noted.routes["/items/2/notes"] = lambda asked: Reply({"error": "limit"})
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    with pytest.raises(SourceContractError, match="without the list at 'notes'"):
        list(stream.read(None))


def test_deletions_that_the_source_lists(source: Emulator, surroundings: Surroundings) -> None:
    stream = items(pages=pages.Number(size=("per_page", 3), more="meta.has_more"))
    stream.deleted("/deleted", items="gone", since="after", cursor={"path": "at", "kind": "moment"})
    source.routes["/items"] = numbered(rows(3), size=3)
    source.routes["/deleted"] = lambda asked: Reply(
        {"gone": [{"id": 8, "at": "2026-11-02T10:00:00Z"}, {"id": 9, "at": "2026-11-03T10:00:00Z"}]}
    )
    (opened,) = connect(source.url, surroundings, stream).streams()
    outcome = read_stream(opened)
    assert [record.key for record in outcome.records if record.deleted] == ["8", "9"]
    assert outcome.end.positions["deleted"] == "2026-11-03T10:00:00.000000Z"
    list(opened.read_from(outcome.end.positions))  # type: ignore[attr-defined]
    asked = [one.query for one in source.asked if one.path == "/deleted"]
    assert asked == [{}, {"after": "2026-11-03T10:00:00Z"}]


def test_a_parent_that_went_meanwhile_costs_its_children_only(
    noted: Emulator, surroundings: Surroundings
) -> None:
    noted.routes["/items/3/notes"] = lambda asked: Reply({"error": "no such item"}, 404)
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    outcome = read_stream(stream)
    assert outcome.keys == [str(10 * n + k) for n in (1, 2, 4, 5, 6, 7) for k in (1, 2)]
    assert not outcome.end.complete
    assert outcome.end.note == "parents gone while their children were asked for: 1"


def test_a_path_that_leads_nowhere_is_no_parent_that_went(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.routes["/items"] = numbered(rows(25), size=3)
    _, stream = connect(source.url, surroundings, CONTACTS, notes).streams()
    with pytest.raises(NotThereError):
        read_stream(stream)


def test_a_parent_that_differs_from_its_model_is_no_reason_to_stop(
    noted: Emulator, surroundings: Surroundings
) -> None:
    odd = rows(2)
    odd[0]["updated_at"] = {"was": "a text"}
    noted.routes["/items"] = numbered(odd, cursor="id")
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    assert read_stream(stream).keys == ["11", "12", "21", "22"]


def test_what_is_added_to_a_row_is_no_drift(noted: Emulator, surroundings: Surroundings) -> None:
    _, stream = connect(noted.url, surroundings, CONTACTS, notes).streams()
    assert [page.drift for page in read_stream(stream).pages if page.drift] == []


class Named(Model):
    id: str


@pytest.mark.parametrize("word", ["full", "kept", "deleted", "backfill", "/full"])
def test_a_parent_may_be_called_like_a_position(
    word: str, source: Emulator, surroundings: Surroundings
) -> None:
    parents = Stream(Named, "/names")
    children = Stream(
        Note,
        "/names/{key}/notes",
        parent=parents,
        cursor={"path": "at", "kind": "moment"},
        since="since",
    )
    source.routes["/names"] = lambda asked: Reply([{"id": word}])
    path = f"/names/{word.replace('/', '%2F')}/notes"
    source.routes[path] = lambda asked: Reply([{"id": 1, "at": "2026-11-01T10:00:00Z"}])
    (stream,) = connect(
        source.url, surroundings, parents, children, options={"streams": ["notes"]}
    ).streams()
    outcome = read_stream(stream)
    moved = {page.partition: page.cursor for page in outcome.pages if page.cursor}
    moved.update(outcome.end.positions)
    assert moved[f"/{word}"] == "2026-11-01T10:00:00.000000Z"
    list(stream.read_from(moved))  # type: ignore[attr-defined]
    assert source.asked[-1].query == {"since": "2026-11-01T10:00:00Z"}


def test_children_are_listed_whole_now_and_then(
    noted: Emulator, surroundings: Surroundings, time: HandTime
) -> None:
    children = Stream(
        Note,
        "/items/{key}/notes",
        parent=CONTACTS,
        items="notes",
        cursor={"path": "at", "kind": "moment"},
        since="since",
        full_every="1d",
    )
    (stream,) = connect(
        noted.url, surroundings, CONTACTS, children, options={"streams": ["notes"]}
    ).streams()
    first = read_stream(stream)
    positions = {page.partition: page.cursor for page in first.pages if page.cursor}
    positions.update(first.end.positions)
    later = [read_from(stream, positions).complete]
    time.passed_s += 90_000
    later.append(read_from(stream, positions).complete)
    assert (first.end.complete, later) == (True, [False, True])


def read_from(stream: Any, positions: dict[str, Any]) -> End:
    (end,) = [item for item in stream.read_from(positions) if isinstance(item, End)]
    return end


def test_a_child_that_the_source_says_is_deleted_is(
    noted: Emulator, surroundings: Surroundings
) -> None:
    children = Stream(Note, "/items/{key}/notes", parent=CONTACTS, items="notes")
    children.deleted("/notes/deleted", items="gone")
    noted.routes["/notes/deleted"] = lambda asked: Reply({"gone": [{"id": 11}]})
    _, stream = connect(noted.url, surroundings, CONTACTS, children).streams()
    outcome = read_stream(stream)
    assert [record.key for record in outcome.records if record.deleted] == ["11"]


@pytest.mark.parametrize("paged", [True, False])
def test_a_parent_may_be_hidden_by_one_that_goes(
    paged: bool, noted: Emulator, surroundings: Surroundings
) -> None:
    """Its children are missing then: the hub lists once more before it believes that."""
    parents = items(since=None, cursor=None, **({} if paged else {"pages": pages.Single()}))
    children = Stream(Note, "/items/{key}/notes", parent=parents, items="notes")
    if not paged:
        noted.routes["/items"] = numbered(rows(7))
    _, stream = connect(noted.url, surroundings, parents, children).streams()
    end = read_stream(stream).end
    assert (end.complete, end.shifting) == (True, paged)


@pytest.mark.parametrize("below", [True, False])
def test_a_check_asks_also_where_all_is_code(
    below: bool, source: Emulator, surroundings: Surroundings
) -> None:
    source.before = lambda asked: Reply({}, 401)

    @Stream.code(Note, name="plain")
    def plain(api: Any, since: Any) -> Iterator[Any]:
        yield api.get("/plain")

    streams, chosen = ([CONTACTS, notes], "notes") if below else ([plain], "plain")
    options = {"streams": [chosen]}
    with pytest.raises(AuthError):
        connect(source.url, surroundings, *streams, options=options).check()


@pytest.mark.parametrize("page", [{"id": 1, "at": None}, "1", None])
def test_code_that_yields_no_page_is_told_so(
    source: Emulator, surroundings: Surroundings, page: Any
) -> None:
    @Stream.code(Note, name="single")
    def single(api: Any, since: Any) -> Iterator[Any]:
        yield page

    (stream,) = connect(source.url, surroundings, single).streams()
    with pytest.raises(
        SourceContractError, match=r"single: its code yields a \w+; a page is a list"
    ):
        list(stream.read(None))
