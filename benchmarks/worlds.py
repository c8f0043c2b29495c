"""Invented company worlds with truth: four departments' records of the same customers, as dirty
as departments keep them. Pure and seeded: the same arguments give the same records."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from hub.model.resolution import Profile

# Names are put together from two stocks that share no beginning, so that a model trained on the
# one is measured on names it has never seen.
STOCKS = {
    "train": {
        "heads": "Ahl Bach Brand Dorn Eich Falk Grün Hohen Kalt Linden Mühl Neu Ober Rosen Schön"
        " Stein Tann Ulm Wald Win Zell Birk Horn Kreuz",
        "fantasy": "Alva Borea Cento Dyna Elmo Fino Gala Hexa Inno Juno Kora Lumi Meta Nova Opti"
        " Primo Quanta Rota Sano Tecno",
        "towns": "Köln Bonn Hamburg Stuttgart Würzburg Düsseldorf Münster Kassel Lübeck Gießen"
        " Nürnberg Göttingen Mühldorf Trier Hof Passau",
        "streets": "Haupt Bahnhof Garten Linden Schul Berg Kirch Ring Industrie Goethe Mozart"
        " Siemens Rosen Mühlen",
    },
    "test": {
        "heads": "Adler Buch Diet Erlen Fried Gers Heiden Im Jäger Klein Lauter Morgen Nieder Ostr"
        " Pfaff Quell Reh Sonnen Teich Unter Vögel Weiß Ziegen Höll",
        "fantasy": "Argo Bravo Cyra Delta Ergo Flexi Gamma Helio Isar Jovi Kappa Lexa Mira Neo"
        " Orbi Pola Rhein Sigma Terra Vario",
        "towns": "Mainz Aachen Bremen Karlsruhe Fürth Dortmund Osnabrück Fulda Kiel Marburg"
        " Tübingen Hameln Saarbrücken Cottbus Zwickau Görlitz",
        "streets": "Markt Post Wiesen Eichen Hafen Tal Schloss Brücken Gewerbe Schiller Beethoven"
        " Daimler Tulpen Kapellen",
    },
}
TAILS = [
    "mann",
    "berg",
    "bach",
    "hauer",
    "stein",
    "meier",
    "hof",
    "brink",
    "kamp",
    "ner",
    "ler",
    "heim",
    "feld",
    "wald",
    "müller",
    "hausen",
    "rich",
]
JOINTS = ("", "er", "en", "s")
FANTASY_TAILS = (
    "", "tec", "plan", "werk", "line", "form", "soft", "med", "dent", "pak", "log", "net", "san",
    "therm", "flex", "con", "mar", "via", "lux", "gen", "trans", "chem", "color", "sys",
)  # fmt: skip
COMMON = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Schäfer",
    "Koch",
    "Bauer",
    "Richter",
    "Klein",
    "Wolf",
    "Schröder",
    "Neumann",
    "Krüger",
    "Braun",
]
GIVEN = [
    "Hans",
    "Peter",
    "Klaus",
    "Michael",
    "Thomas",
    "Andreas",
    "Sabine",
    "Petra",
    "Jürgen",
    "Karin",
    "Stefan",
    "Monika",
    "Uwe",
    "Heike",
    "Jörg",
    "Claudia",
    "Ralf",
    "Birgit",
    "Frank",
    "Anja",
    "Maria",
    "Julia",
    "Katrin",
    "Tobias",
    "Lukas",
    "Felix",
    "Laura",
    "Sofia",
]
TRADES = [
    "Maschinenbau",
    "Logistik",
    "Immobilien",
    "Elektrotechnik",
    "Bau",
    "Metallbau",
    "Transporte",
    "Verwaltungs",
    "Handels",
    "Systeme",
    "Technik",
    "Software",
    "Druck",
    "Verlag",
    "Sanitär",
    "Werkzeugbau",
    "Kunststofftechnik",
    "Service",
    "Holzbau",
    "Anlagenbau",
    "Consulting",
    "Medien",
    "Gebäudetechnik",
    "Spedition",
    "Vertriebs",
    "Holding",
    "Autohaus",
    "Gartenbau",
    "Catering",
    "Labor",
    "Messtechnik",
    "Feinkost",
    "Solar",
    "Textil",
    "Möbel",
    "Stahlhandel",
]
FORMS = ("GmbH", "GmbH & Co. KG", "AG", "KG", "e.K.", "OHG", "UG (haftungsbeschränkt)", "eG")
SHORT = {
    "Maschinenbau": "Masch.-Bau",
    "Elektrotechnik": "E-Technik",
    "Logistik": "Log.",
    "Verwaltungs": "Verw.",
    "Immobilien": "Immo",
    "Transporte": "Transp.",
    "Kunststofftechnik": "Kunststofft.",
    "Gebäudetechnik": "Geb.-Technik",
    "Vertriebs": "Vertr.",
    "Anlagenbau": "Anl.bau",
    "Werkzeugbau": "Wzb.",
}
ENOUGH_FOR = 5600
"""Companies for which the stocks of names are enough; larger worlds have more names."""
GROWTH = 0.8
FREE = ("gmx.de", "web.de", "t-online.de", "gmail.com")


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


@dataclass(frozen=True, slots=True)
class Company:
    """One company as it is."""

    number: int
    stem: str
    trade: str
    form: str
    street: str
    house: str
    postcode: str
    city: str
    vat: str
    board: str
    domain: str
    mails: tuple[str, ...] = ()
    group: int = -1

    @property
    def name(self) -> str:
        """Return the registered name."""
        return " ".join(part for part in (self.stem, self.trade, self.form) if part)


@dataclass(slots=True)
class World:
    """Records of all departments, and the company each one means."""

    profiles: list[Profile] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


class Maker:
    """Invents companies from one stock of names."""

    def __init__(self, stock: str, seed: int, companies: int) -> None:
        self.chance = random.Random(f"{stock} {seed} {companies}")
        parts = STOCKS[stock]
        heads, made_up = parts["heads"].split(), parts["fantasy"].split()
        families = [head + joint + tail for head in heads for joint in JOINTS for tail in TAILS]
        self.families = families + _more(families, heads, TAILS, companies)
        fantasy = [head + tail for head in made_up for tail in FANTASY_TAILS]
        self.fantasy = fantasy + _more(fantasy, made_up, FANTASY_TAILS, companies)
        self.towns = [
            town + end
            for town in parts["towns"].split()
            for end in (
                "",
                "-Nord",
                "dorf",
                "feld",
                " am See",
                "bach",
                "burg",
                "hausen",
                "rode",
                "stedt",
            )
        ]
        self.streets = [
            name + end
            for name in parts["streets"].split()
            for end in ("straße", "weg", "platz", "allee", "gasse")
        ]
        self.people = [f"{given} {family}" for given in GIVEN for family in families[::23]]

    def company(self, number: int) -> Company:
        """Return a company of no group."""
        pick = self.chance
        stem = self._stem()
        town = int(len(self.towns) * pick.random() ** 1.6)
        made = Company(
            number=number,
            stem=stem,
            trade=pick.choice(TRADES) if pick.random() < 0.8 else "",
            form=pick.choices(FORMS, (50, 18, 5, 6, 8, 3, 8, 2))[0],
            street=pick.choice(self.streets),
            house=str(pick.randint(1, 140)) + ("" if pick.random() < 0.85 else pick.choice("abc")),
            postcode=f"{10000 + town * 977 % 89000 + pick.randint(0, 4):05}",
            city=self.towns[town],
            vat=f"DE{pick.randint(100_000_000, 399_999_999)}",
            board=f"{2000 + town * 31 % 7000}{pick.randint(1000, 999_999)}",
            domain="",
        )
        return self._with_mail(made)

    def _stem(self) -> str:
        pick = self.chance
        family = pick.choice(COMMON) if pick.random() < 0.1 else pick.choice(self.families)
        kind = pick.random()
        if kind < 0.45:
            return family
        if kind < 0.6:
            return f"{pick.choice(GIVEN)} {family}"
        if kind < 0.7:
            return f"{family} & {pick.choice((pick.choice(self.families), 'Söhne', 'Partner'))}"
        if kind < 0.78:
            return "".join(pick.choice("ABCDEFGHKLMNRSTVW") for _ in range(3))
        return pick.choice(self.fantasy)

    def _with_mail(self, company: Company) -> Company:
        pick = self.chance
        plain = spelt_out(company.stem).lower().replace("&", "").replace(" ", "-")
        trade = spelt_out(company.trade).lower()
        host = plain if pick.random() < 0.5 or not trade else f"{plain}-{trade}"
        host = host.replace("--", "-").strip("-") + pick.choice(
            (".de", ".de", ".de", ".com", ".eu")
        )
        people = pick.sample(self.people, 2)
        mails = tuple(f"{spelt_out(name).lower().replace(' ', '.')}@{host}" for name in people)
        return replace(company, domain=host, mails=mails)

    def sister(self, one: Company, number: int) -> Company:
        """Return another company of the same house: nearly the same name, its own VAT number."""
        pick = self.chance
        form = "GmbH & Co. KG" if one.form == "GmbH" and pick.random() < 0.3 else "GmbH"
        trade = one.trade if form != one.form and pick.random() < 0.1 else pick.choice(TRADES)
        house = one.house if pick.random() < 0.8 else str(pick.randint(1, 140))
        mails = one.mails if pick.random() < 0.3 else self._with_mail(one).mails
        kept = tuple(mail.split("@")[0] + "@" + one.domain for mail in mails)
        made = replace(
            one, number=number, trade=trade, form=form, house=house, mails=kept, group=one.number
        )
        made = replace(made, vat=f"DE{pick.randint(100_000_000, 399_999_999)}")
        return made if pick.random() < 0.75 else self._with_mail(made)

    def namesake(self, one: Company, number: int) -> Company:
        """Return an unrelated company of the same name elsewhere."""
        other = self.company(number)
        trade = one.trade if self.chance.random() < 0.5 else other.trade
        return self._with_mail(replace(other, stem=one.stem, trade=trade))

    def later(self, one: Company) -> Company:
        """Return the company after it was renamed or has moved."""
        other = self.company(one.number)
        if self.chance.random() < 0.55:
            moved = replace(
                one,
                street=other.street,
                house=other.house,
                postcode=other.postcode,
                city=other.city,
            )
            return moved if self.chance.random() < 0.5 else replace(moved, board=other.board)
        if self.chance.random() < 0.5:
            return replace(one, trade=other.trade, form=other.form)
        return replace(one, stem=other.stem, domain=other.domain, mails=other.mails)


def _more(
    known: Sequence[str], heads: Sequence[str], tails: Sequence[str], companies: int
) -> list[str]:
    """Return further names, of two heads, that a world of so many companies has.

    Stocks of real names grow with about this power of the number of those who bear them.
    """
    wanted = round(len(known) * ((companies / ENOUGH_FOR) ** GROWTH - 1.0))
    if wanted <= 0:
        return []
    made = [a + b.lower() + tail for a in heads for b in heads if a != b for tail in tails]
    random.Random("further names").shuffle(made)
    return made[:wanted]


def spelt_out(text: str) -> str:
    """Return text with umlauts as two letters."""
    for mark, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe")):
        text = text.replace(mark, plain)
    return text.replace("Ü", "Ue").replace("ß", "ss")


def world(
    companies: int, *, seed: int = 1, stock: str = "train", dirt: Dirt | None = None
) -> World:
    """Return the records of about 2.6 times as many companies' departments."""
    dirt = dirt or Dirt()
    maker = Maker(stock, seed, companies)
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
        known.append(one)
        yield one
        while len(known) < companies and maker.chance.random() < dirt.sisters * 1.6:
            known.append(maker.sister(one, len(known)))
            yield known[-1]


def _records(maker: Maker, then: Company, now: Company, dirt: Dirt) -> Iterator[Profile]:
    pick = maker.chance
    twice = 2 if pick.random() < dirt.inside else 1
    shares = (("crm", 0.9, twice), ("books", 0.75, 1), ("desk", 0.6, 1), ("projects", 0.35, 1))
    for source, share, times in shares:
        if pick.random() >= share:
            continue
        for at in range(times):
            state = now if pick.random() < 0.5 else then
            features = DEPARTMENTS[source](maker, state, dirt)
            held = {key: (value,) for key, value in features.items() if value}
            yield Profile(f"{source}:c:{then.number}-{at}", "organization", source, held)


def _crm(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    found = {"org_name": dirty_name(pick, one, dirt, form=0.6)}
    if pick.random() < 0.85:
        found |= _address(pick, one, dirt)
    found["phone"] = _phone(maker, one, dirt) if pick.random() < 0.85 else ""
    found["email"] = _email(maker, one, dirt, role=0.5) if pick.random() < 0.75 else ""
    found["website"] = f"https://www.{one.domain}" if pick.random() < 0.45 else ""
    found["vat"] = one.vat if pick.random() < 0.08 else ""
    return found


def _books(maker: Maker, one: Company, dirt: Dirt) -> dict[str, str]:
    pick = maker.chance
    found = {"org_name": dirty_name(pick, one, dirt, form=0.95)}
    if pick.random() < 0.3:
        found["org_name"] = found["org_name"][:30]
    if pick.random() < 0.95:
        found |= _address(pick, one, dirt)
    found["vat"] = _slip(pick, one.vat, 0.02) if pick.random() < 0.8 else ""
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
        name = _umlauts(pick, words[0])
    else:
        name = dirty_name(pick, one, dirt, form=0.2)
    return {"org_name": name, "city": _umlauts(pick, one.city) if pick.random() < 0.7 else ""}


DEPARTMENTS: dict[str, Callable[[Maker, Company, Dirt], dict[str, str]]] = {
    "crm": _crm,
    "books": _books,
    "desk": _desk,
    "projects": _projects,
}


def dirty_name(pick: random.Random, one: Company, dirt: Dirt, *, form: float) -> str:
    """Return a company's name as somebody typed it; form: share that keeps the legal form."""
    trade = SHORT.get(one.trade, one.trade) if pick.random() < 0.25 else one.trade
    if trade and pick.random() < 0.04:
        trade = ""
    stem = one.stem.replace("&", "und") if pick.random() < 0.4 else one.stem
    if stem.split()[0] in GIVEN and pick.random() < 0.3:
        given, _, family = stem.partition(" ")
        stem = pick.choice((family, f"{given[0]}. {family}"))
    legal = one.form if pick.random() < form else ""
    if legal == "GmbH" and pick.random() < 0.06:
        legal = "Gesellschaft mit beschränkter Haftung"
    name = _umlauts(pick, " ".join(part for part in (stem, trade, legal) if part))
    if pick.random() < dirt.typo:
        name = _typo(pick, name)
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


def _umlauts(pick: random.Random, text: str) -> str:
    kind = pick.random()
    if kind < 0.25:
        return spelt_out(text)
    if kind < 0.32:
        return text.translate(str.maketrans("äöüÄÖÜ", "aouAOU")).replace("ß", "ss")
    return text


_SCAN = {"m": "rn", "l": "1", "o": "0", "e": "c", "i": "l", "s": "5", "B": "8", "u": "ii"}


def _typo(pick: random.Random, text: str) -> str:
    at = pick.randrange(len(text))
    kind = pick.randrange(5)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + pick.choice("aeinrst") + text[at:]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    if kind == 3:
        return text[:at] + _SCAN.get(text[at], text[at]) + text[at + 1 :]
    return text[:at] + pick.choice("abcdeghklmnorstu") + text[at + 1 :]


def _slip(pick: random.Random, digits: str, share: float) -> str:
    if pick.random() >= share:
        return digits
    at = pick.randrange(2, len(digits))
    return digits[:at] + str(pick.randint(0, 9)) + digits[at + 1 :]


def _address(pick: random.Random, one: Company, dirt: Dirt) -> dict[str, str]:
    street = one.street
    if street.endswith("straße") and pick.random() < 0.5:
        street = street.removesuffix("straße") + pick.choice(("str.", "strasse", " Straße"))
    if pick.random() < dirt.typo / 2:
        street = _typo(pick, street)
    house = "" if pick.random() < 0.03 else one.house
    if pick.random() < 0.1:
        return {"postcode": one.postcode, "city": _umlauts(pick, one.city)}
    return {
        "street": f"{_umlauts(pick, street)} {house}".strip(),
        "postcode": _slip(pick, one.postcode, 0.02),
        "city": _umlauts(pick, one.city),
    }


def _phone(maker: Maker, one: Company, dirt: Dirt) -> str:
    pick = maker.chance
    if pick.random() < dirt.shared_contact:
        return f"0800 {pick.randint(100, 104)}000"
    if pick.random() < 0.12:
        return f"0171 {pick.randint(1_000_000, 9_999_999)}"
    extension = pick.choice(("0", "0", "0", str(pick.randint(10, 99))))
    number = _slip(pick, one.board, 0.03)
    area, line = number[:4], number[4:]
    return pick.choice((f"0{area} {line}-{extension}", f"+49 {area} {line}{extension}", f"0{area}/{line}{extension}"))  # fmt: skip  # noqa: E501


def _email(maker: Maker, one: Company, dirt: Dirt, *, role: float) -> str:
    pick = maker.chance
    if pick.random() < dirt.shared_contact:
        return f"kanzlei{pick.randint(1, 9)}@steuerberatung-partner.de"
    if pick.random() < 0.12:
        return (
            f"{spelt_out(pick.choice(maker.people)).lower().replace(' ', '.')}@{pick.choice(FREE)}"
        )
    if pick.random() < role:
        return f"{pick.choice(('info', 'info', 'kontakt', 'rechnung', 'buchhaltung'))}@{one.domain}"
    return pick.choice(one.mails)
