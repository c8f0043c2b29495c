"""Walks one JSON document piece by piece: value after value, never the whole of it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from connectors.sdk.errors import ConnectionBrokenError, SourceContractError

_SPACE = re.compile(r"[ \t\r\n]*")
_NUMBER_TO_THE_END = re.compile(r"[-+.0-9eE]*\Z")
_READ_CHARS = 256 * 1024


class JsonText:
    """A place in the text of a document, which is read on as far as needed.

    read: returns at most so many further characters, "" at the end. limit: the most characters
    that one value may take. name: what errors call the document.
    """

    def __init__(self, read: Callable[[int], str], *, limit: int, name: str) -> None:
        self._read = read
        self._limit = limit
        self._name = name
        self._text = ""
        self._at = 0
        self._passed = 0
        self._ended = False
        # The standard library's scanner is the one fast parser that says where a value ends.
        self._scan = json.JSONDecoder(strict=False).raw_decode

    def peek(self) -> str:
        """Return the next character that is no white space, "" at the end."""
        while True:
            space = _SPACE.match(self._text, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, *expected: str) -> str:
        """Pass over the next character and return it; it must be one of those expected."""
        found = self.peek()
        if found not in expected:
            raise self._malformed(f"expected {' or '.join(expected)}, found {found or 'the end'}")
        self._at += 1
        return found

    def value(self) -> tuple[Any, str]:
        """Pass over one value; return it and its text.

        A value that runs past what is in memory is scanned again with as much text once more.
        Raises SourceContractError where the document ends within it or it is no JSON.
        """
        self.peek()
        while True:
            try:
                value, end = self._scan(self._text, self._at)
                # A number at the end of what is in memory may go on: `0.` is read as 0.
                if not _NUMBER_TO_THE_END.match(self._text, end) or not self._more():
                    raw = self._text[self._at : end]
                    self._at = end
                    return value, raw
            except (ValueError, RecursionError) as error:
                if len(self._text) - self._at > self._limit:
                    raise self._malformed(f"no value of less than {self._limit} bytes") from error
                if not self._more():
                    raise self._malformed(str(error) or "no value") from error

    def elements(self) -> Iterator[str]:
        """Yield the text of each element of the list that starts here, and pass over it."""
        self.take("[")
        if self.peek() == "]":
            self.take("]")
            return
        while True:
            yield self.value()[1]
            if self.take(",", "]") == "]":
                return

    def members(self) -> Iterator[str]:
        """Yield each name in the object that starts here; the caller passes over its value."""
        self.take("{")
        if self.peek() == "}":
            self.take("}")
            return
        while True:
            if self.peek() != '"':
                raise self._malformed("expected a name in quotes")
            name = self.value()[0]
            self.take(":")
            yield name
            if self.take(",", "}") == "}":
                return

    def skip(self) -> None:
        """Pass over one value; of a list or object, one element after the other."""
        match self.peek():
            case "[":
                for _ in self.elements():
                    pass
            case "{":
                for _ in self.members():
                    self.value()
            case _:
                self.value()

    def end(self) -> None:
        """Insist that nothing follows."""
        if found := self.peek():
            raise self._malformed(
                f"the document goes on with {found}; one object a line is `format: jsonl`"
            )

    def _more(self) -> bool:
        """Read on: at least as much again as is still unread, so that rescans stay linear."""
        if self._ended:
            return False
        self._passed += self._at
        rest = self._text[self._at :]
        further = self._read(max(_READ_CHARS, len(rest)))
        self._text, self._at, self._ended = rest + further, 0, not further
        return not self._ended

    def _malformed(self, what: str) -> SourceContractError:
        where = self._passed + self._at
        return SourceContractError(f"{self._name}, character {where}: {what}. Was it cut short?")


def list_elements(document: JsonText, path: list[str], name: str) -> Iterator[str]:
    """Yield the text of each element of the list at `path`, and insist on a whole document.

    Raises ConnectionBrokenError where there is no list there, naming what is.
    """
    if path:
        there: list[str] = []
        found = False
        if document.peek() != "{":
            raise ConnectionBrokenError(f"{name}: `items` leads into {path[0]!r}, but no object")
        for member in document.members():
            there.append(member)
            if member == path[0] and not found:
                found = True
                yield from list_elements(document, path[1:], name)
            else:
                document.skip()
        if not found:
            raise ConnectionBrokenError(
                f"{name} has no {path[0]!r} on the way to `items`; there are: "
                f"{', '.join(there[:20]) or 'none'}"
            )
        return
    if document.peek() != "[":
        if document.peek() == "{":
            raise ConnectionBrokenError(
                f"{name} holds an object where a list of records is expected: state `items`, "
                f"the path to the list; members here: {', '.join(_names(document)[:20])}"
            )
        document.value()
        raise ConnectionBrokenError(f"{name} holds no list of records")
    yield from document.elements()


def _names(document: JsonText) -> list[str]:
    names = []
    for name in document.members():
        names.append(name)
        document.skip()
    return names
