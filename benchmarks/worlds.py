"""Invented company worlds with truth: four departments' records of the same customers, as dirty
as departments keep them. Pure and seeded: the same arguments give the same records."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from benchmarks.companies import PLAIN, Company, Habits, Maker
from benchmarks.names import FREE, GIVEN, SHORT
from benchmarks.persons_named import named_by
from benchmarks.slips import slip, typo, umlauts
from hub.demo.spelling import spelt_out
from hub.model.resolution import Profile

MOST_TICKETS = 5


@dataclass(frozen=True, slots=True)
class Dirt:
    """How badly departments keep their records; shares between 0 and 1."""

    sisters: float = 0.1
    namesakes: float = 0.05
    changed: float = 0.10
    typo: float = 0.08
    shared_contact: float = 0.03
    inside: float = 0.10
    """Companies that the CRM holds twice."""
    contacts: float = 0.0
    """Records that name a person, where departments do (0: nobody does)."""
    nameless: float = 0.0
    """Tickets that know a person at most, and no company."""
    houses: float = 0.0
    """Companies in the house of another one that they have nothing to do with."""
    again: float = 0.0
    """Tickets after which there is one more that says whose it is anew."""
    brief: float = 0.0
    """Names without the last word of their trade, in tickets and projects."""
    habits: Habits = PLAIN


@dataclass(slots=True)
class World:
    """Records of all departments, and the company each one means."""

    profiles: list[Profile] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


def world(
    companies: int, *, seed: int = 1, stock: str = "train", dirt: Dirt | None = None
) -> World:
    """Return the records of about 2.6 times as many companies' departments."""
    dirt = dirt or Dirt()
    maker = Maker(stock, seed, companies, dirt.habits)
    made = World()
    for company in _population(maker, companies, dirt):
        later = maker.later(company) if maker.chance.random() < dirt.changed else company
        for profile in _records(maker, company, later, dirt):
            made.profiles.append(profile)
            made.truth[profile.ref] = str(company.number)
    return made


def _population(maker: Maker, companies: int, dirt: Dirt) -> Iterator[Company]:
    known: list[Company] = []
    while len(known) < companies:
        one = maker.company(len(known))
        if known and maker.chance.random() < dirt.namesakes:
            one = maker.namesake(maker.chance.choice(known), len(known))
        elif known and dirt.houses and maker.chance.random() < dirt.houses:
            one = maker.neighbour(maker.chance.choice(known), len(known))
        known.append(one)
        yield one
        while len(known) < companies and maker.chance.random() < dirt.sisters * 1.6:
            known.append(maker.sister(one, len(known)))
            yield known[-1]


def _records(maker: Maker, then: Company, now: Company, dirt: Dirt) -> Iterator[Profile]:
    pick = maker.chance
    twice = 2 if pick.random() < dirt.inside else 1
    tickets = 1
    while dirt.again and tickets < MOST_TICKETS and pick.random() < dirt.again:
        tickets += 1
    times_in = {"crm": twice, "books": 1, "desk": tickets, "projects": 1}
    for source, times in times_in.items():
        if pick.random() >= SHARES[source]:
            continue
        for at in range(times):
            state = now if pick.random() < 0.5 else then
            features = DEPARTMENTS[source](maker, state, dirt)
            if dirt.contacts:
                features |= named_by(maker, state, features, CONTACTS[source] * dirt.contacts)
            if source == "desk" and dirt.nameless and pick.random() < dirt.nameless:
                features = _nameless(features)
            held = {key: (value,) for key, value in features.items() if value}
            yield Profile(f"{source}:c:{then.number}-{at}", "organization", source, held)


def _crm(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    found = {"org_name": dirty_name(pick, one, dirt, form=0.6)}
    if pick.random() < 0.85:
        found |= _address(pick, one, dirt)
    found["phone"] = _phone(maker, one, dirt) if pick.random() < 0.85 else ""
    found["email"] = _email(maker, one, dirt, role=0.5) if pick.random() < 0.75 else ""
    found["website"] = f"https://www.{one.domain}" if pick.random() < 0.45 and one.domain else ""
    found["vat"] = one.vat if pick.random() < 0.08 else ""
    return found


def _books(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    found = {"org_name": dirty_name(pick, one, dirt, form=0.95)}
    if pick.random() < 0.3:
        found["org_name"] = found["org_name"][:30]
    if pick.random() < 0.95:
        found |= _address(pick, one, dirt)
    found["vat"] = slip(pick, one.vat, 0.02) if pick.random() < 0.8 else ""
    found["email"] = _email(maker, one, dirt, role=0.8) if pick.random() < 0.45 else ""
    found["phone"] = _phone(maker, one, dirt) if pick.random() < 0.35 else ""
    return found


def _desk(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    found = {"org_name": dirty_name(pick, one, dirt, form=0.3)}
    if pick.random() < 0.12:
        found |= _address(pick, one, dirt)
    found["email"] = _email(maker, one, dirt, role=0.2) if pick.random() < 0.92 else ""
    found["phone"] = _phone(maker, one, dirt) if pick.random() < 0.55 else ""
    return found


def _projects(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    if pick.random() < 0.4:
        words = [word for word in one.stem.replace("&", " ").split() if word not in GIVEN]
        name = umlauts(pick, words[0])
    else:
        name = dirty_name(pick, one, dirt, form=0.2)
    return {"org_name": name, "city": umlauts(pick, one.city) if pick.random() < 0.7 else ""}


DEPARTMENTS: dict[str, Callable[[Maker, Company, Dirt], dict[str, str]]] = {
    "crm": _crm,
    "books": _books,
    "desk": _desk,
    "projects": _projects,
}


SHARES = {"crm": 0.9, "books": 0.75, "desk": 0.6, "projects": 0.35}
"""Share of companies that each department holds."""
CONTACTS = {"crm": 0.7, "books": 0.15, "desk": 0.8, "projects": 0.35}
"""Share of each department's records that name a person."""


def _nameless(features: dict[str, str]) -> dict[str, str]:
    """Return what a ticket tells that does not know the company, if anything."""
    reached = features.get("email") or features.get("phone")
    return {**features, "org_name": ""} if reached else features


def dirty_name(pick: random.Random, one: Company, dirt: Dirt, *, form: float) -> str:
    """Return a company's name as somebody typed it; form: share that keeps the legal form."""
    trade = SHORT.get(one.trade, one.trade) if pick.random() < 0.25 else one.trade
    if trade and pick.random() < (dirt.brief if form < 0.5 and dirt.brief else 0.04):
        trade = trade.rpartition(" ")[0]
    stem = one.stem.replace("&", "und") if pick.random() < 0.4 else one.stem
    if stem.split()[0] in GIVEN and pick.random() < 0.3:
        given, _, family = stem.partition(" ")
        stem = pick.choice((family, f"{given[0]}. {family}"))
    legal = one.form if pick.random() < form else ""
    if legal == "GmbH" and pick.random() < 0.06:
        legal = "Gesellschaft mit beschränkter Haftung"
    name = umlauts(pick, " ".join(part for part in (stem, trade, legal) if part))
    if pick.random() < dirt.typo:
        name = typo(pick, name)
    return _decorated(pick, name, one.city if legal else "")


def _decorated(pick: random.Random, name: str, town: str) -> str:
    kind = pick.random()
    if kind < 0.04:
        return f"Firma {name}"
    if kind < 0.07:
        return f"{name} - {pick.choice(('Service', 'Zentrale', 'Einkauf'))}"
    if kind < 0.12:
        return name.upper()
    if kind < 0.16:
        return name[:30]
    return f"{name}, {town}" if town and kind < 0.18 else name


def _address(pick: random.Random, one: Company, dirt: Dirt) -> dict[str, str]:
    street = one.street
    if street.endswith("straße") and pick.random() < 0.5:
        street = street.removesuffix("straße") + pick.choice(("str.", "strasse", " Straße"))
    if pick.random() < dirt.typo / 2:
        street = typo(pick, street)
    house = "" if pick.random() < 0.03 else one.house
    if pick.random() < 0.1:
        return {"postcode": one.postcode, "city": umlauts(pick, one.city)}
    return {
        "street": f"{umlauts(pick, street)} {house}".strip(),
        "postcode": slip(pick, one.postcode, 0.02),
        "city": umlauts(pick, one.city),
    }


def _phone(maker: Maker, one: Company, dirt: Dirt) -> str:
    pick = maker.chance
    if pick.random() < dirt.shared_contact:
        return f"0800 {pick.randint(100, 104)}000"
    if pick.random() < 0.12:
        return f"0171 {pick.randint(1_000_000, 9_999_999)}"
    extension = pick.choice(("0", "0", "0", str(pick.randint(10, 99))))
    number = slip(pick, one.board, 0.03)
    area, line = number[:4], number[4:]
    return pick.choice((f"0{area} {line}-{extension}", f"+49 {area} {line}{extension}", f"0{area}/{line}{extension}"))  # fmt: skip  # noqa: E501


def _email(maker: Maker, one: Company, dirt: Dirt, *, role: float) -> str:
    pick = maker.chance
    if pick.random() < dirt.shared_contact:
        return f"kanzlei{pick.randint(1, 9)}@steuerberatung-partner.de"
    if not one.domain:
        return one.mails[0]
    if pick.random() < 0.12:
        people = one.people if dirt.habits.boxes else maker.people
        return f"{spelt_out(pick.choice(people)).lower().replace(' ', '.')}@{pick.choice(FREE)}"
    if pick.random() < role:
        return f"{pick.choice(('info', 'info', 'kontakt', 'rechnung', 'buchhaltung'))}@{one.domain}"
    return pick.choice(one.mails)
