"""A virtual environment for each program, so that the needs of two never clash."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator

from connectors.sdk.errors import ConnectionBrokenError, RetryableError

INSTALL_LIMIT_S = 900
_PINNED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9,._-]+\])?==[A-Za-z0-9.!+_-]+")
_LOCAL = (".whl", ".tar.gz")
_PASSED_ON = (
    "PATH", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE",
    "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy",
)  # fmt: skip


def _pinned(requirement: str) -> str:
    if _PINNED.fullmatch(requirement) or requirement.endswith(_LOCAL):
        return requirement
    raise ValueError(f"{requirement!r}: state the exact version, as in tap-acme==1.2.3, or a wheel")


Requirement = Annotated[str, AfterValidator(_pinned)]
"""What to install: NAME==VERSION, or the path of a wheel; a version that is open is refused."""


def clean_environment(home: Path) -> dict[str, str]:
    """Return the variables a foreign program may see: none of the hub's secrets are among them."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "HOME": str(home), "PYTHONUNBUFFERED": "", "PYTHONIOENCODING": "utf-8"}


def environment(
    folder: Path, requirements: Sequence[str], *, base_dir: Path, python: str = sys.executable
) -> Path:
    """Return the `bin` folder of an environment that holds `requirements`; made where needed.

    folder: where environments are kept. Raises ConnectionBrokenError where they cannot be
    installed together, RetryableError where the package index does not answer.
    """
    wanted = [_located(one, base_dir) for one in requirements]
    digest = sha256("\n".join([python, *wanted]).encode()).hexdigest()[:12]
    name = re.split(r"[=\[]", Path(requirements[-1]).name)[0]
    place = folder.absolute() / f"{name}-{digest}"
    done = place / ".installed"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder / f"{place.name}.lock"):
            if not done.exists():
                _install(place, wanted, python)
                done.touch()
    return place / "bin"


def _located(requirement: str, base_dir: Path) -> str:
    return str(base_dir / requirement) if requirement.endswith(_LOCAL) else requirement


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time in; a dead one's lock falls with it."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install(place: Path, requirements: Sequence[str], python: str) -> None:
    shutil.rmtree(place, ignore_errors=True)  # one that was only begun
    what = ", ".join(requirements)
    pip = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    env = {**clean_environment(Path.home()), **pip}
    _run([python, "-m", "venv", "--without-pip", str(place)], env, f"an environment for {what}")
    # The hub's own pip works on the new environment: that saves unpacking one for each.
    _run(
        [
            sys.executable, "-m", "pip", "--python", str(place / "bin" / "python"), "install",
            "--quiet", "--no-input", "--disable-pip-version-check", *requirements,
        ],
        env,
        what,
    )  # fmt: skip


def _run(command: Sequence[str], env: Mapping[str, str], what: str) -> None:
    try:
        done = subprocess.run(
            command, env=dict(env), capture_output=True, text=True, timeout=INSTALL_LIMIT_S
        )
    except subprocess.TimeoutExpired as error:
        text = f"{what} was not installed within {INSTALL_LIMIT_S} s"
        raise RetryableError(text) from error
    except OSError as error:
        raise ConnectionBrokenError(f"{what} cannot be installed: {error}") from error
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        text = "; ".join(said[:3]) or done.stderr[-300:]
        away = "NewConnectionError" in done.stderr or "timed out" in done.stderr
        kind = RetryableError if away else ConnectionBrokenError
        raise kind(f"{what} cannot be installed: {text}")
