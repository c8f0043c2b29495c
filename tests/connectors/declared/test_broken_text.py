"""Answers whose text is not what it says, or broken in places."""

import pytest

from connectors.sdk import SourceContractError, Surroundings, pages
from tests.connectors.declared.opening import connect, items
from tests.connectors.emulator import Emulator, Reply
from tests.connectors.reading import read_stream


def test_latin_1_without_a_word_is_read(source: Emulator, surroundings: Surroundings) -> None:
    body = '{"data": [{"id": 1, "name": "Müller €"}], "meta": {"has_more": false, "total": 1}}'
    source.before = lambda asked: Reply(body.encode("windows-1252"))
    (stream,) = connect(source.url, surroundings).streams()
    assert read_stream(stream).data[0]["name"] == "Müller €"


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (b'"M\xc3\xbcller", "K\xc3\xb6hl\xc3"', ["Müller", "Köhl\ufffd"]),  # cut within an umlaut
        (b'"M\xfcller", "K\xf6hl\x81"', ["Müller", "Köhl\ufffd"]),
        (rb'"M\u00fcller", "\ud83d cut"', ["Müller", "\ufffd cut"]),
        (rb'"\ud83d\ude00", "C:\\ud83d"', ["\U0001f600", r"C:\ud83d"]),
        (b'"Weber", NaN', ["Weber", None]),
    ],
)
@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_one_broken_value_spoils_no_other(
    source: Emulator, surroundings: Surroundings, names: bytes, read: list[str | None], kind: str
) -> None:
    first, second = names.split(b", ")
    body = b'{"data": [{"id": 1, "name": %s}, {"id": 2, "name": %s}]}' % (first, second)
    source.before = lambda asked: Reply(body, headers={"Content-Type": kind})
    stream = items(pages=pages.Single(), cursor=None, since=None)
    (stream_,) = connect(source.url, surroundings, stream).streams()
    assert [row["name"] for row in read_stream(stream_).data] == read


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_other_ways_to_write_unicode_are_read(
    source: Emulator, surroundings: Surroundings, encoding: str
) -> None:
    body = '{"data": [{"id": 1, "name": "Müller €"}], "meta": {"has_more": false, "total": 1}}'
    source.before = lambda asked: Reply(body.encode(encoding))
    (stream,) = connect(source.url, surroundings).streams()
    assert read_stream(stream).data[0]["name"] == "Müller €"


def test_what_is_nested_too_deeply_is_no_bug_of_the_hub(
    source: Emulator, surroundings: Surroundings
) -> None:
    source.before = lambda asked: Reply(b"[" * 100_000 + b"]" * 100_000)
    (stream,) = connect(source.url, surroundings).streams()
    with pytest.raises(SourceContractError, match="nested too deeply"):
        list(stream.read(None))
