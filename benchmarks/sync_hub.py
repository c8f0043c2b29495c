"""One sync as a process to measure, loaded as the command line loads its commands."""

import sys
from importlib import import_module

from hub.collection import loading

if __name__ == "__main__":
    with loading():
        once = import_module("benchmarks.sync_once")
    once.sync(sys.argv[1], sys.argv[2], whole=sys.argv[3:] == ["whole"])
