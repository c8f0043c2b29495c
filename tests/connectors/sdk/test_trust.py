"""Over the network: whom a connection trusts, and by which way it asks."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.sdk.client import Client
from connectors.sdk.connection_options import Options
from connectors.sdk.credentials import NoAuth
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.surroundings import Surroundings


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer of a stated length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


@dataclass
class Speaker:
    """A server that says what it was told to. asked: the heads of requests, by connection."""

    url: str = ""
    asked: list[list[bytes]] = field(default_factory=list)


@contextmanager
def speaking(
    *connections: Sequence[bytes], tls: ssl.SSLContext | None = None, stays: bool = False
) -> Iterator[Speaker]:
    """Answer each request of the first connection, then of the next, by these bytes in turn.

    A connection is ended behind its last answer, unless it stays.
    """
    speaker, listener = Speaker(), socket.create_server(("127.0.0.1", 0))
    speaker.url = f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
    done = threading.Event()

    def serve() -> None:
        for answers in connections:
            with suppress(OSError):
                accepted, _ = listener.accept()
                with (
                    accepted,
                    tls.wrap_socket(accepted, server_side=True) if tls else accepted as s,
                ):
                    _talk(s, answers, speaker)
                    if stays:
                        done.wait()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield speaker
    finally:
        done.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _talk(connection: socket.socket, answers: Sequence[bytes], speaker: Speaker) -> None:
    heads: list[bytes] = []
    speaker.asked.append(heads)
    with connection.makefile("rb") as lines:
        for answer in answers:
            head = b""
            while (line := lines.readline()).strip():
                head += line
            if not head:
                return
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
            heads.append(head + lines.read(int(length or 0)))
            connection.sendall(answer)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a certificate for 127.0.0.1, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "loopback.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def _asking(url: str, **options: object) -> Client:
    config = Options.model_validate({"base_url": url, **options})
    return Client(config, NoAuth().opened(config), Surroundings())


def test_an_authority_of_ones_own_is_trusted_where_it_is_stated(certificate: Path) -> None:
    with speaking([whole(b"1"), whole(b"2")], tls=_tls(certificate), stays=True) as speaker:
        asking = _asking(speaker.url, ca_file=certificate)
        assert [asking.get("/").content, asking.get("/").content] == [b"1", b"2"]
        asking.close()
    assert len(speaker.asked) == 1


def test_who_cannot_be_trusted_is_told_nothing(certificate: Path) -> None:
    with speaking([whole(b"1")], tls=_tls(certificate)) as speaker:
        asking = _asking(speaker.url)
        with pytest.raises(ConnectionBrokenError, match="certificate cannot be trusted"):
            asking.get("/")
        asking.close()
    assert not speaker.asked


def test_another_name_than_the_certificates_is_refused(certificate: Path) -> None:
    with speaking([whole(b"1")], tls=_tls(certificate)) as speaker:
        asking = _asking(speaker.url.replace("127.0.0.1", "localhost"), ca_file=certificate)
        with pytest.raises(ConnectionBrokenError, match="certificate cannot be trusted"):
            asking.get("/")
        asking.close()


def test_a_proxy_is_asked_for_the_address() -> None:
    with speaking([whole(b"1")]) as proxy:
        asking = _asking("http://127.0.0.1:9/base", proxy=proxy.url)
        assert asking.get("/items").content == b"1"
        asking.close()
    assert proxy.asked[0][0].startswith(b"GET http://127.0.0.1:9/base/items HTTP/1.1\r\n")
