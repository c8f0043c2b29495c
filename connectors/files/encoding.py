"""Opens text whose encoding nobody stated: by its mark, by zero bytes, then by what fits."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, AnyStr, TextIO

from connectors.files.source import SourceFile
from connectors.sdk.errors import SourceContractError

BLOCK_BYTES = 1024 * 1024

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


def open_text(file: SourceFile, stated: str | None, newline: str = "") -> TextIO:
    """Open a file as text, line ends as sent, without the byte order mark.

    newline: as in `open`; "" ends a line at CR, LF or both.

    A byte that does not fit an 8-bit encoding or UTF-8 is carried as a lone surrogate, so that
    the one line that holds it can be set aside; in UTF-16 it raises UnicodeDecodeError.
    """
    encoding = stated or detect(file.path)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    errors = "strict" if encoding.startswith("utf-16") else "surrogateescape"
    return file.path.open("r", encoding=encoding, errors=errors, newline=newline)


def utf8_lines(file: SourceFile, stated: str | None, limit: int) -> Iterator[bytes]:
    """Yield the file's lines as UTF-8, whatever its encoding.

    Raises SourceContractError for a line of `limit` bytes or more.
    """
    if (stated or detect(file.path)) in ("utf-8", "utf-8-sig"):
        with file.path.open("rb") as binary:
            if binary.read(3) != codecs.BOM_UTF8:
                binary.seek(0)
            yield from bounded_lines(binary, limit, file)
        return
    with open_text(file, stated, newline="\n") as text:
        for line in bounded_lines(text, limit, file):
            yield line.encode("utf-8", "surrogateescape")


def bounded_lines(stream: IO[AnyStr], limit: int, file: SourceFile) -> Iterator[AnyStr]:
    """Yield the lines of an open file; raise SourceContractError for one of `limit` or more."""
    while line := stream.readline(limit):
        if len(line) == limit:
            raise SourceContractError(f"{file.path} has a line of more than {limit} bytes")
        yield line


def detect(path: Path) -> str:
    """Return utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-8 or cp1252 for a text file.

    The whole file is looked at: the first umlaut may stand in its last line. A file that is
    UTF-8 but for a few broken bytes stays UTF-8, since read as Windows-1252 all its umlauts
    would turn to rubbish.
    """
    with path.open("rb") as stream:
        head = stream.read(4096)
        for mark, encoding in _MARKS:
            if head.startswith(mark):
                return encoding
        if wide := _wide(head):
            return wide
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        fitting = escaped = 0
        block = head
        while True:
            text = decoder.decode(block, final=not block)
            if not text.isascii():
                escapes = len(_ESCAPED_BYTE.findall(text))
                escaped += escapes
                fitting += len(text) - len(text.encode("ascii", "ignore")) - escapes
            if not block:
                break
            block = stream.read(BLOCK_BYTES)
    return "utf-8" if fitting >= escaped else "cp1252"


def _wide(head: bytes) -> str | None:
    """Tell UTF-16 without a mark by where the zero bytes of its Latin letters stand."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > len(head) // 8 and even * 8 < odd:
        return "utf-16-le"
    if even > len(head) // 8 and odd * 8 < even:
        return "utf-16-be"
    return None
