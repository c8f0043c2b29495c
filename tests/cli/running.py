"""Runs `hub`: in this process where that shows the same, in one of its own where it does not."""

import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from hub.cli.root import build, ended
from tests.conftest import ROOT

COMMAND = [sys.executable, "-c", "from hub.cli import main; main()"]


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    returncode: int
    stdout: str
    stderr: str


def environment(**more: str) -> dict[str, str]:
    """Return an environment that knows the project and nothing of the caller's hub."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "COLUMNS": "120", **more}


def hub(*arguments: str, folder: Path, **env: str) -> Said:
    """Run a command in `folder`, in this process; an error that is not foreseen comes through."""
    out, err = StringIO(), StringIO()
    code = 0
    with (
        chdir(folder),
        patch.dict(os.environ, environment(**env), clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            ended(lambda: build(arguments)(arguments, prog_name="hub"))
        except SystemExit as end:
            code = int(end.code or 0)
    return Said(code, out.getvalue(), err.getvalue())


def start(*arguments: str, folder: Path, **env: str) -> "subprocess.Popen[str]":
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        env=environment(**env),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
