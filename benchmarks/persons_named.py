"""Persons whom departments name for a company: as anybody calls them, and their mailboxes."""

import random
from collections.abc import Mapping

from benchmarks.companies import Company, Maker
from benchmarks.slips import typo, umlauts
from hub.demo.spelling import spelt_out

MISSPELT = 0.06


def named_by(maker: Maker, one: Company, told: Mapping[str, str], share: float) -> dict[str, str]:
    """Return who a record names, at times with that person's own mailbox; {} where nobody.

    share: of records that name somebody, most often one of the company's two people.
    """
    pick = maker.chance
    if not one.people or pick.random() >= share:
        return {}
    person = pick.choice(one.people) if pick.random() < 0.85 else pick.choice(maker.people)
    found = {"person_name": called(pick, person)}
    mail = told.get("email", "")
    if mail in one.mails and one.domain and pick.random() < 0.8:
        found["email"] = f"{mailbox(pick, person)}@{one.domain}"
    return found


def called(pick: random.Random, person: str) -> str:
    """Return a person's name as somebody wrote it down."""
    given, _, family = umlauts(pick, person).partition(" ")
    forms = (
        f"{given} {family}",
        f"{family}, {given}",
        f"{family} {given}",
        f"{given[0]}. {family}",
        f"{pick.choice(('Frau', 'Herr'))} {family}",
        f"Dr. {given} {family}",
    )
    name = pick.choices(forms, (45, 15, 10, 12, 13, 5))[0]
    return typo(pick, name) if pick.random() < MISSPELT else name


def mailbox(pick: random.Random, person: str) -> str:
    """Return the part before the @ of a person's mailbox."""
    given, _, family = spelt_out(person).lower().partition(" ")
    forms = (f"{given}.{family}", f"{given[0]}.{family}", f"{given[0]}{family}", family, given)
    return pick.choices(forms, (45, 20, 12, 18, 5))[0]
