"""Webhooks of the products: their own signatures, the records they name, and those as answered."""

import json
from datetime import UTC, datetime
from hmac import digest
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.registry import REGISTRY
from connectors.sdk import Connector, Surroundings
from connectors.sdk.connector import Connection
from connectors.sdk.paths import steps_of
from connectors.sdk.reading import DeclaredStream
from connectors.sdk.rows import rows_in
from mapping.compile import compile_spec
from mapping.coverage import read_fields
from mapping.load import load_spec
from tests.conftest import ROOT, SHARED

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SECRET = "whsec_Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy"


def opened(name: str, answer: Any = None) -> Connection:
    """Open a product with what its shipped mapping reads; `answer` stands for its server."""
    connector = REGISTRY[name]
    assert isinstance(connector, Connector)
    needed = dict.fromkeys(connector.auth.needs(), "x")
    said = {"base_url": "https://product.test", "webhook_secret": SECRET, **needed}
    path = ROOT / "configs" / "mappings" / f"{name}.yaml"
    names = [stream.name for stream in connector.declared]
    spec = compile_spec(load_spec(path.read_text(), file=path.name, streams=names))
    around = Surroundings(
        transport=lambda *_: httpx.MockTransport(answer or (lambda _: httpx.Response(500))),
        fields={stream: read_fields(spec, stream) for stream in names},
    )
    options = connector.config_model.model_validate(said)
    return connector(name, options, base_dir=Path(), surroundings=around)


def test_bottlecrm_signs_as_its_own_code_does() -> None:
    """The signature was made by django-crm 1.35.0 itself (webhooks.tasks.sign)."""
    body = b'{"event":"deal.won","data":{"id":"7"}}'
    proof = "v1=5e4c068f3954e08d75abf10b75b570498c73bb2658a14d88e3c41bd77c99d076"
    crm, at = opened("bottlecrm"), int(NOW.timestamp())
    headers = {"x-bottlecrm-signature": f"t={at},{proof}"}
    assert crm.hints(headers, body, NOW) == {"deals": ["7"]}
    for wrong in (f"t={at + 1},{proof}", f"t={at},{proof}0", proof, f"t={at}", "", "t=x,v1=y"):
        assert crm.hints({"x-bottlecrm-signature": wrong}, body, NOW) is None
    assert crm.hints(headers, body + b" ", NOW) is None
    late = datetime(2026, 11, 23, 10, 6, tzinfo=UTC)
    assert crm.hints(headers, body, late) is None
    crm.close()


@pytest.mark.parametrize(
    ("product", "body", "named"),
    [
        ("bottlecrm", {"event": "account.updated", "data": {"id": "a"}}, {"accounts": ["a"]}),
        ("bottlecrm", {"event": "lead.deleted", "data": {"id": "a"}}, {"leads": ["a"]}),
        ("bottlecrm", {"event": "ticket.created", "data": {"id": "a"}}, {"cases": ["a"]}),
        (
            "bottlecrm",
            {"event": "ticket.comment_added", "data": {"id": "c", "ticket_id": "a"}},
            {"cases": ["a"]},
        ),
        ("bottlecrm", {"event": "ticket.created", "data": None}, {}),
        ("bottlecrm", {"event": "invoice.paid", "data": {"id": "a"}}, {}),
        ("bottlecrm", {"event": "ping", "data": {"endpoint_id": "e"}}, {}),
        ("redmine", {"type": "issue.updated", "data": {"issue": {"id": 7}}}, {"issues": ["7"]}),
        (
            "redmine",
            {"type": "time_entry.deleted", "data": {"time_entry": {"id": 9}}},
            {"time_entries": ["9"]},
        ),
        ("redmine", {"type": "news.created", "data": {"news": {"id": 1}}}, {}),
    ],
)
def test_events_name_records(product: str, body: Any, named: dict[str, list[str]]) -> None:
    sent = json.dumps(body).encode()
    at = int(NOW.timestamp())
    stamped = digest(SECRET.encode(), f"{at}.".encode() + sent, "sha256").hex()
    plain = digest(SECRET.encode(), sent, "sha256").hex()
    headers = {
        "x-bottlecrm-signature": f"t={at},v1={stamped}",
        "x-redmine-signature-256": f"sha256={plain}",
    }
    connection = opened(product)
    assert connection.hints(headers, sent, NOW) == named
    connection.close()


def sample(product: str, name: str) -> Any:
    found = json.loads((SHARED / "servers" / product / "samples" / f"{name}.json").read_text())
    return found.get("body", found)


@pytest.mark.parametrize(
    ("product", "stream", "called"),
    [
        ("bottlecrm", "accounts", "account"),
        ("bottlecrm", "contacts", "contact"),
        ("bottlecrm", "leads", "lead"),
        ("bottlecrm", "deals", "deal"),
        ("bottlecrm", "cases", "case"),
        ("redmine", "issues", "issue"),
    ],
)
def test_a_record_that_is_asked_for_alone_is_the_one_of_the_list(
    product: str, stream: str, called: str
) -> None:
    """Otherwise each webhook would be a change, and the next listing another."""
    item = sample(product, f"{called}_item")
    connection = opened(product, lambda request: httpx.Response(200, json=item))
    found = next(one for one in connection.streams() if one.name == stream)
    assert isinstance(found, DeclaredStream)
    listed = rows_in(sample(product, f"{called}_list"), map(steps_of, found.spec.items))
    batch = found.rows.batch(listed or [], where="", size=0, prefix={})
    key = str(item[found.spec.item_at]["id"])
    (record,) = (one for one in batch.records if one.key == key)
    (alone,) = found.look_up(key).records
    assert (alone.data, alone.volatile) == (record.data, record.volatile)
    assert len(alone.data) > 3
    connection.close()
