"""The encoding of text that nobody stated."""

from pathlib import Path

import pytest

from connectors.files.encoding import BLOCK_BYTES, detect
from connectors.sdk import SourceContractError
from tests.connectors.reading import read_bytes

TABLE = "id;name\n1;Müller & Söhne\n2;Grüße\n"


def found(folder: Path, content: bytes) -> str:
    path = folder / "a.csv"
    path.write_bytes(content)
    return detect(path)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("latin-1", "cp1252"),
    ],
)
def test_it_is_found_and_read(tmp_path: Path, encoding: str, name: str) -> None:
    assert found(tmp_path, TABLE.encode(encoding)) == name
    outcome = read_bytes(tmp_path, "a.csv", TABLE.encode(encoding))
    assert [data["name"] for data in outcome.data] == ["Müller & Söhne", "Grüße"]
    assert outcome.end.complete


def test_the_first_umlaut_may_stand_at_the_very_end(tmp_path: Path) -> None:
    ascii_part = b"id;name\n" + b"1;x\n" * (BLOCK_BYTES // 2)
    assert found(tmp_path, ascii_part) == "utf-8"
    assert found(tmp_path, ascii_part + "2;ü".encode("cp1252")) == "cp1252"
    assert found(tmp_path, ascii_part + "2;ü".encode()) == "utf-8"


def test_a_letter_cut_by_the_end_of_the_file_is_a_fault(tmp_path: Path) -> None:
    assert found(tmp_path, b"id;n\n1;x" + "ü".encode()[:1]) == "cp1252"


@pytest.mark.parametrize("shift", range(4))
def test_a_letter_cut_by_a_block_is_no_fault(tmp_path: Path, shift: int) -> None:
    assert found(tmp_path, b"x" * (4096 - shift) + "€ü😀".encode() * 10) == "utf-8"


def test_one_broken_byte_rejects_one_line_and_spoils_no_umlaut(tmp_path: Path) -> None:
    content = TABLE.encode() + b"3;M\xfcller\n4;\xc3\xa4\n"
    outcome = read_bytes(tmp_path, "a.csv", content)
    assert [data["name"] for data in outcome.data] == ["Müller & Söhne", "Grüße", "ä"]
    (rejected,) = outcome.rejected
    assert (rejected.raw, rejected.key) == ("3;M\\xfcller", "3")
    assert "byte 0xfc does not fit" in rejected.reason
    assert outcome.end.complete


def test_a_key_that_cannot_be_decoded_is_no_key(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.csv", TABLE.encode() + b"\xfc;x\n")
    assert outcome.rejected[0].key is None
    assert not outcome.end.complete


def test_the_stated_encoding_goes_first(tmp_path: Path) -> None:
    outcome = read_bytes(tmp_path, "a.csv", "id;n\n1;č\n".encode("cp1250"), encoding="windows-1250")
    assert outcome.data == [{"id": "1", "n": "č"}]
    wrong = read_bytes(tmp_path, "a.csv", TABLE.encode("cp1252"), encoding="utf-8")
    assert [item.key for item in wrong.rejected] == ["1", "2"]
    marked = read_bytes(tmp_path, "a.csv", TABLE.encode("utf-8-sig"), encoding="utf-8")
    assert marked.keys == ["1", "2"]


def test_utf_16_that_is_cut_short_stops_the_read(tmp_path: Path) -> None:
    for suffix in ("csv", "jsonl", "json"):
        content = '[{"id": "1", "name": "x"}]'.encode("utf-16")[:-1]
        with pytest.raises(SourceContractError, match="cannot be read"):
            read_bytes(tmp_path, f"a.{suffix}", content)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_json_in_any_encoding(tmp_path: Path, encoding: str, suffix: str) -> None:
    text = '{"id": 1, "name": "Müller"}'
    text = f"[{text}]" if suffix == "json" else f"{text}\n"
    outcome = read_bytes(tmp_path, f"a.{suffix}", text.encode(encoding))
    assert outcome.data == [{"id": 1, "name": "Müller"}]
