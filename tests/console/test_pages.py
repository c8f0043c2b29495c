"""The pages for people: who gets in, what is shown, and that nothing a source sends breaks them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from hub.console.door import COOKIE
from hub.console.overview import MOST
from hub.console.parts import Voice
from hub.model.alert import Alert, AlertState, Condition, Severity
from hub.model.fact import Subject
from hub.model.notice import Feedback
from hub.model.view import RenderedView, ViewRow
from hub.pipeline import handle
from hub.store import alerts, search, views
from hub.store.database import Tx
from tests.api.seeding import CUSTOMERS, MERGED, NOW, seed
from tests.api.serving import Hub, running_hub, served

HOSTILE = """<script>alert("x")</script>'&"""
NAME = {"de": "Chance trotz Störung", "en": "Deal despite trouble"}
ALERT = Alert(
    "R01",
    Subject("deal", "crm:deals:D-9"),
    CUSTOMERS[0],
    AlertState(Condition.FIRING, Severity.CRITICAL, NOW, NOW, fired_at=NOW),
    NOW,
    texts={"name": NAME, "clears_when": {"de": "Gelöst.", "en": "Solved."}},
    evidence={"current": {"records": {"tickets": [{"ref": "crm:tickets:T-1", "number": HOSTILE}]}}},
)
VIEW = {
    "id": CUSTOMERS[0],
    "kind": "organization",
    "name": HOSTILE,
    "golden": {"city": {"value": "Köln"}, "owner": {"value": HOSTILE}},
    "contacts": {"items": [{"id": CUSTOMERS[1], "name": "Eva Weber", "phones": ["+49 221 5"]}]},
    "vorgaenge": {
        "items": [
            {
                "kind": "service_case",
                "title": HOSTILE,
                "phase": "ordered",
                "phase_since": "2026-11-13",
                "gaps": [{"type": "won_without_order", "since": NOW[:10], "department": "sales"}],
            }
        ]
    },
    "invoices": {
        "items": [
            {
                "number": "RE-1",
                "status": "open",
                "due_on": "2020-04-01",
                "balance_minor": 123456,
                "currency": "EUR",
            }
        ]
    },
    "freshness": {"crm": NOW},
    "records": [{"connection": "crm"}],
}


def _seed(tx: Tx) -> None:
    seed(tx)
    row = ViewRow(CUSTOMERS[0], "organization", HOSTILE, "x", "DE", "Köln", 1, "e")
    views.put(tx, [RenderedView(row, msgspec.json.encode(VIEW).decode())], NOW)
    search.put(tx, [search.SearchItem(CUSTOMERS[0], "organization", HOSTILE, "")])
    alerts.put(tx, [ALERT])


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Hub]:
    folder = tmp_path_factory.mktemp("hub")
    (folder / "hub.db").write_bytes(sqlite_template.read_bytes())
    with running_hub(folder, f"sqlite:///{folder / 'hub.db'}", _seed) as running:
        yield running


@pytest.fixture
def visitor(hub: Hub) -> Iterator[httpx.Client]:
    """Somebody who has signed in with a key that may read."""
    with hub.client("") as client:
        form = {"key": hub.keys["read"], "next": "/console"}
        assert client.post("/console/key", data=form).status_code == 303
        yield client


def test_without_a_key_there_is_a_door_that_remembers_where_one_wanted_to(hub: Hub) -> None:
    with hub.client("") as client:
        wanted = f"/console/alerts/{ALERT.id}?language=en"
        door = client.get(wanted)
        assert (door.status_code, "API key" in door.text) == (401, True)
        shown = re.search(r'name="next" type="hidden" value="([^"]*)"', door.text)
        assert shown is not None
        form = {"key": f" {hub.keys['read']}\n", "next": shown[1].replace("&amp;", "&")}
        entered = client.post("/console/key", data=form)
        assert (entered.status_code, entered.headers["Location"]) == (303, wanted)
        assert NAME["en"] in client.get(wanted).text
        assert client.post("/console/leave").status_code == 303
        assert client.get("/console").status_code == 401
        assert client.get("/").headers["Location"] == "/console"


def test_the_cookie_opens_the_pages_alone(hub: Hub, visitor: httpx.Client) -> None:
    with hub.client("") as client:
        entered = client.post("/console/key", data={"key": hub.keys["read"]})
        kept = entered.headers["Set-Cookie"].lower()
        assert all(word in kept for word in ("httponly", "samesite=lax", "path=/console"))
        bare = {"Cookie": f"{COOKIE}={hub.keys['admin']}"}
        assert client.get("/v1/customers", headers=bare).status_code == 401
    assert visitor.get("/v1/customers").status_code == 401


@pytest.mark.parametrize(
    ("token", "status", "said"),
    [("vbd_nobody", 401, "nicht bekannt"), ("", 401, "nicht bekannt"), ("access", 403, "read")],
)
def test_a_key_that_opens_nothing_is_told_so(hub: Hub, token: str, status: int, said: str) -> None:
    with hub.client("") as client:
        answer = client.post("/console/key?language=de", data={"key": hub.keys.get(token, token)})
        assert (answer.status_code, said in answer.text) == (status, True)
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/v1/alerts",
        "/console/key",
        "/consolex",
        "\r\nX: y",
    ],
)
def test_who_signs_in_stays_here(hub: Hub, wanted: str) -> None:
    with hub.client("") as client:
        form = {"key": hub.keys["read"], "next": wanted}
        assert client.post("/console/key", data=form).headers["Location"] == "/console"


def test_what_fires_is_shown_by_department_and_a_customer_whole(visitor: httpx.Client) -> None:
    home = visitor.get("/console?language=de").text
    for said in ("2 Alarme liegen vor", "kritisch", NAME["de"], "Gelöst.", "noch nie ganz gelesen"):
        assert said in home
    assert f'href="/console/of/{CUSTOMERS[0]}?language=de"' in home
    one = visitor.get(f"/console/of/{CUSTOMERS[0]}?language=de").text
    for said in (
        *("Unternehmen · Köln, betreut von", "gewonnen, aber kein Auftrag, seit 23.11.2026"),
        *("1.234,56 EUR, überfällig seit 01.04.2020", "Eva Weber", "+49 221 5"),
        *("crm: 23.11.2026 ", "1 Datensatz"),
    ):
        assert said in one
    alert = visitor.get(f"/console/alerts/{ALERT.id}?language=en").text
    for said in (NAME["en"], "critical", "Solved.", "crm:tickets:T-1"):
        assert said in alert


def test_many_newer_alerts_hide_no_grave_old_one(tmp_path: Path, sqlite_template: Path) -> None:
    def many(tx: Tx) -> None:
        _seed(tx)
        later = "2026-11-24T10:00:00.000Z"
        newer = AlertState(Condition.FIRING, Severity.INFO, later, later, fired_at=later)
        subjects = (Subject("ticket", f"crm:tickets:T-{n}") for n in range(MOST + 4))
        alerts.put(tx, [Alert("R12", one, None, newer, later) for one in subjects])

    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    with (
        running_hub(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}", many) as hub,
        hub.client("") as client,
    ):
        client.post("/console/key", data={"key": hub.keys["read"]})
        home = client.get("/console?language=en").text
        first = re.search(r'href="([^"]*department=it[^"]*)">Show all 206<', home)
        assert first is not None
        page = client.get(first[1].replace("&amp;", "&")).text
        second = re.search(r'href="([^"]*after=[^"]*)" rel="next"', page)
        assert second is not None
        last = client.get(second[1].replace("&amp;", "&")).text
        anew = client.get("/console?department=it&after=gone").text
    assert 'rel="next"' not in last
    shown = [re.findall(r"/console/alerts/(\w+)", text) for text in (home, page, last, anew)]
    assert [len(ids) for ids in shown] == [MOST, MOST, 6, MOST]
    assert len({*shown[1], *shown[2]}) == MOST + 6
    assert shown[0][0] == ALERT.id
    assert shown[1] == shown[0] == shown[3]


def test_what_people_do_about_an_alert_is_shown_while_it_holds(
    tmp_path: Path, sqlite_template: Path
) -> None:
    (tmp_path / "hub.db").write_bytes(sqlite_template.read_bytes())
    with (
        running_hub(tmp_path, f"sqlite:///{tmp_path / 'hub.db'}", _seed) as hub,
        hub.client("") as client,
    ):
        now = hub.runtime.clock()
        begun, until = now - timedelta(hours=3), now - timedelta(hours=1)
        with hub.runtime.database.transaction() as tx:
            handle.acknowledge(tx, ALERT.id, owner="Eva Roth", until=until, author="erp", now=begun)
        client.post("/console/key", data={"key": hub.keys["read"]})
        over = client.get("/console?language=en").text
        with hub.runtime.database.transaction() as tx:
            until = now + timedelta(days=1)
            handle.acknowledge(tx, ALERT.id, owner="Eva Roth", until=until, author="erp", now=now)
            handle.feedback(tx, ALERT.id, value=Feedback.WRONG, author="erp", now=now)
            handle.acknowledge(tx, ALERT.id, owner="erp", until=until, author="erp", now=now)
            handle.acknowledge(tx, ALERT.id, owner="Eva Roth", until=until, author="erp", now=now)
        home = client.get("/console?language=en").text
        page = client.get(f"/console/alerts/{ALERT.id}?language=de").text
        with hub.runtime.database.transaction() as tx:
            handle.done(tx, ALERT.id, reason="<b>gelöst</b>", author="erp", now=now)
        closed = client.get(f"/console/alerts/{ALERT.id}?language=de").text
    assert "Eva Roth" not in over
    assert "acknowledged, Eva Roth, until 2026-11-24 11:00, rated: wrong" in home
    assert "übernommen, Eva Roth, bis 24.11.2026 11:00, bewertet: falsch</td>" in page
    assert "erp: übernommen, Eva Roth, bis 23.11.2026 10:00</td>" in page
    assert "erp: übernommen, bis 24.11.2026 11:00</td>" in page  # who took it on alone
    assert "erp: bewertet: falsch</td>" in page
    assert "abgeschlossen, Eva Roth, bewertet: falsch: &lt;b&gt;gelöst&lt;/b&gt;</td>" in closed
    assert "erp: abgeschlossen: &lt;b&gt;gelöst&lt;/b&gt;</td>" in closed


@pytest.mark.parametrize(
    ("language", "said"), [("de", ["1.234.567", "1.234,5"]), ("en", ["1,234,567", "1,234.5"])]
)
def test_numbers_are_written_as_each_language_does(language: str, said: list[str]) -> None:
    voice = Voice(language, UTC, "", chosen=False)
    assert [voice.count(1_234_567), voice.count(1234.5)] == said


def test_pages_that_are_elsewhere_or_nowhere(visitor: httpx.Client) -> None:
    moved = visitor.get(f"/console/of/{MERGED}")
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/console/of/{CUSTOMERS[0]}")
    for address in ("/console/of/nobody", "/console/alerts/none"):
        missing = visitor.get(address)
        assert (missing.status_code, missing.headers["Content-Type"][:9]) == (404, "text/html")
    assert "Nobody is called" in visitor.get("/console?q=zzqq&language=en").text
    assert visitor.get("/console?q=" + "x" * 300).status_code == 422


def test_nothing_a_source_sends_becomes_markup(visitor: httpx.Client) -> None:
    for address in ("", f"/of/{CUSTOMERS[0]}", f"/alerts/{ALERT.id}", f"?q={HOSTILE}", "?q=script"):
        page = visitor.get("/console" + address)
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        assert page.headers["Cache-Control"] == "no-store"


BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here")
def test_a_browser_takes_the_page_as_it_is_meant(hub: Hub, tmp_path: Path) -> None:
    assert BROWSER is not None
    with served(_signed_in(hub.app, hub.keys["read"])) as url:
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr")
        told = subprocess.run(
            [BROWSER, *flags, f"--user-data-dir={tmp_path}", "--dump-dom", f"{url}/console"],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    assert NAME["de"] in told.stdout
    assert "Content Security Policy" not in told.stderr  # the style is let in by its hash


def _signed_in(app: ASGIApp, token: str) -> ASGIApp:
    """Return the application as somebody sees it who has signed in."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            cookie = (b"cookie", f"{COOKIE}={token}".encode())
            scope = {**scope, "headers": [*scope["headers"], cookie]}
        await app(scope, receive, send)

    return answered
