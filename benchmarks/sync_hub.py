"""One sync as a process to measure, loaded as the command line loads its commands.

Run:  python -m benchmarks.sync_hub URL DATABASE [whole] [took=FILE]

took: write there what the sync took without the process's start: begin, end and processor time in
seconds; what it loads on its way is loaded beforehand, as `sync_warm` does for others.
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
        if any(word.startswith("took=") for word in asked):
            import_module("httpcore")
    began, used = time.monotonic(), time.process_time()
    once.sync(url, database, whole="whole" in asked)
    took = f"{began} {time.monotonic()} {time.process_time() - used}"
    for word in asked:
        if word.startswith("took="):
            Path(word.removeprefix("took=")).write_text(took)
