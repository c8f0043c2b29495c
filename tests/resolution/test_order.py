"""The clusters are a function of the records, the model and the judgements, not of the order."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.model.resolution import Judgement, Profile
from hub.resolution.batch import resolve
from hub.resolution.model import default_model
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


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    """A company record of a small world, so that names, towns and phones meet often."""
    features = {"org_name": (draw(st.sampled_from(NAMES)),)}
    for key, values in (("city", CITIES), ("phone", PHONES), ("vat", ("DE111", "DE222"))):
        if draw(st.booleans()):
            features[key] = (draw(st.sampled_from(values)),)
    return Profile(f"crm:a:{draw(st.integers(0, 11))}", "organization", "crm", features)


pairs = st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] < pair[1])
judgements = st.builds(
    lambda pair, verdict: Judgement(f"crm:a:{pair[0]}", f"crm:a:{pair[1]}", verdict),
    pairs,
    st.sampled_from(("same", "different", "unsure")),
)
steps = st.lists(
    st.one_of(profiles(), st.integers(0, 11).map(lambda key: f"crm:a:{key}"), judgements),
    min_size=1,
    max_size=30,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps, st.integers(1, 6))
def test_any_walk_of_changes_ends_where_one_full_run_ends(
    walk: list[Profile | str | Judgement], size: int
) -> None:
    model = default_model("organization")
    memory = Memory(model)
    living: dict[str, Profile] = {}
    words: dict[tuple[str, str], Judgement] = {}
    for start in range(0, len(walk), size):
        changed: dict[str, Profile | None] = {}
        judged = []
        for each in walk[start : start + size]:
            if isinstance(each, Profile):
                changed[each.ref] = living[each.ref] = each
            elif isinstance(each, Judgement):
                judged.append(each)
                words[(each.left, each.right)] = each
            else:
                changed[each] = None
                living.pop(each, None)
        memory.change(changed, judged)
    whole = resolve(living.values(), words.values(), model)
    assert memory.clusters() == whole.clusters
