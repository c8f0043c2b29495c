"""How good the shipped models are on data with truth that they were not fitted to."""

import csv
import json
import sqlite3
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from benchmarks.resolution import chances_of, figures, load
from hub.model.resolution import Profile
from hub.resolution.batch import Base, Divided, base_of, partition_all, resolve, score_table
from hub.resolution.model import default_model
from hub.resolution.wordlists import listed

FLOORS = {
    "fodors_zagat": 0.965,
    "dedupe_csv_example": 0.902,
    "berlin_open": 0.805,
    "febrl3": 0.997,
    "fake_1000": 0.965,
    "rldata10000": 0.978,
}


@pytest.mark.parametrize(("name", "least"), FLOORS.items())
def test_pairwise_f1_on_other_peoples_data(shared_data: Path, name: str, least: float) -> None:
    assert (shared_data / "resolution" / name).is_dir()
    assert f1(name) >= least


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("world:1000", 0.93),
        ("people:contacts:1000", 0.90),
        ("people:careless:400", 0.90),
        ("places:500", 0.94),
        ("lists:bodies:500", 0.90),
        ("lists:sites:300", 0.92),
        ("lists:firms:500", 0.79),
        ("things:papers:200", 0.87),
        ("things:goods:200", 0.73),
        ("things:tracks:300", 0.88),
        ("things:projects:300", 0.74),
    ],
)
def test_pairwise_f1_on_worlds_of_other_names(name: str, least: float) -> None:
    assert f1(name) >= least


def test_companies_of_sources_that_are_not_told() -> None:
    profiles, truth = load("world:1000")
    untold = [replace(each, source="") for each in profiles]
    base = base_of(untold)
    model, scored = score_table(base, default_model("organization"))
    reached = figures(partition_all(base, scored, (), model).clusters, truth)
    assert reached.f1 >= 0.91
    assert reached.precision >= 0.92


def test_firms_of_one_house_are_not_one_firm() -> None:
    names = ("Nordlicht", "Brauer Consulting GmbH", "Kaltmann KG", "Zwirn & Partner", "Ilex Design")
    house = {"street": ("Gründerstr. 12",), "postcode": ("50667",), "city": ("Köln",)}
    firms = [
        Profile(f"crm:o:{at}", "organization", "crm", {"org_name": (name,), **house})
        for at, name in enumerate(names)
    ]
    assert len(resolve(firms, (), default_model("organization")).clusters) == len(names)


def f1(name: str) -> float:
    _, partition, truth = judged(name)
    return figures(partition.clusters, truth).f1


@cache
def judged(name: str) -> tuple[Base, Divided, dict[str, str]]:
    """Return the records of a data set, how they are taken together, and who they truly are."""
    profiles, truth = load(name)
    base = base_of(profiles)
    model, scored = score_table(base, default_model(profiles[0].kind))
    return base, partition_all(base, scored, (), model), truth


@pytest.mark.parametrize("name", ["world:1000", "people:careless:400"])
def test_of_pairs_of_some_probability_about_as_many_are_matches(name: str) -> None:
    base, partition, truth = judged(name)
    chance, same = chances_of(base, partition, truth)
    around = (chance >= 0.85) & (chance < 0.95)
    assert 0.85 <= same[around].mean() <= 0.97
    assert same[chance >= 0.95].mean() >= 0.97
    assert same[chance < 0.05].mean() <= 0.03


def contacts(folder: Path) -> tuple[list[Profile], dict[str, str]]:
    """Return the customers' contact persons of three departments: names, and whose they are."""
    named: list[tuple[str, str, str, str]] = []
    uri = f"file:{folder / 'northwind.sqlite'}?mode=ro"
    with sqlite3.connect(uri, uri=True) as books:
        query = "select CustomerID, ContactName from Customers where ContactName is not null"
        named += [("books", key, name, key.lower()) for key, name in books.execute(query)]
    crm = json.loads((folder / "customers.json").read_text("utf-8"))
    named += [("crm", str(at), r["customer_name"], r["customer_id"]) for at, r in enumerate(crm)]
    desk = json.loads((folder / "customer_support_chats.json").read_text("utf-8"))
    named += [("desk", r["chat_id"], r["customer_name"], r["customer_id"]) for r in desk]
    profiles = [
        Profile(f"{source}:people:{key}", "person", source, {"person_name": (name,)})
        for source, key, name, _ in named
    ]
    return profiles, {f"{source}:people:{key}": customer for source, key, _, customer in named}


@pytest.mark.parametrize("strangers", [0, 400])
def test_a_rare_name_is_evidence_enough_in_a_base_of_some_hundred(
    shared_data: Path, strangers: int
) -> None:
    profiles, customer_of = contacts(shared_data / "departments")
    clients = json.loads((shared_data / "departments" / "clients.json").read_text("utf-8"))
    others = [
        Profile(f"clients:people:{at}", "person", "clients", {"person_name": (name,)})
        for at, name in enumerate(map(_contact_name, clients[:strangers]))
        if name
    ]
    customer_of |= {each.ref: f"client {each.ref}" for each in others}
    found = resolve([*profiles, *others], (), default_model("person"))
    departments: dict[str, set[str]] = {}
    for ref, customer in customer_of.items():
        departments.setdefault(customer, set()).add(ref.partition(":")[0])
    complete = {customer for customer, held in departments.items() if len(held) == 3}
    homes: dict[str, list[set[str]]] = {}
    for cluster in found.clusters:
        customers = {customer_of[ref] for ref in cluster}
        if customers & complete:
            assert len(customers) == 1, cluster[:5]
        for customer in customers:
            homes.setdefault(customer, []).append({ref.partition(":")[0] for ref in cluster})
    whole = [customer for customer in complete if len(homes[customer]) == 1]
    assert len(complete) == 88
    assert len(whole) >= 84


def _contact_name(client: dict[str, str]) -> str:
    return str(client.get("contact_person_name") or client.get("contact_name") or "")


def test_a_common_name_in_a_large_base_is_no_evidence() -> None:
    names = [
        f"{given} {family}"
        for given in listed("given")[:60]
        for family in listed("family")[:100]
        if (given, family) != ("peter", "muller")
    ]
    rare = ["Balthasar Zwirngiebel", "balthasar zwirngiebel "]
    population = [*names, "Peter Müller", "Peter Mueller", *rare]
    found = resolve(
        [
            Profile(f"crm:p:{at}", "person", f"{at}", {"person_name": (name,), "text": (str(at),)})
            for at, name in enumerate(population)
        ],
        (),
        default_model("person"),
    )
    together = {ref: cluster for cluster in found.clusters for ref in cluster}
    last = len(population)
    assert f"crm:p:{last - 3}" not in together[f"crm:p:{last - 4}"]
    assert f"crm:p:{last - 1}" in together[f"crm:p:{last - 2}"]


def test_truth_files_name_every_record(shared_data: Path) -> None:
    for folder in sorted((shared_data / "resolution").iterdir()):
        with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
            keys = {row["id"] for row in csv.DictReader(file)}
        lines = (folder / "records.jsonl").read_text("utf-8").splitlines()
        assert keys == {json.loads(line)["id"] for line in lines}
