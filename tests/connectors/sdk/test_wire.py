"""The transport: what an answer is, when a connection is kept, whom it trusts."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from itertools import takewhile
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from connectors.sdk.client import Client
from connectors.sdk.connection_options import Options
from connectors.sdk.credentials import NoAuth
from connectors.sdk.errors import ConnectionBrokenError
from connectors.sdk.surroundings import Surroundings
from connectors.sdk.wire import Wire

SHORT = httpx.Timeout(0.1)


def whole(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return an answer of a stated length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def chunked(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """Return an answer in chunks."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body + end


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
            head = b"".join(takewhile(lambda line: line.strip(), iter(lines.readline, b"")))
            if not head:
                return
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r")[0]
            heads.append(head + lines.read(int(length or 0)))
            connection.sendall(answer)


def client(timeout: httpx.Timeout | None = None) -> httpx.Client:
    wire = Wire(ssl.create_default_context)
    return httpx.Client(transport=wire, timeout=timeout or 10.0, trust_env=False)


@pytest.mark.parametrize(
    ("answer", "content"),
    [
        (whole(b"abc"), b"abc"),
        (whole(b""), b""),
        (whole(b"x" * 300_000), b"x" * 300_000),
        (chunked(b"ab", b"c"), b"abc"),
        (chunked(), b""),
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.0 200 OK\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + whole(b"abc"), b"abc"),
    ],
)
def test_an_answer_is_read_whole_however_it_states_its_end(answer: bytes, content: bytes) -> None:
    with speaking([answer]) as speaker, client() as http:
        assert http.get(f"{speaker.url}/a?b=%20c").content == content
    assert speaker.asked[0][0].startswith(b"GET /a?b=%20c HTTP/1.1\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        whole(b"abc")[:-1],
        whole(b"x" * 300_000)[:-70_000],
        chunked(b"ab", end=b""),
        chunked(b"ab", end=b"5\r\nabc"),
        chunked(b"ab", end=b"lies\r\n"),
        b"",
        b"HTTP/1.1 200",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nLong: " + b"x" * 70_000,
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200,
    ],
)
def test_an_answer_that_breaks_off_is_none(answer: bytes) -> None:
    with speaking([answer]) as speaker, client() as http, pytest.raises(httpx.TransportError):
        http.get(speaker.url)


def test_a_connection_is_kept_for_what_is_asked_next() -> None:
    answers = [whole(b"1"), chunked(b"2"), whole(b"", status="204 No Content"), whole(b"4")]
    with speaking(answers, stays=True) as speaker, client() as http:
        said = [http.post(speaker.url, content=b"body").content for _ in answers]
    assert said == [b"1", b"2", b"", b"4"]
    assert len(speaker.asked) == 1
    assert all(asked.endswith(b"body") for asked in speaker.asked[0])


@pytest.mark.parametrize(
    "first", [whole(b"1"), whole(b"1", "Connection: close"), b"HTTP/1.1 200 OK\r\n\r\n1"]
)
def test_one_that_was_ended_is_opened_anew(first: bytes) -> None:
    with speaking([first], [whole(b"2")]) as speaker, client() as http:
        assert http.get(speaker.url).content == b"1"
        kept = [line for lines in http._transport._idle.values() for line in lines]  # type: ignore[attr-defined]
        for line in kept:
            assert line.sock.recv(1, socket.MSG_PEEK) == b"", "the end has arrived"
        assert http.get(speaker.url).content == b"2"
    assert len(speaker.asked) == 2


def test_what_was_not_read_to_its_end_is_not_asked_again() -> None:
    first = [whole(b"12345")[:-5], whole(b"of another question")]
    with speaking(first, [whole(b"2")]) as speaker, client() as http:
        with http.stream("GET", speaker.url) as answer:
            assert answer.status_code == 200
        assert http.get(speaker.url).content == b"2"


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200", whole(b"abc")[:-1]])
def test_who_says_no_more_is_waited_for_no_longer_than_stated(said: bytes) -> None:
    with (
        speaking([said], stays=True) as speaker,
        client(SHORT) as http,
        pytest.raises(httpx.ReadTimeout),
    ):
        http.get(speaker.url)


def test_nobody_there_is_told_as_such() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with client() as http, pytest.raises(httpx.ConnectError):
        http.get(f"http://127.0.0.1:{port}")


def test_headers_arrive_as_sent() -> None:
    answer = whole(b"", "Link: <a>,", "  <b>", "Set-Cookie: one", "Set-Cookie: two", "X-Town: Köln")
    with speaking([answer]) as speaker, client() as http:
        headers = http.get(speaker.url, headers=[(b"X-Own", "Öl".encode())]).headers
    assert headers["link"].split() == ["<a>,", "<b>"]
    assert headers.get_list("set-cookie") == ["one", "two"]
    assert headers["x-town"] == "Köln"
    assert "X-Own: Öl".encode() in speaker.asked[0][0]


def test_what_cannot_be_sent_is_not_quoted() -> None:
    with speaking([], [whole(b"")]) as speaker, client() as http:
        with pytest.raises(httpx.LocalProtocolError) as raised:
            http.get(speaker.url, headers={"Authorization": "canary\r\nX: y"})
        assert "canary" not in f"{raised.value!r} {raised.value.__cause__!r}"
        http.get(speaker.url)


def test_threads_ask_at_once() -> None:
    count, said = 8, []
    with speaking(*[[whole(b"1", "Connection: close")]] * count) as speaker, client() as http:
        threads = [
            threading.Thread(target=lambda: said.append(http.get(speaker.url).content))
            for _ in range(count)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == [b"1"] * count


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
