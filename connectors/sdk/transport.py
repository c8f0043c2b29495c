"""What may stand between a client and the network, and what each request tells it."""

from collections.abc import Callable, Iterable

import httpx

BASE = "base"
EXPECTS = "expects"
"""Extensions of a request: the address its path is meant from; what its answer is taken for."""

Transport = Callable[[httpx.BaseTransport, Iterable[str]], httpx.BaseTransport]
"""Returns what stands in front of the network it is given; with it come a connection's secrets."""
