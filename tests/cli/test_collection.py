"""A command looks for garbage seldom, and still does."""

import subprocess
import sys

CODE = """
import atexit, gc, sys
atexit.register(lambda: print(gc.isenabled(), *gc.get_threshold(), gc.get_freeze_count() > 1000))
from hub.cli import main
sys.argv = ["hub", "--help"]
main()
"""


def test_what_a_command_has_loaded_is_looked_through_no_more() -> None:
    said = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "True 10000 10 10 True"
