"""Worlds of other habits than a company's customers: places that guides list, and registered clubs.

A model that has seen customers only expects every base to be full of sister companies.
"""

import random

from benchmarks.worlds import World
from hub.demo.spelling import spelt_out
from hub.model.resolution import Profile

WORDS = {
    "train": "Blue River Garden Corner Royal Sunrise Village Harbor Oak Hill Little Star Golden"
    " Lake Forest Spring Union Park Central Market Old Mill Stone Bridge First Saint Mary John"
    " Peter Lincoln Madison Washington North West Grand Plaza Rose Maple Cedar Summit Valley",
    "test": "Green Ocean Meadow Station Imperial Moon City Port Elm Mountain Big Dragon Silver"
    " Pond Wood Summer Liberty Square Upper Store New Farm Brick Tower Second Holy Anna Paul"
    " James Jefferson Adams Franklin South East Great Court Lily Pine Birch Peak Canyon",
}
KINDS = "Cafe Grill Restaurant Academy School Center House Bar Hotel Clinic Church Shop".split()  # noqa: SIM905
OPERATORS = ("Association", "Foundation", "Services", "Group", "Community")
CLUBS = [
    "Sportverein",
    "Förderverein",
    "Turnverein",
    "Kulturverein",
    "Bildungswerk",
    "Jugendwerk",
    "Landesverband",
    "Schützenverein",
    "Gesellschaft",
    "Nachbarschaftshaus",
    "Theater",
    "Stiftung",
    "Schachclub",
    "Ruderclub",
    "Bürgerinitiative",
    "Selbsthilfe",
    "Musikschule",
    "Kita",
    "Verein",
    "Initiative",
]
THEMES = [
    "Jugend",
    "Bildung",
    "Kultur",
    "Soziale",
    "Arbeit",
    "Integration",
    "Frauen",
    "Kinder",
    "Umwelt",
    "Gesundheit",
    "Kunst",
    "Musik",
    "Sport",
    "Wohnen",
    "Beratung",
    "Hilfe",
    "Forschung",
    "Demokratie",
    "Begegnung",
    "Familien",
    "Senioren",
]


def places(entities: int, *, seed: int = 1, stock: str = "train") -> World:
    """Return places in few cities as two or three lists hold them: address, phone, category."""
    pick = random.Random(f"places {stock} {seed} {entities}")
    words = WORDS[stock].split()
    invented = [a + b.lower() for a in words for b in words[::3]]
    cities = [f"{word} City" for word in words[:6]]
    made = World()
    before: dict[str, str] = {}
    chain = ""
    operators = [f"{' '.join(pick.sample(words, 2))} {pick.choice(OPERATORS)}" for _ in range(9)]
    for number in range(entities):
        name = _place_name(pick, words, invented)
        if chain and pick.random() < 0.08:
            name = chain
        chain = name
        fact = {
            "city": pick.choice(cities),
            "street": f"{pick.choice(words)} {pick.choice(('Street', 'Avenue', 'Road', 'Blvd'))}",
            "house": str(pick.randint(1, 9000)),
            "phone": f"{pick.randint(200, 240)}{pick.randint(2_000_000, 9_999_999)}",
            "category": pick.choice(KINDS[: 4 + number % 8]),
        }
        if made.profiles and pick.random() < 0.1:  # another place in the same building
            keys = ("city", "street", "house") if pick.random() < 0.5 else tuple(fact)[:4]
            fact |= {key: before[key] for key in keys}
            fact["phone"] = fact["phone"][:7] + str(pick.randint(100, 999))
        before = fact
        shown = [name]
        if pick.random() < 0.3:  # some lists know who runs it, not what it is called
            runs = pick.choice(operators)
            shown = [name, name, runs, f"{runs} - {name}"]
        for source in ("guide", "list", "city"):
            for copy in range(1 + (pick.random() < 0.15)):
                if pick.random() < 0.55:
                    features = _listed(pick, pick.choice(shown), fact)
                    ref = f"{source}:p:{number}-{copy}"
                    made.profiles.append(Profile(ref, "organization", source, features))
                    made.truth[ref] = str(number)
    return made


def guides(entities: int, *, seed: int = 1, stock: str = "train") -> World:
    """Return restaurants as two guides list them: each once, many in hotels and malls.

    Who shares a house shares its phone as often as not, and is another place all the same; the
    guides agree on the city of a suburb or do not.
    """
    pick = random.Random(f"guides {stock} {seed} {entities}")
    words = WORDS[stock].split()
    invented = [a + b.lower() for a in words for b in words[1::3]]
    cities = [f"{word} City" for word in words[:6]]
    made = World()
    fact: dict[str, str] = {}
    house = ""
    for number in range(entities):
        if not fact or pick.random() >= 0.12:  # another house
            house = pick.choice(words)
            fact = {
                "city": pick.choice(cities),
                "street": f"{pick.choice(words)} {pick.choice(('Street', 'Avenue', 'Road'))}",
                "house": str(pick.randint(1, 9000)),
                "phone": f"{pick.randint(200, 240)}{pick.randint(2_000_000, 9_999_999)}",
            }
        elif pick.random() < 0.5:
            fact["phone"] = fact["phone"][:7] + str(pick.randint(100, 999))
        name = _place_name(pick, words, invented)
        if pick.random() < 0.1:
            name = f"{house} {pick.choice(KINDS)}"
        fact["category"] = pick.choice(KINDS)
        shares = (1.0, 1.0) if pick.random() < 0.15 else pick.choice(((1.0, 0.0), (0.0, 1.0)))
        for source, share in zip(("guide", "list"), shares, strict=True):
            if share:
                shown = fact | {"city": pick.choice(words[6:30])} if pick.random() < 0.15 else fact
                ref = f"{source}:p:{number}-0"
                made.profiles.append(
                    Profile(ref, "organization", source, _listed(pick, name, shown))
                )
                made.truth[ref] = str(number)
    return made


def _place_name(pick: random.Random, words: list[str], invented: list[str]) -> str:
    parts = pick.sample(words, pick.choice((1, 2, 2, 3)))
    if pick.random() < 0.4:
        parts = [pick.choice(invented)]
    if pick.random() < 0.6:
        parts.append(pick.choice(KINDS))
    return " ".join(parts)


def _listed(pick: random.Random, name: str, fact: dict[str, str]) -> dict[str, tuple[str, ...]]:
    kind = pick.random()
    shown = name
    if kind < 0.1:
        shown = f"{name} ({fact['city']})"
    elif kind < 0.25 and " " in name:
        shown = " ".join(name.split()[:-1])
    elif kind < 0.33:
        shown = f"{name} {pick.choice(KINDS)}"
    elif kind < 0.4:
        shown = _slip(pick, name)
    street = fact["street"] if pick.random() < 0.93 else _slip(pick, fact["street"])
    found: dict[str, tuple[str, ...]] = {"org_name": (shown,)}
    found["street"] = (f"{fact['house']} {street}",)
    for key, share in (("phone", 0.9), ("city", 0.85), ("category", 0.6)):
        if pick.random() < share:
            found[key] = (fact[key],)
    if "category" in found and pick.random() < 0.25:
        found["category"] = (pick.choice(KINDS),)
    if pick.random() < 0.03:
        found["street"] = (f"{pick.randint(1, 9000)} {pick.choice(WORDS['train'].split())} Street",)
    if pick.random() < 0.04:
        found["phone"] = (f"{pick.randint(200, 240)}{pick.randint(2_000_000, 9_999_999)}",)
    return found


def _slip(pick: random.Random, text: str) -> str:
    at = pick.randrange(len(text))
    return text[:at] + pick.choice(("", text[at] * 2, pick.choice("aeiourstn"))) + text[at + 1 :]


def clubs(entities: int, *, seed: int = 1, stock: str = "train") -> World:
    """Return registered bodies by nothing but their names, as different offices spell them."""
    pick = random.Random(f"clubs {stock} {seed} {entities}")
    words = WORDS[stock].split()
    invented = [a + b.lower() for a in words for b in words[1::4]]
    made = World()
    for number in range(entities):
        name = _club_name(pick, words, invented)
        for copy in range(pick.choices((1, 2, 3, 4), (55, 25, 12, 8))[0]):
            features = {"org_name": (_spelling(pick, name),)}
            ref = f"grants:c:{number}-{copy}"
            made.profiles.append(Profile(ref, "organization", "grants", features))
            made.truth[ref] = str(number)
    return made


def _club_name(pick: random.Random, words: list[str], invented: list[str]) -> str:
    form = pick.choices(("e.V.", "GmbH", "gGmbH", "AG", ""), (60, 22, 12, 2, 4))[0]
    own = pick.choice(invented) if pick.random() < 0.6 else " ".join(pick.sample(words, 2))
    kind = pick.random()
    if kind < 0.35:
        parts = [own]
    elif kind < 0.6:
        parts = [pick.choice(CLUBS), own]
    elif kind < 0.8:
        themes = " und ".join(pick.sample(THEMES, 2))
        parts = [own, "-", pick.choice(CLUBS), "für", themes]
    else:
        parts = [
            pick.choice(CLUBS),
            "für",
            " und ".join(pick.sample(THEMES, 2)),
            pick.choice(words),
        ]
    if pick.random() < 0.25:
        parts.append("Berlin")
    return " ".join((*parts, form)).strip()


def _spelling(pick: random.Random, name: str) -> str:
    kind = pick.random()
    parts = name.split()
    if kind < 0.12 and len(parts) > 2:
        name = " ".join(parts[:-1])
    elif kind < 0.2 and len(parts) > 3:
        del parts[pick.randrange(1, len(parts) - 1)]
        name = " ".join(parts)
    elif kind < 0.28:
        name = name.replace("e.V.", "eingetragener Verein").replace("verein", "v.")
    elif kind < 0.38:
        name = _slip(pick, name)
    elif kind < 0.45:
        name = name.replace("Gesellschaft", "Ges.").replace("Landesverband", "LV")
    elif kind < 0.52 and len(parts) > 3:
        name = f"{name} ({''.join(part[0] for part in parts[:3])})"
    elif kind < 0.6:
        name = name.replace("e.V.", "e. V.").replace(" ", "-", 1)
    elif kind < 0.66:
        name = " ".join(parts[: max(2, len(parts) // 2)])
    elif kind < 0.69 and len(parts) > 3:
        name = "".join(part[0] for part in parts[:-1] if part[0].isalpha() and part != "und")
    return spelt_out(name) if pick.random() < 0.1 else name
