"""Runs inside BottleCRM's own environment: subscribes to its events, and writes what it would send.

Its worker does not run here, and it calls public addresses only; so what its own code builds, body
and signed headers, is printed instead of posted. Word: subscribe, or sent.
"""

import json
import sys

import django

django.setup()

from common.models import Org, Profile  # noqa: E402  # the product's modules need a set-up first
from common.tasks import set_rls_context  # noqa: E402
from webhooks import events, tasks  # noqa: E402
from webhooks.models import WebhookDelivery, WebhookEndpoint  # noqa: E402


def subscribe(org_id: object) -> object:
    """Return the secret of a new endpoint for every event there is."""
    admin = Profile.objects.filter(org_id=org_id, role="ADMIN").first().user
    made = WebhookEndpoint.objects.create(
        org=Org.objects.get(pk=org_id),
        url="https://hub.example/hook",
        events=list(events.EVENT_NAMES),
        created_by=admin,
    )
    return made.secret


def sent(org_id: object) -> object:
    """Return body and headers of each delivery so far, oldest first."""
    found = WebhookDelivery.objects.filter(org_id=org_id).order_by("created_at")
    built = [tasks.build_request(one) for one in found]
    return [{"body": body.decode(), "headers": headers} for body, headers in built]


if __name__ == "__main__":
    (org_id,) = Org.objects.values_list("id", flat=True)
    set_rls_context(org_id)
    print(json.dumps({"subscribe": subscribe, "sent": sent}[sys.argv[1]](org_id)))
