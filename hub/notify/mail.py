"""Hands a notice to a mail server."""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from hub.notify.address import Network, connect
from hub.notify.letter import write
from hub.notify.target import MailServer, MailTarget, NotDeliveredError


def message(
    target: MailTarget, message_id: str, body: dict[str, Any], created_at: datetime
) -> EmailMessage:
    """Return a notice as mail. Its Message-ID is the same at every attempt."""
    written = write(body, target.language)
    mail = EmailMessage()
    mail["Subject"] = written.subject
    mail["From"] = target.server.sender
    mail["To"] = ", ".join(target.to)
    mail["Date"] = format_datetime(created_at)
    domain = parseaddr(target.server.sender)[1].rpartition("@")[2] or "hub"
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = target.language
    mail.set_content(written.text)
    mail.add_alternative(written.html, subtype="html")
    return mail


def send(
    target: MailTarget,
    message_id: str,
    body: dict[str, Any],
    *,
    created_at: datetime,
    allowed: Sequence[Network],
    timeout_s: float,
) -> None:
    """Send a notice to every mailbox of a target. Raises NotDeliveredError."""
    mail = message(target, message_id, body, created_at)
    server = target.server
    try:
        with _opened(server, allowed, timeout_s) as smtp:
            if server.tls == "starttls":
                smtp.starttls(context=_context(server))
            if server.user is not None:
                smtp.login(server.user, server.password or "")
            refused = smtp.send_message(mail)
    except smtplib.SMTPResponseException as error:
        refused_for_good = 500 <= error.smtp_code < 600
        words = f"the mail server answered {error.smtp_code}"
        raise NotDeliveredError(words, refused=refused_for_good) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise NotDeliveredError(
            "the mail server takes none of the mailboxes", refused=True
        ) from error
    except smtplib.SMTPException as error:
        name = type(error).__name__
        raise NotDeliveredError(f"the mail server cannot be used ({name})") from error
    except ssl.SSLError as error:
        raise NotDeliveredError(f"no trusted TLS with the mail server: {error.reason}") from error
    except OSError as error:
        raise NotDeliveredError("the connection to the mail server broke") from error
    if refused:
        # It went out to the others; to try again would tell them twice.
        raise NotDeliveredError(
            f"{len(refused)} of {len(target.to)} mailboxes were refused", refused=True, gone=True
        )


def _context(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


def _opened(server: MailServer, allowed: Sequence[Network], timeout_s: float) -> smtplib.SMTP:
    """Open the server by an address that was checked; smtplib would resolve the name itself."""

    class Guarded(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            opened = connect(host, port, allowed=allowed, timeout_s=timeout)
            opened.settimeout(timeout)
            if server.tls == "tls":
                return _context(server).wrap_socket(opened, server_hostname=host)
            return opened

    return Guarded(server.host, server.port, timeout=timeout_s)
