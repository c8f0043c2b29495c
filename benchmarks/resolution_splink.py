"""Splink 5 on one of the benchmark's tables; runs in an environment of its own.

Usage: python resolution_splink.py TABLE.json. Reads {"settings": ..., "rows": [...], "truth":
{id: cluster}} and prints one JSON line: seconds with clustering, megabytes, compared pairs and the
share of true ones among them (`found`), and pairwise precision, recall, F1 and B-cubed F1 at the
threshold that is best for Splink (connected components).
"""

import json
import resource
import sys
import time
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import splink.comparison_library as cl
from scipy import sparse
from scipy.sparse import csgraph
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals import expectation_maximisation as em

COMPARE = {
    "name": lambda column: cl.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.7]),
    "person": lambda column: cl.NameComparison(column),
    "exact": lambda column: cl.ExactMatch(column),
    "code": lambda column: cl.LevenshteinAtThresholds(column, [1, 2]),
    "email": lambda column: cl.EmailComparison(column),
    "date": lambda column: cl.DamerauLevenshteinAtThresholds(column, [1, 2]),
}


LEAST = 1e-9
"""A level that no match reaches in training: Splink 5 stops at a share of 0, so this one stands."""
_populate = em.populate_m_u_from_lookup


def _populated(fixed: object, level: object, name: str, lookup: dict[str, Any]) -> None:
    """Let Splink take over what a round of training found, no share below LEAST."""
    for shares in lookup.get(name, {}).values():
        for key in ("m_probability", "u_probability"):
            if isinstance(shares.get(key), float):
                shares[key] = max(shares[key], LEAST)
    _populate(fixed, level, name, lookup)


em.populate_m_u_from_lookup = _populated


def main() -> None:
    """Resolve one table."""
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    frame = pd.DataFrame(task.pop("rows"))
    started = time.perf_counter()
    comparisons = []
    for column, kind in task["settings"]["compare"].items():
        made = COMPARE[kind](column)
        if kind in ("name", "person", "exact"):
            made = made.configure(term_frequency_adjustments=True)
        comparisons.append(made)
    rules = [block_on(*columns) for columns in task["settings"]["block"]]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=rules,
        unique_id_column_name="id",
    )
    linker = Linker(DuckDBAPI().register(frame), settings, log_level=50)
    with suppress(ValueError):  # no sure pair at all: the prior stays as it is
        linker.training.estimate_probability_two_random_records_match(
            [block_on(*columns) for columns in task["settings"]["sure"]], recall=0.6
        )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in task["settings"]["train"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    scores = linker.inference.predict(threshold_match_weight=-10)
    linker.clustering.cluster_pairwise_predictions_at_threshold(scores, 0.9).as_pandas_dataframe()
    seconds = time.perf_counter() - started
    cost = {"seconds": round(seconds, 2), "megabytes": round(_peak())}
    compared = linker.inference.predict().as_pandas_dataframe()[["id_l", "id_r", "match_weight"]]
    print(json.dumps(cost | reach(compared, task["truth"]) | best(compared, task["truth"])))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def reach(compared: pd.DataFrame, truth: dict[str, str]) -> dict[str, float]:
    """Return how many pairs were compared, and which share of the true ones is among them."""
    left, right = (compared[side].astype(str).map(truth).to_numpy() for side in ("id_l", "id_r"))
    true = sum(size * (size - 1) // 2 for size in Counter(truth.values()).values())
    return {"pairs": len(compared), "found": float((left == right).sum() / max(1, true))}


def best(predicted: pd.DataFrame, truth: dict[str, str]) -> dict[str, float]:
    """Return the figures at the best of many thresholds."""
    ids = sorted(truth)
    place = {one: at for at, one in enumerate(ids)}
    a = predicted["id_l"].astype(str).map(place).to_numpy()
    b = predicted["id_r"].astype(str).map(place).to_numpy()
    weight = predicted["match_weight"].to_numpy()
    labels = [truth[one] for one in ids]
    found = []
    for threshold in np.arange(-10, 30, 1.0):
        keep = weight >= threshold
        graph = sparse.coo_array((np.ones(keep.sum()), (a[keep], b[keep])), shape=(len(ids),) * 2)
        groups = csgraph.connected_components(graph, directed=False)[1]
        found.append(figures(groups.tolist(), labels))
    best_found = max(found, key=lambda each: each[2])
    return dict(zip(("precision", "recall", "f1", "b_cubed"), best_found, strict=True))


def figures(groups: list[int], labels: list[str]) -> tuple[float, float, float, float]:
    """Return pairwise precision, recall and F1, and B-cubed F1."""

    def pairs(sizes: Counter[Any]) -> int:
        return sum(size * (size - 1) // 2 for size in sizes.values())

    inside: dict[int, Counter[str]] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        inside[group][label] += 1
    right = sum(pairs(each) for each in inside.values())
    said, true = pairs(Counter(groups)), pairs(Counter(labels))
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    sizes = Counter(labels)
    precise = sum(n * n / each.total() for each in inside.values() for n in each.values())
    whole = sum(n * n / sizes[label] for each in inside.values() for label, n in each.items())
    return (
        precision,
        recall,
        2 * right / (said + true) if said + true else 1.0,
        2 * precise * whole / ((precise + whole) * len(labels)) if labels else 1.0,
    )


if __name__ == "__main__":
    main()
