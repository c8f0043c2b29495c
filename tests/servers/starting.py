"""Starts real servers by their scripts: prepared once a machine, fresh for every test run."""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.conftest import SHARED

SCRIPTS = SHARED / "servers"
# Not below /root, where PostgreSQL's own user may not look.
CACHE = Path(os.environ.get("VERBUND_SERVERS", f"/var/tmp/verbund-servers-{os.getuid()}"))
SEED_N = 24
PREPARATION_TIMEOUT_S = 900


@dataclass(frozen=True)
class System:
    """name: the scripts' folder. data: what a run changes of all that was prepared; the rest is
    shared. movable: its data may be copied elsewhere."""

    name: str
    data: tuple[str, ...]
    shared: tuple[str, ...] = ("venv",)
    movable: bool = True


SYSTEMS = {
    system.name: system
    for system in (
        System("roundup", ("tracker",)),
        System("tryton", ("db",)),
        System("bottlecrm", ("pg",)),
        System("rt", ("db", "token"), shared=()),
        System("redmine", ("app/usr/share/redmine/instances",), shared=(), movable=False),
    )
}


@dataclass(frozen=True)
class Server:
    """A server that runs: what its script says of it."""

    said: Mapping[str, Any]

    @property
    def base_url(self) -> str:
        return str(self.said["base_url"])

    @property
    def api_key(self) -> str:
        return str(self.said["api_key"])

    @property
    def headers(self) -> dict[str, str]:
        """Return the credentials as a header."""
        name, _, value = str(self.said["auth_header"]).partition(": ")
        return {name: value}


@contextmanager
def running(name: str) -> Iterator[Server]:
    """Start a server with the seeded records and no others; stop it at the end."""
    system = SYSTEMS[name]
    folder = CACHE / name
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder.with_suffix(".lock")) as lock:
        prepared = _prepared(system, folder)
        if system.movable:
            fcntl.flock(lock, fcntl.LOCK_UN)
            with tempfile.TemporaryDirectory(prefix=f"verbund-{name}-") as own:
                Path(own).chmod(0o755)  # PostgreSQL runs as another user
                _take(system, prepared, Path(own))
                yield from _served(name, Path(own))
        else:  # its files name the folder they stand in: one run at a time
            _script(name, "down.sh", prepared)  # a run that was killed may have left it
            for part in system.data:
                _replace(folder / "data" / part, prepared / part)
            yield from _served(name, prepared)


def _served(name: str, folder: Path) -> Iterator[Server]:
    try:
        yield Server(_up(name, folder))
    finally:
        _script(name, "down.sh", folder)


def _prepared(system: System, folder: Path) -> Path:
    """Return the folder with the installed and seeded server, made where there is none yet."""
    built, stamp = folder / "built", folder / "prepared"
    version = _version(system.name)
    if not stamp.exists() or stamp.read_text() != version:
        built.mkdir(exist_ok=True)
        _script(system.name, "down.sh", built)
        for path in built.iterdir():
            if path.name not in system.shared:
                _remove(path)
        for _ in _served(system.name, built):
            pass
        if not system.movable:
            for part in system.data:
                _replace(built / part, folder / "data" / part)
        stamp.write_text(version)
    return built


def _version(name: str) -> str:
    scripts = sorted([*(SCRIPTS / name).glob("*.*"), *(SCRIPTS / "common").glob("*.*")])
    text = b"".join(path.read_bytes() for path in scripts)
    return f"{SEED_N} {sys.version_info[:2]} {sha256(text).hexdigest()}"


def _take(system: System, prepared: Path, own: Path) -> None:
    for part in system.data:
        _replace(prepared / part, own / part)
    for part in system.shared:
        (own / part).symlink_to(prepared / part)


def _replace(source: Path, target: Path) -> None:
    _remove(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # keeps owners


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _up(name: str, folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(_script(name, "up.sh", folder).splitlines()[-1])
    return said


def _script(name: str, script: str, folder: Path) -> str:
    ports = {"PORT": str(_free_port()), "PGPORT": str(_free_port())}
    env = {**os.environ, **ports, "DATA_DIR": str(folder), "SEED_N": str(SEED_N)}
    for mine in ("PYTHONPATH", "VIRTUAL_ENV", "PYTHONWARNINGS"):
        env.pop(mine, None)
    with tempfile.TemporaryFile("w+") as told:  # a pipe would stay open in what it starts
        result = subprocess.run(
            [str(SCRIPTS / name / script)],
            env=env,
            stdout=subprocess.PIPE,
            stderr=told,
            text=True,
            timeout=PREPARATION_TIMEOUT_S,
            check=False,
        )
        told.seek(0)
        assert result.returncode == 0, f"{name}/{script}: {told.read()[-3000:]}"
    return result.stdout


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def _alone(path: Path) -> Iterator[int]:
    """Hold a lock against other test processes."""
    lock = os.open(path, os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)
