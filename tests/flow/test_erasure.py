"""A person who is erased is in no table, no file and no answer, and no source brings them back."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub import eraser
from hub.errors import ConfigError, ConflictError, NotFoundError
from hub.model.erasure import Erasure
from hub.model.notice import Letter
from hub.model.run import Run
from hub.runtime import Runtime
from hub.store import (
    changes,
    hints,
    judgements,
    outbox,
    rebuild,
    secrets,
    suppressions,
    tables,
)
from hub.store.scrubbing import remaining
from tests.flow import canary
from tests.flow.canary import CANARIES, MAIL, NAME, PHONE_SPELT, running, sync
from tests.flow.hub_folder import HubFolder

WHY = "letter of 23 November"
C1 = "crm/contacts/C-1"


@pytest.fixture
def folder(canaries_read: HubFolder, tmp_path: Path) -> HubFolder:
    path = tmp_path / "hub"
    shutil.copytree(canaries_read.path, path)
    return HubFolder(path, f"sqlite:///{path / 'hub.db'}")


@pytest.fixture
def hub(folder: HubFolder) -> Iterator[Runtime]:
    with running(folder) as runtime:
        yield runtime


@pytest.fixture(params=["sqlite", "postgresql"])
def each_folder(request: pytest.FixtureRequest, tmp_path: Path) -> HubFolder:
    """A hub on each kind of database that has read its sources."""
    if request.param == "sqlite":
        return request.getfixturevalue("folder")  # type: ignore[no-any-return]
    make: Callable[[], str] = request.getfixturevalue("new_postgresql_url")
    folder = canary.lay_out(tmp_path, make())
    with running(folder) as runtime:
        sync(runtime)
    return folder


def left(hub: Runtime) -> dict[str, int]:
    """Return where any of the person's words still stands."""
    with hub.database.reading() as tx:
        return remaining(tx, CANARIES)


def entity_of(hub: Runtime, ref: str) -> str:
    with hub.database.reading() as tx:
        c = tables.crosswalk.c
        return str(tx.execute(sa.select(c.entity_id).where(c.ref == ref)).scalar_one())


def keys(hub: Runtime, stream: str) -> set[str]:
    c = tables.source_records.c
    with hub.database.reading() as tx:
        return set(tx.execute(sa.select(c.key).where(c.stream == stream)).scalars())


def forget_positions(hub: Runtime) -> None:
    """Let every source be read from its beginning, whatever is known of its pages."""
    with hub.database.transaction() as tx:
        for table in (tables.checkpoints, tables.known_pages):
            tx.execute(sa.delete(table))


def planted_beside(folder: HubFolder, hub: Runtime) -> None:
    """Let the person stand also in what is kept of former times, and where things wait."""
    told = canary.rows()
    old = told["crm/contacts"][0]
    old |= {"E-Mail": "früher@kanarigelb.example", "Funktion": "kanarirede"}
    told["crm/deals"][0]["Bezeichnung"] = f"Neu: {NAME}"
    canary.export(folder, told)
    sync(hub, "crm")
    canary.export(folder, canary.rows())
    sync(hub, "crm")
    with hub.database.transaction() as tx:
        judgements.add(
            tx,
            "crm:contacts:C-1",
            "crm:contacts:C-2",
            "different",
            author="me",
            reason=f"{NAME} is not Otto",
            now="2026-11-23T10:00:00.000Z",
        )
        hints.add(tx, "crm", {"contacts": ["C-1"]}, "2026-11-23T10:00:00.000Z")
        body = {"items": [{"id": "1", "title": f"Call {NAME}, {MAIL}"}], "total": 1}
        outbox.add(tx, [Letter("L", "sales", "2026-11-23T10:00:00.000Z", 0, body, "due", "", None)])
        row: dict[str, object] = {"connection": "crm", "stream": "contacts", "key": None}
        row |= {"fingerprint": b"1"}
        row |= {"place": "line 9", "reason": "broken", "state": "open", "seen_run": 1}
        raw = json.dumps(f"C-9;{NAME};{MAIL}")
        tx.execute(sa.insert(tables.quarantine), [row | {"raw": raw, "first_seen_at": "2026"}])


def test_nothing_is_left_and_nothing_comes_back(each_folder: HubFolder) -> None:
    with running(each_folder) as hub:
        planted_beside(each_folder, hub)
        _nothing_is_left(each_folder, hub)


def _nothing_is_left(folder: HubFolder, hub: Runtime) -> None:
    person = entity_of(hub, "crm:contacts:C-1")
    before = left(hub)
    assert before["source_versions.payload"] >= 12

    plan = eraser.preview(hub, person)

    assert left(hub) == before  # nothing was changed
    fates = {one.ref: one.fate for one in plan.records}
    assert fates == {
        **dict.fromkeys(("crm:contacts:C-1", "crm:activities:1", "crm:leads:L-1"), "goes"),
        **dict.fromkeys(("marketing:recipients:7", "marketing:mailings:1"), "goes"),
        "helpdesk:messages:M-1": "goes",
        **dict.fromkeys(
            ("crm:accounts:A-1", "crm:deals:D-1", "helpdesk:tickets:T-1", "books:invoices:RE-1"),
            "person taken out",
        ),
        "projects:projects:P-1": "person taken out",
    }
    assert plan.other["quarantine"] == 1
    assert plan.other["outbox.body that name them"] == 1

    done = eraser.carry_out(hub, person, reason=WHY, author="me")

    assert done.state == "done"
    assert done.receipt["source records"] == 6
    assert done.receipt["quarantine"] == done.receipt["judgements"] == done.receipt["hints"] == 1
    assert done.receipt["found afterwards"] == 0
    assert left(hub) == {}
    if hub.database.is_sqlite:
        assert_not_in_files(folder)
    with hub.database.transaction() as tx:
        changes.number(tx)
        last = {one.id: one.op for one in changes.after(tx, 0, (), 1000)}
        assert last[person] == "erased"
        assert [name for name, _ in secrets.names(tx)] == ["suppression-list"]

    forget_positions(hub)
    assert sync(hub) == {"crm": 3, "helpdesk": 1, "books": 0, "marketing": 2, "projects": 0}
    assert left(hub) == {}
    with hub.database.transaction() as tx:
        rebuild.start_over(tx)
    hub.walk()
    assert left(hub) == {}
    assert keys(hub, "contacts") == {"C-2"}
    unchanged = hub.sync("helpdesk")  # what is left of a record is what comes again
    assert unchanged.total("changed") == unchanged.total("created") == 0


def assert_not_in_files(folder: HubFolder) -> None:
    """Search the database's files byte by byte: also what was deleted lies nowhere in them."""
    files = list(folder.path.glob("hub.db*"))
    assert files
    for file in files:
        held = file.read_bytes().lower()
        assert [one for one in CANARIES if one.lower().encode() in held] == []


def test_created_anew_under_another_key_stays_out(folder: HubFolder, hub: Runtime) -> None:
    eraser.carry_out(hub, C1, reason=WHY, author="me")
    before = eraser.carry_out(hub, "neu@kommt.example", reason="an objection", author="me")
    assert (before.entities, before.marks) == ((), 1)  # an address never seen
    told = canary.rows()
    again = dict(told["crm/contacts"][0])
    told["crm/contacts"] += [
        again | {"Kontakt-ID": "C-77", "Telefon": None, "Mobil": None, "E-Mail": MAIL.upper()},
        again | {"Kontakt-ID": "C-78", "E-Mail": None, "Telefon": "+49 (0)89 77712345"},
        {"Kontakt-ID": "C-79", "Name": "Ida Kollegin", "Konto-ID": "A-1", "E-Mail": "ida@w.example"}
        | {"Notiz": f"vertritt {NAME}, {PHONE_SPELT}"},
        {"Kontakt-ID": "C-5", "Name": "N N", "E-Mail": "neu@kommt.example"},
    ]
    told["helpdesk/tickets"] += [
        {**told["helpdesk/tickets"][0], "number": "T-9", "subject": f"Noch etwas, {NAME}"}
    ]
    canary.export(folder, told)
    assert sync(hub, "crm", "helpdesk")["crm"] == 6
    assert keys(hub, "contacts") == {"C-2", "C-79"}
    assert keys(hub, "tickets") == {"T-1", "T-2", "T-9"}  # the firm's matter stays, without them
    assert left(hub) == {}
    _, erasure = eraser.page(hub)
    assert erasure.met > 5
    assert NAME not in repr(erasure)


def test_without_the_key_nothing_is_read_and_it_says_why(folder: HubFolder, hub: Runtime) -> None:
    eraser.carry_out(hub, C1, reason=WHY, author="me")
    with running(folder, key=False) as blind:
        run = blind.sync("crm")
        assert run.state == "failed"
        assert "HUB_VAULT_KEY" in (run.error or "")
        with pytest.raises(ConfigError, match="hub vault key"):
            eraser.preview(blind, C1)
    with pytest.raises(ConfigError, match="HUB_VAULT_KEY"), hub.database.transaction() as tx:
        suppressions.required(tx, None)


def test_asked_twice_it_is_done_once_and_lifted_they_come_back(hub: Runtime) -> None:
    done = eraser.carry_out(hub, C1, reason=WHY, author="me")
    again = [eraser.carry_out(hub, one, reason=WHY, author="me") for one in (C1, *done.entities)]
    assert {one.id for one in again} == {done.id}
    eraser.lift(hub, done.id, reason="a new contract", author="me")
    assert sync(hub, "crm") == {"crm": 0}
    assert keys(hub, "contacts") == {"C-1", "C-2"}
    assert (keys(hub, "activities"), keys(hub, "leads")) == ({"1"}, {"L-1"})
    assert "views.document" in left(hub)
    with pytest.raises(ConflictError, match="lifted"):
        eraser.lift(hub, done.id, reason="a new contract", author="me")


def test_what_it_refuses(hub: Runtime) -> None:
    firm = entity_of(hub, "crm:accounts:A-1")
    for target, error, words in (
        ("crm/contacts/C-99", NotFoundError, "stands for nobody"),
        ("01AAAAAAAAAAAAAAAAAAAAAAAA", NotFoundError, "no entity"),
        (firm, ConflictError, "GmbH, no person"),
        ("info@weber.example", ConflictError, "organization's address"),
        (entity_of(hub, "projects:projects:P-1"), ConflictError, "is a project"),
    ):
        with pytest.raises(error, match=words):
            eraser.preview(hub, target)
    for reason, words in (("", "Say why"), (f"{NAME} asked", "names the person")):
        with pytest.raises(ConflictError, match=words):
            eraser.carry_out(hub, C1, reason=reason, author="me")
    assert eraser.page(hub) == []


def test_an_address_that_others_have_marks_nobody(folder: HubFolder, hub: Runtime) -> None:
    told = canary.rows()
    told["crm/contacts"][1]["Telefon"] = PHONE_SPELT  # the switchboard
    canary.export(folder, told)
    sync(hub, "crm")
    plan = eraser.preview(hub, C1)
    assert [(one.value, one.refs) for one in plan.shared] == [
        (canary.PHONE, ("crm:contacts:C-2",)),
    ]
    eraser.carry_out(hub, C1, reason=WHY, author="me")
    sync(hub, "crm")
    assert keys(hub, "contacts") == {"C-2"}


def test_asked_while_a_source_is_being_read(folder: HubFolder, hub: Runtime) -> None:
    told = canary.rows()
    told["crm/deals"][0]["Bezeichnung"] = f"Neu, {NAME}"
    told["crm/contacts"].append(
        {"Kontakt-ID": "C-6", "Konto-ID": "A-1", "Name": NAME, "E-Mail": MAIL}
    )
    canary.export(folder, told)
    done: list[Erasure] = []

    def asked(run: Run) -> None:
        if "accounts" in run.streams and not done:  # contacts and deals are still to come
            done.append(eraser.carry_out(hub, C1, reason=WHY, author="me"))

    hub.sync("crm", on_progress=asked)
    hub.walk()
    assert [one.state for one in done] == ["done"]
    assert left(hub) == {}
    assert keys(hub, "contacts") == {"C-2"}


def test_the_command_shows_first_and_does_it_when_told(folder: HubFolder) -> None:
    key = {"HUB_VAULT_KEY_FILE": str(folder.path / "vault.key")}
    blind = folder.hub("erase", C1)
    assert (blind.returncode, "hub vault key" in blind.stderr) == (2, True)
    shown = folder.hub("erase", C1, **key)
    assert shown.returncode == 0
    for words in (
        "6 records would go",
        "5 records would stay without the person",
        "--yes --reason",
    ):
        assert words in shown.stdout
    assert folder.hub("erase", C1, "--yes", **key).returncode == 1
    done = folder.hub("erase", C1, "--yes", "--reason", WHY, **key)
    assert (done.returncode, "found afterwards: 0" in done.stdout) == (0, True)
    listed = folder.hub("erase", "--list", "--json", **key)
    erasure = json.loads(listed.stdout)
    assert (erasure["reason"], erasure["state"]) == (WHY, "done")
    lifted = folder.hub("erase", "--lift", erasure["id"], "--reason", "a contract", **key)
    assert lifted.returncode == 0
    assert "lifted" in folder.hub("erase", "--list", **key).stdout
    assert folder.hub("erase", **key).returncode == 2
