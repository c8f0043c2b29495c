"""Hands a notice to a mail server."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Any

from hub.notify.address import Network, connect, untrusted
from hub.notify.letter import write
from hub.notify.target import MailServer, MailTarget, NotDeliveredError

Answers = Mapping[str, tuple[int, bytes]]
"""Mailbox -> what the server answered for it."""


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
    """Send a notice to every mailbox of a target. Raises NotDeliveredError, which tells who is left
    where others took it.

    The whole exchange is over within `timeout_s`, however slowly the server drips.
    """
    mail = message(target, message_id, body, created_at)
    with _Deadline(timeout_s) as deadline:
        try:
            refused = _hand_over(mail, target.server, allowed, deadline)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(
                error.recipients, "the mail server takes none of the mailboxes"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _explained(error, deadline) from error
    if refused:
        words = f"{len(refused)} of {len(target.to)} mailboxes were refused"
        raise _refused(refused, words, left=refused)


def _hand_over(
    mail: EmailMessage, server: MailServer, allowed: Sequence[Network], deadline: "_Deadline"
) -> Answers:
    """Return what was answered for the mailboxes that did not take it, where others did."""
    smtp = _opened(server, allowed, deadline)
    try:
        if server.tls == "starttls":
            smtp.starttls(context=_context(server))
        if server.user is not None:
            smtp.login(server.user, server.password or "")
        refused = smtp.send_message(mail)
        with suppress(smtplib.SMTPException, OSError):
            smtp.quit()  # it has the mail, however it takes its leave
    finally:
        smtp.close()
    return refused


def _refused(answers: Answers, words: str, left: Collection[str] = ()) -> NotDeliveredError:
    """Return the error; a 4xx says not now: an unknown sender may have to come again later."""
    for_good = all(code >= 500 for code, _ in answers.values())
    codes = ", ".join(sorted({str(code) for code, _ in answers.values()}))
    return NotDeliveredError(f"{words} ({codes})", refused=for_good, left=left)


def _explained(error: Exception, deadline: "_Deadline") -> NotDeliveredError:
    if deadline.passed:
        return NotDeliveredError(f"the mail server took longer than {deadline.after_s:g} s")
    if isinstance(error, smtplib.SMTPResponseException):
        # What a login lacks is mended at the hub: no letter is to be given up for it.
        for_good = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
        return NotDeliveredError(f"the mail server answered {error.smtp_code}", refused=for_good)
    if isinstance(error, smtplib.SMTPException):
        return NotDeliveredError(f"the mail server cannot be used ({type(error).__name__})")
    if isinstance(error, ssl.SSLError):
        return NotDeliveredError(untrusted(error, "the mail server"))
    return NotDeliveredError("the connection to the mail server broke")


class _Deadline:
    """Breaks a connection once the time for all of an exchange is up: smtplib only knows how long
    each answer may take, and a server may drip them."""

    def __init__(self, after_s: float) -> None:
        self.after_s, self.passed = after_s, False
        self._watched: socket.socket | None = None
        self._timer = threading.Timer(after_s, self._break)
        self._timer.daemon = True

    def __enter__(self) -> "_Deadline":
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()
        if self._watched is not None:
            self._watched.close()

    def watch(self, opened: socket.socket) -> None:
        """Hold on to a connection, by a handle that lasts when TLS takes the other."""
        self._watched = opened.dup()

    def _break(self) -> None:
        self.passed = True
        if self._watched is not None:
            with suppress(OSError):
                self._watched.shutdown(socket.SHUT_RDWR)


def _context(server: MailServer) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=server.ca_file)


def _opened(server: MailServer, allowed: Sequence[Network], deadline: _Deadline) -> smtplib.SMTP:
    """Open the server by an address that was checked; smtplib would resolve the name itself."""

    class Guarded(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            opened = connect(host, port, allowed=allowed, timeout_s=timeout)
            opened.settimeout(timeout)
            deadline.watch(opened)
            if server.tls == "tls":
                return _context(server).wrap_socket(opened, server_hostname=host)
            return opened

    return Guarded(server.host, server.port, timeout=deadline.after_s)
