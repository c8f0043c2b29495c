"""Invents companies: of no group, sisters of a house, namesakes, and what becomes of them later."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.names import (
    COMMON,
    FANTASY_TAILS,
    FORMS,
    FREE,
    GIVEN,
    JOINTS,
    OFFSHOOTS,
    STOCKS,
    TAILS,
    TRADES,
)
from hub.demo.spelling import spelt_out

ENOUGH_FOR = 5600
"""Companies for which the stocks of names are enough; larger worlds have more names."""
GROWTH = 0.8


@dataclass(frozen=True, slots=True)
class Habits:
    """What companies do that is not done in every world; shares between 0 and 1."""

    nested: float = 0.0
    """Sisters that bear the whole name of their house and a word more."""
    boxes: float = 0.0
    """Companies without a domain, reached at one mailbox where anybody may have one."""
    apart: bool = False
    """A domain belongs to one house: who comes later takes another."""


PLAIN = Habits()


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
    people: tuple[str, ...] = ()
    """Whose the mailboxes are."""
    group: int = -1

    @property
    def name(self) -> str:
        """Return the registered name."""
        return " ".join(part for part in (self.stem, self.trade, self.form) if part)


class Maker:
    """Invents companies from one stock of names."""

    def __init__(self, stock: str, seed: int, companies: int, habits: Habits = PLAIN) -> None:
        self.habits = habits
        self.taken: set[str] = set()
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
        people = tuple(pick.sample(self.people, 2))
        if self.habits.boxes and pick.random() < self.habits.boxes:
            local = pick.choice((plain, f"{plain}-{spelt_out(company.city).lower()}"))
            box = f"{local.replace(' ', '')}@{pick.choice(FREE)}"
            return replace(company, domain="", mails=(box,), people=people)
        host = self._free(host) if self.habits.apart else host
        mails = tuple(f"{spelt_out(name).lower().replace(' ', '.')}@{host}" for name in people)
        return replace(company, domain=host, mails=mails, people=people)

    def _free(self, host: str) -> str:
        """Return a domain that nobody has, made of the one that was wished for."""
        name, dot, end = host.rpartition(".")
        while host in self.taken:
            host = f"{name}-{self.chance.randint(2, 9999)}{dot}{end}"
        self.taken.add(host)
        return host

    def sister(self, one: Company, number: int) -> Company:
        """Return another company of the same house: nearly the same name, its own VAT number."""
        pick = self.chance
        form = "GmbH & Co. KG" if one.form == "GmbH" and pick.random() < 0.3 else "GmbH"
        trade = one.trade if form != one.form and pick.random() < 0.1 else pick.choice(TRADES)
        if self.habits.nested and pick.random() < self.habits.nested:
            more = pick.choice((*OFFSHOOTS, one.city, pick.choice(TRADES)))
            trade = f"{one.trade} {more}".strip()
        house = one.house if pick.random() < 0.8 else str(pick.randint(1, 140))
        staff = one if pick.random() < 0.3 else self._with_mail(one)
        kept = tuple(mail.split("@")[0] + "@" + one.domain for mail in staff.mails)
        kept = kept if one.domain else one.mails
        made = replace(one, number=number, trade=trade, form=form, house=house, group=one.number)
        made = replace(made, mails=kept, people=staff.people)
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
        reached = replace(one, domain=other.domain, mails=other.mails, people=other.people)
        return replace(reached, stem=other.stem)

    def neighbour(self, one: Company, number: int) -> Company:
        """Return a company in the same house that has nothing to do with the one."""
        other = self.company(number)
        return replace(
            other, street=one.street, house=one.house, postcode=one.postcode, city=one.city
        )


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
