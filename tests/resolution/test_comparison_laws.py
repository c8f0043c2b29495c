"""Comparing and proposing are fair to both sides: whatever one says of the other is mutual."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.model.resolution import FEATURE_TYPES, Profile, probability_of
from hub.resolution.batch import base_of, candidates_of
from hub.resolution.candidates import needed, token_weight
from hub.resolution.catalogue import compare_pairs
from hub.resolution.facets import LABELLED, MOST_VALUES, facets_of
from hub.resolution.frame import cross, lists_of
from hub.resolution.levels import best_of, missing
from hub.resolution.model import Model, default_model
from hub.resolution.resolver import imprint, propose, same_population
from hub.resolution.scoring import pair_bits
from hub.resolution.tokens import (
    QUARTERS,
    SMALLEST,
    TokenCounts,
    information,
    size_step,
    step,
    steps,
    token_hash,
    tokens_of_facets,
)

FEATURES = {
    "org_name": (
        "Weber Logistik GmbH",
        "Weber Logistik",
        "Wbeer Logistik",
        "Weber",
        "Kraus Bau KG",
        "KB",
        "Nordlicht AG",
    ),
    "person_name": ("Anna Berg", "Berg, Anna", "A. Berg", "Hans Weber", "Johannes Weber"),
    "given_name": ("Anna", "A.", "Hans"),
    "family_name": ("Berg", "Weber", "Berg-Tal"),
    "email": ("anna.berg@foo.de", "info@foo.de", "anna.berg@gmx.de", "anna.brg@foo.de"),
    "phone": ("030 23125000", "+49 30 23125-001", "0171 3920000", "030 23125009"),
    "website": ("www.foo.de", "https://bar.de/x"),
    "street": ("Hauptstr. 5", "Hauptstraße 7", "Haupstraße 5", "Am Markt"),
    "house_number": ("5", "7a"),
    "postcode": ("50667", "50668", "10115"),
    "city": ("Köln", "Koeln", "Köln-Deutz", "Berlin"),
    "region": ("NRW", "Berlin"),
    "country": ("DE", "AT"),
    "address": ("Hauptstr. 5, 50667 Köln",),
    "vat": ("DE123456789", "DE123456780", "DE987654321"),
    "iban": ("DE89370400440532013000", "DE89370400440532013001"),
    "register_number": ("HRB 12345 Köln", "HRB 12345", "HRB 99 Berlin"),
    "date_of_birth": ("1967-09-27", "27.9.1967", "1967-27-09", "1968-01-01"),
    "identifier:debtor": ("10001", "10002", "D-10001"),
    "category:trade": ("Bau", "Handel"),
    "number:year": ("2020", "2021", "12000", "12050"),
    "date:since": ("2020-01-01", "2020-01-02"),
    "text:note": ("ruft gern an", "ruft gern spät an", "zahlt pünktlich"),
}
MODEL = Model("organization", "test", prior=0.0, scale=0.0, propose=3.0, weights={})
OF_THE_LEFT = ("street", "name", "employer")
"""Where two differ by a slip only, their information is that of the left side."""
KINDS = ("organization", "person", "thing")


@st.composite
def rows(draw: st.DrawFn, smallest: int = 2, most: int = 6) -> list[dict[str, tuple[str, ...]]]:
    """Return the features of a few records of a small world."""
    made = []
    for _ in range(draw(st.integers(smallest, most))):
        names = draw(st.sets(st.sampled_from(sorted(FEATURES)), min_size=1, max_size=6))
        made.append(
            {
                name: tuple(draw(st.lists(st.sampled_from(FEATURES[name]), min_size=1, max_size=2)))
                for name in sorted(names)
            }
        )
    return made


def profiles(kind: str, features: Sequence[dict[str, tuple[str, ...]]]) -> list[Profile]:
    return [Profile(f"crm:a:{at}", kind, "crm", row) for at, row in enumerate(features)]


def test_every_feature_type_stands_in_the_small_world() -> None:
    assert {name.partition(":")[0] for name in FEATURES} == set(FEATURE_TYPES)


@pytest.mark.parametrize("kind", KINDS)
def test_left_and_right_may_change_places(kind: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(rows())
    def check(features: list[dict[str, tuple[str, ...]]]) -> None:
        base = base_of(profiles(kind, features))
        size = len(base.ids)
        left, right = (side.ravel() for side in np.meshgrid(np.arange(size), np.arange(size)))
        for one, other in zip(
            compare_pairs(kind, base.frame, left, right),
            compare_pairs(kind, base.frame, right, left),
            strict=True,
        ):
            assert one.name == other.name
            assert one.outcome.levels.tolist() == other.outcome.levels.tolist(), one.name
            if one.name not in OF_THE_LEFT and not one.name.startswith("text:"):
                assert one.outcome.info.tolist() == other.outcome.info.tolist(), one.name

    check()


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_the_same_as_itself(kind: str) -> None:
    @settings(max_examples=40, deadline=None)
    @given(rows())
    def check(features: list[dict[str, tuple[str, ...]]]) -> None:
        base = base_of(profiles(kind, features))
        everyone = np.arange(len(base.ids))
        for each in compare_pairs(kind, base.frame, everyone, everyone):
            reached = {each.levels[level] for level in each.outcome.levels.tolist()}
            assert reached <= {"missing", "same", "role", "near"}, each.name

    check()


@settings(max_examples=30, deadline=None)
@given(rows(), st.sampled_from(KINDS))
def test_a_level_is_missing_only_where_a_side_says_nothing(
    features: list[dict[str, tuple[str, ...]]], kind: str
) -> None:
    base = base_of(profiles(kind, features))
    everyone = np.arange(len(base.ids))
    others = np.roll(everyone, 1)
    plain = {"vat", "iban", "postcode", "city", "email", "phone", "region", "country"}
    for each in compare_pairs(kind, base.frame, everyone, others):
        if each.name not in plain:
            continue
        for at, level in zip(everyone.tolist(), each.outcome.levels.tolist(), strict=True):
            both = base.facets[at].get(each.name) and base.facets[int(others[at])].get(each.name)
            assert (level == 0) == (not both), each.name


@settings(max_examples=15, deadline=None)
@given(rows(2, 5), st.sampled_from(KINDS))
def test_evidence_sums_the_same_alone_and_in_a_crowd(
    features: list[dict[str, tuple[str, ...]]], kind: str
) -> None:
    base = base_of(profiles(kind, features))
    size = len(base.ids)
    left, right = (side.ravel() for side in np.meshgrid(np.arange(size), np.arange(size)))
    model = default_model(kind)
    together = pair_bits(model, base.frame, left, right)
    for at in range(0, len(left), 7):
        alone = pair_bits(model, base.frame, left[at : at + 1], right[at : at + 1])
        assert alone.tolist() == [together[at]]


@settings(max_examples=40, deadline=None)
@given(rows(2, 8), st.sampled_from(KINDS))
def test_who_is_proposed_proposes_back_one_by_one_and_all_at_once(
    features: list[dict[str, tuple[str, ...]]], kind: str
) -> None:
    known = {profile.id: profile for profile in profiles(kind, features)}
    holders: dict[int, list[int]] = defaultdict(list)
    for profile_id in sorted(known):
        for token in imprint(known[profile_id], MODEL).tokens:
            holders[token].append(profile_id)
    counts = {token: len(held) for token, held in holders.items()}
    found = {
        profile_id: set(propose(profile, holders, counts, population=len(known), model=MODEL))
        for profile_id, profile in known.items()
    }
    for one, partners in found.items():
        assert one not in partners
        assert all(one in found[other] for other in partners)
    base = base_of(known.values())
    left, right = candidates_of(base, MODEL)
    at_once = {(base.ids[a], base.ids[b]) for a, b in zip(left, right, strict=True)}
    assert at_once == {
        (min(one, other), max(one, other)) for one, partners in found.items() for other in partners
    }


@settings(max_examples=40, deadline=None)
@given(rows(), st.sampled_from(KINDS))
def test_tokens_depend_on_what_is_said_alone(
    features: list[dict[str, tuple[str, ...]]], kind: str
) -> None:
    for profile in profiles(kind, features):
        turned = dict(reversed(list(profile.features.items())))
        other = Profile("erp:b:9", kind, "erp", turned)
        assert profile.id == other.id
        assert facets_of(profile) == facets_of(other)
        tokens = tokens_of_facets(facets_of(profile))
        assert tokens == tokens_of_facets(facets_of(other))
        assert list(tokens) == sorted(set(tokens))
        assert {token.partition(":")[0] for token in tokens} <= QUARTERS.keys()
        assert imprint(profile, MODEL) == imprint(other, MODEL)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("feature", sorted(FEATURES))
def test_a_feature_makes_facets_and_tokens_of_its_own(kind: str, feature: str) -> None:
    profile = Profile("a:b:1", kind, "a", {feature: FEATURES[feature]})
    facets = facets_of(profile)
    if feature == "house_number":  # a number without a street says nothing
        assert facets == {}
        return
    assert facets
    assert all(values and all(values) for values in facets.values())
    assert tokens_of_facets(facets)
    if feature.partition(":")[0] in LABELLED:
        assert list(facets) == [feature]


@pytest.mark.parametrize("empty", ["", " ", "\t", "\n "])
def test_blank_values_say_nothing(empty: str) -> None:
    blank = dict.fromkeys(FEATURES, (empty,))
    assert facets_of(Profile("a:b:1", "organization", "a", blank)) == {}


def test_a_record_is_compared_by_its_first_values() -> None:
    many = tuple(f"0221 471{number:04}" for number in range(50))
    facets = facets_of(Profile("a:b:1", "organization", "a", {"phone": many}))
    assert len(facets["phone"]) == MOST_VALUES
    assert facets["phone"] == tuple(text.replace(" ", "")[1:] for text in many[:MOST_VALUES])


@pytest.mark.parametrize(
    ("count", "coarse"),
    [(0, 0), (1, 0), (2, 1), (3, 1), (4, 2), (7, 2), (8, 3), (255, 7), (256, 8), (10**6, 19)],
)
def test_counts_are_seen_in_powers_of_two(count: int, coarse: int) -> None:
    assert step(count) == coarse
    assert steps(np.array([count])).tolist() == [coarse]
    assert size_step(count) == max(coarse, SMALLEST)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_holders_never_tell_more(few: int, many: int) -> None:
    few, many = sorted((few, many))
    counts = TokenCounts(10**6, {token_hash("w:few"): few, token_hash("w:many"): many})
    told = information(counts, ["w:few", "w:many", "w:nobody"]).tolist()
    assert told[0] >= told[1] >= 0
    assert told[2] == size_step(10**6)
    assert step(few) <= step(many)


@given(st.integers(0, 400), st.integers(0, 10**6), st.sampled_from(sorted(QUARTERS)))
def test_weights_fall_with_holders_and_rise_with_the_base(
    holders: int, population: int, name: str
) -> None:
    token = f"{name}:x"
    weight = token_weight(token, holders, population)
    assert weight >= 0
    assert weight % QUARTERS[name] == 0
    assert token_weight(token, holders + 1, population) <= weight
    if holders <= 255:
        assert token_weight(token, holders, 2 * population) >= weight
    assert needed(population, 3.0) <= needed(2 * population, 3.0)
    assert needed(population, 4.0) <= needed(population, 3.0)
    assert needed(population, 1000.0) == 1


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_two_bases_are_alike_where_their_steps_are(one: int, other: int) -> None:
    assert same_population(one, other) == same_population(other, one)
    assert same_population(one, other) == (size_step(one) == size_step(other))


@given(
    st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=5),
    st.lists(st.lists(st.integers(0, 9), max_size=4), min_size=1, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=6),
)
def test_every_value_of_one_side_meets_every_value_of_the_other(
    left: list[list[int]], right: list[list[int]], pairs: list[tuple[int, int]]
) -> None:
    a = np.array([one % len(left) for one, _ in pairs], dtype=np.int64)
    b = np.array([other % len(right) for _, other in pairs], dtype=np.int64)
    one, other = lists_of(left), lists_of(right)
    at, x, y = cross(one, a, other, b)
    found = list(zip(at.tolist(), one.items[x].tolist(), other.items[y].tolist(), strict=True))
    assert found == [
        (number, p, q)
        for number, (i, j) in enumerate(zip(a, b, strict=True))
        for p in left[i]
        for q in right[j]
    ]


@given(
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 60)), max_size=20),
)
def test_the_best_level_then_the_most_telling_value_speaks(
    size: int, told: list[tuple[int, int, int]]
) -> None:
    known = sorted(entry for entry in told if entry[0] < size)
    at, levels, info = (
        np.array([entry[place] for entry in known], dtype=kind)
        for place, kind in enumerate((np.int64, np.int8, np.int16))
    )
    found = best_of(size, at, levels, info)
    for pair in range(size):
        best = max(((level, bits) for row, level, bits in known if row == pair), default=(0, 0))
        assert (int(found.levels[pair]), int(found.info[pair])) == best


@pytest.mark.parametrize("size", [0, 1, 5])
def test_nothing_to_compare_is_missing(size: int) -> None:
    found = missing(size)
    assert found.levels.tolist() == found.info.tolist() == [0] * size


@given(st.floats(-200, 200))
def test_odds_and_probabilities(bits: float) -> None:
    share = probability_of(bits)
    assert 0 < share <= 1
    assert share + probability_of(-bits) == pytest.approx(1)
    assert (share >= 0.5) == (bits >= 0 or share == 0.5)


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_token_s_number_is_its_own_and_fits_an_index(one: str, other: str) -> None:
    first, second = token_hash(f"w:{one}"), token_hash(f"w:{other}")
    assert 0 <= first < 2**63
    assert (first == second) == (one == other)


@pytest.mark.parametrize(("kind", "facet"), [("person", "person"), ("organization", "contact")])
def test_of_hundreds_of_parts_of_a_name_the_first_ones_count(kind: str, facet: str) -> None:
    many = tuple(f"{first}{last}ra" for first in "bdfgklmnpr" for last in ("e", "i", "o", "u") * 10)
    told = {"given_name": many, "family_name": many[::-1]}
    [found] = facets_of(Profile("a:b:1", kind, "", told))[facet]
    given, family = found.split("|")
    assert given.split() == list(many[:MOST_VALUES])
    assert family.split() == list(many[::-1][:MOST_VALUES])
