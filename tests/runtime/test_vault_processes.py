"""Two processes that need a new token at once: one asks, the other takes what it got."""

import subprocess
import sys
from collections.abc import Callable

from hub.vault import KEY, new_key
from tests.cli.running import environment

COUNT = """
import os, sys
from hub.clock import system_clock
from hub.store.database import Database
from hub.vault import open_vault
database = Database(sys.argv[1])
vault = open_vault(database, system_clock, os.environ).of("crm")
for _ in range(10):
    with vault.alone("oauth"):
        vault.put("oauth", str(int(vault.get("oauth") or 0) + 1))
print(vault.get("oauth"))
database.close()
"""


def test_a_name_is_held_against_other_processes(new_database_url: Callable[[], str]) -> None:
    url, env = new_database_url(), environment(**{KEY: new_key()})
    both = [
        subprocess.Popen(
            [sys.executable, "-c", COUNT, url],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert max(int(out) for out, _ in said) == 20
