"""From hub.yaml to a receiver: an alert that fires, in the clockwork of one process."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from standardwebhooks.webhooks import Webhook

from hub.config import load_config
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.notify.webhook import signature
from hub.runtime import Runtime
from hub.scheduler import Clockwork
from hub.store import alerts
from hub.store.database import Database
from tests.conftest import ROOT, HandClock
from tests.notify.receiver import receiver

SECRET = "whsec_" + base64.b64encode(bytes(range(24))).decode()
AT = "2026-11-23T10:00:00.000Z"


def test_an_alert_reaches_who_is_to_hear_of_it(
    tmp_path: Path, new_database_url: Callable[[], str], clock: HandClock
) -> None:
    with receiver() as server:
        (tmp_path / "hub.yaml").write_text(
            f"rules: {{folder: '{ROOT / 'configs/rules'}'}}\n"
            "notify:\n"
            "  allow: [127.0.0.0/8]\n"
            f"  targets: {{erp: {{webhook: '{server.url}', secret: {{env: SECRET}}}}}}\n"
            "  routes: [{departments: [sales], to: [erp]}]\n"
        )
        database = Database(new_database_url())
        env = {"SECRET": SECRET}
        runtime = Runtime(load_config(tmp_path / "hub.yaml", env), database, clock, env)
        runtime.require_street()
        state = AlertState(Condition.FIRING, Severity.WARNING, AT, AT, fired_at=AT)
        with database.transaction() as tx:
            alerts.put(tx, [Alert("R07", Subject("deal", "crm:deals:1"), None, state, AT)])
        clockwork = Clockwork(runtime)
        clockwork.tell()
        clock.turn(minutes=10)
        clockwork.tell()
        clockwork.tell()
        clockwork.close()
        database.close()
    ((headers, body),) = server.got
    told = _verified(body, headers)
    assert told["type"] == "hub.alerts"
    (item,) = told["data"]["items"]
    assert (item["reason"], item["rule"], item["department"]) == ("new", "R07", "sales")


def _verified(body: bytes, headers: dict[str, str]) -> dict[str, Any]:
    """Check the signature as a receiver does, which also wants the time to be now: the hand
    clock's is another, so the message is signed anew for the present and compared."""
    said = int(headers["webhook-timestamp"])
    assert headers["webhook-signature"] == signature(SECRET, headers["webhook-id"], said, body)
    now = int(datetime.now(UTC).timestamp())
    fresh = signature(SECRET, headers["webhook-id"], now, body)
    again = {**headers, "webhook-timestamp": str(now), "webhook-signature": fresh}
    found: dict[str, Any] = Webhook(SECRET).verify(body, again)
    return found
