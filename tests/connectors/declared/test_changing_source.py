"""Records change while others are read: none is lost, none is invented, whatever the paging."""

from dataclasses import replace
from typing import Any

import pytest

from connectors.sdk import Page, Surroundings, pages
from connectors.sdk.record import End
from tests.connectors.declared.opening import PAGED, connect, items, rows
from tests.connectors.emulator import Asked, Emulator, Reply, numbered
from tests.connectors.reading import read_stream

UNTOTALLED = pages.Number(size=("per_page", 3), more="meta.has_more")
OFFSET = pages.Offset(size=("limit", 3), total="meta.total")


def by_offset(held: list[dict[str, Any]]) -> Any:
    """The usual endpoint, by offset: of any offset, not of whole pages only."""

    def answer(asked: Asked) -> Reply:
        since = asked.query.get("updated_since", "")
        found = sorted(
            (row for row in held if row["updated_at"] >= since),
            key=lambda row: (row["updated_at"], row["id"]),
        )
        start = int(asked.query["offset"])
        return Reply({"data": found[start : start + 3], "meta": {"total": len(found)}})

    return answer


@pytest.mark.parametrize("paging", [PAGED, UNTOTALLED, OFFSET])
def test_a_record_updated_while_paging_hides_no_other(
    source: Emulator, surroundings: Surroundings, paging: pages.Pages
) -> None:
    held = rows(10)
    route = by_offset(held) if isinstance(paging, pages.Offset) else numbered(held, size=3)
    source.routes["/items"] = route

    def touch(asked: Asked) -> None:
        if len(source.asked) == 2:
            held[0]["updated_at"] = "2026-11-01T11:00:00Z"

    source.before = touch
    (stream,) = connect(source.url, surroundings, items(pages=paging, ordered=True)).streams()
    outcome = read_stream(stream)
    assert set(outcome.keys) == {str(n) for n in range(1, 11)}
    second = read_stream(stream, outcome.end.cursor)
    assert set(second.keys) <= {"1"}


@pytest.mark.parametrize("paging", [PAGED, UNTOTALLED])
def test_rows_of_one_second_over_many_pages(
    source: Emulator, surroundings: Surroundings, paging: pages.Pages
) -> None:
    held = rows(20)
    for row in held[3:17]:
        row["updated_at"] = "2026-11-01T10:00:05Z"
    source.routes["/items"] = numbered(held, size=3)
    (stream,) = connect(source.url, surroundings, items(pages=paging, ordered=True)).streams()
    outcome = read_stream(stream)
    assert sorted(outcome.keys, key=int) == [str(n) for n in range(1, 21)]


@pytest.mark.parametrize("paging", [PAGED, UNTOTALLED])
@pytest.mark.parametrize("jumps_at", [1, 2, 4, 8])
def test_an_order_that_is_none_costs_a_second_listing_and_no_record(
    source: Emulator, surroundings: Surroundings, paging: pages.Pages, jumps_at: int
) -> None:
    held = rows(10)
    held[jumps_at]["updated_at"] = "2026-11-02T00:00:00Z"

    def by_id(asked: Asked) -> Reply:
        since = asked.query.get("updated_since", "")
        found = [row for row in held if not since or row["updated_at"] >= since]
        page = int(asked.query["page"])
        part = found[(page - 1) * 3 : page * 3]
        meta = {"has_more": page * 3 < len(found), "total": len(found)}
        return Reply({"data": part, "meta": meta})

    source.routes["/items"] = by_id
    (stream,) = connect(source.url, surroundings, items(pages=paging, ordered=True)).streams()
    outcome = read_stream(stream)
    assert set(outcome.keys) == {str(n) for n in range(1, 11)}
    positions = [page.cursor for page in outcome.pages if page.cursor is not None]
    stored = [text for text in positions if not text.startswith("2026-11-01T10:00:0")]
    assert "2026-11-02T00:00:00.000000Z" not in stored


@pytest.mark.parametrize("crash_after", range(1, 7))
def test_a_crash_after_any_page_reads_at_most_one_page_again(
    source: Emulator, surroundings: Surroundings, crash_after: int
) -> None:
    held = rows(20)
    source.routes["/items"] = numbered(held, size=3)
    (stream,) = connect(source.url, surroundings, items(ordered=True)).streams()
    stored: list[str] = []
    cursor = None
    for number, page in enumerate(stream.read(None), 1):
        assert isinstance(page, Page)
        stored += [record.key for record in page.records]
        if page.partition == "":
            cursor = page.cursor if page.cursor is not None else cursor
        if number > crash_after:
            break
    rest = read_stream(stream, cursor).keys
    assert {*stored, *rest} == {str(n) for n in range(1, 21)}
    assert len(set(stored) & set(rest)) <= (4 if cursor else len(stored))


@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
@pytest.mark.parametrize("ordered", [True, False])
def test_as_many_come_in_as_there_are(
    source: Emulator, surroundings: Surroundings, count: int, ordered: bool
) -> None:
    source.routes["/items"] = numbered(rows(count), size=3)
    (stream,) = connect(source.url, surroundings, items(ordered=ordered)).streams()
    outcome = read_stream(stream)
    assert len(outcome.keys) == len(set(outcome.keys)) == count
    assert outcome.end.complete


def test_a_listing_that_shrinks_while_it_is_read_deletes_nothing(
    source: Emulator, surroundings: Surroundings
) -> None:
    held = rows(9)
    source.routes["/items"] = by_offset(held)

    def vanish(asked: Asked) -> None:
        if len(source.asked) == 2:
            del held[0]

    source.before = vanish
    (stream,) = connect(source.url, surroundings, items(pages=OFFSET)).streams()
    outcome = read_stream(stream)
    assert "4" not in outcome.keys  # it crossed the edge of the first page unseen
    assert not outcome.end.complete
    assert "shifted" in outcome.end.note


def test_link_token_and_keyset_pages(source: Emulator, surroundings: Surroundings) -> None:
    held = rows(8)

    def after(asked: Asked) -> Reply:
        at = int(asked.query.get("after") or asked.query.get("token") or 0)
        part = [row for row in held if row["id"] > at][:3]
        more = bool(part) and part[-1]["id"] < 8
        last = part[-1]["id"] if part else 0
        body: dict[str, Any] = {"data": part, "next": f"/items?after={last}" if more else None}
        body["token"] = str(last) if more else ""
        link = {"Link": f'<{source.url}/items?after={last}>; rel="next"'} if more else {}
        return Reply(body, headers=link)

    source.routes["/items"] = after
    for paging in (
        pages.NextLink(),
        pages.LinkHeader(),
        pages.Token("token", token="token"),
        pages.Keyset("after"),
    ):
        plain = items(pages=paging, since=None, ordered=False)
        plain.spec = plain.spec.model_copy(update={"since": None})
        outcome = read_stream(connect(source.url, surroundings, plain).streams()[0])
        assert outcome.keys == [str(n) for n in range(1, 9)], paging
        assert outcome.end.complete


def test_a_full_listing_is_due_now_and_then(
    source: Emulator, surroundings: Surroundings, time: Any
) -> None:
    source.routes["/items"] = numbered(rows(5), size=3)
    (stream,) = connect(source.url, surroundings, items(full_every="1d")).streams()
    positions: dict[str, str] = {}

    def run() -> End:
        end: End | None = None
        for item in stream.read_from(positions):  # type: ignore[attr-defined]
            if isinstance(item, Page):
                positions.update({} if item.cursor is None else {item.partition: item.cursor})
            else:
                end = item
        assert end is not None
        positions.update({**end.positions, **({"": end.cursor} if end.cursor else {})})
        return end

    assert [run().complete, run().complete] == [True, False]
    time.sleep(86_400)
    assert run().complete


def test_other_fields_to_keep_mean_reading_all_again(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.routes["/items"] = numbered(rows(5), size=3)
    positions = {"": "2026-11-01T10:00:05.000000Z", "kept": "other"}
    few = replace(surroundings, fields={"items": frozenset({"name"})})
    (stream,) = connect(source.url, few).streams()
    came = list(stream.read_from(positions))  # type: ignore[attr-defined]
    assert [(page.cursor, page.partition) for page in came[:1]] == [("", "")]
    records = [record for page in came[:-1] for record in page.records]
    assert len(records) == 5
    assert records[0].data == {"name": "n1", "id": 1, "updated_at": "2026-11-01T10:00:01Z"}
