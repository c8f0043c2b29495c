"""The memory of keys agrees with a plain dictionary, at 16 bytes a key in the long run."""

import tracemalloc
from array import array

from hypothesis import given
from hypothesis import strategies as st

import connectors.sdk.sorted_runs  # noqa: F401  # loads numpy, before any time is taken
from connectors.sdk.seen import Repeat, SeenKeys

rows = st.lists(st.tuples(st.integers(-3, 12), st.integers(0, 2)), max_size=12)


@given(batches=st.lists(rows, max_size=8), recent=st.sampled_from([1, 3, 1_000]))
def test_it_agrees_with_a_dictionary(batches: list[list[tuple[int, int]]], recent: int) -> None:
    seen = SeenKeys(recent)
    known: dict[int, int] = {}
    for batch in batches:
        expected = set()
        for position, (key, content) in enumerate(batch):
            if key in known:
                expected.add(Repeat(position, known[key] == content))
            known.setdefault(key, content)
        found = seen.add(array("q", [key for key, _ in batch]), array("q", [c for _, c in batch]))
        assert set(found) == expected
        assert len(found) == len(expected)


@given(batches=st.lists(st.lists(st.integers(-3, 12))), recent=st.sampled_from([1, 3, 1_000]))
def test_new_keys_are_counted_as_a_set_counts_them(batches: list[list[int]], recent: int) -> None:
    seen, known = SeenKeys(recent), set[int]()
    for batch in batches:
        assert seen.new_among(array("q", batch)) == len(set(batch) - known)
        known.update(batch)


def test_a_key_costs_sixteen_bytes() -> None:
    seen = SeenKeys(recent=4_000)
    tracemalloc.start()
    for start in range(0, 200_000, 1_000):
        keys = array("q", [hash(str(key)) for key in range(start, start + 1_000)])
        assert not seen.add(keys, keys)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 200_000 * 17
