"""`hub schedule`: the clockwork in a process of its own."""

import signal
import threading
from types import FrameType

import typer

from hub.cli.opening import Config, runtime_of
from hub.cli.serving import log_to_stderr
from hub.scheduler import Clockwork


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schedule")(schedule)


def schedule(config: Config = None) -> None:
    """Read connections by their schedules, until stopped.

    May run twice: one works, the other stands by and takes over within two minutes.
    """
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    with runtime_of(config) as runtime:
        runtime.require_street()
        log_to_stderr()
        clockwork = Clockwork(runtime)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, on_signal)
        clockwork.start()
        scheduled = [name for name, one in runtime.connections.items() if one.scheduled]
        print(f"reading by schedule: {', '.join(scheduled) or 'nothing has one'}", flush=True)
        stop.wait()
        clockwork.close()
    print("stopped")
