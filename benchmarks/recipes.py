"""From which invented worlds each shipped model learns, and from which weights it sets out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.companies import Habits
from benchmarks.persons import people
from benchmarks.places import clubs, guides, places
from benchmarks.plans import Plan, Recipe
from benchmarks.things import things
from benchmarks.together import (
    NAMELESS,
    NEIGHBOURS,
    When,
    company_interactions,
    person_interactions,
)
from benchmarks.worlds import Dirt, World, world
from hub.resolution.model import Interaction, Model, Rivalry, Weight, model_from

CONTACT = ("email", "website", "phone", "street", "postcode")

CLEAN = Dirt(sisters=0.01, namesakes=0.01, changed=0.01, typo=0.03, shared_contact=0.0, inside=0.05)
"""Customers who have nothing to do with one another."""


HALF = Dirt(sisters=0.05, namesakes=0.025)
"""Customers with half the sisters and namesakes."""


def customers(size: int, seed: int, *without: str, dirt: Dirt | None = None) -> Plan:
    """Return a plan of four departments' customers."""

    def make(size: int, *, seed: int, stock: str) -> World:
        return world(size, seed=seed, stock=stock, dirt=dirt)

    return Plan(make, size, seed, without=without)


def persons(size: int, seed: int, habit: str) -> Plan:
    """Return a plan of people kept by one habit."""

    def make(size: int, *, seed: int, stock: str) -> World:
        return people(size, habit=habit, seed=seed, stock=stock)

    return Plan(make, size, seed)


def _learning_of_organizations() -> list[Plan]:
    """Return the worlds that teach; of each kind of base there should be enough."""
    return [
        customers(600, 1),
        customers(2500, 2),
        customers(5000, 3),
        customers(1500, 4, dirt=Dirt(sisters=0.05, namesakes=0.04, changed=0.05)),
        customers(1500, 5, dirt=Dirt(sisters=0.25, namesakes=0.2)),
        customers(1500, 6, dirt=Dirt(typo=0.25, inside=0.3)),
        customers(1500, 7, "vat"),
        customers(1500, 8, "email", "website"),
        customers(1500, 9, "phone", "vat", dirt=Dirt(sisters=0.06)),
        customers(1200, 10, "street", "postcode", "city", dirt=Dirt(sisters=0.05)),
        customers(1200, 11, *CONTACT, "vat", dirt=Dirt(sisters=0.04, namesakes=0.05)),
        customers(1200, 12, "vat", "email", "website", dirt=Dirt(sisters=0.04)),
        customers(1500, 41, "street"),
        customers(1500, 42, "street", "city"),
        customers(1500, 43, "street", "postcode", "phone"),
        customers(1500, 44, "street", "phone", "website", dirt=CLEAN),
        customers(1000, 45, "street", "vat", "email", "website", dirt=CLEAN),
        Plan(places, 800, 31, 4.0),
        Plan(places, 300, 32, 4.0),
        Plan(places, 2000, 33, 4.0, ("phone",)),
        Plan(places, 1500, 34, 4.0, ("category", "city")),
        Plan(guides, 900, 91, 12.0),
        Plan(guides, 2500, 92, 12.0),
        Plan(clubs, 2000, 35, 0.5),
        Plan(clubs, 800, 36, 0.5),
        replace(customers(800, 37, dirt=CLEAN), weight=2.0),
        replace(customers(2500, 38, dirt=CLEAN), weight=2.0),
        replace(customers(1500, 39, "vat", "email", "website", dirt=CLEAN), weight=2.0),
        customers(5000, 72, dirt=HALF),
        customers(2500, 73, dirt=Dirt(sisters=0.15, namesakes=0.08, typo=0.15)),
        customers(2500, 74),
        customers(2500, 75, dirt=replace(HALF, typo=0.05)),
        customers(9600, 76),
        replace(customers(1500, 81, *CONTACT, "vat", "city", dirt=CLEAN), weight=14.0),
        replace(customers(1500, 82, *CONTACT, "vat", dirt=CLEAN), weight=9.0),
    ]


CONTACTS = Dirt(contacts=1.0, nameless=0.1, houses=0.02)
"""Customers of whom departments know persons, at times nothing else."""
APART = replace(CONTACTS, sisters=HALF.sisters, namesakes=HALF.namesakes)


def _learning_of_contacts() -> list[Plan]:
    """Return the worlds that teach what contacts tell, and records without a name."""
    return [
        customers(2500, 201, dirt=CONTACTS),
        customers(5000, 202, dirt=CONTACTS),
        customers(2500, 203, dirt=APART),
        customers(1500, 204, "street", "phone", dirt=APART),
        customers(1500, 205, "vat", dirt=replace(CLEAN, contacts=1.0, nameless=0.1, houses=0.02)),
        customers(1500, 206, "email", "website", dirt=APART),
    ]


HABITS = Habits(nested=0.5, boxes=0.1, apart=True)
NESTED = [
    Dirt(again=0.3, brief=0.15, habits=HABITS),
    replace(HALF, again=0.3, brief=0.15, habits=HABITS),
    replace(APART, again=0.3, brief=0.15, habits=HABITS),
    Dirt(typo=0.15, changed=0.2, again=0.15, brief=0.15, habits=replace(HABITS, nested=0.3)),
]
"""Customers whose domains are of one house, and whose houses' names are in those of sisters."""


def _learning_of_more() -> list[Plan]:
    """Return worlds that teach only trees: these ask more, and more pairs answer them."""
    habits = [
        Dirt(),
        HALF,
        CONTACTS,
        APART,
        Dirt(typo=0.2, changed=0.15),
        replace(APART, typo=0.2, inside=0.25),
        replace(CONTACTS, sisters=0.15, namesakes=0.15),
        replace(HALF, changed=0.2),
    ]
    return [customers(5000, 301 + at, dirt=dirt) for at, dirt in enumerate(habits)]


def organization(*, choose: bool = False) -> Recipe:
    """Return how the model of organisations is fitted: beside the settled weights, or anew.

    choose: whether all is fitted anew, rules chosen, too, setting out from those by hand.
    """
    rivals = [
        customers(2500, 22),
        customers(5000, 23),
        customers(1500, 24, dirt=Dirt(sisters=0.05, namesakes=0.02)),
        customers(1500, 25, "email", "website"),
        customers(1200, 26, *CONTACT, "vat", dirt=Dirt(sisters=0.05)),
        Plan(places, 800, 51),
        Plan(guides, 2500, 93),
        Plan(clubs, 2000, 52),
        customers(2000, 53, dirt=CLEAN),
    ]
    sizes = [customers(600, 61), customers(2400, 62), customers(9600, 63)]
    groups = [customers(2500, 22), customers(5000, 23), customers(5000, 27)]
    groups += [customers(5000, 28 + at, dirt=dirt) for at, dirt in enumerate(NESTED)]
    start, learn = _start("organization", ORGANIZATION), _learning_of_organizations()
    anew = Recipe(start, 2.0, learn, rivals, sizes, groups, alone=[Plan(clubs, 2000, 52)])
    if choose:
        return replace(anew, rounds=(40, 40), thin=8)
    settled = model_from(json.loads(Path(__file__).with_name("settled.json").read_text("utf-8")))
    rules = [Interaction(when, 0.0) for when in NAMELESS]
    more = replace(settled, weights=PERSONS, interactions=rules)
    contacts = _learning_of_contacts()
    made = replace(anew, start=more, pull=1.0, learn=contacts, settled=settled)
    made = replace(made, boosted=[*learn, *contacts, *_learning_of_more()])
    return replace(made, by_hand=[Interaction(NEIGHBOURS, -4.0)])


def person() -> Recipe:
    """Return how the model of people is fitted."""
    habits = [
        (3000, 1, "register"),
        (2000, 2, "census"),
        (400, 3, "careless"),
        (1500, 4, "careless"),
        (6000, 5, "birthdays"),
        (6000, 15, "birthdates"),
        (10000, 16, "birthdates"),
        (2000, 17, "birthdates"),
        (3000, 6, "contacts"),
        (800, 7, "contacts"),
        (3000, 8, "mixed"),
        (100, 9, "names"),
        (600, 10, "names"),
        (4000, 11, "names"),
        (8000, 12, "census"),
    ]
    learn = [persons(*each) for each in habits]
    rivals = [persons(size, seed + 100, habit) for size, seed, habit in habits]
    # Records of people lack much: a pair that has little to say must not part a cluster.
    start = replace(_start("person", PERSON), propose=5.0, floor=-2.0)
    return Recipe(start, 3.0, learn, rivals, adapts=True)


PAPER = "title=text:title authors=text:authors"
GOOD = "name=text:name"
TRACK = "title=text:title artist=text:artist album=text:album"
PROJECT = "title=text:title customer=org_name"


def thing() -> Recipe:
    """Return how the model of things is fitted."""
    kinds = [
        ("papers", f"{PAPER} venue=text:venue year=number:year", 1500, 2),
        ("papers", f"{PAPER} venue=category:venue year=number:year", 4000, 2),
        ("papers", f"{PAPER} year=date:year", 1000, 2),
        ("papers", "title=text:title year=number:year", 1500, 2),
        ("papers", PAPER, 600, 3),
        ("goods", f"{GOOD} description=text:description price=number:price", 1500, 2),
        ("goods", f"{GOOD} brand=category:brand price=number:price", 3000, 2),
        ("goods", GOOD, 1000, 2),
        ("goods", f"{GOOD} brand=text:brand description=text:description", 500, 3),
        ("tracks", f"{TRACK} year=number:year position=number:position", 1500, 5),
        ("tracks", f"{TRACK} length=number:length", 3000, 4),
        ("tracks", "title=text:title artist=category:artist album=category:album", 800, 3),
        ("tracks", "title=text:title artist=text:artist", 400, 3),
        ("projects", f"{PROJECT} number=identifier:number start=date:start", 1000, 3),
        ("projects", f"{PROJECT} number=identifier:number budget=number:budget", 2500, 3),
        ("projects", "title=text:title customer=text:customer start=date:start", 600, 3),
        ("projects", "title=text:title number=identifier:number", 1500, 2),
        ("papers", "title=org_name authors=text:authors year=number:year", 700, 2),
        ("goods", "name=org_name price=number:price", 1000, 2),
        ("tracks", "title=org_name artist=text:artist album=text:album", 800, 4),
        ("projects", "title=org_name number=identifier:number", 800, 3),
    ]

    def plan(at: int, kind: str, columns: str, size: int, sources: int) -> Plan:
        def make(size: int, *, seed: int, stock: str) -> World:
            return things(size, kind=kind, columns=columns, sources=sources, seed=seed, stock=stock)

        return Plan(make, size, at)

    learn = [plan(at, *each) for at, each in enumerate(kinds)]
    rivals = [plan(100 + at, *each) for at, each in enumerate(kinds)]
    start = replace(_start("thing", {"text": TEXTS, "name": TEXTS, "street": HOUSES}), propose=4.5)
    return Recipe(start, 3.0, learn, rivals, adapts=True)


def _start(kind: str, own: Mapping[str, Mapping[str, Weight]]) -> Model:
    """Return a model with weights written by hand for all kinds and some of its own."""
    by_hand = json.loads(Path(__file__).with_name("by_hand.json").read_text("utf-8"))
    when: Iterator[When] = iter(())
    if kind != "thing":
        when = company_interactions() if kind == "organization" else person_interactions()
    return replace(
        model_from(by_hand),
        kind=kind,
        name=kind,
        link=-2.0,
        density=1.0,
        rivalry=Rivalry(friend=-1.0),
        weights={**model_from(by_hand).weights, **own},
        interactions=tuple(Interaction(each, 0.0) for each in when),
    )


TEXTS = {
    "disjoint": Weight(-5.0),
    "conflict": Weight(-6.0, 0.296875, 12),
    "initials": Weight(0.0),
    "overlap": Weight(-3.0, 0.25, 20),
    "similar": Weight(-1.5, 0.5, 30),
    "contained": Weight(-0.5, 0.5, 30),
    "close": Weight(0.0, 0.5, 30),
    "same": Weight(0.5, 0.5, 30),
}
"""Texts by which things are called; those of organisations and people are notes."""
HOUSES = {
    "different": Weight(-1.5),
    "number": Weight(-7.0, 0.203125),
    "alike": Weight(1.0, 0.5),
    "near": Weight(1.0, 0.59375),
    "same": Weight(1.0, 0.703125, 11),
}
"""Streets on which things stand: a thing does not move to another house."""
TEXT = {
    "disjoint": Weight(-1.0),
    "conflict": Weight(-0.5),
    "initials": Weight(0.0),
    "overlap": Weight(0.0, 0.203125, 10),
    "similar": Weight(0.0, 0.296875, 10),
    "contained": Weight(0.0, 0.296875, 10),
    "close": Weight(0.0, 0.59375, 14),
    "same": Weight(0.0, 0.703125, 16),
}
ORGANIZATION = {
    "name": {
        "disjoint": Weight(-5.5),
        "conflict": Weight(-8.0, 0.5, 12),
        "initials": Weight(3.0),
        "overlap": Weight(-1.0, 0.25, 20),
        "similar": Weight(-2.0, 0.5),
        "contained": Weight(-1.0, 0.625, 20),
        "close": Weight(3.0, 0.375),
        "same": Weight(3.0, 0.5),
    },
    "beyond": {
        "apart": Weight(-1.0, -0.0625, 14),
        "more": Weight(-0.5, -0.0625, 14),
        "given": Weight(-0.5),
    },
    "trade": {"apart": Weight(-1.5), "more": Weight(-0.5)},
    "site": {
        "strange": Weight(-0.5),
        "apart": Weight(-0.5),
        "part": Weight(0.5, 0.0625, 14),
        "named": Weight(1.0, 0.0625, 14),
    },
    "text": TEXT,
}
PERSONS = {
    "contact": {
        "different": Weight(-0.203125),
        "alike": Weight(2.0),
        "same": Weight(0.0, 0.59375, 10),
    },
    "writer": {
        "strange": Weight(-0.09375),
        "part": Weight(0.0, 0.296875, 14),
        "named": Weight(0.0, 0.5, 14),
    },
}
_RESEMBLES = {
    "initial": Weight(-1.0, 0.34375),
    "variant": Weight(-3.0, 0.5),
    "similar": Weight(-1.5, 0.75),
    "nickname": Weight(-1.0, 0.703125),
    "swapped": Weight(-1.5, 0.796875),
    "same": Weight(-0.203125, 1.0),
}
PERSON = {
    "given_name": {"different": Weight(-4.0), **_RESEMBLES},
    "family_name": {"different": Weight(-5.0), **_RESEMBLES},
    "employer": {
        "disjoint": Weight(-2.0),
        "conflict": Weight(-1.0),
        "initials": Weight(1.0),
        "overlap": Weight(0.0),
        "similar": Weight(0.0, 0.5),
        "contained": Weight(0.0, 0.5),
        "close": Weight(0.0, 0.703125, 14),
        "same": Weight(0.0, 0.796875, 14),
    },
    "country": {"different": Weight(-1.5), "same": Weight(0.0, 0.5)},
    "text": TEXT,
}
