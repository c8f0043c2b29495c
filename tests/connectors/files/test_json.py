"""JSON documents and JSON lines: read piece by piece, cut short, half broken, hostile."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.files import json_text
from connectors.files.json_text import JsonText, list_elements
from connectors.sdk import ConnectionBrokenError, End, Page, SourceContractError
from tests.connectors.reading import file_stream, read_bytes, read_stream

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(
    rows=st.lists(
        st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), values, max_size=4),
        max_size=5,
    ),
    indent=st.sampled_from([None, 2]),
    escaped=st.booleans(),
    suffix=st.sampled_from(["json", "jsonl"]),
)
def test_objects_are_read_back_equal(
    rows: list[dict[str, Any]], indent: int | None, escaped: bool, suffix: str
) -> None:
    rows = [{**row, "id": number} for number, row in enumerate(rows)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"rows.{suffix}"
        if suffix == "json":
            text = json.dumps(rows, indent=indent, ensure_ascii=escaped)
        else:
            text = "\n".join(json.dumps(row, ensure_ascii=escaped) for row in rows) or "\n"
        path.write_text(text, encoding="utf-8")
        outcome = read_stream(file_stream(path))
    assert outcome.data == rows
    assert outcome.end.complete


@settings(max_examples=100)
@given(rows=st.lists(values, max_size=5), step=st.integers(1, 7), indent=st.sampled_from([None, 1]))
def test_a_document_is_walked_whatever_the_pieces(
    rows: list[Any], step: int, indent: int | None
) -> None:
    text = json.dumps(
        {"meta": [1, {"a": "]"}], "data": {"rows": rows}, "next": None}, indent=indent
    )
    pieces = iter([text[at : at + step] for at in range(0, len(text), step)])
    document = JsonText(lambda _: next(pieces, ""), limit=10_000, name="test.json")
    elements = list(list_elements(document, ["data", "rows"], "test.json"))
    document.end()
    assert [json.loads(element) for element in elements] == rows


@settings(max_examples=60)
@given(rows=st.lists(values, max_size=3), data=st.data())
def test_a_document_cut_anywhere_never_ends_well(rows: list[Any], data: st.DataObject) -> None:
    text = json.dumps({"data": rows})
    cut = data.draw(st.integers(1, len(text) - 1))
    pieces = iter([text[:cut]])
    document = JsonText(lambda _: next(pieces, ""), limit=10_000, name="test.json")
    with pytest.raises(SourceContractError, match="cut short"):
        list(list_elements(document, ["data"], "test.json"))


@pytest.mark.parametrize("count", [0, 1, 1000, 1001, 2500])
def test_a_list_of_any_length(tmp_path: Path, count: int) -> None:
    content = json.dumps([{"id": n} for n in range(count)]).encode()
    outcome = read_bytes(tmp_path, "a.json", content)
    assert outcome.keys == [str(n) for n in range(count)]
    assert (outcome.end.total, outcome.end.complete) == (count, True)


def test_a_cut_file_gives_its_whole_pages_and_no_end(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"id": n, "text": "x" * 50} for n in range(9000)])[:-30])
    reading = file_stream(path).read(None)
    seen: list[Page | End] = []
    with pytest.raises(SourceContractError, match=r"a\.json, character \d+: .*cut short"):
        seen.extend(reading)
    assert len(seen) >= 8
    assert all(isinstance(page, Page) for page in seen)


@pytest.mark.parametrize(
    "content",
    [b"[", b'[{"id": 1}', b'[{"id": 1},', b'[{"id": 1},]', b'[{"id": 1} {"id": 2}]', b"[}",
     b'[{"id": 1}]]', b'[{"id": 1}] x', b'{"id": 1}\n{"id": 2}', b" ", b"\xef\xbb\xbf", b"nonsense",
     b'[{"id": 1}, {"id": "a}]', b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_whole_document_never_ends_well(tmp_path: Path, content: bytes) -> None:
    with pytest.raises((SourceContractError, ConnectionBrokenError)):
        read_bytes(tmp_path, "a.json", content)


def test_json_lines_called_json_are_pointed_out(tmp_path: Path) -> None:
    with pytest.raises(SourceContractError, match="format: jsonl"):
        read_bytes(tmp_path, "a.json", b'[]\n{"id": 2}\n')


@pytest.mark.parametrize(
    ("items", "content", "said"),
    [
        (None, b'{"data": [], "meta": {}}', "state `items`.*data, meta"),
        ("rows", b'{"data": [], "meta": {}}', "no 'rows'.*data, meta"),
        ("data.rows", b'{"data": {"x": 1}}', "no 'rows'.*x"),
        ("data.rows", b'{"data": [1]}', "no object"),
        ("data", b'{"data": 7}', "no list of records"),
        ("data", b'{"data": {"rows": []}}', "state `items`.*rows"),
        (None, b'"text"', "no list of records"),
    ],
)
def test_a_list_that_is_elsewhere_is_asked_for(
    tmp_path: Path, items: str | None, content: bytes, said: str
) -> None:
    with pytest.raises(ConnectionBrokenError, match=said):
        read_bytes(tmp_path, "a.json", content, items=items)


def test_the_list_may_lie_anywhere_in_the_document(tmp_path: Path) -> None:
    content = b'{"page": {"n": 1}, "data": {"rows": [{"id": 1}], "more": false}, "z": [[]]}'
    outcome = read_bytes(tmp_path, "a.json", content, items="data.rows")
    assert outcome.data == [{"id": 1}]
    assert outcome.end.complete


def test_several_lists_of_one_document_are_several_streams(tmp_path: Path) -> None:
    rows = [{"id": n, "text": "x" * 40} for n in range(2000)]
    document = {
        "accounts": rows,
        "by_id": {str(n): row for n, row in enumerate(rows)},
        "deals": rows,
    }
    content = json.dumps(document).encode()
    for items in ("accounts", "deals"):
        # Neither list would fit into the largest value allowed.
        outcome = read_bytes(tmp_path, "a.json", content, items=items, max_record_bytes=1024)
        assert len(outcome.records) == 2000
        assert outcome.end.complete


@pytest.mark.parametrize(
    ("element", "reason", "key"),
    [
        ('{"id": "b", "x": NaN}', "no JSON", "b"),
        ('{"id": "b", "x": "\\ud800"}', "no JSON", "b"),
        ('{"id": "b", "x": 1e999}', "no JSON", "b"),
        ('{"id": "b", "x": "a\0c"}', "no JSON", None),
        ('{"id": null}', "is null", None),
        ('{"id": [1]}', "neither text nor a number", None),
        ('{"name": "b"}', "is missing (fields there: name)", None),
        ("17", "no JSON object", None),
        ("null", "no JSON object", None),
    ],
)
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_an_element_that_is_no_record_is_kept_whole(
    tmp_path: Path, suffix: str, element: str, reason: str, key: str | None
) -> None:
    first, last = '{"id": "a"}', '{"id": "c", "n": "\\u0000"}'
    joined = f"[{first}, {element}, {last}]" if suffix == "json" else f"{first}\n{element}\n{last}"
    outcome = read_bytes(tmp_path, f"a.{suffix}", joined.encode())
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key) == (element, key)
    assert rejected.where == ("a.json item 2" if suffix == "json" else "a.jsonl line 2")
    assert reason in rejected.reason
    assert outcome.data == [{"id": "a"}, {"id": "c", "n": "\0"}]
    assert outcome.end.complete == (key is not None)


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_a_field_of_5_mb_is_kept_whole(tmp_path: Path, suffix: str) -> None:
    element = json.dumps({"id": "b", "text": "x" * 5_000_000})
    joined = f'[{element}, {{"id": "c"}}]' if suffix == "json" else f'{element}\n{{"id": "c"}}\n'
    outcome = read_bytes(tmp_path, f"a.{suffix}", joined.encode())
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key) == (element, "b")
    assert outcome.keys == ["c"]
    assert outcome.end.complete


@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_a_value_without_end_stops_the_read(tmp_path: Path, suffix: str) -> None:
    content = b'[{"id": "' + b"x" * 400_000
    with pytest.raises(SourceContractError):
        read_bytes(tmp_path, f"a.{suffix}", content, max_record_bytes=1024)


@pytest.mark.parametrize("half", [b'{"id": "b", "na', b'{"id": "b"', b"}", b'{"id": "\xff"}'])
def test_half_a_json_line_is_kept_whole(tmp_path: Path, half: bytes) -> None:
    outcome = read_bytes(tmp_path, "a.jsonl", b'{"id": "a", "n": "\xc3\xa4\xc3\xa4"}\n\n' + half)
    (rejected,) = outcome.rejected
    assert rejected.raw == half.decode("utf-8", "backslashreplace")
    assert (rejected.where, rejected.key) == ("a.jsonl line 3", None)
    assert outcome.keys == ["a"]
    assert not outcome.end.complete


def test_deep_nesting_is_rejected_and_not_a_crash(tmp_path: Path) -> None:
    deep = '{"id": "b", "x": ' + "[" * 50_000 + "]" * 50_000 + "}"
    outcome = read_bytes(tmp_path, "a.jsonl", f'{{"id": "a"}}\n{deep}\n'.encode())
    assert outcome.rejected[0].raw == deep
    assert outcome.keys == ["a"]


def test_a_document_is_never_held_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "_READ_CHARS", 64)
    text = json.dumps([{"id": n, "text": "x" * 20} for n in range(500)])
    held: list[int] = []
    at = 0

    def read(size: int) -> str:
        nonlocal at
        held.append(size)
        at += size
        return text[at - size : at]

    document = JsonText(read, limit=1000, name="test.json")
    assert len(list(list_elements(document, [], "test.json"))) == 500
    assert max(held) <= 128
