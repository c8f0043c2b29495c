"""Serves the API until the process is told to end, with or without the clockwork beside it."""

import logging
import os
import socket
import sys

import uvicorn

from hub.app import create_app
from hub.errors import BusyError
from hub.runtime import Runtime
from hub.scheduler import Clockwork

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


def log_to_stderr() -> None:
    """Write what happens to stderr, one line each; libraries speak only when it matters."""
    logging.basicConfig(level=logging.INFO, format=FORMAT, stream=sys.stderr, force=True)
    for chatty in ("apscheduler", "httpx", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises BusyError where somebody else has the address."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BusyError(
            f"cannot listen on {host}, port {port}: {why}; --port chooses another"
        ) from error
    # asyncio sets it only on sockets it makes itself; without it each answer waits for 40 ms.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def serve_app(runtime: Runtime, listening: socket.socket, *, with_scheduler: bool) -> None:
    """Serve until SIGTERM or SIGINT; requests in hand are answered, syncs end at a page."""
    config = uvicorn.Config(
        create_app(runtime),
        log_config=None,
        access_log=False,  # the app writes its own, without addresses: they may name people
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    clockwork = Clockwork(runtime) if with_scheduler else None
    if clockwork:
        clockwork.start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        if clockwork:
            clockwork.close()
