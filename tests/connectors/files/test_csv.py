"""CSV as people export it: delimiters, quotes, broken lines, odd headers."""

from pathlib import Path

import pytest

from connectors.files.csv_rows import sniff
from connectors.files.header import MOST_ROWS, column_names
from connectors.sdk import ConnectionBrokenError, SourceContractError
from tests.connectors.reading import file_stream, read_bytes, read_stream

GOOD = b"id;name\n1;Alpha\n2;Beta\n"


def test_values_stay_text_as_sent(tmp_path: Path) -> None:
    content = b'id;amount;date;empty;quoted\n007; 1.234,50 ;31.12.26;;"a ""b"" c"\n'
    outcome = read_bytes(tmp_path, "a.csv", content)
    assert outcome.data == [
        {
            "id": "007",
            "amount": " 1.234,50 ",
            "date": "31.12.26",
            "empty": "",
            "quoted": 'a "b" c',
        }
    ]
    assert outcome.end.complete


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("closed", [True, False])
def test_line_ends_of_all_systems(tmp_path: Path, end: bytes, closed: bool) -> None:
    content = end.join([b"id,name", b'1,"two', b'lines"', b"2,b"]) + (end if closed else b"")
    outcome = read_bytes(tmp_path, "a.csv", content)
    assert outcome.data == [
        {"id": "1", "name": f"two{end.decode()}lines"},
        {"id": "2", "name": "b"},
    ]


@pytest.mark.parametrize("blank", [b"\n", b";;\n", b"\r\n", b'"";;""\n'])
def test_blank_lines_are_no_rows(tmp_path: Path, blank: bytes) -> None:
    outcome = read_bytes(tmp_path, "a.csv", blank + b"id;b;c\n" + blank + b"1;2;3\n" + blank)
    assert outcome.keys == ["1"]
    assert outcome.end.complete


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"3;x;y", "3 fields where the header has 2"),
        (b"3", "1 fields where the header has 2"),
        (b'3;"x" y', "broken: "),
        (b'3;"never closed', "a quote is not closed"),
    ],
)
@pytest.mark.parametrize("after", [b"", b"\n", b"\n4;Delta\n"])
def test_a_broken_line_is_kept_whole_and_the_rest_read(
    tmp_path: Path, line: bytes, reason: str, after: bytes
) -> None:
    outcome = read_bytes(tmp_path, "a.csv", GOOD + line + after)
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key) == (line.decode(), None)
    assert rejected.where == "a.csv line 4"
    assert reason in rejected.reason
    assert outcome.keys == ["1", "2", *(["4"] if b"4" in after else [])]
    assert not outcome.end.complete


def test_an_open_quote_costs_one_line_wherever_the_next_quote_stands(tmp_path: Path) -> None:
    lines = [f"{n};name {n}" for n in range(1, 5000)]
    lines[16] = '17;"opened'
    lines[4000] = '4001;"in quotes"'
    outcome = read_bytes(tmp_path, "a.csv", "\n".join(["id;name", *lines]).encode())
    assert [item.where for item in outcome.rejected] == ["a.csv line 18"]
    assert outcome.rejected[0].raw == '17;"opened'
    assert len(outcome.records) == 4998
    assert outcome.data[3999] == {"id": "4001", "name": "in quotes"}


def test_an_open_quote_is_given_up_after_twice_the_largest_record(tmp_path: Path) -> None:
    lines = [f"{n};{'x' * 90}" for n in range(3000)]
    lines[1] = '1;"opened'
    lines[-1] += '"'
    content = "\n".join(["id;name", *lines]).encode()
    outcome = read_bytes(tmp_path, "a.csv", content, max_record_bytes=4096)
    assert [item.raw for item in outcome.rejected] == ['1;"opened']
    assert len(outcome.records) == 2999


def test_a_long_text_over_many_lines_is_one_field(tmp_path: Path) -> None:
    text = "\n".join(f"line {n}; not a field" for n in range(40_000))
    content = f'id;text\n1;"{text}"\n2;b\n'.encode()
    outcome = read_bytes(tmp_path, "a.csv", content)
    assert outcome.data == [{"id": "1", "text": text}, {"id": "2", "text": "b"}]
    assert not outcome.rejected


def test_lines_are_counted_over_chunks(tmp_path: Path) -> None:
    rows = "".join(f'{n};"two\nlines of {n}"\n' for n in range(30_000))
    outcome = read_bytes(tmp_path, "a.csv", f"id;text\n{rows}broken\n".encode())
    assert len(outcome.records) == 30_000
    assert outcome.rejected[0].where == "a.csv line 60002"


def test_quotes_inside_a_field_are_letters(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.csv", b'id;name\n1;pipe 5" long\n2;b\n')
    assert outcome.data[0] == {"id": "1", "name": 'pipe 5" long'}


def test_a_nul_byte_rejects_its_line_alone(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.csv", GOOD + b"3;a\0b\n4;c\n")
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key, rejected.where) == ("3;a\0b", "3", "a.csv line 4")
    assert outcome.keys == ["1", "2", "4"]
    assert outcome.end.complete


@pytest.mark.parametrize("quoted", [True, False])
def test_a_field_of_5_mb_is_kept_whole(tmp_path: Path, quoted: bool) -> None:
    text = "x" * 5_000_000
    line = f'3;"{text}"' if quoted else f"3;{text}"
    outcome = read_bytes(tmp_path, "a.csv", GOOD + line.encode() + b"\n4;c\n")
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key) == (line, "3")
    assert "max_record_bytes" in rejected.reason
    assert outcome.keys == ["1", "2", "4"]
    assert outcome.end.complete
    assert read_bytes(tmp_path, "a.csv", GOOD, max_record_bytes=8_000_000).end.complete


def test_a_line_without_end_stops_the_read(tmp_path: Path) -> None:
    content = GOOD + b"3;" + b"x" * 20_000
    with pytest.raises(SourceContractError, match="a line of more than 16384"):
        read_bytes(tmp_path, "a.csv", content, max_record_bytes=1024)


def test_a_missing_key_column_names_those_there(tmp_path: Path) -> None:
    with pytest.raises(ConnectionBrokenError) as caught:
        read_bytes(tmp_path, "a.csv", GOOD, key=["id", "Kundennr"])
    assert str(tmp_path / "a.csv") in str(caught.value)
    assert "'Kundennr'" in str(caught.value)
    assert "id, name" in str(caught.value)


@pytest.mark.parametrize("content", [b"id;name", b"id;name\n", b"\n\nid;name\r\n"])
def test_a_header_alone_is_an_empty_table(tmp_path: Path, content: bytes) -> None:
    outcome = read_bytes(tmp_path, "a.csv", content)
    assert (outcome.records, outcome.end.total, outcome.end.complete) == ([], 0, True)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b'"id;na'])
def test_no_header_is_no_empty_table(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceContractError):
        read_bytes(tmp_path, "a.csv", content)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "name", "note"], ["1", "Alpha", "a, b; c"], ["2", "Beta", "d, e"]]
    text = "\n".join(delimiter.join(f'"{value}"' for value in row) for row in rows)
    assert read_bytes(tmp_path, "a.csv", text.encode()).keys == ["1", "2"]


def test_the_key_decides_between_delimiters() -> None:
    lines = ["name;first, last;nr\n", "a;b, c;1\n"]
    assert sniff(lines, ("nr",)) == ";"
    assert sniff(["a,b;c,d\n"], ("b;c",)) == ","


@pytest.mark.parametrize("titles", [1, 2, MOST_ROWS - 1])
def test_titles_may_stand_above_the_header(tmp_path: Path, titles: int) -> None:
    above = "Offene Posten, Muster GmbH\nStand:;27.11.2026\n;;\n" + "x;\n" * (titles - 2)
    content = (above if titles > 1 else "Titel\n") + "id;name;note\n1;a;b, c\n2;d;e\n"
    outcome = read_bytes(tmp_path, "a.csv", content.encode())
    assert outcome.data[0] == {"id": "1", "name": "a", "note": "b, c"}
    assert (outcome.keys, outcome.end.complete) == (["1", "2"], True)


@pytest.mark.parametrize("rows", [1, MOST_ROWS, MOST_ROWS + 1])
def test_no_row_of_data_is_shown_for_a_header(tmp_path: Path, rows: int) -> None:
    content = "Titel\nnr;name;\n" + "1;Petra;geheim\n" * rows + "id;a;b\n" * (rows > MOST_ROWS)
    with pytest.raises(ConnectionBrokenError, match=r"'id'.*: nr, name, column_3 \(") as raised:
        read_bytes(tmp_path, "a.csv", content.encode())
    assert "Petra" not in str(raised.value)


def test_what_is_stated_goes_before_what_is_found(tmp_path: Path) -> None:
    content = b"id;a,b\n1;2,3\n"
    assert read_bytes(tmp_path, "a.csv", content, delimiter=";").data == [{"id": "1", "a,b": "2,3"}]
    tabbed = read_bytes(tmp_path, "a.tsv", b"id\tb\n1\t2\n", delimiter="tab")
    assert tabbed.data == [{"id": "1", "b": "2"}]


def test_excels_sep_line_is_heeded(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.csv", b"sep=|\r\nid|a;b;c\r\n1|x\r\nbroken\r\n")
    assert outcome.data == [{"id": "1", "a;b;c": "x"}]
    assert outcome.rejected[0].where == "a.csv line 4"


def test_columns_are_told_apart(tmp_path: Path) -> None:
    assert column_names(["a", "a", "", "a_2", "a", ""]) == [
        "a", "a_2", "column_3", "a_2_2", "a_3", "column_6",
    ]  # fmt: skip
    outcome = read_bytes(tmp_path, "a.csv", b"id;tel;tel;\n1;2;3;4\n")
    assert outcome.data == [{"id": "1", "tel": "2", "tel_2": "3", "column_4": "4"}]


def test_composite_key_and_cursor(tmp_path: Path) -> None:
    stream_options = {"key": ["order", "line"], "cursor": "changed"}
    content = b"order,line,changed\nA,1,2026-01-02\nA,2,\n"
    outcome = read_bytes(tmp_path, "a.csv", content, **stream_options)
    assert outcome.keys == ["A|1", "A|2"]
    assert [record.cursor for record in outcome.records] == ["2026-01-02", None]
    assert (outcome.end.cursor, outcome.end.complete) == (None, True)


def test_a_whole_file_is_read_whatever_the_position(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id,changed\n1,2020\n2,2030\n")
    outcome = read_stream(file_stream(path, cursor="changed"), since="2025")
    assert outcome.keys == ["1", "2"]
    assert outcome.end.complete


def test_broken_rows_by_the_thousand_stay_quick(tmp_path: Path) -> None:
    lines = [f'{n};"opened' if n % 2 else f"{n};x" for n in range(6000)]
    outcome = read_bytes(tmp_path, "a.csv", "\n".join(["id;name", *lines]).encode())
    assert len(outcome.records) + len(outcome.rejected) >= 3000
    kept = "\n".join([*(r.raw for r in outcome.rejected), *(f"{d['id']};" for d in outcome.data)])
    assert all(f"{n};" in kept for n in range(6000))
