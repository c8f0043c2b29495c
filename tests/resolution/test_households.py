"""Couples, who share name and house, and colleagues do not teach that one has two names."""

from hub.model.resolution import Profile
from hub.resolution.adaptation import adapt
from hub.resolution.batch import base_of, candidates_of
from hub.resolution.model import default_model

PERSON = default_model("person")
HERS = [
    "Anna",
    "Birgit",
    "Claudia",
    "Doris",
    "Elke",
    "Frieda",
    "Gudrun",
    "Heike",
    "Ingrid",
    "Käthe",
    "Lotte",
    "Monika",
]
HIS = [
    "Peter",
    "Rolf",
    "Stefan",
    "Thomas",
    "Uwe",
    "Volker",
    "Walter",
    "Yannick",
    "Oskar",
    "Markus",
    "Jürgen",
]
HEADS = ["Ost", "Berk", "Ruh", "Wend", "Zell", "Grab", "Lim", "Trosch", "Fahl", "Quen"]
TAILS = ["kamp", "horst", "siek", "brook", "linger", "meyer", "hausen", "nagel", "fink", "loh"]


def named(at: int) -> str:
    """Return one of a thousand words; the first hundred differ by more than the rest."""
    return HEADS[at % 10] + ("" if at < 100 else "aeiouyäöü"[at // 100]) + TAILS[at // 10 % 10]


def couples(size: int) -> list[Profile]:
    """Return couples, one record of each of the two, and of every fourth person a second one."""
    found = []
    for at in range(size):
        family = named(at)
        house = f"{named(at * 7 % 300)}weg {at % 90 + 1}, {10_000 + at * 131} {named(at % 97)}dorf"
        for side, names in enumerate((HERS, HIS)):
            given = names[at % len(names)]
            for copy in range(2 if (at + side) % 4 == 0 else 1):
                name = f"{given} {family}" if copy == 0 else f"{family}, {given}"
                told = {"person_name": (name,), "address": (house,)}
                found.append(Profile(f"a:{at}-{side}:{copy}", "person", "", told))
    return found


def test_couples_do_not_teach_that_given_names_differ() -> None:
    base = base_of(couples(400))
    fitted = adapt(PERSON, base.frame, *candidates_of(base, PERSON))
    before, after = (one.weights["given_name"] for one in (PERSON, fitted))
    assert after["different"].base <= before["different"].base
    assert after["same"].base >= before["same"].base


def colleagues(size: int) -> list[Profile]:
    """Return four people of each of some firms behind one mailbox and line, two known twice."""
    found = []
    for at in range(size):
        firm = {"org_name": f"{named(at)} Bau {at} GmbH", "phone": f"0{300 + at} 77120{at:03}0"}
        firm |= {"postcode": f"{10_000 + at * 131}", "city": f"{named(at * 7 % 97)}dorf"}
        firm |= {"email": f"info@{named(at)}-{named(at * 3 % 200)}.de".lower()}
        for who in range(4):
            given, family = (HERS + HIS)[(at + 5 * who) % 23], named((at * 4 + who * 137) % 900)
            for copy in range(2 if (at + who) % 2 else 1):
                name = f"{given} {family}" if copy == 0 else f"{family}, {given}"
                told = {key: (value,) for key, value in ({"person_name": name} | firm).items()}
                found.append(Profile(f"a:{at}-{who}:{copy}", "person", "", told))
    return found


def test_colleagues_do_not_teach_that_names_differ() -> None:
    base = base_of(colleagues(150))
    fitted = adapt(PERSON, base.frame, *candidates_of(base, PERSON))
    for name in ("given_name", "family_name"):
        before, after = (one.weights[name] for one in (PERSON, fitted))
        assert after["different"].base <= before["different"].base
        assert after["same"].base >= before["same"].base
