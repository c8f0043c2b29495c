"""Who proves that a body is the source's, and which records a body names."""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from standardwebhooks import Webhook as Reference

from connectors.sdk import webhooks
from connectors.sdk.surroundings import Surroundings
from tests.connectors.declared.opening import Item, connect, items

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
BODY = b'{"type": "item.changed", "id": 7}'
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
HEX = hmac.new(SECRET.encode(), BODY, sha256).hexdigest()
BASE64 = base64.b64encode(hmac.digest(SECRET.encode(), BODY, sha256)).decode()


def standard(at: datetime = NOW, body: bytes = BODY) -> dict[str, str]:
    """Sign as the specification's own library does."""
    signature = Reference(SECRET).sign("msg_1", at, body.decode())
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": f"v1,AAAA {signature}",
    }


@pytest.mark.parametrize(
    ("kind", "headers", "holds"),
    [
        (webhooks.Hmac(header="X-Sig"), {"x-sig": HEX}, True),
        (webhooks.Hmac(header="X-Sig"), {"x-sig": HEX.upper()}, True),
        (webhooks.Hmac(header="X-Sig", prefix="sha256="), {"x-sig": f"sha256={HEX}"}, True),
        (webhooks.Hmac(header="X-Sig", prefix="sha256="), {"x-sig": HEX}, False),
        (webhooks.Hmac(header="X-Sig", encoding="base64"), {"x-sig": BASE64}, True),
        (webhooks.Hmac(header="X-Sig"), {"x-sig": HEX[:-1]}, False),
        (webhooks.Hmac(header="X-Sig"), {}, False),
        (webhooks.SharedToken(header="X-Token"), {"x-token": SECRET}, True),
        (webhooks.SharedToken(header="X-Token"), {"x-token": SECRET[:-1]}, False),
        (webhooks.SharedToken(header="X-Token"), {"x-token": ""}, False),
        (webhooks.Standard(), standard(), True),
        (webhooks.Standard(), standard(NOW - timedelta(minutes=4)), True),
        (webhooks.Standard(), standard(NOW - timedelta(minutes=6)), False),
        (webhooks.Standard(), standard(NOW + timedelta(minutes=6)), False),
        (webhooks.Standard(), standard(body=b"{}"), False),
        (webhooks.Standard(), {**standard(), "webhook-id": "msg_2"}, False),
        (webhooks.Standard(), {**standard(), "webhook-timestamp": "soon"}, False),
        (webhooks.Standard(), {}, False),
    ],
)
def test_only_who_knows_the_secret_is_believed(
    kind: Any, headers: dict[str, str], holds: bool
) -> None:
    assert kind.holds(SECRET, headers, BODY, NOW) is holds


def test_code_may_read_the_keys_and_a_stream_without_an_item_takes_none(
    surroundings: Surroundings,
) -> None:
    stream = items(item="/items/{key}")

    @stream.webhook("item.*", verify={"type": "standard"}, event="header:X-Event")
    def keys(body: Any) -> list[Any]:
        return [body["id"], str(body["id"] + 1), None]

    connection = connect(
        "https://acme.test", surroundings, stream, options={"webhook_secret": SECRET}
    )
    headers = {**standard(), "x-event": "item.changed"}
    assert connection.hints(headers, BODY, NOW) == {"items": ["7", "8"]}
    assert connection.hints(standard(), BODY, NOW) == {}
    assert connection.hints({}, BODY, NOW) is None
    without = connect("https://acme.test", surroundings, stream)
    assert without.hints(headers, BODY, NOW) is None
    with pytest.raises(ValueError, match="`webhook` goes with `item`"):
        items().webhook(verify={"type": "standard"})
    assert stream.model is Item
