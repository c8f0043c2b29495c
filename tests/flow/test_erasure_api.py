"""Erasing over HTTP: an administrator's key, a preview first, and no answer that still tells."""

import logging
import shutil
from pathlib import Path

import httpx
import pytest

from hub.app import create_app
from hub.model.access import Scope
from hub.store import api_keys
from tests.api.serving import served
from tests.flow import canary
from tests.flow.canary import CANARIES, running, sync

LISTS = (
    *("customers", "persons", "projects", "alerts", "silences", "notices", "facts", "review"),
    *("changes", "contradictions", "judgements", "vorgaenge", "links/review", "links/decisions"),
    *("connections", "connections/crm", "connections/crm/quarantine", "ocel", "status", "erasures"),
    *("search?q=Quirina", "search?q=kanarigelb", "persons?q=Zeisigkanari", "held-rules"),
    *(f"export/{kind}.jsonl" for kind in ("persons", "organizations", "tickets", "deals")),
    *(f"export/{kind}.jsonl" for kind in ("invoices", "leads", "messages", "consents", "touches")),
    *(
        f"source-records/{ref}"
        for ref in ("crm:accounts:A-1", "helpdesk:tickets:T-1", "books:invoices:RE-1")
    ),
    "source-records/crm:deals:D-1",
)


def test_no_answer_tells_of_them(
    tmp_path: Path, sqlite_template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shutil.copy(sqlite_template, tmp_path / "hub.db")
    folder = canary.lay_out(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}")
    with running(folder) as hub:
        sync(hub)
        with hub.database.transaction() as tx:
            tokens = {
                one: api_keys.create(tx, one, [one], "2026-11-23T10:00:00.000Z")[1] for one in Scope
            }
        caplog.clear()
        with served(create_app(hub)) as url, httpx.Client(base_url=url, timeout=60) as client:
            who = {"target": "crm/contacts/C-1"}
            for scope in (Scope.READ, Scope.WRITE):
                client.headers = {"Authorization": f"Bearer {tokens[scope]}"}
                assert client.get("/v1/erasures").status_code == 403
                assert client.post("/v1/erasures/preview", json=who).status_code == 403
                made = client.post("/v1/erasures", json={**who, "reason": "a request"})
                assert made.status_code == 403
            client.headers = {"Authorization": f"Bearer {tokens[Scope.ADMIN]}"}
            assert "kanari" in told(client).lower()
            plan = client.post("/v1/erasures/preview", json=who)
            assert (plan.status_code, plan.json()["goes"]) == (200, 6)
            named = client.post("/v1/erasures", json={**who, "reason": f"{canary.NAME} asked"})
            assert named.status_code == 409
            made = client.post("/v1/erasures", json={**who, "reason": "a request"})
            assert (made.status_code, made.json()["state"]) == (201, "done")
            answers = told(client).lower()
            assert [one for one in CANARIES if one.lower() in answers] == []
            (listed,) = client.get("/v1/erasures").json()["items"]
            assert listed["receipt"]["found afterwards"] == 0
            lifted = client.post(f"/v1/erasures/{listed['id']}/lift", json={"reason": "a contract"})
            assert lifted.json()["state"] == "lifted"
    own = (one for one in caplog.records if not one.name.startswith("http"))  # the client's tell
    logs = "\n".join(one.getMessage() for one in own).lower()
    assert [one for one in CANARIES if one.lower() in logs] == []


def told(client: httpx.Client) -> str:
    """Return every answer there is, with the views of all that is listed."""
    texts = []
    for name in LISTS:
        answer = client.get(f"/v1/{name}")
        assert answer.status_code in (200, 404), (name, answer.text)
        texts.append(answer.text)
        if name in ("customers", "persons", "projects", "vorgaenge"):
            for item in answer.json()["items"]:
                texts += [client.get(f"/v1/{name}/{item['id']}").text]
                texts += [client.get(f"/v1/{name}/{item['id']}/timeline").text]
                if name != "vorgaenge":
                    texts += [client.get(f"/v1/{name}/{item['id']}/why").text]
    return "\n".join(texts)
