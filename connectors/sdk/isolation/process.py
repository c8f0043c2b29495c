"""A program that talks in lines: bounded, timed, its own words masked, ended with its group."""

import logging
import os
import re
import select
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from connectors.sdk.errors import (
    ConnectionBrokenError,
    ConnectorError,
    RetryableError,
    SourceContractError,
)
from connectors.sdk.isolation.masking import Mask

log = logging.getLogger(__name__)

CHUNK_BYTES = 1 << 18
TAIL_LINES = 30
SHOWN_CHARS = 300
GRACE_S = 5.0
"""How long a program may take to end after its output did, or after it was asked to."""

_EVENT = re.compile(r"\b(WARN(?:ING)?|ERROR|CRITICAL)\b")
_REFUSED = re.compile(r"(?i)\b40[13]\b|unauthori[sz]ed|forbidden|invalid.{0,20}(token|credential)")
_AWAY = re.compile(
    r"(?i)\b(429|50[0234])\b|timed? ?out|refused|unreachable|reset by peer|max retries"
    r"|name resolution|remote end closed|connection ?(error|aborted)"
)
_MISUSED = re.compile(r"(?i)\busage:|config.{0,40}(missing|required|invalid)|required.{0,40}config")


@dataclass(frozen=True, slots=True)
class Program:
    """What to start; label: how people know it. silence_s: the longest pause between two lines."""

    label: str
    argv: Sequence[str]
    env: Mapping[str, str]
    folder: Path
    mask: Mask
    silence_s: float
    max_line_bytes: int


class Child:
    """A running program; leaving the block ends it with all that it started."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        try:
            self._process = subprocess.Popen(
                program.argv,
                env=dict(program.env),
                cwd=program.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            text = f"{program.label}: {program.argv[0]} cannot be started: {error.strerror}"
            raise ConnectionBrokenError(text) from error
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def send(self, line: bytes) -> None:
        """Write one line to the program; one that has gone shows by its exit."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()

    def lines(self) -> Iterator[bytes]:
        """Yield what the program writes, line by line, until it ended well.

        Raises the ConnectorError its exit stands for, RetryableError after a silence,
        SourceContractError for a line that does not end.
        """
        begun: list[bytes] = []
        held = 0
        for chunk in self._chunks():
            *whole, rest = chunk.split(b"\n")
            if whole:
                first = b"".join([*begun, whole[0]])
                begun, held = [], 0
                yield first
                yield from whole[1:]
            if rest:
                begun.append(rest)
                held += len(rest)
                if held > self._program.max_line_bytes:
                    raise SourceContractError(
                        f"{self._program.label}: a line has more than "
                        f"{self._program.max_line_bytes} bytes"
                    )
        self._require_good_end()
        if begun:
            yield b"".join(begun)

    def _chunks(self) -> Iterator[bytes]:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        while True:
            if not poll.poll(self._program.silence_s * 1000):
                raise RetryableError(
                    f"{self._program.label} wrote nothing for {self._program.silence_s:g} s and "
                    f"was stopped{self._last_words()}"
                )
            chunk = os.read(descriptor, CHUNK_BYTES)
            if not chunk:
                return
            yield chunk

    def _require_good_end(self) -> None:
        try:
            code = self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired as error:
            text = f"{self._program.label} closed its output and did not end"
            raise SourceContractError(text) from error
        self._listener.join(GRACE_S)
        if code:
            raise exit_error(self._program.label, code, self._tail, self._last_words())

    def _last_words(self) -> str:
        said = next((line for line in reversed(self._tail) if line.strip()), "")
        if "No module named" in said:
            said += " (name the package that holds it in `install`, too)"
        return f"; its last words: {said}" if said else ""

    def _listen(self) -> None:
        """Keep the last lines the program says about itself; log only what it calls a problem."""
        assert self._process.stderr is not None
        with suppress(ValueError, OSError):  # closed under us as the program is ended
            while line := self._process.stderr.readline(4 * CHUNK_BYTES):
                said = line.decode("utf-8", "backslashreplace").rstrip()
                said = self._program.mask(said)[:SHOWN_CHARS]
                self._tail.append(said)
                if _EVENT.search(said[:40]):
                    log.warning("program spoke label=%s text=%r", self._program.label, said)

    def end(self) -> None:
        """Stop the program and its children; may be called twice."""
        for stop in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, stop)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(GRACE_S)
                break
        self._listener.join(GRACE_S)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def exit_error(label: str, code: int, tail: Sequence[str], last_words: str = "") -> ConnectorError:
    """Return what an exit code and a program's last lines mean for the hub.

    A program that says no more than "1" is judged by what it wrote; in doubt its author is asked.
    """
    if code < 0:
        name = signal.Signals(-code).name
        return RetryableError(f"{label} was ended by {name}{last_words}")
    text = f"{label} ended with exit code {code}{last_words}"
    said = "\n".join(tail)
    if _REFUSED.search(said):
        return ConnectionBrokenError(f"{text}; are its credentials right?")
    if _AWAY.search(said):
        return RetryableError(text)
    if code in (2, 126, 127) or _MISUSED.search(said):
        return ConnectionBrokenError(f"{text}; is its configuration right?")
    return ConnectorError(text)
