"""Mail over a real SMTP server on loopback: encrypted, logged in, in German and English."""

import socket
import threading
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from hub.notify.address import networks
from hub.notify.letter import alert_title, write
from hub.notify.mail import send
from hub.notify.target import MailServer, MailTarget, NotDeliveredError
from tests.notify.mailbox import Mailbox, served

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


def target(port: int, **more: Any) -> MailTarget:
    to = more.pop("to", ("eva@example.org",))
    said = {"host": "127.0.0.1", "port": port, "sender": "Hub <hub@example.org>", "tls": "none"}
    return MailTarget(to, more.pop("language", "de"), MailServer(**{**said, **more}))


def post(to: MailTarget, *, allowed: str = "127.0.0.0/8", timeout_s: float = 5) -> None:
    nets = networks([allowed] if allowed else [])
    send(to, "msg_1", BODY, created_at=AT, allowed=nets, timeout_s=timeout_s)


def test_it_arrives_encrypted_and_logged_in(certificate: Path) -> None:
    mailbox = Mailbox()
    more = {"tls": "starttls", "user": "hub", "password": "secret", "ca_file": str(certificate)}
    with served(mailbox, certificate) as port:
        post(target(port, **more))
        with pytest.raises(NotDeliveredError, match="answered 535") as error:
            post(target(port, **{**more, "password": "wrong"}))
        assert not error.value.refused  # it is the hub's own fault: no letter is given up for it
        with pytest.raises(NotDeliveredError, match="no trusted TLS with the mail server: self"):
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


GONE, GREY = "550 no such mailbox", "451 greylisted, come again"


@pytest.mark.parametrize(
    ("answers", "said", "for_good", "left"),
    [
        ({"eva@a.example": GONE, "ina@a.example": GONE}, "none of the mailboxes", True, ()),
        ({"eva@a.example": GREY, "ina@a.example": GREY}, "none of the mailboxes", False, ()),
        ({"eva@a.example": GONE}, r"1 of 2 mailboxes were refused \(550\)", True, ("eva",)),
        ({"eva@a.example": GREY}, r"1 of 2 mailboxes were refused \(451\)", False, ("eva",)),
    ],
)
def test_mailboxes_the_server_does_not_take(
    answers: dict[str, str], said: str, for_good: bool, left: tuple[str, ...]
) -> None:
    mailbox = Mailbox()
    mailbox.refuses = answers
    with served(mailbox) as port, pytest.raises(NotDeliveredError, match=said) as error:
        post(target(port, to=("eva@a.example", "ina@a.example")))
    assert (error.value.refused, error.value.gone) == (for_good, False)
    assert [one.partition("@")[0] for one in error.value.left] == list(left)


def test_a_mail_the_server_does_not_take() -> None:
    mailbox = Mailbox()
    with served(mailbox) as port:
        for mailbox.answer, for_good in (("451 try later", False), ("554 spam", True)):
            with pytest.raises(NotDeliveredError, match=f"answered {mailbox.answer[:3]}") as error:
                post(target(port))
            assert error.value.refused == for_good


@pytest.mark.parametrize(
    ("tls", "first", "drop"),
    [
        ("none", b"", b"220-go on waiting\r\n"),
        ("tls", b"\x16\x03\x03\x3f\xff", b"\x02"),  # a handshake of 16 kB, byte by byte
    ],
    ids=["greeting", "handshake"],
)
def test_a_server_that_drips_its_answer_is_left_in_time(
    tls: str, first: bytes, drop: bytes
) -> None:
    def drip() -> None:
        there, _ = server.accept()
        there.settimeout(0.1)  # each drop well within any wait for one
        with there, suppress(ConnectionError):
            there.sendall(first)
            for _ in range(50):
                there.sendall(drop)
                with suppress(TimeoutError):
                    if not there.recv(1 << 16):
                        return  # the other side has left

    with socket.create_server(("127.0.0.1", 0)) as server:
        dripping = threading.Thread(target=drip)
        dripping.start()
        began = monotonic()
        port = int(server.getsockname()[1])
        with pytest.raises(NotDeliveredError, match=r"longer than 0\.5 s"):
            post(target(port, tls=tls), timeout_s=0.5)
        assert monotonic() - began < 4
        dripping.join()


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


def test_what_has_no_customer_is_headed_by_what_it_is_called() -> None:
    item = {**ITEM, "customer": None, "about": {"de": "Ticket T-1", "en": "Ticket T-1"}}
    assert alert_title(item, "de").endswith(" – Ticket T-1")
    assert alert_title({**ITEM, "customer": None}, "de").endswith(" – crm:deals:1")
