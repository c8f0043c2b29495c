"""What columns there are tells the same in a hub as in a file, and to whoever trains."""

import csv
import json
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path

import pytest
import sqlalchemy as sa

from hub.cli.ending import Exit
from hub.pipeline.model_file import read_model
from hub.store.tables import resolution_bases
from tests.cli.firms import CONFIG, store_of
from tests.cli.running import hub
from tests.cli.test_switch import standing

MAPPING = "streams:\n  firms:\n    - {kind: person, fields: {%s}}\n"
REACHED = "emails: mail, phones: phone"
LETTERS = str.maketrans("0123456789", "ghijklmnop")
SCHEMA = "kind: person\nid: key\nsource: source\nfields: {mail: email, phone: phone}\n"


def scattered(text: str) -> str:
    return blake2b(text.encode(), digest_size=5).hexdigest()


def rows() -> list[dict[str, str]]:
    """Return people of two sources: each twice, by one telephone and by two mailboxes."""
    return [
        {
            "key": f"{source}:firms:{at}",
            "source": source,
            "id": str(at),
            "name": f"{'Anna' if at % 2 else 'Olaf'} {'BCDFGHJK'[at % 8]}e{'lmnrst'[at % 6]}ke",
            "mail": f"{scattered(f'{source}{at}').translate(LETTERS)}@{source}-mail.example",
            "phone": f"+49 171 {int(scattered(str(at)), 16) % 10**7:07}",
        }
        for source in ("crm", "desk")
        for at in range(40)
    ]


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    for name, text in {
        "configs/hub.yaml": CONFIG,
        "configs/mappings/firms.yaml": MAPPING % REACHED,
        "configs/rules/.keep": "",
        "schema.yaml": SCHEMA,
        "all.jsonl": lines(rows()),
        **{
            f"exports/{source}.jsonl": lines(row for row in rows() if row["source"] == source)
            for source in ("crm", "desk")
        },
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data/hub.db").write_bytes(sqlite_template.read_bytes())
    return tmp_path


def lines(some: Iterable[dict[str, str]]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in some)


def done(folder: Path, *arguments: str) -> str:
    said = hub(*arguments, folder=folder)
    assert said.returncode == Exit.OK, said.stderr
    return said.stdout


def together(placed: dict[str, str]) -> set[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for ref, one in placed.items():
        found.setdefault(one, set()).add(ref)
    return {frozenset(refs) for refs in found.values()}


def of_file(folder: Path) -> set[frozenset[str]]:
    done(folder, "resolve", "all.jsonl", "--schema", "schema.yaml", "--out", "out.csv")
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        return together({row["id"]: row["cluster"] for row in csv.DictReader(file)})


def model_in_use(folder: Path) -> str:
    with store_of(folder) as db, db.reading() as tx:
        where = resolution_bases.c.kind == "person"
        return str(tx.execute(sa.select(resolution_bases.c.model).where(where)).scalar_one())


def test_people_without_names_are_one_in_a_hub_as_in_a_file_until_names_are_mapped(
    folder: Path,
) -> None:
    pairs = {frozenset((f"crm:firms:{at}", f"desk:firms:{at}")) for at in range(40)}
    assert of_file(folder) == pairs
    done(folder, "sync")
    assert together(standing(folder)) == pairs
    unnamed = model_in_use(folder)
    done(folder, "train", "--hub", "--kind", "person", "--out", "hub.json")
    assert read_model(folder / "hub.json").name == f"{unnamed.partition('#')[0]}+adapted"
    mapping = folder / "configs/mappings/firms.yaml"
    mapping.write_text(MAPPING % f"{REACHED}, name: name", "utf-8")
    done(folder, "sync")
    named, _, content = model_in_use(folder).partition("#")
    assert unnamed == f"{named}+unnamed#{content}"
