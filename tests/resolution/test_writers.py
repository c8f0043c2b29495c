"""Contacts of organisations: their names as lists have them, and whose mailbox one is."""

import numpy as np
import pytest

from hub.model.resolution import Profile
from hub.resolution.batch import base_of, resolve
from hub.resolution.catalogue import compare_pairs
from hub.resolution.model import default_model
from hub.resolution.writers import NAMED, PART, STRANGE, are_kin, rarity_of, written
from tests.resolution.test_few import both


def one(ref: str, **told: str) -> Profile:
    return Profile(f"{ref}:c:1", "organization", ref, {k: (v,) for k, v in told.items()})


def level(name: str, left: Profile, right: Profile) -> str:
    """Return the level that a comparison of two records reaches, the same either way round."""
    found = set()
    for pair in ((left, right), (right, left)):
        base = base_of(pair)
        at = [refs[0] for refs in base.refs].index
        a, b = (np.array([at(each.ref)]) for each in (left, right))
        each = next(x for x in compare_pairs("organization", base.frame, a, b) if x.name == name)
        found.add(each.levels[int(each.outcome.levels[0])])
    (reached,) = found
    return reached


@pytest.mark.parametrize(
    ("name", "other", "wanted"),
    [
        ("Maria Schulz", "Schulz, Maria", "same"),
        ("Maria Schulz", "Schulz Maria", "same"),
        ("Frau Maria Schulz", "Dr. Maria Schulz", "same"),
        ("Maria Schulz", "M. Schulz", "alike"),
        ("Maria Schulz", "Frau Schulz", "alike"),
        ("Maria Schulz", "Maria Schultz", "alike"),
        ("Hans Weber", "Johannes Weber", "alike"),
        ("Maria Schulz", "Petra Schulz", "different"),
        ("Maria Schulz", "P. Schulz", "different"),
        ("Maria Schulz", "Maria Weber", "different"),
    ],
)
def test_a_contact_is_known_however_lists_write_the_name(
    name: str, other: str, wanted: str
) -> None:
    pair = one("crm", person_name=name), one("desk", person_name=other)
    assert level("contact", *pair) == wanted
    both(pair, [(0, 1), (1, 0), (0, 0)], default_model("organization"))


@pytest.mark.parametrize(
    ("contact", "address", "wanted"),
    [
        ("maria|schulz", "maria.schulz@x.de", NAMED),
        ("maria|schulz", "m.schulz@x.de", NAMED),
        ("maria|schulz", "mschulz2@x.de", NAMED),
        ("schulz|maria", "m.schulz@x.de", NAMED),
        ("maria anna|muller", "maria.mueller@x.de", NAMED),
        ("m|schulz", "m.schulz@x.de", NAMED),
        ("maria|schulz", "schulz@x.de", PART),
        ("|schulz", "m.schulz@x.de", PART),
        ("|schulz", "mschulz@x.de", PART),
        ("maria|schulz", "p.weber@x.de", STRANGE),
        ("maria|schulz", "info@x.de", 0),
        ("maria|schulz", "42@x.de", 0),
        ("", "p.weber@x.de", STRANGE),
    ],
)
def test_a_mailbox_is_that_of_a_contact(contact: str, address: str, wanted: int) -> None:
    assert written(contact, address) == (wanted, rarity_of(contact) if wanted > STRANGE else 0)


def test_a_rare_name_in_a_mailbox_tells_more() -> None:
    assert rarity_of("maria|schulz") < rarity_of("maria|zwirngiebel")


@pytest.mark.parametrize(
    "pair", [("a schulz", "b schulz"), ("schulz", "weber"), ("m", "m"), ("", "")]
)
def test_who_gainsays_or_shares_no_name_is_no_kin(pair: tuple[str, str]) -> None:
    assert not are_kin(*pair)
    assert not are_kin(*reversed(pair))


def test_a_mailbox_of_the_other_sides_contact_is_heard_either_way_round() -> None:
    ticket = one("desk", email="l.feichter@gmx.de")
    account = one("crm", org_name="Thea Hydraulik", person_name="Leonie Feichter")
    assert level("writer", ticket, account) == "named"
    both((ticket, account), [(0, 1), (1, 0)], default_model("organization"))
    named = one("desk", person_name="Leonie Feichter", email="l.feichter@gmx.de")
    assert level("writer", named, one("crm", person_name="Leonie Feichter")) == "named"
    assert level("writer", named, one("crm", **named_like(named))) == "missing"


def named_like(each: Profile) -> dict[str, str]:
    return {"org_name": "Thea", **{key: value for key, (value,) in each.features.items()}}


def test_a_ticket_without_a_company_goes_where_its_domain_and_its_writer_are() -> None:
    every = [
        one(
            "crm",
            org_name="Gosch Brauerei AG",
            website="gosch.de",
            person_name="Ina Zwirn",
            city="Burg",
        ),
        one("books", org_name="Otto Pumpen GmbH", website="otto-pumpen.de"),
        one("desk", email="i.zwirn@gosch.de", person_name="Zwirn, Ina"),
    ]
    clusters = resolve(every, (), default_model("organization")).clusters
    assert sorted(map(sorted, clusters)) == [["books:c:1"], ["crm:c:1", "desk:c:1"]]
