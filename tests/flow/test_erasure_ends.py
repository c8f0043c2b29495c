"""Ends that an erasure does not choose: killed at any commit, an older backup, others at work."""

import json
import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub import eraser
from hub.clock import instant_text
from hub.errors import ConfigError
from hub.pipeline import erase
from hub.runtime import Runtime
from hub.store import erasures, hints, secrets, tables
from hub.store.database import Database, Tx
from hub.store.scrubbing import remaining
from hub.vault import made_list_key, new_key
from tests.connectors.emulator import Reply, emulator, numbered
from tests.flow import canary
from tests.flow.canary import CANARIES, MAIL, NAME, running, sync
from tests.flow.hub_folder import HubFolder, until
from tests.flow.killing import die_at, is_killed

WHY = "letter of 23 November"


def _answer(row: dict[str, Any], _request: object) -> Reply:
    return Reply({"data": row})


def copy_of(canaries_read: HubFolder, path: Path) -> HubFolder:
    shutil.copytree(canaries_read.path, path)
    return HubFolder(path, f"sqlite:///{path / 'hub.db'}")


@pytest.fixture
def folder(canaries_read: HubFolder, tmp_path: Path) -> HubFolder:
    return copy_of(canaries_read, tmp_path / "hub")


def left(hub: Runtime) -> dict[str, int]:
    with hub.database.reading() as tx:
        return remaining(tx, CANARIES)


def killed(folder: HubFolder, where: str | int) -> bool:
    """Erase in a process of its own that is killed behind a step, or behind its n-th commit; False
    where it came to its end before."""
    return is_killed(partial(_erase_until, folder, where))


def _erase_until(folder: HubFolder, where: str | int) -> None:
    """Only ever called in a process that ends with it: it changes what others share."""

    def dies(*args: Any, **more: Any) -> None:
        step(*args, **more)
        os.kill(os.getpid(), signal.SIGKILL)

    with running(folder) as hub:
        if isinstance(where, str):
            step = getattr(erase, where)
            setattr(erase, where, dies)
        else:
            die_at(where)
        eraser.carry_out(hub, MAIL, **BY)


def test_killed_again_and_again_it_ends_whole(folder: HubFolder) -> None:
    for where in (2, "request", 5, "_cut", 4, "_finish"):
        assert killed(folder, where), where
        with running(folder) as hub:
            sync(hub, "crm")  # the sources go on meanwhile
    with running(folder) as hub:
        done = eraser.carry_out(hub, MAIL, reason=WHY, author="me")
        assert (done.state, left(hub)) == ("done", {})
        assert len(eraser.page(hub)) == 1
        with hub.database.reading() as tx:
            assert erasures.unfinished(tx) == []
            assert [name for name, _ in secrets.names(tx)] == ["suppression-list"]


def kept_apart(folder: HubFolder) -> Path:
    """Let the hub keep the list of who was erased apart from its database."""
    config = (folder.path / "configs/hub.yaml").read_text("utf-8")
    folder.write("configs/hub.yaml", f"{config}\nerasing: {{list: apart/erased.jsonl}}\n")
    folder.write("apart/.keep", "")
    return folder.path / "apart/erased.jsonl"


def test_an_older_backup_forgets_again(folder: HubFolder, tmp_path: Path) -> None:
    kept = kept_apart(folder)
    shutil.copy(folder.path / "hub.db", tmp_path / "backup.db")
    with running(folder) as hub:
        person = eraser.carry_out(hub, MAIL, reason=WHY, author="me")
        other = eraser.carry_out(hub, "otto@weber.example", reason="an objection", author="me")
        eraser.lift(hub, other.id, reason="a contract", author="me")
    held = kept.read_text("utf-8").lower()
    assert [one for one in CANARIES if one.lower() in held] == []

    shutil.copy(tmp_path / "backup.db", folder.path / "hub.db")
    with running(folder) as hub:
        refused = hub.sync("crm")
        assert (refused.state, "hub erase --import" in str(refused.error)) == ("failed", True)
        for step in (hub.require_street, lambda: eraser.carry_out(hub, "x@y.de", **BY)):
            with pytest.raises(ConfigError, match="does not know 1: "):
                step()
        assert "views.document" in left(hub)
        assert [one.id for one in eraser.unknown(hub, kept)] == [person.id]
    key = {"HUB_VAULT_KEY_FILE": str(folder.path / "vault.key")}
    shown = folder.hub("erase", "--import", str(kept), **key)
    assert (shown.returncode, person.id in shown.stdout) == (0, True)
    said = folder.hub("erase", "--import", str(kept), "--yes", **key)
    assert (said.returncode, "found afterwards: 0" in said.stdout) == (0, True)
    with running(folder) as hub:
        assert left(hub) == {}
        (again,) = eraser.page(hub)
        assert (again.id, again.reason, again.author) == (person.id, WHY, "me")
        assert again.receipt["source records"] == person.receipt["source records"]
        assert set(again.entities) == set(person.entities)
        assert sync(hub) == {"crm": 3, "helpdesk": 1, "books": 0, "marketing": 2, "projects": 0}
        assert left(hub) == {}
        assert eraser.bring_back(hub, kept) == []
        assert eraser.export(hub, tmp_path / "list.jsonl") == 1
        assert (tmp_path / "list.jsonl").read_bytes().count(b"\n") == 2


BY = {"reason": WHY, "author": "me"}


def test_a_backup_between_erasing_and_lifting_is_lifted_again(
    folder: HubFolder, tmp_path: Path
) -> None:
    kept = kept_apart(folder)
    with running(folder) as hub:
        done = eraser.carry_out(hub, "otto@weber.example", **BY)
        assert hub.database.compact()
    shutil.copy(folder.path / "hub.db", tmp_path / "backup.db")
    with running(folder) as hub:
        eraser.lift(hub, done.id, reason="a contract", author="me")
    shutil.copy(tmp_path / "backup.db", folder.path / "hub.db")
    with running(folder) as hub:
        assert [one.state for one in eraser.bring_back(hub, kept)] == ["lifted"]


def test_a_list_that_does_not_hold_is_refused(folder: HubFolder, tmp_path: Path) -> None:
    kept = kept_apart(folder)
    with running(folder) as hub:
        with pytest.raises(ConfigError, match="nobody was ever erased"):
            eraser.export(hub, kept)
        eraser.carry_out(hub, "neu@kommt.example", **BY)
        text = kept.read_text("utf-8")
        for broken, words in (
            ("", r"jsonl:1: no list"),
            (text.replace('"kind":"person"', '"kind":"dog"'), r"jsonl:2: no list"),
            (text.replace('"erased_list":1', '"erased_list":2'), r"jsonl:1: no list"),
        ):
            kept.write_text(broken, "utf-8")
            with pytest.raises(ConfigError, match=words):
                eraser.bring_back(hub, kept)
        kept.unlink()
        assert "the list of who was erased is not there" in str(hub.sync("crm").error)
        assert eraser.export(hub, kept) == 1
        kept.parent.rename(tmp_path / "away")
        with pytest.raises(ConfigError, match="cannot be written"):
            eraser.carry_out(hub, MAIL, **BY)
        assert "views.document" in left(hub)  # nothing went
        (tmp_path / "away").rename(kept.parent)
        eraser.carry_out(hub, MAIL, **BY)
    foreign = copy_of(folder, tmp_path / "foreign")
    with running(foreign) as hub, hub.database.transaction() as tx:
        secrets.remove(tx, "suppression-list")
    with running(foreign) as hub:
        made_list_key(hub.vault)
        with pytest.raises(ConfigError, match="another key"):
            eraser.bring_back(hub, kept)


ACME = """\
connector: acme
streams:
  contacts:
    path: /contacts
    fields: {id: text, name: text, email: optional text, updated_at: moment}
    items: data
    cursor: updated_at
    since: updated_since
    ordered: true
    backfill: 1
    pages: {type: number, size: [per_page, 2], total: meta.total}
    item: /contacts/{key}
    item_at: data
"""


def test_no_way_back_by_hint_replay_or_backfill(
    tmp_path: Path, new_sqlite_url: Callable[[], str]
) -> None:
    folder, rows = HubFolder(tmp_path, new_sqlite_url()), []
    for n, (key, name, email) in enumerate(
        (
            *(("a", "Anna Alt", None), ("b", NAME, MAIL), ("c", "Cora Chef", None)),
            *(("d", "Dora Dorn", None), ("e", f"{NAME} (neu)", MAIL.upper())),
        )
    ):
        at = f"2026-11-2{n}T10:00:00Z"
        rows.append({"id": key, "name": name, "email": email, "updated_at": at})
    with emulator() as source:
        source.routes["/contacts"] = numbered(rows, size=2)
        folder.write("acme.yaml", ACME)
        folder.write("rules/.keep", "")
        folder.write("vault.key", new_key())
        folder.write(
            "map.yaml",
            "streams: {contacts: [{kind: person, fields: {name: name, emails: email}}]}",
        )
        folder.write(
            "configs/hub.yaml",
            "home: ..\nconnections: {acme: {source: acme.yaml, system: crm, "
            f"mapping: ../map.yaml, config: {{base_url: '{source.url}'}}}}}}\n"
            "rules: {folder: ../rules}\n",
        )
        with running(folder) as hub:
            sync(hub, "acme")
            assert keys(hub) == {"a", "b", "c"}  # the first slice
            eraser.carry_out(hub, MAIL, **BY)
            for _ in range(3):
                sync(hub, "acme")
            assert keys(hub) == {"a", "c", "d"}
            for key in ("b", "e"):
                one = next(row for row in rows if row["id"] == key)
                source.routes[f"/contacts/{key}"] = partial(_answer, one)
            with hub.database.transaction() as tx:
                hints.add(tx, "acme", {"contacts": ["b", "e"]}, instant_text(hub.clock()))
                raw = json.dumps(json.dumps(rows[1] | {"email": None}))
                entry: dict[str, object] = {"connection": "acme", "stream": "contacts"}
                entry |= {
                    "fingerprint": b"1",
                    "key": None,
                    "place": "",
                    "reason": "broken",
                    "state": "open",
                }
                entry |= {"seen_run": 1, "raw": raw, "first_seen_at": "2027"}
                tx.execute(sa.insert(tables.quarantine), [entry])
            assert hub.reread("acme") == 2
            assert keys(hub) == {"a", "c", "d"}
            hub.sync("acme", reread=True)
            assert keys(hub) == {"a", "c", "d"}
            assert hub.database.compact()
            with hub.database.reading() as tx:
                states = tx.execute(sa.select(tables.quarantine.c.state)).scalars().all()
            assert states == ["replayed"]


def keys(hub: Runtime) -> set[str]:
    c = tables.source_records.c
    with hub.database.reading() as tx:
        return set(tx.execute(sa.select(c.key)).scalars())


def test_a_page_that_is_being_stored_meanwhile_is_waited_for(
    tmp_path: Path, new_postgresql_url: Callable[[], str]
) -> None:
    folder = canary.lay_out(tmp_path, new_postgresql_url())
    stored, whole = threading.Event(), Database.transaction
    with running(folder) as hub, running(folder) as reader:
        sync(hub)
        told = canary.rows()
        again = {"Kontakt-ID": "C-6", "Konto-ID": "A-1", "Name": NAME, "E-Mail": MAIL}
        told["crm/contacts"].append(again)
        canary.export(folder, told)

        @contextmanager
        def slow() -> Iterator[Tx]:
            with whole(reader.database) as tx:
                yield tx
                if not stored.is_set() and "C-6" in tx.execute(KEYS).scalars().all():
                    stored.set()
                    until(lambda: _waits(hub.database), "the cut waits for the page")

        reader.database.transaction = slow  # type: ignore[method-assign]
        with ThreadPoolExecutor(1) as pool:
            run = pool.submit(reader.sync, "crm")
            assert stored.wait(60)
            done = eraser.carry_out(hub, MAIL, **BY)
            assert run.result(60).state == "succeeded"
        hub.walk()
        assert done.state == "done"
        assert keys(hub) >= {"C-2"}
        assert keys(hub).isdisjoint({"C-1", "C-6"})
        assert left(hub) == {}


KEYS = sa.select(tables.source_records.c.key)


def _waits(database: Database) -> bool:
    """Return whether somebody waits for a lock in this database."""
    asked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with database.reading() as tx:
        return tx.exec_driver_sql(f"{asked} AND datname = current_database()").first() is not None
