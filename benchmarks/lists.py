"""Invents small lists of bodies: names alone, names and towns, sites of somebody's, firms by name.

Customers share addresses with sisters; who stands in a list shares words: the town with all its
schools, the umbrella with all its branches, the operator with all its sites. What a body is called
by itself is rare, and what kind it is of tells two apart that are both called by their town.
"""

import random
from collections.abc import Callable, Mapping, Sequence

from benchmarks.slips import typo, umlauts
from benchmarks.worlds import World
from hub.model.resolution import Profile

Told = Mapping[str, str]
Habit = Callable[["Lister", int], None]

ONSETS = {
    "train": "b d f gr h kl l m n p r s t v br dr",
    "test": "b d fr g h k l m n pl r st t w kr sch",
}
VOWELS = ("a", "e", "i", "o", "u", "a", "e", "o", "ei", "au", "ä", "ö")
CODAS = {
    "train": " n l r m s ng nd rt ck",
    "test": " n l r t x st lm rg pp",
}
ENDS = {
    "train": "ach berg eck enz holt ing kirch low mar nitz ow rath sted tal um weiler",
    "test": "au brunn dorf en furt grund horst itz kamp leben moor ner ried see thal walde",
}
CLUBS = (
    "Sportverein", "Turnverein", "Sport-Club", "Gesangverein", "Ruderclub", "Schützenverein",
    "Kleingartenverein", "Kulturverein", "Förderverein", "Bürgerverein", "Musikschule", "Stiftung",
    "Theater", "Nachbarschaftshaus", "Jugendclub", "Wohnungsgenossenschaft", "Orchester", "Galerie",
    "Seniorenzentrum", "Frauenhaus", "Schachclub", "Tanzschule", "Kirchengemeinde", "Verlag",
    "Werkstatt", "Filmfestival", "Archiv", "Reitverein", "Heimatverein", "Tennisclub",
)  # fmt: skip
ABBREVIATED = {
    "Sportverein": "SV", "Turnverein": "TV", "Sport-Club": "SC", "Landesverband": "LV",
    "Kreisverband": "KV", "Gesangverein": "GV", "Evangelisch": "Ev.", "Gesellschaft": "Ges.",
    "Medical Center": "Med Ctr", "Hospital": "Hosp", "Elementary School": "Elem", "High School":
    "HS", "Services": "Svcs", "Association": "Assn", "Center": "Ctr", "International": "Intl",
    "Corporation": "Corp.", "Incorporated": "Inc.", "Limited": "Ltd", "Engineering": "Eng.",
}  # fmt: skip
THEMES = (
    "Jugendarbeit", "Bildung", "Pflege", "Integration", "Umwelt", "Denkmalschutz", "Forschung",
    "Beratung", "Kultur", "Familien", "Arbeit", "Gesundheit", "Medien", "Stadtentwicklung",
    "Beschäftigung", "Wohnen", "Kunst", "Prävention", "Tanz", "Film", "Technologie", "Ausbildung",
    "Suchthilfe", "Naturschutz", "Demokratie", "Entwicklungshilfe", "Wirtschaft", "Energie",
    "Verkehr", "Geschichte", "Literatur", "Therapie", "Erziehung", "Selbsthilfe", "Bewegung",
)  # fmt: skip
UMBRELLAS = (
    "Arbeiterbund", "Naturfreunde", "Sozialverband", "Wohlfahrtswerk", "Mieterbund",
    "Rettungsdienst",
    "Wanderbund", "Lehrerverband", "Volkssolidarität", "Blindenhilfe", "Landjugend", "Hauspflege",
)  # fmt: skip
SCHOOLS = ("High School", "Middle School", "Elementary School", "Primary School", "College")
HEALTH = ("Hospital", "Medical Center", "General Hospital", "Clinic", "Memorial Hospital")
SAINTS = ("St. Mary", "St. Paul", "Holy Cross", "St. Martin", "Trinity")
OPERATORS = (
    "Community Services", "Family Services", "Association", "Neighborhood House", "Youth Centers",
)  # fmt: skip
SITES = ("Center", "Learning Center", "Academy", "School", "Day Care", "Branch", "")
TRADES = (
    "Systems", "Foods", "Media", "Engineering", "Partners", "Energy", "Capital", "Industries",
    "Trading", "Logistics", "Design", "Holdings", "Software", "Healthcare",
)  # fmt: skip
FORMS = ("Incorporated", "Limited", "LLC", "Corporation", "Limited", "")


class Lister:
    """Writes the lists of one world."""

    def __init__(self, entities: int, *, seed: int, stock: str, habit: str) -> None:
        self.pick = random.Random(f"{habit} {stock} {seed} {entities}")
        self.made = World()
        self.names = self._words(stock, max(300, entities))
        self.towns = self._words(stock, 40)
        self.streets = self._words(stock, 150)

    def _words(self, stock: str, count: int) -> list[str]:
        first, ends = ONSETS[stock].split(), ENDS[stock].split()
        codas = CODAS[stock].split(" ")
        found: dict[str, None] = {}
        while len(found) < count:
            parts = [
                self.pick.choice(first) + self.pick.choice(VOWELS) + self.pick.choice(codas)
                for _ in range(self.pick.choice((1, 2)))
            ]
            found["".join((*parts, self.pick.choice(ends))).capitalize()] = None
        return list(found)

    def some(self, items: Sequence[str]) -> str:
        """Return one of the items, the first ones more often."""
        return items[int(len(items) * self.pick.random() ** 1.6)]

    def says(self, share: float) -> bool:
        """Return True in a share of all cases."""
        return self.pick.random() < share

    def copies(self, *shares: int) -> int:
        """Return how often a thing stands in the lists: once, twice ... by these shares."""
        return self.pick.choices(range(1, len(shares) + 1), shares)[0]

    def write(self, number: int, name: str, told: Told, sources: int) -> None:
        """Add a record, its name written by some hand."""
        features = {k: (v,) for k, v in {"org_name": self._written(name), **told}.items() if v}
        source = f"list{self.pick.randrange(sources)}"
        ref = f"{source}:b:{number}-{len(self.made.profiles)}"
        self.made.profiles.append(Profile(ref, "organization", source, features))
        self.made.truth[ref] = str(number)

    def _written(self, name: str) -> str:
        for whole, short in ABBREVIATED.items():
            if whole in name and self.says(0.3):
                name = name.replace(whole, short)
        if self.says(0.3):
            name = name.replace(" und ", self.pick.choice((" & ", " u. ", ", ")))
        name = umlauts(self.pick, name)
        if self.says(0.08):
            name = typo(self.pick, name)
        return name.upper() if self.says(0.08) else name


def lists(entities: int, *, habit: str, seed: int = 1, stock: str = "train") -> World:
    """Return the records that lists of one habit hold of about so many bodies."""
    lister = Lister(entities, seed=seed, stock=stock, habit=habit)
    HABITS[habit](lister, entities)
    return lister.made


def _bodies(lister: Lister, entities: int) -> None:
    """Write registered bodies by their names, as one office spells them again and again."""
    for number in range(entities):
        name, purpose = _body(lister)
        form = lister.pick.choices(("e.V.", "gGmbH", "GmbH", "eG", ""), (60, 14, 14, 4, 8))[0]
        short = _initials(f"{name} {purpose}") if lister.says(0.3) else ""
        for _ in range(lister.copies(56, 22, 10, 6, 3, 2, 1)):
            shown = _with_town(lister, _with_purpose(lister, name, purpose))
            if len(short) > 2 and lister.says(0.3):
                shown = lister.pick.choice(("{0} {1}", "{1} {0}", "{0} ({1})")).format(shown, short)
            lister.write(number, f"{shown} {_legal(lister, form)}".strip(), {}, 1)


def _legal(lister: Lister, form: str) -> str:
    if lister.says(0.2):
        return ""
    if form == "gGmbH" and lister.says(0.3):
        return lister.pick.choice(("GmbH", "gemeinnützige GmbH"))
    if form == "e.V." and lister.says(0.5):
        return lister.pick.choice(("e. V.", "eV", "eingetragener Verein"))
    return form


def _body(lister: Lister) -> tuple[str, str]:
    """Return what a body is called, and the purpose that its name may go on with."""
    pick, own = lister.pick, lister.some(lister.names)
    kind = pick.random()
    if kind < 0.25:
        founded = pick.choice(("", "", "1898", "1912", "1925", "07", "90"))
        return f"{pick.choice(CLUBS)} {own} {founded}".strip(), ""
    if kind < 0.5:
        purpose = f"{pick.choice(('Gesellschaft', 'Verein', 'Institut', 'Werk'))} für " + (
            " und ".join(pick.sample(THEMES, pick.choice((1, 2, 2, 3))))
        )
        return (_initials(f"{own} {purpose}") if lister.says(0.35) else own), purpose
    if kind < 0.62:
        return f"{own} {pick.choice(THEMES)}", ""
    if kind < 0.68:
        level = pick.choice(("Kreisverband", "Landesverband", "Ortsverein"))
        return f"{pick.choice(UMBRELLAS)} {level} {lister.some(lister.towns)}", ""
    if kind < 0.74:
        school = pick.choice(("Schule", "Grundschule", "Gymnasium"))
        return f"{pick.choice(('Förderverein der', 'Freunde der'))} {own}-{school}", ""
    return f"{own} {lister.some(lister.names)}", ""


def _with_purpose(lister: Lister, name: str, purpose: str) -> str:
    """Return a name as it is written; compounds are cut, purposes told in part or not at all."""
    words = name.split()
    if len(words) > 2 and lister.says(0.08):
        name = " ".join((words[0], *words[2:]))
    if " und " in purpose and lister.says(0.15):
        purpose = purpose.rpartition(" und ")[0]
    if lister.says(0.1):
        name = name.replace("verein", "-Verein").replace("verband", "-Verband")
    if lister.says(0.3):
        name = name.replace("-", lister.pick.choice((" ", "")))
    if not purpose or lister.says(0.35):
        return name
    shapes = ("{0} - {1}", "{0} {1}", "{0} {1}", "{1} ({0})", "{1} {0}")
    return lister.pick.choice(shapes).format(name, purpose)


def _with_town(lister: Lister, name: str) -> str:
    """Return a name with the town of all, or with it and another one, as often as not left out."""
    seat, other = lister.towns[0], lister.towns[1]
    if lister.says(0.75):
        return name
    shapes = ("{0} {1}", "{0} {1}", "{0} in {1}", "{1}er {0}", "{0} {1}-{2}")
    return lister.pick.choice(shapes).format(name, seat, other)


def _initials(text: str) -> str:
    return "".join(word[0] for word in text.split() if word[0].isupper())


def _institutions(lister: Lister, entities: int) -> None:
    """Write schools and hospitals of towns, many called by their town, and telephones of some."""
    pick = lister.pick
    for number in range(entities):
        kinds = SCHOOLS if number % 2 else HEALTH
        town = lister.some(lister.towns + lister.names[:60])
        own = pick.choice((town, town, pick.choice(SAINTS), *(lister.some(lister.names),) * 3))
        name, phone = f"{own} {pick.choice(kinds)}", str(pick.randint(2_010_000_000, 9_899_999_999))
        for _ in range(lister.copies(50, 32, 12, 6)):
            shown = name
            if lister.says(0.12):
                shown += pick.choice((" Inc", f", {town}", f" of {town}"))
            told = {"city": town if lister.says(0.92) else lister.some(lister.towns)}
            told["phone"] = phone if lister.says(0.6) else ""
            lister.write(number, shown, told, 3)


def _sites(lister: Lister, entities: int) -> None:
    """Write the sites of operators, called by the operator, by themselves, or by both."""
    pick = lister.pick
    operators = [f"{own} {pick.choice(OPERATORS)}" for own in lister.names[: entities // 12]]
    house: Told = {}
    for number in range(entities):
        runs = [lister.some(operators) for _ in range(1 + lister.says(0.15))]
        runs = runs if lister.says(0.6) else []
        name = f"{lister.some(lister.names)} {pick.choice(SITES)}".strip()
        house = house if house and lister.says(0.06) else _house(lister)
        phone = str(pick.randint(2_200_000, 9_999_999))
        for _ in range(lister.copies(34, 26, 18, 12, 10)):
            told = {**house, "phone": phone if lister.says(0.85) else ""}
            told["street"] = _street(lister, told["street"])
            if lister.says(0.12):
                told["phone"] = str(pick.randint(2_200_000, 9_999_999))
            if lister.says(0.4):
                told["postcode"] = ""
            lister.write(number, _site_name(lister, runs, name), told, 5)


def _site_name(lister: Lister, runs: Sequence[str], name: str) -> str:
    if not runs or lister.says(0.4):
        return name
    runner = lister.pick.choice(runs)
    head = runner.split()[0]
    shapes = ("{0} {2}", "{0} - {2}", "{1} {2}", "{0}")
    return lister.pick.choices(shapes, (30, 20, 12, 6))[0].format(runner, head, name)


def _house(lister: Lister) -> Told:
    street = f"{lister.some(lister.streets)} {lister.pick.choice(('Street', 'Avenue', 'Road'))}"
    at = f"{lister.pick.randint(100, 9900)} {lister.pick.choice(('N. ', 'S ', 'West ', ''))}"
    return {"street": at + street, "postcode": str(60_600 + lister.pick.randint(1, 60))}


def _street(lister: Lister, street: str) -> str:
    number, _, rest = street.partition(" ")
    if lister.says(0.05):
        number = str(int(number) + lister.pick.choice((2, -2, 6, 10)))
    if lister.says(0.2):
        rest = rest.rpartition(" ")[0]
    elif lister.says(0.4):
        rest = rest.replace("Street", "St.").replace("Avenue", "Ave").replace("Road", "Rd")
    return f"{number} {typo(lister.pick, rest) if lister.says(0.04) else rest}"


def _firms(lister: Lister, entities: int) -> None:
    """Write firms by name, as three lists know them; many share a word with another one."""
    pick = lister.pick
    for number in range(entities):
        name, form = _firm(lister), pick.choice(FORMS)
        for _ in range(lister.copies(55, 30, 15)):
            parts = name.split()
            if len(parts) > 2 and lister.says(0.12):
                parts = parts[:-1]
            shown = " ".join(parts)
            if lister.says(0.05):
                shown = f"{shown} ({_initials(shown)})"
            lister.write(number, f"{shown} {form if lister.says(0.75) else ''}".strip(), {}, 3)


def _firm(lister: Lister) -> str:
    own, other = lister.some(lister.names), lister.some(lister.names)
    kind = lister.pick.random()
    if kind < 0.15:
        return own
    if kind < 0.6:
        return f"{own} {lister.pick.choice(TRADES)}"
    if kind < 0.72:
        return f"{own} & {other}"
    if kind < 0.86:
        return f"{own} {other} {lister.pick.choice(TRADES)}"
    return f"{own} {lister.pick.choice(TRADES)} {lister.pick.choice(('International', 'Europe'))}"


HABITS: Mapping[str, Habit] = {
    "bodies": _bodies,
    "institutions": _institutions,
    "sites": _sites,
    "firms": _firms,
}
"""What a list holds, and how it is kept."""
