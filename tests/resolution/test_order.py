"""The clusters are a function of the records, the model and the judgements, not of the order."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.worlds import world
from hub.model.resolution import Judgement, Profile
from hub.resolution.batch import resolve
from hub.resolution.model import Holding, Model, default_model
from tests.resolution.memory import Memory

NAMES = (
    "Weber Logistik GmbH",
    "Weber Immobilien GmbH",
    "Weber",
    "Wbeer Logistik",
    "Kraus Bau KG",
    "Krauß Bau",
    "Kraus Hochbau GmbH",
    "Nordlicht AG",
    "Nordlicht Systeme AG",
    "Zoll & Söhne",
)
CITIES = ("Köln", "Koeln", "Bonn", "Berlin")
PHONES = ("0221 4711-0", "+49 221 4711-12", "0228 99887", "030 123456")


SOURCES = ("crm", "books", "desk")
ORDERLY = {"crm": Holding(-1.0, 0.5), "books": Holding(-4.0, 0.75), "desk": Holding(0.0, 2.0)}


def ref_of(number: int) -> str:
    """Return the record of that number: each source has every third."""
    return f"{SOURCES[number % len(SOURCES)]}:a:{number}"


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """A company record of a small world, so that names, towns and phones meet often."""
    features = {"org_name": (draw(st.sampled_from(NAMES)),)}
    for key, values in (("city", CITIES), ("phone", PHONES), ("vat", ("DE111", "DE222"))):
        if draw(st.booleans()):
            features[key] = (draw(st.sampled_from(values)),)
    ref = ref_of(draw(st.integers(0, 11)))
    return Profile(ref, "organization", ref.partition(":")[0], features)


pairs = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1])
judgements = st.builds(
    lambda pair, verdict: Judgement(ref_of(pair[0]), ref_of(pair[1]), verdict),
    pairs,
    st.sampled_from(("same", "different", "unsure")),
)
Step = Profile | str | Judgement | tuple[str, str]


PEOPLE = (
    "Maria Anders",
    "Anders, Maria",
    "M. Anders",
    "Peter Müller",
    "Peter Mueller",
    "Petra Müller",
    "Hans Weber",
    "Johannes Weber",
)


@st.composite
def people(draw: st.DrawFn) -> Profile:
    """A person of a small world."""
    features = {"person_name": (draw(st.sampled_from(PEOPLE)),)}
    for key, values in (("email", ("m@a.de", "info@b.de")), ("org_name", NAMES[:3])):
        if draw(st.booleans()):
            features[key] = (draw(st.sampled_from(values)),)
    ref = ref_of(draw(st.integers(0, 11)))
    return Profile(ref, "person", ref.partition(":")[0], features)


def steps_of(profile: st.SearchStrategy[Profile]) -> st.SearchStrategy[list[Step]]:
    """Return walks: records put and deleted, judgements made and taken back."""
    refs = st.integers(0, 11).map(ref_of)
    undone = pairs.map(lambda pair: (ref_of(pair[0]), ref_of(pair[1])))
    return st.lists(st.one_of(profile, refs, judgements, undone), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("model", "profile"),
    [
        (replace(default_model("organization"), sources=ORDERLY), profiles()),
        (default_model("person"), people()),
    ],
    ids=["organization", "person"],
)
def test_any_walk_of_changes_ends_where_one_full_run_ends(
    model: Model, profile: st.SearchStrategy[Profile]
) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(steps_of(profile), st.integers(1, 6))
    def check(walk: list[Step], size: int) -> None:
        memory = Memory(model)
        living: dict[str, Profile] = {}
        words: dict[tuple[str, str], Judgement] = {}
        for start in range(0, len(walk), size):
            _apply(memory, living, words, walk[start : start + size])
        assert memory.clusters() == resolve(living.values(), words.values(), model).clusters

    check()


def _apply(
    memory: Memory,
    living: dict[str, Profile],
    words: dict[tuple[str, str], Judgement],
    steps: list[Step],
) -> None:
    changed: dict[str, Profile | None] = {}
    judged: dict[tuple[str, str], Judgement] = {}
    undone: set[tuple[str, str]] = set()
    for each in steps:
        if isinstance(each, Profile):
            changed[each.ref] = living[each.ref] = each
        elif isinstance(each, Judgement):
            pair = (each.left, each.right)
            undone.discard(pair)
            judged[pair] = words[pair] = each
        elif isinstance(each, tuple):
            judged.pop(each, None)
            words.pop(each, None)
            undone.add(each)
        else:
            changed[each] = None
            living.pop(each, None)
    memory.change(changed, judged.values(), undone)


def test_an_increment_touches_its_neighbourhood_only() -> None:
    model = default_model("organization")
    memory = Memory(model)
    made = world(400, seed=8).profiles
    memory.change({each.ref: each for each in made})
    before = memory.rescored
    one = made[0]
    told = {**one.features, "phone": ("0221 5550101",)}
    memory.change({one.ref: Profile(one.ref, one.kind, one.source, told)})
    assert 0 < memory.rescored - before < before / 20
    changed = [
        each if each.ref != one.ref else Profile(one.ref, one.kind, one.source, told)
        for each in made
    ]
    assert memory.clusters() == resolve(changed, (), model).clusters
