"""Somebody asks what is held of them: all of it is told, and nothing of anybody else."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
import sqlalchemy as sa

from hub import discloser
from hub.api import access_schemas
from hub.api.access_schemas import HeldOfThem
from hub.app import create_app
from hub.errors import ConflictError, NotFoundError
from hub.model.access import Scope
from hub.model.access_words import NAMES, VALUES
from hub.model.notice import Letter
from hub.model.resolution import EventKind, Verdict
from hub.runtime import Runtime
from hub.store import api_keys, judgements, outbox, tables
from tests.api.serving import served
from tests.flow import canary
from tests.flow.canary import CANARIES, FIRM, MAIL, NAME, PHONE_SPELT, running, sync
from tests.flow.hub_folder import HubFolder

OTHERS = ("unbeteiligt", "otto@", "998877", "fremdling", "nachbar@", "mustermann")
"""Words of everybody else that stand beside the person's."""
HELD = [
    shape
    for name, shape in vars(access_schemas).items()
    if name.startswith(("Held", "Former", "Identity", "ReadAs", "ToldTo")) and name != "HeldOfThem"
]
"""The shapes of what stands in the document."""
NOW = "2026-11-23T10:00:00.000Z"


def rows() -> canary.Rows:
    """Return what the sources hold, with others in each record that speaks of the person."""
    told = canary.rows()
    told["crm/contacts"][0] |= {
        "Notiz": "kanarizettel; Vertretung Otto Unbeteiligt, 0731 998877, nachbar@anders.example",
        "Betreuer": "Frieda Mustermann",
    }
    told["crm/accounts"][1]["Betreuer"] = "Frieda Mustermann"
    told["helpdesk/tickets"][0]["description"] += "\nOtto Unbeteiligt (otto@weber.example) weiß es"
    told["crm/deals"][0]["Bezeichnung"] += ", gez. Otto Unbeteiligt"
    told["helpdesk/messages"][0]["subject"] += " kanarinachricht, cc Unbeteiligt, Otto"
    return told


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> HubFolder:
    path = tmp_path_factory.mktemp("access")
    shutil.copy(sqlite_template, path / "hub.db")
    made = canary.lay_out(path, f"sqlite:///{path / 'hub.db'}", rows())
    with running(made, key=False) as hub:
        old = rows()
        old["crm/contacts"][0] |= {"E-Mail": "früher@kanarigelb.example"}
        canary.export(made, old)
        sync(hub)
        canary.export(made, rows())
        sync(hub, "crm")
        with hub.database.transaction() as tx:
            refs = ("crm:contacts:C-1", "crm:contacts:C-2")
            why = f"{NAME} is not Otto Unbeteiligt"
            judgements.add(tx, *refs, "different", author="me", reason=why, now=NOW)
            body = {"items": [{"id": "1", "title": f"Call {NAME}, {MAIL}"}], "total": 1}
            outbox.add(tx, [Letter("L", "sales", NOW, 0, body, "due", "", None)])
            row: dict[str, object] = {"connection": "crm", "stream": "contacts", "key": None}
            row |= {"fingerprint": b"1"}
            row |= {"place": "line 9", "reason": "broken", "state": "open", "seen_run": 1}
            raw = json.dumps(f"C-9;{NAME};{MAIL};Otto Unbeteiligt")
            tx.execute(sa.insert(tables.quarantine), [row | {"raw": raw, "first_seen_at": NOW}])
    return made


@pytest.fixture
def hub(folder: HubFolder) -> Iterator[Runtime]:
    with running(folder, key=False) as runtime:  # no vault is needed: no mark is kept
        yield runtime


def entity_of(hub: Runtime, ref: str) -> str:
    with hub.database.reading() as tx:
        c = tables.crosswalk.c
        return str(tx.execute(sa.select(c.entity_id).where(c.ref == ref)).scalar_one())


def no_words_of_others(text: str) -> None:
    assert [word for word in OTHERS if word in text.lower()] == []


def test_all_of_theirs_is_told_and_nothing_of_others(hub: Runtime) -> None:
    told = discloser.access(hub, MAIL)
    text = json.dumps(told, ensure_ascii=False)
    assert [word for word in (*CANARIES, "früher@") if word.lower() not in text.lower()] == []
    no_words_of_others(text)
    by_ref = {one["ref"]: one for one in told["records"]}
    assert {ref for ref, one in by_ref.items() if one["theirs"]} == {
        *("crm:contacts:C-1", "crm:activities:1", "crm:leads:L-1"),
        *("marketing:recipients:7", "marketing:mailings:1", "helpdesk:messages:M-1"),
    }
    assert {one["source"] for one in told["records"]} == set(canary.TYPES)
    assert len(by_ref["crm:contacts:C-1"]["versions"]) == 2
    assert all(one["first_seen_at"] and one["versions"][0]["fetched_at"] for one in by_ref.values())
    ticket = by_ref["helpdesk:tickets:T-1"]["versions"][0]["data"]
    assert ticket.keys() == {"description", "requester"}  # of what is the firm's, only this
    assert ticket["requester"] == {"name": NAME, "email": MAIL, "phone": PHONE_SPELT}
    assert MAIL in ticket["description"]
    assert "[other person] ([other person]) weiß es" in ticket["description"]
    assert {one["number"] for one in told["links"]} >= {"T-1", "RE-1", "AN-2026-00077"}
    assert {one["target"] for one in told["told_to"]} == {"sales"}
    assert [one["verdict"] for one in told["judgements"]] == ["different"]
    assert len(told["quarantine"]) == 1
    assert told["facts"]
    assert told["identity"][0]["records"]
    assert told["sources"]["helpdesk"] == {"product": "files", "system": "ticketing"}
    again = discloser.access(hub, entity_of(hub, "crm:contacts:C-1"))
    assert {**again, "made_at": "", "known_by": []} == {**told, "made_at": "", "known_by": []}


def test_another_person_is_told_of_the_same_records_without_the_first(hub: Runtime) -> None:
    told = discloser.access(hub, "crm/contacts/C-2")
    text = json.dumps(told, ensure_ascii=False).lower()
    assert [word for word in CANARIES if word.lower() in text] == []
    assert "otto@weber.example" in text
    tickets = {one["ref"] for one in told["records"] if one["stream"] == "tickets"}
    assert tickets == {"helpdesk:tickets:T-1", "helpdesk:tickets:T-2"}


def test_a_firm_is_told_of_without_its_people(hub: Runtime) -> None:
    told = discloser.access(hub, entity_of(hub, "crm:accounts:A-1"))
    text = json.dumps(told, ensure_ascii=False).lower()
    assert FIRM.lower() in text
    assert "info@weber.example" in text
    for words in (*OTHERS, NAME, MAIL, PHONE_SPELT):
        assert words.lower() not in text


def test_it_says_whom_it_cannot_tell_of(hub: Runtime) -> None:
    with pytest.raises(NotFoundError):
        discloser.access(hub, "crm/contacts/C-99")
    with pytest.raises(ConflictError, match="is a project"):
        discloser.access(hub, entity_of(hub, "projects:projects:P-1"))
    nobody: dict[str, Any] = discloser.access(hub, "never@seen.example")
    del nobody["readers"]
    counts = discloser.counted(nobody)
    assert counts.pop("known_by") == 1
    assert set(counts.values()) == {0}
    assert not discloser.is_held({**nobody, "readers": ["a key"]})


def test_the_command_says_of_somebody_unknown_that_nothing_is_held(folder: HubFolder) -> None:
    said = folder.hub("access", "never@seen.example")
    assert said.returncode == 0
    assert "Nothing is held of never@seen.example" in said.stdout
    assert "records" not in said.stdout
    assert "--json" not in said.stdout
    file = folder.path / "nobody.html"
    assert f"written to {file}" in " ".join(
        folder.hub("access", "never@seen.example", "--page", str(file)).stdout.split()
    )
    assert "Auskunft" in file.read_text("utf-8")


def test_the_page_names_what_stands_in_it(hub: Runtime) -> None:
    told = discloser.access(hub, MAIL)
    at = "2026-11-23T10:00:00.000Z"
    because = [{"about": [{"variable": "contact", "facts": {"is_primary": True}}]}]
    alert = {"id": "A", "rule": "R17", "name": {"de": "Weg", "en": "Gone"}, "about": "contact"}
    alert |= {"condition": "firing", "opened_at": at, "evidence": {"because": because}}
    told["alerts"] = [alert | {"course": [{"at": at, "to": "firing"}]}]
    told["records"][0]["versions"][0]["data"] |= {"theirs": True, "at": at}
    for language, words in (
        ("de", ("handelt von Ihnen", "nein", "Ansprechpartner: Hauptansprechpartner: ja", "Weg")),
        ("en", ("is about you", "no", "Contact: main contact: yes", "Gone", "created", "ticket")),
    ):
        page = discloser.page(told, language)
        heads = re.findall(r"<th>(.*?)</th>", page)
        assert [word for word in words if word not in page] == []
        assert heads.count("theirs") == 1, "a source's own words stay"
        assert {"deleted_there", "fetched_at", "first_seen_at", "score", "ref"} & {*heads} == set()
        assert page.count(at) == 1, "instants are told as people read them, but in a source's words"


def test_every_part_and_code_of_the_document_has_a_name() -> None:
    own = {"data", "raw", "fields", "detail", "evidence", "facts", "notes", "sources"}
    parts = {
        part
        for shape in HELD
        for name, field in shape.model_fields.items()
        if (part := field.alias or name)
    }
    assert parts - own - NAMES.keys() == set()
    assert VALUES["type"].keys() == set(get_args(EventKind))
    assert VALUES["verdict"].keys() == set(get_args(Verdict))


def test_the_command_writes_a_page_in_both_languages(folder: HubFolder) -> None:
    said = folder.hub("access", "crm/contacts/C-1")
    assert said.returncode == 0
    assert "records: " in said.stdout
    assert [word for word in CANARIES if word.lower() in said.stdout.lower()] == []
    for language, words in (("de", "Auskunft nach Art. 15"), ("en", "Access under Art. 15")):
        file = folder.path / f"{language}.html"
        said = folder.hub("access", MAIL, "--page", str(file), "--language", language)
        assert said.returncode == 0
        text = file.read_text("utf-8")
        assert words in text
        assert [one for one in CANARIES if one.lower() not in text.lower()] == []
        no_words_of_others(text)
    whole = json.loads(folder.hub("access", MAIL, "--json").stdout)
    assert whole["kind"] == "person"


def test_over_http_it_has_a_scope_of_its_own(hub: Runtime) -> None:
    person = entity_of(hub, "crm:contacts:C-1")
    with hub.database.transaction() as tx:
        tokens = {one: api_keys.create(tx, one, [one], NOW)[1] for one in Scope}
    with served(create_app(hub)) as url, httpx.Client(base_url=url, timeout=60) as client:
        for scope, status in (("read", 403), ("write", 403), ("access", 200), ("admin", 200)):
            client.headers = {"Authorization": f"Bearer {tokens[Scope(scope)]}"}
            answer = client.get(f"/v1/access/{person}")
            assert answer.status_code == status, scope
        assert answer.headers["cache-control"] == "no-store"
        assert "kanarizettel" in answer.text
        typed = HeldOfThem.model_validate(answer.json())  # whose document names each part
        assert typed.model_dump(by_alias=True, exclude_unset=True) == answer.json()
        client.headers = {"Authorization": f"Bearer {tokens[Scope.ACCESS]}"}
        page = client.get(f"/v1/access/{person}?language=de")
        assert page.headers["content-type"].startswith("text/html")
        assert "Auskunft" in page.text
        no_words_of_others(page.text)
        assert client.get(f"/v1/persons/{person}").status_code == 403
        assert client.get("/v1/access/01AAAAAAAAAAAAAAAAAAAAAAAA").status_code == 404
