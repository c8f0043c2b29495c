"""`hub serve`: the API over HTTP."""

from typing import Annotated

import typer

from hub.cli.opening import Config, runtime_of
from hub.cli.serving import listening_socket, log_to_stderr, serve_app

Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 is every one.")]
Port = Annotated[int, typer.Option(min=0, max=65535)]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Host = "127.0.0.1",
    port: Port = 8000,
    with_scheduler: Annotated[
        bool, typer.Option("--with-scheduler", help="Read connections by their schedules, too.")
    ] = False,
    config: Config = None,
) -> None:
    """Serve the API, and pages to look at below /console."""
    with runtime_of(config) as runtime, listening_socket(host, port) as listening:
        runtime.require_street()
        log_to_stderr()
        address, bound = listening.getsockname()[:2]
        print(f"serving on http://{address}:{bound}", flush=True)
        print(f"pages to look at: http://{address}:{bound}/console", flush=True)
        serve_app(runtime, listening, with_scheduler=with_scheduler)
