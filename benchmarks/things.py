"""Invented things with truth: papers, goods, tracks and projects, as two to four sources list them.

Things are told apart by what their texts say and by numbers: a sequel, another size, the next phase
resembles its neighbour in everything but a word.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date

from benchmarks.names import COMMON, GIVEN, STOCKS
from benchmarks.persons import mistyped
from benchmarks.places import WORDS
from benchmarks.worlds import World
from hub.model.resolution import Profile

SYLLABLES = {
    "train": "ba ter lo min gra vek dor sul pan til ren mo kas fel bri nod".split(),  # noqa: SIM905
    "test": "ka fer zo lim tra bek mur sal gon pil wen du hos vel cri nad".split(),  # noqa: SIM905
}
GOODS = (
    "camera printer router monitor speaker headset keyboard drill toaster fridge lamp charger"
    " scanner projector mixer heater"
)
QUALITIES = "black white silver red blue compact wireless portable digital steel mini pro"
WORK = (
    "Umbau Einführung Wartung Schulung Relaunch Migration Montage Prüfung Planung Ausbau Erneuerung"
)
OBJECTS = "Halle Server Webshop Anlage Lager Telefonie Netzwerk Presse Archiv Büro Leitstand"
FIRST_DAY = date(2020, 1, 1).toordinal()
COLUMNS = {
    "papers": "title=text:title authors=text:authors venue=text:venue year=number:year",
    "goods": "name=text:name description=text:description brand=category:brand price=number:price",
    "tracks": "title=text:title artist=text:artist album=text:album year=number:year",
    "projects": "title=text:title customer=org_name number=identifier:number start=date:start",
}
"""What is kept of each kind where nothing else is asked for."""
Told = dict[str, str]
Show = Callable[["_Maker", Told, int], Told]


class _Maker:
    """Invents the words of one world."""

    def __init__(self, kind: str, size: int, seed: int, stock: str) -> None:
        self.pick = random.Random(f"things {kind} {stock} {seed} {size}")
        parts = SYLLABLES[stock]
        made = sorted({"".join(self.pick.choices(parts, k=3)) for _ in range(40 + size // 3)})
        self.pick.shuffle(made)
        self.words = WORDS[stock].lower().split() + made
        heads = STOCKS[stock]["heads"].split()
        self.families = COMMON + [head + self.pick.choice(("er", "mann", "s")) for head in heads]

    def word(self) -> str:
        """Return a word, the first ones more often."""
        return self.words[int(len(self.words) * self.pick.random() ** 2)]

    def phrase(self, fewest: int, most: int) -> str:
        """Return some words."""
        return " ".join(self.word() for _ in range(self.pick.randint(fewest, most)))

    def person(self) -> str:
        """Return a full name."""
        families = self.families[int(len(self.families) * self.pick.random() ** 1.5)]
        return f"{self.pick.choice(GIVEN)} {families}"

    def often(self, share: float) -> bool:
        """Return true as often as that."""
        return self.pick.random() < share

    def slip(self, text: str, share: float = 0.1) -> str:
        """Return a text, mistyped now and then."""
        return mistyped(self.pick, text, share)


def things(
    size: int,
    *,
    kind: str,
    columns: str = "",
    sources: int = 2,
    seed: int = 1,
    stock: str = "train",
) -> World:
    """Return records of `size` things.

    kind: one of COLUMNS. columns: what is kept of each, `name=feature ...`.
    """
    make, show = _KINDS[kind]
    maker, made = _Maker(kind, size, seed, stock), World()
    kept = [column.split("=") for column in (columns or COLUMNS[kind]).split()]
    for number, one in zip(range(size), make(maker), strict=False):
        for source in range(sources):
            for copy in range(2 if maker.often(0.03) else 1):
                if not maker.often(1.6 / sources if sources > 2 else 0.8):
                    continue
                told = show(maker, one, source)
                features: dict[str, tuple[str, ...]] = {}
                for name, feature in kept:
                    if told.get(name):
                        features[feature] = (told[name],)
                if features:
                    ref = f"s{source}:t:{number}-{copy}"
                    made.profiles.append(Profile(ref, "thing", f"s{source}", features))
                    made.truth[ref] = str(number)
    return made


def _papers(maker: _Maker) -> Iterator[Told]:
    pick = maker.pick
    last: Told = {}
    while True:
        authors = ", ".join(maker.person() for _ in range(pick.randint(1, 5)))
        title, year = maker.phrase(4, 10), pick.randint(1990, 2010)
        if last and maker.often(0.2):  # a sequel by the same people, or another year's column
            authors = last["authors"] if maker.often(0.7) else authors
            kept = last["title"].split()
            title = last["title"] if maker.often(0.15) else " ".join(kept[: len(kept) // 2])
            title += "" if maker.often(0.1) else f" {maker.phrase(1, 4)}"
            year = int(last["year"]) + pick.randint(0, 2)
        last = {
            "title": title,
            "authors": authors,
            "year": str(year),
            "venue": str(pick.randrange(6)),
        }
        yield last


_VENUES = (
    "data letters|annals of ships|bridge journal|soil conference|metal review|optics",
    "proc. data|transactions on ships|bridges|int. conf. on soils|metals rev|optical letters",
)


def _paper(maker: _Maker, one: Told, source: int) -> Told:
    pick = maker.pick
    authors = one["authors"].split(", ")
    if maker.often(0.4):
        pick.shuffle(authors)
    if maker.often(0.25):
        authors = [f"{name[0]}. {name.split(' ', 1)[1]}" for name in authors]
    if maker.often(0.1):
        authors = authors[: pick.randint(1, 3)]
    title = maker.slip(one["title"], 0.08)
    if maker.often(0.06):
        title += pick.choice((" (extended abstract)", " (demo)", " (panel)"))
    found = {
        "title": title.title() if source else title,
        "authors": ", ".join(maker.slip(name, 0.02) for name in authors),
        "venue": _VENUES[source % 2].split("|")[int(one["venue"])],
        "year": one["year"],
    }
    return _lacking(maker, found, authors=0.03, venue=0.05, year=0.02)


def _goods(maker: _Maker) -> Iterator[Told]:
    pick, brands = maker.pick, [maker.word() for _ in range(25)]
    last: Told = {}
    while True:
        letters = "".join(pick.choices("ABCDEFGHKLMNPRSTVWX", k=pick.randint(1, 3)))
        code = f"{letters}{pick.choice(('', '-'))}{pick.randint(10, 9999)}"
        brand, good, price = (
            pick.choice(brands),
            pick.choice(GOODS.split()),
            pick.randint(900, 90_000),
        )
        if last and maker.often(0.3):  # the next one of a series
            brand, good = last["brand"], last["good"]
            code = last["code"][:-1] + pick.choice("123456789BKW")
            price = int(float(last["price"]) * 100 * pick.uniform(0.9, 1.2))
        last = {
            "brand": brand,
            "good": good,
            "code": code,
            "price": f"{price / 100:.2f}",
            "quality": " ".join(pick.sample(QUALITIES.split(), 3)),
        }
        yield last


def _good(maker: _Maker, one: Told, source: int) -> Told:
    pick = maker.pick
    code = one["code"]
    if maker.often(0.2):
        code = code.replace("-", "")
    quality = pick.sample(one["quality"].split(), pick.randint(1, 2))
    name = [one["brand"], one["good"], *quality, code]
    if source:
        name = [one["brand"], code, *quality[:1], one["good"]]
    name = name[1:] if maker.often(0.1) else name
    told = [one["brand"], one["good"], one["quality"], maker.phrase(2, 8), code]
    price = float(one["price"]) * pick.choice((1, 1, 1, 0.9, 1.05, 1.1))
    found = {
        "name": maker.slip(" ".join(word for word in name if word != code or maker.often(0.88))),
        "description": " ".join(told if maker.often(0.6) else told[:-1]),
        "brand": one["brand"],
        "price": f"{price:.2f}",
    }
    return _lacking(maker, found, description=0.3, brand=0.4, price=0.4)


def _tracks(maker: _Maker) -> Iterator[Told]:
    pick = maker.pick
    while True:
        artist = pick.choice((maker.person(), f"the {maker.word()}s", maker.phrase(1, 3)))
        album, year = maker.phrase(1, 4), pick.randint(1960, 2020)
        for at in range(pick.randint(2, 12)):
            yield {
                "title": maker.phrase(1, 4) + pick.choice(("",) * 9 + (" live", " remix")),
                "artist": artist,
                "album": album,
                "year": str(year),
                "length": str(pick.randint(110, 420)),
                "position": str(at + 1),
            }


def _track(maker: _Maker, one: Told, _source: int) -> Told:
    title = maker.slip(one["title"])
    if maker.often(0.12):
        title = f"{int(one['position']):02d} {title}"
    if maker.often(0.1):
        title = f"{one['artist']} - {title}"
    found = {
        **one,
        "title": title,
        "artist": maker.slip(one["artist"]),
        "album": maker.slip(one["album"]) + (f" ({one['year']})" if maker.often(0.1) else ""),
    }
    return _lacking(maker, found, artist=0.1, album=0.15, year=0.3, length=0.3, position=0.3)


def _projects(maker: _Maker) -> Iterator[Told]:
    pick = maker.pick
    last: Told = {}
    firms = [maker.pick.choice(maker.families) + f" {maker.word().title()}" for _ in range(60)]
    for number in range(10**9):
        what, firm = (
            f"{pick.choice(WORK.split())} {pick.choice(OBJECTS.split())}",
            pick.choice(firms),
        )
        part = pick.choice(("", "", "", " II", " Phase 1", " 2025"))
        if last and maker.often(0.2):
            what, firm = last["what"], last["customer"]
            part = f" {pick.choice(('Phase', 'Los', 'Bauabschnitt'))} {pick.randint(1, 4)}"
        last = {
            "what": what,
            "customer": firm,
            "part": part,
            "number": f"P-{pick.randint(2020, 2026)}-{number:04d}",
            "start": date.fromordinal(FIRST_DAY + pick.randrange(2500)).isoformat(),
            "budget": str(pick.randint(10, 3000) * 100),
        }
        yield last


def _project(maker: _Maker, one: Told, source: int) -> Told:
    firm = one["customer"].split()[0] if maker.often(0.3) else one["customer"]
    title = one["what"] + one["part"]
    title = maker.pick.choice((title, f"{title} {firm}", f"{firm}: {title}"))
    if source == 0 and maker.often(0.3):
        title = f"{one['number']} {title}"
    found = {**one, "title": maker.slip(title), "customer": firm}
    return _lacking(maker, found, customer=0.3, number=0.5, start=0.5, budget=0.5)


def _lacking(maker: _Maker, found: Told, **shares: float) -> Told:
    return {
        name: "" if name in shares and maker.often(shares[name]) else value
        for name, value in found.items()
    }


_KINDS: dict[str, tuple[Callable[[_Maker], Iterator[Told]], Show]] = {
    "papers": (_papers, _paper),
    "goods": (_goods, _good),
    "tracks": (_tracks, _track),
    "projects": (_projects, _project),
}
