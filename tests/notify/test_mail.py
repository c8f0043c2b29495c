"""Mail over a real SMTP server on loopback: encrypted, logged in, in German and English."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import escape
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from hub.notify.address import networks
from hub.notify.letter import write
from hub.notify.mail import send
from hub.notify.target import MailServer, MailTarget, NotDeliveredError

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
ITEM: dict[str, Any] = {
    "reason": "new",
    "id": "a1",
    "rule": "R07",
    "severity": "warning",
    "subject": {"kind": "deal", "id": "crm:deals:1"},
    "customer": {"id": "01A", "name": "Weber <& Söhne>"},
    "fired_at": "2026-11-23T10:00:00.000Z",
    "name": {"de": "Übergabe verloren", "en": "Handover lost"},
    "clears_when": {"de": "Ein Auftrag hängt daran.", "en": "An order is linked."},
    "facts": {"deal.days_since_won": 6},
    "records": [{"ref": "crm:deals:1", "number": "D-1"}],
    "href": "https://hub.example.org/v1/alerts/a1",
    "page": "https://hub.example.org/console/alerts/a1",
}
BODY = {"type": "alerts", "total": 1, "items": [ITEM]}


class Mailbox:
    """Keeps what arrives. refuses: mailboxes it does not know; answer: what it says at the end."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refuses: set[str] = set()
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802  # their name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        return self.answer


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


@contextmanager
def served(mailbox: Mailbox, certificate: Path | None = None) -> Iterator[int]:
    context = None
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, certificate.with_suffix(".key"))

        def check(_s: Any, _session: Any, _e: Any, _mechanism: Any, data: Any) -> AuthResult:
            assert isinstance(data, LoginPassword)
            good = (data.login, data.password) == (b"hub", b"secret")
            return AuthResult(success=good, handled=False)

        options = {
            "tls_context": context,
            "require_starttls": True,
            "authenticator": check,
            "auth_required": True,
        }
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = int(found.getsockname()[1])
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def target(port: int, **more: Any) -> MailTarget:
    to = more.pop("to", ("eva@example.org",))
    said = {"host": "127.0.0.1", "port": port, "sender": "Hub <hub@example.org>", "tls": "none"}
    return MailTarget(to, more.pop("language", "de"), MailServer(**{**said, **more}))


def post(to: MailTarget, *, allowed: str = "127.0.0.0/8") -> None:
    nets = networks([allowed] if allowed else [])
    send(to, "msg_1", BODY, created_at=AT, allowed=nets, timeout_s=5)


def test_it_arrives_encrypted_and_logged_in(certificate: Path) -> None:
    mailbox = Mailbox()
    more = {"tls": "starttls", "user": "hub", "password": "secret", "ca_file": str(certificate)}
    with served(mailbox, certificate) as port:
        post(target(port, **more))
        with pytest.raises(NotDeliveredError, match="answered 535"):
            post(target(port, **{**more, "password": "wrong"}))
        with pytest.raises(NotDeliveredError, match="no trusted TLS"):
            post(target(port, **{**more, "ca_file": None}))
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Neu (Warnung): Übergabe verloren – Weber <& Söhne>"
    assert mail["Message-ID"] == "<msg_1@example.org>"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    assert "Erledigt sich, wenn: Ein Auftrag hängt daran." in text.get_content()
    assert "Weber &lt;&amp; Söhne&gt;" in html.get_content()
    assert '<a href="https://hub.example.org/console/alerts/a1">' in html.get_content()


def test_a_server_in_the_own_network_must_be_allowed() -> None:
    mailbox = Mailbox()
    with served(mailbox) as port, pytest.raises(NotDeliveredError, match="not public"):
        post(target(port), allowed="")
    assert mailbox.mails == []


def test_what_the_server_refuses() -> None:
    mailbox = Mailbox()
    mailbox.refuses = {"gone@example.org"}
    with served(mailbox) as port:
        with pytest.raises(NotDeliveredError, match="none of the mailboxes") as error:
            post(target(port, to=("gone@example.org",)))
        assert error.value.refused
        with pytest.raises(NotDeliveredError, match="1 of 2 mailboxes") as error:
            post(target(port, to=("eva@example.org", "gone@example.org")))
        assert error.value.gone  # it went to the other one: never twice
        mailbox.answer = "451 try later"
        with pytest.raises(NotDeliveredError, match="answered 451") as error:
            post(target(port))
        assert not error.value.refused


@pytest.mark.parametrize(
    ("body", "german", "english"),
    [
        (BODY, "Neu (Warnung): Übergabe verloren", "New (Warning): Handover lost"),
        (
            {**BODY, "items": [{**ITEM, "reason": "resolved", "resolved_at": "2026-11-23T11:00"}]},
            "Erledigt (Warnung)",
            "Resolved (Warning)",
        ),
        (
            {**BODY, "items": [ITEM, ITEM], "total": 120},
            "120 Meldungen: Weber <& Söhne>",
            "120 alerts: Weber <& Söhne>",
        ),
        (
            {"type": "rule_held", "rule": "R07"},
            "Regel R07 ist angehalten",
            "Rule R07 is held",
        ),
        (
            {"type": "rule_quarantined", "rule": "R07", "detail": "division by zero"},
            "Regel R07 ist außer Betrieb",
            "Rule R07 is out of use",
        ),
        ({"type": "test", "target": "sales"}, "Probe: Meldungen", "Test: notices"),
        (
            {"type": "source_unknown", "source": "desk", "alerts": 3, "rules": ["R01"]},
            "Quelle desk: 3 Meldungen sind unbekannt",
            "Source desk: 3 alerts are unknown",
        ),
    ],
)
def test_words(body: dict[str, Any], german: str, english: str) -> None:
    for language, expected in (("de", german), ("en", english)):
        written = write(body, language)
        assert written.subject.startswith(expected)
        assert written.text
        assert "{" not in written.text + written.subject


@pytest.mark.parametrize(
    ("zone", "german", "english"),
    [
        ({}, "23.11.2026 10:00 UTC", "2026-11-23 10:00 UTC"),
        ({"time_zone": "Europe/Berlin"}, "23.11.2026 11:00 CET", "2026-11-23 11:00 CET"),
        ({"time_zone": "Europe/London"}, "23.11.2026 10:00 GMT", "2026-11-23 10:00 GMT"),
    ],
)
def test_times_are_those_of_the_company(zone: dict[str, str], german: str, english: str) -> None:
    assert f"seit {german}" in write({**BODY, **zone}, "de").text
    assert f"since {english}" in write({**BODY, **zone}, "en").text


def test_a_letter_says_why_in_words_and_not_in_names_of_facts() -> None:
    why = {"de": ["Verkaufschance D-1: gewonnen vor 6 Tagen"], "en": ["Deal D-1: won 6 days ago"]}
    link = "https://crm.example.org/deals/1?a=1&b=2"
    records = [{"ref": "crm:deals:1", "number": "D-1", "link": link}]
    body = {**BODY, "items": [{**ITEM, "reasons": why, "records": records}]}
    for language, (line,) in why.items():
        written = write(body, language)
        assert line in written.text
        assert line in written.html
        assert link in written.text
        assert f'<a href="{escape(link)}">' in written.html
        assert "days_since_won" not in written.text
    assert "deal.days_since_won = 6" in write(BODY, "en").text  # evidence that has no words yet


def test_a_name_with_line_breaks_makes_no_header() -> None:
    item = {**ITEM, "customer": {"id": "x", "name": "Weber\r\nBcc: all@example.org"}}
    assert "\n" not in write({**BODY, "items": [item]}, "de").subject
