"""How many requests a second the API answers: a small loopback client against `hub serve`.

Run after `hub demo`:  .venv/bin/python -m benchmarks.serving [seconds for each line]
"""

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

from hub.clock import instant_text, system_clock
from hub.config import load_config
from hub.model.access import Scope
from hub.store import api_keys, views
from hub.store.database import Database

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "configs/demo/hub.yaml"
CLIENTS = (1, 8)
PORT = 8765


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    database = Database(load_config(CONFIG, os.environ).database_url(os.environ))
    with database.transaction() as tx:
        now = instant_text(system_clock())
        key, token = api_keys.create(tx, "benchmark", [Scope.READ], now)
        rows = views.page(tx, "organization", limit=200).items
    paths = [f"/v1/customers/{row.id}" for row in rows]
    command = [sys.executable, "-c", "from hub.cli import main; main()", "serve"]
    server = subprocess.Popen(
        [*command, "--port", str(PORT), "-c", str(CONFIG)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert server.stdout is not None
    server.stdout.readline()
    try:
        print(f"{'request':<34}{'clients':>8}{'a second':>10}{'median ms':>11}{'99 % ms':>9}")
        for name, asked, headers in (
            ("a view", paths, {}),
            ("a view, unchanged (304)", paths[:1], {"If-None-Match": "*"}),
            ("a list of 50", ["/v1/customers"], {}),
            ("a search", ["/v1/search?q=Moeckelstedt+Verpackung"], {}),
        ):
            for clients in CLIENTS:
                times = measure(asked, token, headers, clients, seconds)
                cut = statistics.quantiles(times, n=100)
                print(
                    f"{name:<34}{clients:>8}{len(times) / seconds:>10,.0f}"
                    f"{cut[49] * 1000:>11.1f}{cut[98] * 1000:>9.1f}"
                )
    finally:
        server.terminate()
        server.wait()
        with database.transaction() as tx:
            api_keys.revoke(tx, key.id, instant_text(system_clock()))
        database.close()


def measure(
    paths: list[str], token: str, headers: dict[str, str], clients: int, seconds: float
) -> list[float]:
    """Ask for `seconds` with that many clients at once; return the seconds each answer took."""
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT)
        sent = {"Authorization": f"Bearer {token}", **headers}
        mine: list[float] = []
        while (began := time.perf_counter()) < until:
            connection.request("GET", paths[len(mine) % len(paths)], headers=sent)
            answer = connection.getresponse()
            answer.read()
            assert answer.status in {200, 304}, answer.status
            mine.append(time.perf_counter() - began)
        times.extend(mine)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


if __name__ == "__main__":
    main()
