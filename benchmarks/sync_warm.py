"""Runs somebody's script in a process whose imports are done, and says what the work alone took.

Run:  python sync_warm.py learn FILE SCRIPT [argument ...]    what it loads by its end, into FILE
      python sync_warm.py FILE TOOK SCRIPT [argument ...]     all of that loaded first; into TOOK:
                                                              begin, end, processor time, in seconds

It knows the standard library alone, for it runs in every tool's own environment. What a tool loads
only while it works is loaded beforehand as well, so that nothing of its start is left in the work.
"""

import contextlib
import resource
import runpy
import sys
import time
from importlib import import_module
from pathlib import Path


def used_s() -> float:
    """Return the processor time of this process and of those it has waited for."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, whose))


def load(names: list[str]) -> None:
    """Import what can be imported by its name."""
    for name in names:
        with contextlib.suppress(Exception):
            import_module(name)


def work(script: str, arguments: list[str]) -> None:
    """Run a script as Python would; raises SystemExit where it does not end well."""
    sys.argv, sys.path[0] = [script, *arguments], str(Path(script).parent)
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise


if __name__ == "__main__":
    first, second, *called = sys.argv[1:]
    if first == "learn":
        work(called[0], called[1:])
        Path(second).write_text("\n".join(sys.modules))
    else:
        load(Path(first).read_text().splitlines())
        began, used = time.monotonic(), used_s()
        work(called[0], called[1:])
        Path(second).write_text(f"{began} {time.monotonic()} {used_s() - used}")
