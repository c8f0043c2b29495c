"""What tests of both kinds of notices stand on."""

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    key, names = path.with_suffix(".key"), "subjectAltName=DNS:localhost,IP:127.0.0.1"
    more = ["-keyout", str(key), "-out", str(path), "-subj", "/CN=localhost", "-addext", names]
    subprocess.run(
        [*command.split(), *more],
        check=True,
        capture_output=True,
    )
    return path
