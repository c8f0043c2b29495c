"""A mail server on loopback that answers as it is told, and keeps what it was sent."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Mailbox:
    """Keeps what arrives. refuses: mailbox -> its answer; answer: what it says at the end."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.told: list[list[str]] = []
        self.refuses: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802  # their name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        found = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.told.append(list(envelope.rcpt_tos))
        return self.answer


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
