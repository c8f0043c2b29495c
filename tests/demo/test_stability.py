"""One seed and one day make one world: in any process, at any size, whatever came before."""

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from hub.demo import truth
from hub.demo.model import World
from hub.demo.world import SMALLEST, world
from hub.demo.write import write
from mapping.normalize.address import street_line
from mapping.normalize.company import company_name
from mapping.normalize.identifier import iban, vat_number
from mapping.normalize.name import person_name
from mapping.normalize.phone import phone_number

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 23)
DIGEST = """
import hashlib
from datetime import date
from hub.demo.world import world
print(hashlib.sha256(repr(world(7, date(2026, 11, 23), 80)).encode()).hexdigest())
"""


def digest(company: World) -> str:
    return hashlib.sha256(repr(company).encode()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_another_process_makes_the_same_world(hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", DIGEST],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(world(7, TODAY, SMALLEST))


def test_a_world_made_in_between_leaves_no_trace() -> None:
    first = digest(world(1, TODAY, 80))
    world(2, TODAY + timedelta(days=5), 80)
    assert digest(world(1, TODAY, 80)) == first
    assert digest(world(1, TODAY, 81)) != first
    assert digest(world(1, TODAY + timedelta(days=1), 80)) != first


@pytest.mark.parametrize("customers", [80, 150, 600])
def test_the_truth_covers_every_record_at_any_size(customers: int) -> None:
    made = world(4, TODAY, customers)
    organizations, persons = dict(truth.organizations(made)), dict(truth.persons(made))
    assert set(organizations.values()) == set(range(1, customers + 1))
    people = {person.id: person.company for person in made.people}
    assert set(persons.values()) <= people.keys()
    # Who works where is one truth: the person's company is that of the record beside it.
    for ref, person in persons.items():
        head, _, part = ref.partition("#")
        beside = {"contact": ("", "#client"), "requester": ("#company",), "": ("#company",)}
        for other in beside[part]:
            assert organizations.get(head + other, people[person]) == people[person]


def test_dirt_is_neither_rare_nor_everywhere() -> None:
    made = world(4, TODAY, 600)
    shares = {kind: len(refs) / 600 for kind, refs in made.dirt.items()}
    assert set(shares) == {
        "duplicate in the CRM",
        "family name first",
        "given name shortened",
        "legal form dropped",
        "name cut at 30 characters",
        "no company named",
        "old address",
        "role mailbox",
        "sister company",
        "status without a mapping",
        "typing mistake",
        "umlauts spelt out",
        "unrelated namesake",
    }
    assert 0.02 < shares["duplicate in the CRM"] < 0.08
    assert 0.03 < shares["old address"] < 0.12
    assert shares["sister company"] < 0.05
    for kind, refs in made.dirt.items():
        assert max(Counter(refs).values()) == 1, kind


def test_the_hub_s_own_reading_finds_the_truth_in_what_is_written() -> None:
    made = world(4, TODAY, 120)
    for company in made.companies:
        found = company_name(company.name)
        assert found is not None
        assert (found.core, found.legal_form) == (company.core, company.form)
        assert vat_number(company.vat_id) == company.vat_id
        assert iban(company.iban) == company.iban
        assert phone_number(company.phone, "DE") is not None
        place = street_line(f"{company.address.street} {company.address.house_number}", "DE")
        assert place is not None
        assert place.house_number == company.address.house_number
    for person in made.people:
        for text in (
            f"{person.given_name} {person.family_name}",
            f"{person.family_name}, {person.given_name}",
            f"{person.salutation} {person.title} {person.given_name} {person.family_name}",
        ):
            read = person_name(text)
            assert read is not None
            assert (read.given, read.family) == (person.given_name, person.family_name)


def test_a_later_writing_overtakes_an_earlier_one(tmp_path: Path) -> None:
    large, small = world(1, TODAY, 100), world(2, TODAY, 80)
    write(large, tmp_path)
    write(small, tmp_path)
    said = json.loads((tmp_path / "planted.json").read_text("utf-8"))
    assert (said["seed"], said["customers"]) == (2, 80)
    lines = (tmp_path / "helpdesk/tickets.jsonl").read_bytes().splitlines()
    assert len(lines) == len(small.tickets)
    write(replace(small, tickets=small.tickets[:1]), tmp_path)
    assert len((tmp_path / "helpdesk/tickets.jsonl").read_bytes().splitlines()) == 1
