"""Invented people with truth: households, namesakes, movers, and what clerks do to their data."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.names import COMMON, FREE, GIVEN, STOCKS, TAILS
from benchmarks.places import WORDS
from benchmarks.worlds import World
from hub.demo.spelling import spelt_out
from hub.model.resolution import Profile
from hub.resolution.wordlists import lines

NICKNAMES = {line[0]: line[1:] for line in lines("nicknames")}


@dataclass(frozen=True, slots=True)
class Habit:
    """How a base is kept. fields: what a record may have; the rest are shares between 0 and 1."""

    fields: tuple[str, ...]
    missing: float = 0.15
    slips: float = 0.1
    """Chance of each value to be mistyped."""
    dates: float = 0.1
    """Chance of each number in a date to be another."""
    swapped: float = 0.03
    short: float = 0.06
    moved: float = 0.1
    household: float = 0.2
    copies: tuple[int, ...] = (50, 25, 15, 10)
    """Weights of one, two, three ... records of a person."""


FULL = ("given_name", "family_name", "date_of_birth", "street", "postcode", "city", "region")
HABITS = {
    "register": Habit((*FULL, "identifier:id", "phone"), 0.06, 0.1, 0.03),
    "census": Habit(FULL, 0.1, 0.15, 0.05, household=0.4),
    "careless": Habit(
        ("given_name", "family_name", "date_of_birth", "city", "email"),
        0.2,
        0.25,
        0.3,
        swapped=0.12,
        copies=(20, 15, 15, 20, 15, 10, 5),
    ),
    "birthdays": Habit(("given_name", "family_name", "parts"), 0.0, 0.05, 0.02, copies=(88, 12)),
    "birthdates": Habit(
        ("given_name", "family_name", "date_of_birth"), 0.0, 0.05, 0.03, copies=(88, 12)
    ),
    "contacts": Habit(
        ("person_name", "email", "phone", "org_name"), 0.3, 0.05, moved=0.15, household=0.0
    ),
    "mixed": Habit(
        ("person_name", "email", "phone", "city", "street", "date_of_birth"), 0.35, 0.08, 0.05
    ),
    "names": Habit(("person_name",), 0.0, 0.04, household=0.0, copies=(40, 30, 20, 10)),
}


class _Town:
    """Invents people of one base."""

    def __init__(self, habit: Habit, pick: random.Random, stock: str) -> None:
        self.habit = habit
        self.pick = pick
        parts = STOCKS[stock]
        self.families = COMMON + [head + tail for head in parts["heads"].split() for tail in TAILS]
        self.given = GIVEN + list(NICKNAMES)
        self.towns = parts["towns"].split() + [f"{word}ton" for word in WORDS[stock].split()]
        self.streets = [f"{word} {end}" for word in WORDS[stock].split() for end in ("street", "road", "place")]  # fmt: skip  # noqa: E501
        self.streets += [f"{word}straße" for word in parts["streets"].split()]

    def skewed(self, values: list[str]) -> str:
        """Return one of the values, the first ones more often."""
        return values[int(len(values) * self.pick.random() ** 2)]

    def person(self, relative: dict[str, str] | None) -> dict[str, str]:
        """Return a person; a relative shares household and family name."""
        pick = self.pick
        given, family = self.skewed(self.given), self.skewed(self.families)
        town = pick.randrange(len(self.towns))
        found = {
            "given_name": given,
            "family_name": family,
            "date_of_birth": f"{pick.randint(1930, 2005)}-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}",  # noqa: E501
            "street": f"{pick.choice(self.streets)} {pick.randint(1, 150)}",
            "postcode": f"{1000 + town * 67 + pick.randint(0, 9)}",
            "city": self.towns[town],
            "region": f"r{town % 8}",
            "phone": f"0{200 + town} {pick.randint(100_000, 9_999_999)}",
            "identifier:id": str(pick.randint(1_000_000, 9_999_999)),
            "org_name": f"{self.skewed(self.families)} {pick.choice(('GmbH', 'AG', 'Bau', 'KG'))}",
        }
        for key in ("family_name", "street", "postcode", "city", "region", "phone"):
            if relative:
                found[key] = relative[key]
        found["email"] = self.email(found)
        return found

    def email(self, one: dict[str, str]) -> str:
        """Return a mailbox made of the name, at home or at work."""
        pick = self.pick
        given, family = (spelt_out(one[key]).lower() for key in ("given_name", "family_name"))
        host = (
            pick.choice(FREE)
            if pick.random() < 0.4
            else spelt_out(one["org_name"]).lower().replace(" ", "-") + ".de"
        )
        local = pick.choice((f"{given}.{family}", f"{given[0]}.{family}", f"{given}{family[0]}"))
        number = str(pick.randint(1, 99)) if pick.random() < 0.4 else ""
        return f"{local}{number}@{host}"


def people(entities: int, *, habit: str, seed: int = 1, stock: str = "train") -> World:
    """Return records of people as a base with one of HABITS keeps them."""
    pick = random.Random(f"people {habit} {stock} {seed} {entities}")
    town = _Town(HABITS[habit], pick, stock)
    made = World()
    last: dict[str, str] | None = None
    for number in range(entities):
        share = last if last and pick.random() < town.habit.household else None
        last = town.person(share)
        weights = town.habit.copies
        for copy in range(pick.choices(range(1, len(weights) + 1), weights)[0]):
            shown = last
            if copy and pick.random() < town.habit.moved:
                other = town.person(None)
                keys = (
                    ("street", "postcode", "city", "phone")
                    if pick.random() < 0.6
                    else ("org_name", "email")
                )
                shown = last | {key: other[key] for key in keys}
            ref = f"base:p:{number}-{copy}"
            features = _record(town, shown)
            if features:
                made.profiles.append(Profile(ref, "person", "base", features))
                made.truth[ref] = str(number)
    return made


def _record(town: _Town, one: dict[str, str]) -> dict[str, tuple[str, ...]]:
    pick, habit = town.pick, town.habit
    shown = {key: mistyped(pick, value, habit.slips) for key, value in one.items()}
    shown["date_of_birth"] = _misdated(pick, one["date_of_birth"], habit.dates)
    if pick.random() < habit.short:
        shown["given_name"] = pick.choice(
            (*NICKNAMES.get(one["given_name"].lower(), ()), one["given_name"][0])
        )
    if pick.random() < habit.swapped:
        shown["given_name"], shown["family_name"] = shown["family_name"], shown["given_name"]
    found: dict[str, tuple[str, ...]] = {}
    for field in habit.fields:
        if field == "parts":
            year, month, day = shown["date_of_birth"].split("-")
            found |= {"number:y": (year,), "number:m": (str(int(month)),), "number:d": (day,)}
        elif pick.random() >= habit.missing or field == "person_name":
            found[field] = (_shown(field, shown),)
    return found


def _shown(field: str, one: dict[str, str]) -> str:
    return f"{one['given_name']} {one['family_name']}" if field == "person_name" else one[field]


def mistyped(pick: random.Random, text: str, share: float) -> str:
    """Return a text, mistyped with a chance of `share`, at times twice."""
    for _ in range(2):
        if pick.random() < share and len(text) > 2:
            at = pick.randrange(len(text))
            new = pick.choice(
                ("", text[at] * 2, pick.choice("aeioustrn1357"), text[at + 1 : at + 2] + text[at])
            )
            text = text[:at] + new + text[at + (2 if len(new) == 2 and new[0] != new[1] else 1) :]
    return text


def _misdated(pick: random.Random, text: str, share: float) -> str:
    year, month, day = map(int, text.split("-"))
    if pick.random() < share:
        year += pick.choice((-10, -1, 1, 10))
    if pick.random() < share:
        month = min(12, max(1, month + pick.choice((-1, 1, 2))))
    if pick.random() < share:
        day = min(28, max(1, day + pick.randint(-9, 9)))
    shown = date(year, month, day)
    if pick.random() < share:
        shown += timedelta(days=pick.randint(-30, 30))
    return shown.isoformat()
