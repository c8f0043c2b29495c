"""Whether people share houses is counted: slips strike either name, relatives share one."""

from dataclasses import replace

import pytest

from benchmarks.resolution import figures
from hub.model.resolution import Profile
from hub.resolution.adaptation import adapt
from hub.resolution.batch import Base, base_of, candidates_of, partition_all, score_table
from hub.resolution.catalogue import compare_pairs
from hub.resolution.homes import ALONE, HOUSE, shared, sharing
from hub.resolution.homes import alone as alone_model
from hub.resolution.model import default_model
from tests.resolution.test_households import HERS, HIS, colleagues, couples, named

PERSON = default_model("person")
SPOILT = ("given_name", "family_name", "given_name", "", "", "", "", "")
"""The name that is another in the second record of each eighth person."""


VOWELS = "aeiou"


def alone(size: int, *, named_by: bool = True) -> list[Profile]:
    """Return people who live alone, two records of each, of which some have a name spoilt."""
    found = []
    for at in range(size):
        told = {
            "given_name": (HERS + HIS)[at % 23],
            "family_name": named(at),
            "street": f"{named(at * 7 % 300)}weg {at % 90 + 1}",
            "city": f"{named(at % 97)}dorf",
        }
        other = {
            **told,
            SPOILT[at % 8]: f"{VOWELS[at % 5]}x{VOWELS[at // 5 % 5]}z{VOWELS[at // 25 % 5]}",
        }
        for copy, shown in enumerate((told, other)):
            features = {key: (value,) for key, value in shown.items() if key}
            if not named_by:
                del features["given_name"]
            found.append(Profile(f"a:{at}:{copy}", "person", "", features))
    return found


def share_of(base: Base) -> float | None:
    """Return the share of pairs of one house in a base that are two people."""
    return sharing(list(compare_pairs("person", base.frame, *candidates_of(base, PERSON))))


def test_relatives_and_colleagues_share_houses() -> None:
    assert (share_of(base_of(couples(400))) or 0.0) > 0.3
    assert (share_of(base_of(colleagues(150))) or 0.0) > 0.3


def test_spoilt_names_are_no_relatives() -> None:
    base = base_of(alone(400))
    assert share_of(base) == pytest.approx(0.0, abs=0.05)
    assert shared(list(compare_pairs("person", base.frame, *candidates_of(base, PERSON)))) is False


def test_a_few_who_share_houses_suffice() -> None:
    base = base_of(alone(400) + couples(2))
    assert shared(list(compare_pairs("person", base.frame, *candidates_of(base, PERSON))))


@pytest.mark.parametrize("profiles", [alone(20), alone(400, named_by=False)])
def test_too_few_houses_or_names_tell_nothing(profiles: list[Profile]) -> None:
    base = base_of(profiles)
    assert share_of(base) is None
    assert shared(list(compare_pairs("person", base.frame, *candidates_of(base, PERSON)))) is None


def test_a_house_tells_more_where_nobody_shares_it() -> None:
    fitted = []
    for profiles in (couples(400), alone(400)):
        base = base_of(profiles)
        fitted.append(adapt(PERSON, base.frame, *candidates_of(base, PERSON)))
    least = [min(one.weights["street"][level].base for level in HOUSE["street"]) for one in fitted]
    assert least[1] > least[0] + 1.0
    given = [one.weights["given_name"]["different"].base for one in fitted]
    assert given[1] > given[0]


def test_who_lives_alone_is_one_person_whatever_the_name() -> None:
    profiles = alone(400)
    base = base_of([replace(each, source="") for each in profiles])
    model, scored = score_table(base, PERSON)
    truth = {each.ref: each.ref.split(":")[1] for each in profiles}
    reached = figures(partition_all(base, scored, (), model).clusters, truth)
    assert reached.f1 > 0.97


def test_a_model_that_does_not_weigh_a_level_is_told_nothing_of_it() -> None:
    street = {level: one for level, one in PERSON.weights["street"].items() if level != "near"}
    poor = replace(PERSON, weights={"street": street, "city": PERSON.weights["city"]})
    told = alone_model(poor)
    assert told.weights.keys() == poor.weights.keys()
    moved = {level: one.base - street[level].base for level, one in told.weights["street"].items()}
    assert moved == {level: ALONE * (level in HOUSE["street"]) for level in street}
