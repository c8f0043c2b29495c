"""What letters rule out, no comparison would have found."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from hub.resolution.letters import letters_of, may_resemble, may_share

WORDS = st.text("abcdé\U00010330", min_size=1, max_size=12)
NEAR, SLIPS = 0.93, 0.8


def alike(one: str, other: str) -> bool:
    """Return whether two words resemble each other, or one begins or ends with the other."""
    return bool(
        JaroWinkler.normalized_similarity(one, other) >= NEAR
        or OSA.normalized_similarity(one, other) >= SLIPS
        or one.startswith(other)
        or one.endswith(other)
        or other.startswith(one)
        or other.endswith(one)
    )


@settings(max_examples=300)
@given(st.lists(WORDS, min_size=2, max_size=12, unique=True))
@example(["bdcac", "bdccc", "aaccdaacbd", "aacdcdaacb", "a", "ab", "ba"])
def test_letters_rule_out_nothing_that_is_alike(words: list[str]) -> None:
    a, b = np.triu_indices(len(words), 1)
    letters = letters_of(words)
    may = may_resemble(letters, a, b, jaro_winkler=NEAR, edits=SLIPS)
    share = may_share(letters, a, b, SLIPS)
    for x, y, resemble, common in zip(a, b, may, share, strict=True):
        one, other = words[x], words[y]
        assert resemble or not alike(one, other)
        assert common or Indel.normalized_similarity(one, other) < SLIPS


def test_letters_rule_out_most_of_what_differs() -> None:
    words = ["nordlicht", "weber", "maschinenbau", "schulz", "logistik", "hof"]
    a, b = np.triu_indices(len(words), 1)
    letters = letters_of(words)
    assert not may_resemble(letters, a, b, jaro_winkler=NEAR, edits=SLIPS).any()
    assert not may_share(letters, a, b, SLIPS).any()
