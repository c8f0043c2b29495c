"""Real servers, one of each a session, and a hub that reads them."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.servers.starting import SCRIPTS, Server, running


@pytest.fixture(scope="session")
def servers() -> Iterator["Servers"]:
    """Servers by name, started when first asked for."""
    if not SCRIPTS.is_dir():
        pytest.skip(f"no {SCRIPTS}: set VERBUND_SHARED to run the tests on real servers")
    with ExitStack() as stack:
        yield Servers(stack)


class Servers:
    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[str, Server] = {}

    def __getitem__(self, name: str) -> Server:
        if name not in self._running:
            self._running[name] = self._stack.enter_context(running(name))
        return self._running[name]
