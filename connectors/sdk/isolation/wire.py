"""The source's side of the pipe: messages go out whole, and the hub's vault is asked through it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Literal

import msgspec

from connectors.sdk.errors import RetryableError
from connectors.sdk.isolation.messages import Answer, Message, Record, Token, encode


class Wire:
    """What a source says to the hub; threads share it."""

    def __init__(self, said: IO[bytes], heard: IO[bytes]) -> None:
        self._said, self._heard = said, heard
        self._writing = threading.Lock()
        self._asking = threading.Lock()

    def say(self, message: Message) -> None:
        """Write one line."""
        with self._writing:
            self._said.write(encode(message) + b"\n")
            if not isinstance(message, Record):
                self._said.flush()

    def ask(self, token: Token) -> str | None:
        """Write a TOKEN and wait for its answer. Raises RetryableError where the hub has gone."""
        with self._asking:
            self.say(token)
            line = self._heard.readline()
        if not line:
            raise RetryableError("the hub went while a token was to be stored")
        return msgspec.json.decode(line, type=Answer).value


class LentVault:
    """The vault of the hub in another process. A token is stored there when `put` returns."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._alone = threading.RLock()

    def get(self, name: str) -> str | None:
        return self._ask("get", name)

    def put(self, name: str, value: str) -> None:
        self._ask("put", name, value)

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        with self._alone:  # the hub tells processes apart, not the threads of this one
            self._ask("hold", name)
            try:
                yield
            finally:
                self._ask("free", name)

    def _ask(
        self, work: Literal["get", "put", "hold", "free"], name: str, value: str | None = None
    ) -> str | None:
        return self._wire.ask(Token(work, name, value))
