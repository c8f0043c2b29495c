"""Reads CSV of any delimiter and encoding, line by line, and sets broken lines aside whole."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TextIO

from connectors.files.config import FileStreamConfig
from connectors.files.encoding import bounded_lines, open_text
from connectors.files.header import MOST_ROWS, Header
from connectors.files.source import SourceFile
from connectors.sdk.errors import SourceContractError
from connectors.sdk.listing import Batch, Fault, Row

DELIMITERS = ";,\t|"
SAMPLE_CHARS = 8 * 1024
CHUNK_CHARS = 128 * 1024
_SEP_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
_UNUSABLE = re.compile("[\0\udc80-\udcff]")


def csv_batches(
    file: SourceFile, stream: FileStreamConfig, max_record_bytes: int
) -> Iterator[Batch]:
    """Yield the rows below the header as text, exactly as sent.

    The header is the first row that names the key: titles may stand above it. Two columns of one
    name become `name` and `name_2`, one without a name `column_N`. Raises ConnectionBrokenError
    where the key column is missing, SourceContractError for a file that has no header or cannot
    be decoded.
    """
    # The module's own limit is 131,072 characters a field, for the whole process.
    csv.field_size_limit(2**31 - 1)
    with open_text(file, stream.encoding) as text:
        try:
            yield from _batches(file, stream, text, max_record_bytes)
        except UnicodeDecodeError as error:
            raise SourceContractError(
                f"{file.path} cannot be read as {text.encoding}: {error.reason} at byte "
                f"{error.start}; was it cut short, or is another `encoding` meant?"
            ) from error
        except UnicodeError as error:
            raise SourceContractError(
                f"{file.path} cannot be read as {text.encoding}: {error}; is another `encoding` "
                "meant?"
            ) from error


def _batches(
    file: SourceFile, stream: FileStreamConfig, text: TextIO, max_record_bytes: int
) -> Iterator[Batch]:
    lines = bounded_lines(text, 16 * max_record_bytes, file)
    pending = _some(lines, SAMPLE_CHARS)
    number = 1
    stated = _SEP_LINE.fullmatch(pending[0]) if pending else None
    if stated:
        del pending[0]
        number = 2
    delimiter = stream.delimiter or (stated and stated[1]) or sniff(pending, stream.key)
    parser = _Parser(delimiter, Header(stream.key, file.path), file, 2 * max_record_bytes, number)
    last = False
    while not last or pending:
        # A record that goes on past the chunk is parsed again with as much text once more.
        chunk = _some(lines, max(CHUNK_CHARS, sum(map(len, pending))))
        last = not chunk
        pending += chunk
        batch, used = parser.parse(pending, last)
        yield batch
        del pending[:used]
    if parser.header.above and not parser.header.names:
        raise parser.header.missing(f" (delimiter {delimiter!r})")
    if not parser.header.names:
        raise SourceContractError(f"{file.path} has no header line")


def _some(lines: Iterator[str], size: int) -> list[str]:
    """Return the next lines, until together they have `size` characters."""
    taken: list[str] = []
    for line in lines:
        taken.append(line)
        size -= len(line)
        if size <= 0:
            break
    return taken


def sniff(lines: list[str], key: tuple[str, ...]) -> str:
    """Return the delimiter that fits these first lines best: `;`, `,`, tab or `|`.

    One that gives the key its columns in the header comes first, then the one by which most
    lines have as many fields as the header, then the one with the most fields.
    """

    def fit(delimiter: str) -> tuple[bool, int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(row)]
        keyed = next((row for row in rows[:MOST_ROWS] if set(key) <= set(row)), None)
        header = keyed or (rows[0] if rows else [])
        widths = Counter(map(len, rows))
        alike = widths[len(header)] if len(header) > 1 else 0
        return keyed is not None, alike, len(header)

    return max(DELIMITERS, key=fit)


@dataclass(slots=True)
class _Parser:
    """Cuts lines into rows; number: the line of the file that comes next."""

    delimiter: str
    header: Header
    file: SourceFile
    lookahead: int
    number: int = 1

    def parse(self, lines: list[str], last: bool) -> tuple[Batch, int]:
        """Return the rows in `lines` and how many lines they took.

        A quote that is not closed takes in line after line. Where the file ends or `lookahead`
        characters are passed before it closes, only the line that opened it is set aside.
        """
        batch = _Gathered([], [], suspect=bool(_UNUSABLE.search("".join(lines))))
        start = 0
        while start < len(lines):
            reader = csv.reader(islice(lines, start, None), delimiter=self.delimiter, strict=True)
            base = start
            try:
                for fields in reader:
                    end = base + reader.line_num
                    raw = lines[start] if end == start + 1 else "".join(lines[start:end])
                    self._take(self.number + start, fields, raw.rstrip("\r\n"), batch)
                    start = end
            except csv.Error as error:
                at_the_end = base + reader.line_num == len(lines)
                if at_the_end and not last and sum(map(len, lines[start:])) <= self.lookahead:
                    break
                self._break(self.number + start, lines[start], error, batch)
                start += 1
        self.number += start
        return Batch(f"{self.file.label} line", batch.rows, batch.faults), start

    def _take(self, number: int, fields: list[str], raw: str, batch: "_Gathered") -> None:
        if not any(fields):
            return  # a blank line, or the bare delimiters that spreadsheets leave behind
        header = self.header.names
        if not header:
            fields[0] = fields[0].removeprefix("\ufeff")
            self.header.take(fields, f" (delimiter {self.delimiter!r})")
            return
        if len(fields) != len(header):
            reason = f"{len(fields)} fields where the header has {len(header)}"
            batch.faults.append(Fault(number, raw, reason))
            return
        data = dict(zip(header, fields, strict=True))
        if batch.suspect and (found := _UNUSABLE.search(raw)):
            batch.faults.append(_unusable(number, data, raw, found[0]))
            return
        batch.rows.append(Row(number, data, raw))

    def _break(self, number: int, line: str, error: csv.Error, batch: "_Gathered") -> None:
        reason = "a quote is not closed" if "end of data" in str(error) else f"broken: {error}"
        if not self.header.names:
            raise SourceContractError(f"{self.file.path} line {number}, the header: {reason}")
        batch.faults.append(Fault(number, line.rstrip("\r\n"), reason))


@dataclass(slots=True)
class _Gathered:
    """What a chunk gave so far; suspect: it holds a NUL or a byte that could not be decoded."""

    rows: list[Row]
    faults: list[Fault]
    suspect: bool


def _unusable(number: int, data: dict[str, str], raw: str, found: str) -> Fault:
    if found == "\0":
        return Fault(number, raw, "holds a NUL character", data)
    reason = f"byte 0x{ord(found) - 0xDC00:02x} does not fit the file's encoding"
    readable = {name: value for name, value in data.items() if not _UNUSABLE.search(value)}
    return Fault(number, raw, reason, readable)
