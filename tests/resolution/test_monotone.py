"""What agrees never speaks against a match: a model that learnt otherwise learnt its worlds.

Two records that agree on one field more are never less alike for it, whatever else agrees. Found on
the demo company: same name and form, street, town, phone and domain together gave -2 bits, fewer of
them +4, since each interaction took away more than the agreement had brought. Fitting has to keep
to this law (for one: what says much the same counts by its strongest member, the others in part),
for companies in other data are no sisters of the invented worlds.
"""

from itertools import chain, combinations

import numpy as np
import pytest

from hub.model.resolution import Profile
from hub.resolution import batch
from hub.resolution.model import default_model
from hub.resolution.scoring import pair_bits

LEFT = {
    "org_name": "Grünloh Metallbau GmbH",
    "street": "Bahnhofstraße",
    "house_number": "29",
    "postcode": "83024",
    "city": "Rosenheim",
    "country": "DE",
    "phone": "+493023125006",
    "email": "kontakt@gruenloh-metallbau.example",
    "website": "gruenloh-metallbau.example",
    "vat": "DE136695976",
}
RIGHT = {**LEFT, "email": "buchhaltung@gruenloh-metallbau.example"}
TOWNS = ["Kiel", "Ulm", "Rosenheim", "Passau", "Bremen"]
WORDS = [
    "Adler",
    "Birke",
    "Distel",
    "Eiche",
    "Falke",
    "Ginster",
    "Hasel",
    "Iltis",
    "Kiefer",
    "Luchs",
]
TRADES = ["Metallbau", "Logistik", "Milchwerke", "Papier", "Keramik", "Energie"]


def _others(count: int = 500) -> list[Profile]:
    """A base of plain companies around the two, a tenth of them in their town."""
    return [
        Profile(
            f"x:y:{n}",
            "organization",
            "x",
            {
                "org_name": (f"{WORDS[n % 10]}{WORDS[n // 10 % 10].lower()} {TRADES[n % 6]} GmbH",),
                "city": (TOWNS[n % 5],),
                "postcode": (f"{10000 + n % 50}",),
                "street": (f"{WORDS[n % 7]}weg",),
                "house_number": (str(n % 90),),
                "phone": (f"+4930{5550000 + n}",),
                "website": (f"firma{n}.example",),
            },
        )
        for n in range(count)
    ]


def _bits(pairs: dict[str, tuple[str, ...]]) -> dict[str, float]:
    """Return for each set of agreeing fields the bits of the two records that show only these."""
    model = default_model("organization")
    found = {}
    for name, fields in pairs.items():
        two = [
            Profile(ref, "organization", "x", {f: (side[f],) for f in fields})
            for ref, side in (("a:b:1", LEFT), ("c:d:2", RIGHT))
        ]
        # A text of its own tells the two apart as profiles where all they show is the same.
        marked = [
            Profile(each.ref, each.kind, each.source, {**each.features, "text": (each.ref,)})
            for each in two
        ]
        base = batch.base_of([*_others(), *marked])
        at = [base.ids.index(each.id) for each in marked]
        scored = pair_bits(model, base.frame, *(np.array([one]) for one in sorted(at)))
        found[name] = float(scored[0])
    return found


FIELDS = ("street", "city", "phone", "website")
PLACE = {"street": ("street", "house_number", "postcode")}


def _shown(extra: tuple[str, ...]) -> tuple[str, ...]:
    return ("org_name", *chain.from_iterable(PLACE.get(name, (name,)) for name in extra))


def test_one_agreement_more_never_makes_two_records_less_alike() -> None:
    sets = [some for size in range(len(FIELDS) + 1) for some in combinations(FIELDS, size)]
    bits = _bits({"+".join(some): _shown(some) for some in sets})
    worse = {
        ("+".join(some), extra): (bits["+".join(some)], bits["+".join(more)])
        for some in sets
        for extra in FIELDS
        if extra not in some
        for more in [tuple(f for f in FIELDS if f in some or f == extra)]
        if bits["+".join(more)] < bits["+".join(some)] - 0.5
    }
    assert worse == {}


@pytest.mark.parametrize(
    "fields",
    [
        tuple(FIELDS),
        ("street", "city", "phone"),
        ("street", "city", "website"),
        ("street", "city"),
        ("phone", "city"),
        ("website", "city"),
    ],
)
def test_a_rare_name_in_one_place_is_one_company(fields: tuple[str, ...]) -> None:
    model = default_model("organization")
    assert _bits({"it": _shown(fields)})["it"] >= model.merge
