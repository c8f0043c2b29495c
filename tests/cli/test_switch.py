"""`hub resolve --dry-run` and `--activate`: the list, and then exactly what the list said."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hub.cli.ending import Exit
from hub.pipeline import lease
from hub.pipeline.model_file import content_mark
from hub.resolution.model import default_model, model_data, shipped_text
from hub.store.tables import crosswalk, edges, resolution_bases
from tests.cli.firms import lay_out, store_of
from tests.cli.running import hub

SHIPPED = f"organization#{content_mark(shipped_text('organization'))}"


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    lay_out(tmp_path, sqlite_template)
    return tmp_path


def standing(folder: Path) -> dict[str, str]:
    with store_of(folder) as db, db.reading() as tx:
        return dict(tx.execute(sa.select(crosswalk.c.ref, crosswalk.c.entity_id)).all())


def moves(before: dict[str, str], after: dict[str, str]) -> set[tuple[str, str, str]]:
    return {(ref, before[ref], after[ref]) for ref in before if before[ref] != after[ref]}


def listed(folder: Path, *options: str) -> list[dict[str, Any]]:
    said = hub("resolve", *options, "--json", folder=folder)
    assert said.returncode == Exit.OK, said.stderr
    changes: list[dict[str, Any]] = json.loads(said.stdout)["changes"]
    return changes


def told(changes: list[dict[str, Any]]) -> set[tuple[str, str, str]]:
    return {(ref, one["source"], one["target"]) for one in changes for ref in one["records"]}


def base_model(folder: Path) -> str:
    with store_of(folder) as db, db.reading() as tx:
        where = resolution_bases.c.kind == "organization"
        return str(tx.execute(sa.select(resolution_bases.c.model).where(where)).scalar_one())


def test_activation_does_what_the_dry_run_listed(folder: Path) -> None:
    for merge, what in (("9", "split"), ("0", "merge")):
        options = ("--kind", "organization", "--merge", merge)
        before = standing(folder)
        changes = listed(folder, "--dry-run", *options)
        assert {one["what"] for one in changes} == {what}
        assert standing(folder) == before
        assert listed(folder, "--activate", *options) == changes
        assert moves(before, standing(folder)) == told(changes)
        assert listed(folder, "--dry-run", *options) == []


def test_a_hub_that_the_model_of_another_release_scored_is_scored_anew(folder: Path) -> None:
    def bits() -> list[tuple[int, int, float]]:
        with store_of(folder) as db, db.reading() as tx:
            return sorted(
                map(tuple, tx.execute(sa.select(edges.c.left_id, edges.c.right_id, edges.c.bits)))
            )

    hub("resolve", folder=folder)
    scored = bits()
    assert base_model(folder) == SHIPPED
    with store_of(folder) as db, db.transaction() as tx:
        tx.execute(sa.update(resolution_bases).values(model="organization#0ther"))
        tx.execute(sa.update(edges).values(bits=-1.5))
    hub("resolve", folder=folder)
    assert base_model(folder) == SHIPPED
    assert bits() == scored != []


def test_a_model_file_is_switched_on_kept_and_switched_off(folder: Path) -> None:
    data = model_data(default_model("organization")) | {"name": "mine", "merge": 9.0}
    (folder / "mine.json").write_text(json.dumps(data), "utf-8")
    before = standing(folder)
    changes = listed(folder, "--activate", "--model", "mine.json")
    assert changes
    assert base_model(folder).startswith("mine#")
    hub("sync", folder=folder)
    hub("resolve", folder=folder)
    assert moves(before, standing(folder)) == told(changes)
    back = listed(folder, "--activate", "--model", "shipped", "--kind", "organization")
    assert {one["what"] for one in back} == {"merge"}
    assert not (folder / "models/organization.json").exists()
    assert base_model(folder) == SHIPPED


def test_what_excludes_what_may_change_with_a_model(folder: Path) -> None:
    data = model_data(default_model("organization")) | {"name": "mine", "vetoes": ["city"]}
    (folder / "mine.json").write_text(json.dumps(data), "utf-8")
    before = standing(folder)
    changes = listed(folder, "--dry-run", "--model", "mine.json")
    assert listed(folder, "--activate", "--model", "mine.json") == changes
    assert moves(before, standing(folder)) == told(changes)


def test_the_list_is_a_table_for_people(folder: Path) -> None:
    said = hub("resolve", "--dry-run", "--kind", "organization", "--merge", "9", folder=folder)
    assert "split" in said.stdout
    summed, offered = said.stdout.splitlines()[-2:]
    assert summed.startswith("organization: ")
    assert "would change: 0 merged" in summed
    assert offered.startswith("to switch on just that: --activate --list ")
    none = hub("resolve", "--dry-run", "--kind", "person", "--merge", "3", folder=folder)
    assert none.stdout.startswith("person: 0 would change: 0 merged, 0 split off, 0 moved over\n")


def test_a_list_that_is_another_one_since_is_not_done(folder: Path) -> None:
    options = ("--kind", "organization", "--merge", "9")
    looked_at = said_list(folder, *options)
    pair = looked_at["changes"][0]["records"][0], left_behind(folder, looked_at["changes"][0])
    hub("review", "different", *pair, folder=folder)
    before = standing(folder)
    said = hub("resolve", "--activate", *options, "--list", looked_at["list"], folder=folder)
    assert said.returncode == Exit.FAILED
    assert f"and no longer {looked_at['list']}; nothing was switched on" in said.stderr
    assert standing(folder) == before
    assert not (folder / "models").exists()
    now = said_list(folder, *options)
    assert now["list"] != looked_at["list"]
    assert listed(folder, "--activate", *options, "--list", now["list"]) == now["changes"]
    assert moves(before, standing(folder)) == told(now["changes"])


def test_the_model_before_is_kept_and_leads_back(folder: Path) -> None:
    data = model_data(default_model("organization")) | {"name": "mine", "merge": 9.0}
    (folder / "mine.json").write_text(json.dumps(data), "utf-8")
    listed(folder, "--activate", "--model", "mine.json")
    (folder / "mine.json").unlink()
    before, used = together(folder), base_model(folder)
    text = (folder / "models/organization.json").read_bytes()
    said = hub("resolve", "--activate", "--model", "shipped", "--kind=organization", folder=folder)
    *_, last = said.stdout.splitlines()
    asked = last.removeprefix("to go back: hub ").split()
    assert (folder / asked[-1]).read_bytes() == text
    assert together(folder) != before
    last = hub(*asked, folder=folder).stdout.splitlines()[-1]
    assert (together(folder), base_model(folder)) == (before, used)
    assert last == "to go back: hub resolve --activate --kind organization --model shipped"


def test_nothing_is_switched_on_while_another_process_works(folder: Path) -> None:
    with store_of(folder) as db, db.transaction() as tx:
        lease.acquire(tx, "street", lease.process_name(), datetime.now(UTC))
    said = hub("resolve", "--activate", "--kind=organization", "--merge", "9", folder=folder)
    assert said.returncode == Exit.BUSY
    assert "nothing was switched on" in said.stderr
    assert not (folder / "models").exists()


def together(folder: Path) -> set[frozenset[str]]:
    """Return who is one, whatever it is called: an id that redirects is not given out again."""
    found: dict[str, set[str]] = {}
    for ref, one in standing(folder).items():
        found.setdefault(one, set()).add(ref)
    return {frozenset(refs) for refs in found.values()}


def said_list(folder: Path, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        hub("resolve", "--dry-run", *options, "--json", folder=folder).stdout
    )
    return found


def left_behind(folder: Path, change: dict[str, Any]) -> str:
    """Return a record of the entity that a change takes records from which stays there."""
    held = {ref for ref, one in standing(folder).items() if one == change["source"]}
    return min(held - set(change["records"]))


def test_a_model_in_use_that_breaks_is_named(folder: Path) -> None:
    (folder / "models").mkdir()
    (folder / "models/person.json").write_text(
        json.dumps(model_data(default_model("organization"))), "utf-8"
    )
    said = hub("sync", folder=folder)
    assert said.returncode == Exit.CONFIG
    assert "person.json: this is a model of organization, not of person" in said.stderr


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--dry-run"], "--kind is needed"),
        (["--dry-run", "--kind", "deal"], "deal is none of"),
        (["--dry-run", "--activate", "--kind", "person"], "either --dry-run or --activate"),
        (["--dry-run", "--kind", "person", "--merge", "-4"], "--merge must be above -4.0"),
        (["--dry-run", "--model", "none.json"], "none.json: cannot be read"),
        (["--model", "none.json"], "need --dry-run or --activate"),
        (["--dry-run", "--kind=person", "--list", "0a"], "--list names what --activate is to do"),
        (["--report", "r"], "are for a file"),
    ],
)
def test_what_cannot_be_asked(folder: Path, options: list[str], text: str) -> None:
    said = hub("resolve", *options, folder=folder)
    assert said.returncode == Exit.CONFIG
    assert text in " ".join(said.stderr.replace("│", " ").split())
