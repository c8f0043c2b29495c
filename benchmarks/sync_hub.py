"""One sync as a process to measure, loaded as the command line loads its commands.

Run:  python -m benchmarks.sync_hub URL DATABASE [whole] [took=FILE]

took: write there what the sync took without the process's start: begin, end and processor time in
seconds, as `sync_warm` does for others; it is the first one of its process, as in a server.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

from hub.collection import loading

if __name__ == "__main__":
    url, database, *asked = sys.argv[1:]
    with loading():
        once = import_module("benchmarks.sync_once")
    began, used = time.monotonic(), time.process_time()
    once.sync(url, database, whole="whole" in asked)
    took = f"{began} {time.monotonic()} {time.process_time() - used}"
    for word in asked:
        if word.startswith("took="):
            Path(word.removeprefix("took=")).write_text(took)
