"""How a command ends: exit codes, and one line on stderr."""

import sys
from enum import IntEnum
from typing import NoReturn


class Exit(IntEnum):
    """What the exit code of `hub` means."""

    OK = 0
    FAILED = 1
    CONFIG = 2  # also what the command line parser answers to wrong arguments
    PARTLY = 3  # some connections failed, others did not
    BUSY = 4  # another process is at it


def fail(message: str, code: Exit) -> NoReturn:
    """Say what is wrong and end the process."""
    print(message, file=sys.stderr)
    sys.exit(code)
