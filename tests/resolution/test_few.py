"""Pairs compared one by one are judged as they are in columns."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.worlds import world
from hub.model.resolution import Profile
from hub.resolution import batch, few, single
from hub.resolution.catalogue import COMPANY, VALUES
from hub.resolution.facets import facets_of
from hub.resolution.few import FEW, few_bits
from hub.resolution.frame import frame_of
from hub.resolution.masks import Bits
from hub.resolution.model import Interaction, Model, Weight, default_model
from hub.resolution.scoring import pair_bits
from hub.resolution.tokens import TokenCounts, token_hash, tokens_of_facets
from tests.resolution.test_comparison_laws import FEATURES

Features = Mapping[str, tuple[str, ...]]
ORGANIZATION = default_model("organization")
IN_COLUMNS_ONLY = ("date_of_birth", "number:year", "date:since", "text:note")
ODD = {
    "org_name": (
        "Weber Bau GmbH",
        "Weberbau",
        "Hans Weber Transporte, Köln",
        "GmbH",
        "-",
        "Werk 1 AG",
        "Werk 10 AG",
        "Halle24 Ost GmbH",
        "Halle25 Ost GmbH",
        "K B",
        "Dr. Müller & Söhne GmbH & Co. KG",
        "Mueller u. Soehne KG",
        "Kraus Bau Kraus",
        "😀",
    ),
    "website": ("weber-bau.de", "www.weberbau24.de", "kb.de", "co.uk", "kraus.com"),
    "email": (
        "j.kraus@kraus.de",
        "j.kraus@krauss.de",
        "info@kraus.de",
        "rechnung@kb.de",
        "ab@x.de",
    ),
    "street": ("Haupt", "Hauptstr. 5a", "Hauptstrasse Nord 5", "Am Markt 3"),
    "identifier:tax": ("12/345/67890", "12/345/67891"),
}
VALUES_OF = {
    name: (*FEATURES.get(name, ()), *ODD.get(name, ()))
    for name in sorted(FEATURES.keys() | ODD.keys())
    if name not in IN_COLUMNS_ONLY
}


def both(profiles: Sequence[Profile], pairs: Sequence[tuple[int, int]], model: Model) -> None:
    """Check that pairs of profiles (by position) have the same bits either way."""
    facets = dict(enumerate(map(facets_of, profiles)))
    held = Counter(token_hash(one) for each in facets.values() for one in tokens_of_facets(each))
    counts = TokenCounts(len(profiles), held)
    for start in range(0, len(pairs), FEW):
        left, right = np.array(pairs[start : start + FEW], dtype=np.int64).T
        wanted = pair_bits(model, frame_of(list(facets.values()), counts), left, right)
        got = few_bits(facets, left, right, counts, model)
        assert got is not None
        told = [(facets[a], facets[b]) for a, b in zip(left, right, strict=True)]
        for pair, one, other in zip(told, got.tolist(), wanted.tolist(), strict=True):
            assert one == other, pair


def test_companies_of_a_world_are_judged_alike() -> None:
    profiles = list({each.id: each for each in world(120, seed=7).profiles}.values())
    base = batch.base_of(profiles)
    at = {one: place for place, one in enumerate(base.ids)}
    ordered = sorted(profiles, key=lambda each: at[each.id])
    left, right = batch.candidates_of(base, ORGANIZATION)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    pick = random.Random(1)
    everyone = range(len(ordered))
    pairs = pick.sample(pairs, min(600, len(pairs)))
    pairs += [(pick.choice(everyone), pick.choice(everyone)) for _ in range(200)]
    both(ordered, pairs, ORGANIZATION)


@st.composite
def odd_rows(draw: st.DrawFn) -> list[Features]:
    """Return features of a few records, odd ones among them."""
    names = st.sets(st.sampled_from(sorted(VALUES_OF)), min_size=1, max_size=6)
    return [
        {
            name: tuple(draw(st.lists(st.sampled_from(VALUES_OF[name]), min_size=1, max_size=2)))
            for name in sorted(draw(names) | {"org_name"})
        }
        for _ in range(4)
    ]


MORE = Model(
    "organization",
    "test",
    prior=1.0,
    scale=0.5,
    propose=3.0,
    weights={
        "name": {"close": Weight(1.0, 0.5, 7, 0.25), "same": Weight(2.0, 1.0)},
        "identifier": {"same": Weight(3.0, 0.5)},
    },
    interactions=tuple(
        Interaction(when, bits)
        for when, bits in (
            ({"identifier:tax": ("missing",), "city": ("same",)}, 0.5),
            ({"identifier:tax": ("same", "close")}, 1.0),
            ({"given_name": ("missing",), "site": ("named",), "trade": ("missing", "more")}, 2.0),
        )
    ),
)


@settings(max_examples=60, deadline=None)
@given(odd_rows(), st.sampled_from((ORGANIZATION, MORE)))
def test_any_companies_are_judged_alike(rows: list[Features], model: Model) -> None:
    profiles = [Profile(f"crm:a:{at}", "organization", "crm", row) for at, row in enumerate(rows)]
    both(profiles, [(a, b) for a in range(len(rows)) for b in range(a, len(rows))], model)


def test_mailboxes_are_judged_alike() -> None:
    mailboxes = ("m.weber@a.de", "s.weber@a.de", "m.weber@aa.de", "m.webr@a.de", "m.weber@b.com")
    profiles = [
        Profile(f"crm:a:{at}", "organization", "crm", {"email": (mailbox,)})
        for at, mailbox in enumerate((*mailboxes, "info@a.de", "x@a.de", "y@a.de"))
    ]
    both(profiles, list(combinations(range(len(profiles)), 2)), ORGANIZATION)


def test_what_is_compared_in_columns_only_is_left_to_them() -> None:
    assert {each.name for each in (*COMPANY, *VALUES)} - single.VALUES.keys() == {
        "form",
        "date_of_birth",
    }
    one = np.array([0])
    counts = TokenCounts(2, {})

    def asked(feature: str, kind: str = "organization", times: int = 1) -> Bits | None:
        facets = facets_of(Profile("crm:a:1", kind, "crm", {feature: FEATURES[feature][:1]}))
        model = default_model(kind)
        return few_bits({0: facets}, one.repeat(times), one.repeat(times), counts, model)

    for feature in IN_COLUMNS_ONLY:
        assert asked(feature) is None
    assert asked("person_name", "person") is None
    assert asked("city", times=few.FEW) is not None
    assert asked("city", times=few.FEW + 1) is None
