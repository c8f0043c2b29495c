"""What tests of declared connectors stand on: an emulated source, time under the test's hand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from connectors.sdk.surroundings import MemoryVault, Surroundings
from tests.conftest import HandClock
from tests.connectors.declared.opening import opened
from tests.connectors.emulator import Emulator, emulator


@dataclass
class HandTime:
    """Time that passes only by sleeping; slept: each sleep, in seconds."""

    clock: HandClock = field(default_factory=HandClock)
    slept: list[float] = field(default_factory=list)
    passed_s: float = 0.0

    def now(self) -> datetime:
        return self.clock() + timedelta(seconds=self.passed_s)

    def monotonic(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.passed_s += seconds


@pytest.fixture
def time() -> HandTime:
    return HandTime()


@pytest.fixture
def surroundings(time: HandTime) -> Surroundings:
    return Surroundings(
        clock=time.now, monotonic=time.monotonic, sleep=time.sleep, vault=MemoryVault()
    )


@pytest.fixture
def source() -> Iterator[Emulator]:
    with emulator() as running:
        yield running


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while opened:
        opened.pop().close()
