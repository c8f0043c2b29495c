"""Splink 5 on one of the benchmark's tables; runs in an environment of its own.

Usage: python resolution_splink.py TABLE.json. Reads {"settings": ..., "rows": [...], "truth":
{id: cluster}} and prints one JSON line: seconds, and pairwise precision, recall and F1 at the
threshold that is best for Splink (connected components).
"""

import json
import sys
import time
from collections import Counter, defaultdict
from contextlib import suppress
from pathlib import Path

import numpy as np
import pandas as pd
import splink.comparison_library as cl
from scipy import sparse
from scipy.sparse import csgraph
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

COMPARE = {
    "name": lambda column: cl.JaroWinklerAtThresholds(column, [0.95, 0.88, 0.7]),
    "person": lambda column: cl.NameComparison(column),
    "exact": lambda column: cl.ExactMatch(column),
    "code": lambda column: cl.LevenshteinAtThresholds(column, [1, 2]),
    "email": lambda column: cl.EmailComparison(column),
    "date": lambda column: cl.DamerauLevenshteinAtThresholds(column, [1, 2]),
}


def main() -> None:
    """Resolve one table."""
    task = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    frame = pd.DataFrame(task["rows"])
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
    predicted = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": round(seconds, 2)} | best(predicted, task["truth"])))


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
        found.append((*figures(groups.tolist(), labels), float(threshold)))
    precision, recall, f1, threshold = max(found, key=lambda each: each[2])
    return {"precision": precision, "recall": recall, "f1": f1, "threshold": threshold}


def figures(groups: list[int], labels: list[str]) -> tuple[float, float, float]:
    """Return pairwise precision, recall and F1."""

    def pairs(sizes: Counter) -> int:
        return sum(size * (size - 1) // 2 for size in sizes.values())

    inside: dict[int, Counter] = defaultdict(Counter)
    for group, label in zip(groups, labels, strict=True):
        inside[group][label] += 1
    right = sum(pairs(each) for each in inside.values())
    said, true = pairs(Counter(groups)), pairs(Counter(labels))
    precision, recall = right / said if said else 1.0, right / true if true else 1.0
    both = precision + recall
    return (
        round(precision, 4),
        round(recall, 4),
        round(2 * precision * recall / both if both else 0.0, 4),
    )


if __name__ == "__main__":
    main()
