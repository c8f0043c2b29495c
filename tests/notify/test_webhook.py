"""Signed webhooks, received as others receive them; targets that are away, slow or hostile."""

import base64
import ipaddress
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from hub.notify.address import connect, is_public, networks
from hub.notify.target import NotDeliveredError, WebhookTarget
from hub.notify.webhook import key_of, send
from tests.notify.receiver import Receiver, receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
LOOPBACK = networks(["127.0.0.0/8"])


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


def post(server: Receiver, *, allowed: str = "127.0.0.0/8", timeout_s: float = 5) -> None:
    target = WebhookTarget(server.url, SECRET)
    now = int(datetime.now(UTC).timestamp())
    body = {"type": "hub.alerts", "data": {"name": "Übergabe"}}
    nets = networks([allowed] if allowed else [])
    send(target, "msg_1", body, timestamp=now, allowed=nets, timeout_s=timeout_s)


def test_the_receiver_of_the_specification_accepts_it(server: Receiver) -> None:
    post(server)
    ((headers, body),) = server.got
    assert Webhook(SECRET).verify(body, headers)["data"] == {"name": "Übergabe"}
    assert headers["webhook-id"] == "msg_1"
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"alerts", b"slerts"), headers)
    other = "whsec_" + base64.b64encode(bytes(32)).decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(body, headers)


@pytest.mark.parametrize("drip", [False, True])
def test_one_that_hangs_costs_no_more_than_its_time(server: Receiver, drip: bool) -> None:
    server.hang, server.drip = threading.Event(), drip
    started = monotonic()
    with pytest.raises(NotDeliveredError, match=r"did not answer within 0\.4 s") as error:
        post(server, timeout_s=0.4)
    assert monotonic() - started < 4
    assert not error.value.refused


@pytest.mark.parametrize(
    ("status", "headers", "refused", "gone", "again"),
    [
        (500, {}, False, False, None),
        (503, {"Retry-After": "120"}, False, False, 120.0),
        (429, {"Retry-After": "soon"}, False, False, None),
        (400, {}, True, False, None),
        (410, {}, True, True, None),
    ],
)
def test_what_it_answers_says_how_to_go_on(
    server: Receiver,
    status: int,
    headers: dict[str, str],
    refused: bool,
    gone: bool,
    again: float | None,
) -> None:
    server.status, server.headers = status, headers
    with pytest.raises(NotDeliveredError, match=f"answered {status}") as caught:
        post(server)
    error = caught.value
    assert (error.refused, error.gone, error.retry_after_s) == (refused, gone, again)


def test_a_redirect_is_not_followed(server: Receiver) -> None:
    server.status, server.headers = 302, {"Location": server.url}
    with pytest.raises(NotDeliveredError, match="redirects"):
        post(server)
    assert len(server.got) == 1


def test_loopback_is_told_nothing_unless_it_is_allowed(server: Receiver) -> None:
    with pytest.raises(NotDeliveredError, match=r"127\.0\.0\.1 is not public"):
        post(server, allowed="")
    server.url = server.url.replace("127.0.0.1", "localhost")  # by name it is the same
    with pytest.raises(NotDeliveredError, match="not public"):
        post(server, allowed="10.0.0.0/8")
    assert server.got == []


def test_one_that_nobody_vouches_for_is_told_nothing(certificate: Path) -> None:
    with receiver(certificate) as server:
        with pytest.raises(NotDeliveredError, match="TLS with the target: self") as error:
            post(server)
        assert not error.value.refused
        assert server.got == []


def test_nothing_goes_into_the_open_unencrypted() -> None:
    target = WebhookTarget("http://93.184.216.34/hook", SECRET)
    with pytest.raises(NotDeliveredError, match="unencrypted"):
        send(target, "m", {}, timestamp=0, allowed=(), timeout_s=1)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fd00:ec2::254", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("ff02::1", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("64:ff9b:1::7f00:1", False),
        ("fec0::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_closed_port_and_a_name_nobody_has() -> None:
    with pytest.raises(NotDeliveredError, match="cannot connect"):
        connect("127.0.0.1", 1, allowed=LOOPBACK, timeout_s=2)
    with pytest.raises(NotDeliveredError, match="cannot be resolved"):
        connect("no-such-host.invalid", 443, allowed=LOOPBACK, timeout_s=2)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_????", "whsec_c2hvcnQ=", "ä"])
def test_a_secret_too_weak_to_sign_with(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        key_of(secret)


def test_a_target_shows_nothing_of_itself() -> None:
    assert SECRET not in repr(WebhookTarget("https://example.org/?token=x", SECRET))
