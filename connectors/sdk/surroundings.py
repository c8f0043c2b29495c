"""What the hub lends a connection: the time, a vault for tokens that rotate, what to keep."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from connectors.sdk.transport import Transport


class Vault(Protocol):
    """Secrets that outlive the process. Names are the connection's own: `oauth`, `session`."""

    def get(self, name: str) -> str | None:
        """Return what was put last by any process, None where nothing ever was."""

    def put(self, name: str, value: str) -> None:
        """Store a secret; on return it is there for good."""

    def alone(self, name: str) -> AbstractContextManager[None]:
        """Hold a name against all threads and processes for as long as the block lasts."""


class MemoryVault:
    """A vault that forgets with its process: for tests and trials."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._lock = threading.RLock()

    def get(self, name: str) -> str | None:
        return self._values.get(name)

    def put(self, name: str, value: str) -> None:
        self._values[name] = value

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        with self._lock:
            yield


def nobody_asks(ends_at: datetime | None) -> None:
    """Let go what a credential says of its end."""


def system_clock() -> datetime:
    """Return the current instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """monotonic, sleep: in seconds. transport: stands in for the network, as a cassette does.

    vault: None where the hub has no key for one; a source that must store tokens then refuses.
    fields: by stream, the paths the hub reads; what is not among them is not kept.
    at_once: parents whose children are asked for at the same time.
    credential_ends: is told when what a person gave (a lasting token, a first refresh token) runs
    out, None where it does not say or lasts by being used.
    """

    clock: Callable[[], datetime] = system_clock
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    vault: Vault | None = None
    transport: Transport | None = None
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    at_once: int = 4
    credential_ends: Callable[[datetime | None], None] = nobody_asks
