"""How much two records that share little part a person: little where everybody has many records."""

import numpy as np

from benchmarks.persons import people
from benchmarks.resolution import figures
from hub.model.resolution import Profile
from hub.resolution.adaptation import LENIENT, floor_of
from hub.resolution.batch import Base, base_of, candidates_of, partition_all, score_table
from hub.resolution.model import default_model
from tests.resolution.test_households import couples

PERSON = default_model("person")


def base_with(records: int, kind: str = "person") -> Base:
    """Return a base of 20 people with some records each, no two the same."""
    told = [{"identifier:n": (f"{at:05}",)} for at in range(20 * records)]
    return base_of(Profile(f"a:p:{at}", kind, "", each) for at, each in enumerate(told))


def floor_with(records: int, kind: str = "person") -> float:
    """Return the floor of such a base where all are beyond doubt."""
    base = base_with(records, kind)
    left, right = np.triu_indices(20 * records, 1)
    of_one = left // records == right // records
    bits = np.full(int(of_one.sum()), 12.0)
    return floor_of(default_model(kind), base.frame, left[of_one], right[of_one], bits)


def test_a_pair_that_says_little_counts_less_the_more_records_a_person_has() -> None:
    assert floor_with(1) == floor_with(2) == PERSON.floor
    assert floor_with(3) == floor_with(9) == LENIENT


def test_where_relatives_share_houses_it_counts_in_full() -> None:
    base = base_of(couples(400))
    left, right = (each.astype(np.int64) for each in candidates_of(base, PERSON))
    sure = np.full(len(left), 12.0)
    assert floor_of(PERSON, base.frame, left, right, sure) == PERSON.floor


def test_other_kinds_keep_their_floor() -> None:
    assert floor_with(9, "thing") == default_model("thing").floor


def test_people_of_many_careless_records_stay_whole() -> None:
    world = people(400, habit="careless", seed=5, stock="test")
    base = base_of(world.profiles)
    model, scored = score_table(base, PERSON)
    reached = figures(partition_all(base, scored, (), model).clusters, world.truth)
    assert reached.f1 > 0.935
    assert reached.precision > 0.97
