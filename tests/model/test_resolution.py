"""Profiles, edges and bits: one id for what says the same, and probabilities of bits."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.model.resolution import FEATURE_TYPES, Edge, Profile, probability_of


def profile(kind: str = "person", **features: tuple[str, ...]) -> Profile:
    return Profile("crm:a:1", kind, "crm", features)


_FEATURES = st.dictionaries(
    st.sampled_from(FEATURE_TYPES), st.lists(st.text(max_size=5), min_size=1, max_size=3).map(tuple)
)


@given(_FEATURES, st.text(), st.text())
def test_the_id_says_what_is_said_and_never_who_says_it(
    features: dict[str, tuple[str, ...]], ref: str, source: str
) -> None:
    turned = dict(reversed(features.items()))
    one = Profile("crm:a:1", "person", "crm", features)
    other = Profile(ref, "person", source, turned)
    assert one.id == other.id
    assert 0 <= one.id < 2**63


@pytest.mark.parametrize(
    "features",
    [
        {"city": ("Ulm", "Kiel")},
        {"city": ("Kiel", "Ulm")},
        {"city": ("UlmKiel",)},
        {"city": ("Ulm",), "region": ("Kiel",)},
        {"city": ("Ulm",)},
        {"city": ("ulm",)},
        {"city": ("Ulm", "Ulm")},
        {"city": ()},
        {"city": ("",)},
        {"region": ("Ulm",)},
        {"city:work": ("Ulm",)},
        {"city": ("Ulm", "region", "Kiel")},
        {},
    ],
)
def test_what_differs_in_anything_has_another_id(features: dict[str, tuple[str, ...]]) -> None:
    others: list[dict[str, tuple[str, ...]]] = [
        {"city": ("Ulm", "Kiel")},
        {"city": ("Ulm", "region", "Kiel")},
        {"city": ("Ulm",), "region": ("Kiel",)},
        {"city": ("Ulm",)},
        {"region": ("Ulm",)},
        {},
    ]
    for other in others:
        same = Profile("r", "person", "s", features).id == Profile("r", "person", "s", other).id
        assert same is (features == other)


def test_kinds_are_told_apart_and_lone_surrogates_have_an_id() -> None:
    assert profile("person", city=("Ulm",)).id != profile("organization", city=("Ulm",)).id
    assert profile(city=("\ud800",)).id != profile(city=("\ud801",)).id


def test_ids_are_the_same_in_every_version_of_the_hub() -> None:
    # They are stored: another way to make them would score every hub anew.
    assert (
        profile("organization", city=("Ulm",), org_name=("Weber", "WL")).id == 5016905084725145616
    )
    assert profile("person").id == 3885973910497257624


@pytest.mark.parametrize(
    ("bits", "probability"),
    [(0, 0.5), (1, 2 / 3), (-1, 1 / 3), (10, 1024 / 1025), (-10, 1 / 1025), (3.5, None)],
)
def test_bits_are_odds_to_the_base_of_two(bits: float, probability: float | None) -> None:
    found = probability_of(bits)
    assert log2(found / (1 - found)) == pytest.approx(bits)
    if probability is not None:
        assert found == pytest.approx(probability)
    assert Edge(1, 2, bits).probability == found


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_probabilities_are_never_out_of_range_and_rise(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert 0 < probability_of(low) <= probability_of(high) <= 1
    assert probability_of(-low) == pytest.approx(1 - probability_of(low), abs=1e-12)


@pytest.mark.parametrize("bits", [60.0, 61.0, 1e308, float("inf")])
def test_endless_bits_are_cut(bits: float) -> None:
    assert probability_of(bits) == probability_of(60)
    assert probability_of(-bits) == probability_of(-60) > 0
