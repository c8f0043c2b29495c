"""Private files for a foreign program, gone with it, also where the hub itself was killed."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_OURS = re.compile(r"verbund-(\d+)-")


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Lend a folder that only this user may look into."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"verbund-{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_private(path: Path, content: bytes) -> Path:
    """Write a file that only this user may read, and return its path."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
    return path


def _sweep(parent: Path) -> None:
    """Remove what processes of this user that are dead left behind."""
    for folder in parent.glob("verbund-*-*"):
        found = _OURS.match(folder.name)
        if found and not Path(f"/proc/{found[1]}").exists():
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid():
                    shutil.rmtree(folder, ignore_errors=True)
