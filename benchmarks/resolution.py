"""Measures entity resolution on data with truth, and Splink 5 beside it where it is installed.

Usage: python -m benchmarks.resolution [DATA SET ...]. Data sets lie in $VERBUND_SHARED (default
../shared) under data/resolution; `world:1000`, `places:700`, `guides:700`, `clubs:2000`,
`lists:bodies:1500`, `people:contacts:1500`, `things:goods:1000` are invented. $SPLINK_PYTHON names
an interpreter that has splink, duckdb, pandas and scipy. Seconds are those of training, candidates,
scores and clusters together; memory is the process's peak, and that of the largest process it
shared work with (what both hold counts in each).
Below the table stands, for all data sets and both kinds, how many of the pairs to which the engine
gave some probability were matches.
"""

import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.lists import HABITS, lists
from benchmarks.persons import people
from benchmarks.places import clubs, guides, places
from benchmarks.things import COLUMNS, things
from benchmarks.worlds import World, world
from hub.model.resolution import Profile
from hub.pipeline.processes import on_all_processors
from hub.pipeline.resolve_file import no_collection
from hub.resolution.batch import Base, Divided, base_of, partition_all, score_table
from hub.resolution.model import default_model
from hub.resolution.schema import profiles_of, schema_from

SCHEMAS = {
    "fodors_zagat": (
        "organization",
        "name:org_name addr:street city:city phone:phone type:category",
    ),
    "dedupe_csv_example": (
        "organization",
        "Site name:org_name|Address:address|Phone:phone|Zip:postcode",
    ),
    "berlin_open": ("organization", "name:org_name"),
    "febrl3": (
        "person",
        "given_name:given_name surname:family_name street_number:house_number address_1:street"
        " address_2:text suburb:city postcode:postcode state:region date_of_birth:date_of_birth"
        " soc_sec_id:identifier",
    ),
    "fake_1000": (
        "person",
        "first_name:given_name surname:family_name dob:date_of_birth city:city email:email",
    ),
    "rldata10000": (
        "person",
        "fname_c1:given_name fname_c2:given_name lname_c1:family_name lname_c2:family_name"
        " by:date_of_birth bm:date_of_birth bd:date_of_birth",
    ),
}
SPLINK = {
    "fodors_zagat": {
        "compare": {"name": "name", "addr": "name", "city": "name", "phone": "code"},
        "block": [["phone"], ["name"], ["substr(name,1,4)"], ["substr(addr,1,6)"]],
        "sure": [["phone", "name"]],
        "train": [["phone"], ["substr(name,1,4)"]],
    },
    "dedupe_csv_example": {
        "compare": {"Site name": "name", "Address": "name", "Phone": "code", "Zip": "exact"},
        "block": [["Phone"], ["Site name"], ["Address"], ['substr("Site name",1,6)']],
        "sure": [["Phone", "Address"]],
        "train": [["Phone"], ["Address"]],
    },
    "berlin_open": {
        "compare": {"name": "name", "first": "name"},
        "block": [["substr(name,1,5)"], ["substr(name,-8)"]],
        "sure": [["name"]],
        "train": [["first"], ["name"]],
    },
    "febrl3": {
        "compare": {
            "given_name": "person", "surname": "person", "date_of_birth": "date",
            "soc_sec_id": "code", "address_1": "name", "postcode": "code", "suburb": "name",
        },
        "block": [["soc_sec_id"], ["given_name", "surname"], ["date_of_birth"], ["postcode"]],
        "sure": [["soc_sec_id"], ["given_name", "surname", "date_of_birth"]],
        "train": [["date_of_birth"], ["given_name", "surname"]],
    },
    "fake_1000": {
        "compare": {
            "first_name": "person", "surname": "person", "dob": "date", "city": "exact",
            "email": "email",
        },
        "block": [["first_name"], ["surname"], ["email"], ["dob"]],
        "sure": [["first_name", "surname", "dob"], ["email"]],
        "train": [["first_name", "surname"], ["dob"], ["email"]],
    },
    "rldata10000": {
        "compare": {
            "fname_c1": "person", "lname_c1": "person", "b_y": "exact", "bm": "exact",
            "bd": "exact",
        },
        "block": [["fname_c1", "lname_c1"], ["b_y", "bm", "bd"], ["fname_c1", "b_y"],
                  ["lname_c1", "b_y"], ["lname_c1", "bd", "bm"]],
        "sure": [["fname_c1", "lname_c1", "b_y", "bm", "bd"]],
        "train": [["fname_c1", "lname_c1"], ["b_y", "bm", "bd"]],
    },
    "world": {
        "compare": {
            "org_name": "name", "street": "name", "postcode": "code", "city": "name",
            "phone": "code", "email": "email", "vat": "code",
        },
        "block": [["vat"], ["phone"], ["email"], ["substr(org_name,1,8)"], ["street", "postcode"]],
        "sure": [["org_name", "postcode"], ["vat"]],
        "train": [["postcode"], ["substr(org_name,1,8)"]],
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figures:
    """How good clusters are, by pairs and by records (B-cubed)."""

    precision: float
    recall: float
    f1: float
    b_cubed: float


def figures(clusters: Sequence[Sequence[str]], truth: dict[str, str]) -> Figures:
    """Return how well clusters of keys meet the truth."""
    sizes = Counter(truth.values())
    right = said = 0
    precise = complete = 0.0
    for cluster in clusters:
        said += _pairs(len(cluster))
        for label, held in Counter(truth[key] for key in cluster).items():
            right += _pairs(held)
            precise += held * held / len(cluster)
            complete += held * held / sizes[label]
    true = sum(map(_pairs, sizes.values()))
    return Figures(
        right / said if said else 1.0,
        right / true if true else 1.0,
        2 * right / (said + true) if said + true else 1.0,
        2 * precise * complete / ((precise + complete) * len(truth)) if truth else 1.0,
    )


def _pairs(size: int) -> int:
    return size * (size - 1) // 2


def load(name: str) -> tuple[list[Profile], dict[str, str]]:
    """Return the records and the truth of a data set or an invented world."""
    kind, *rest = name.split(":")
    makers: dict[str, Callable[..., World]] = {
        "world": world,
        "places": places,
        "guides": guides,
        "clubs": clubs,
    }
    if kind in makers:
        made = makers[kind](int(rest[0]), seed=1, stock="test")
        return made.profiles, made.truth
    if kind == "lists":
        made = lists(int(rest[1]), habit=rest[0], seed=1, stock="test")
        return made.profiles, made.truth
    if kind == "people":
        made = people(int(rest[1]), habit=rest[0], seed=1, stock="test")
        return made.profiles, made.truth
    if kind == "things":
        made = things(int(rest[1]), kind=rest[0], seed=1, stock="test")
        return made.profiles, made.truth
    folder = shared() / "data" / "resolution" / name
    kind, columns = SCHEMAS[name]
    split = columns.split("|") if "|" in columns else columns.split()
    fields = dict(column.rsplit(":", 1) for column in split)
    schema = schema_from({"kind": kind, "id": "id", "source": "source", "fields": fields})
    return profiles_of(rows(folder), schema), truth_of(folder)


def shared() -> Path:
    """Return the folder with the data sets."""
    return Path(os.environ.get("VERBUND_SHARED", Path(__file__).parents[1].parent / "shared"))


def rows(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the records of a data set."""
    with (folder / "records.jsonl").open(encoding="utf-8") as file:
        yield from map(json.loads, file)


def truth_of(folder: Path) -> dict[str, str]:
    """Return the true cluster of every record."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row["cluster"] for row in csv.DictReader(file)}


def candidate_recall(
    base: Base, left: np.ndarray, right: np.ndarray, truth: dict[str, str]
) -> float:
    """Return the share of true pairs that were compared, equal records included."""
    numbers = {label: at for at, label in enumerate(set(truth.values()))}
    held = [Counter(numbers[truth[ref]] for ref in refs) for refs in base.refs]
    found = sum(_pairs(count) for each in held for count in each.values())
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        found += sum(count * held[b][label] for label, count in held[a].items())
    return found / max(1, sum(map(_pairs, Counter(truth.values()).values())))


HEAD = (
    f"{'data set':24} {'records':>7} {'pairs':>9} {'recall':>6} {'P':>6} {'R':>6} {'F1':>6}"
    f" {'B3 F1':>6} {'seconds':>7} {'MB':>7} {'shared':>7}"
)
CHANCES = (0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 0.85, 0.95, 1.0)


def line(name: str, records: int, pairs: int, recall: float, got: Figures, cost: str) -> str:
    """Return one line of the table; cost: seconds and megabytes."""
    return (
        f"{name:24} {records:7} {pairs:9} {recall:6.4f} {got.precision:6.4f} {got.recall:6.4f}"
        f" {got.f1:6.4f} {got.b_cubed:6.4f} {cost}"
    )


def cost_of(seconds: float, megabytes: float, largest_child: float = 0.0) -> str:
    """Return the last cells of a line."""
    return f"{seconds:7.2f} {megabytes:7.0f} {largest_child:7.0f}"


def measure(name: str) -> str:
    """Return one line of the table."""
    profiles, truth = load(name)
    started = time.perf_counter()
    model = default_model(profiles[0].kind)
    with no_collection():
        base = base_of(profiles, on_all_processors)
        model, scored = score_table(base, model, on_all_processors)
        divided = partition_all(base, scored, (), model)
    seconds = time.perf_counter() - started
    memory = [
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    got = figures(divided.clusters, truth)
    recall = candidate_recall(base, scored.left, scored.right, truth)
    cost = cost_of(seconds, *memory)
    return line(name, len(profiles), len(scored.left), recall, got, cost)


def chances_of(
    base: Base, divided: Divided, truth: dict[str, str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the probability of each kept pair of profiles, rivals heard, and if it is a match."""
    labels = np.array([truth[refs[0]] for refs in base.refs])
    edges = divided.edges
    chance = 1.0 / (1.0 + np.exp2(-np.clip(edges.bits, -60, 60)))
    return chance, np.asarray(labels[edges.left] == labels[edges.right])


def reliability(chance: NDArray[np.float64], same: NDArray[np.bool_]) -> list[str]:
    """Return per range of probability how many pairs were matches, and of how many; "" of none."""
    cells = []
    for low, high in pairwise(CHANCES):
        inside = (chance >= low) & ((chance < high) | (high == 1.0))
        cells.append(f"{same[inside].mean():.2f} of {inside.sum()}" if inside.any() else "")
    return cells


def reliability_table(names: Sequence[str]) -> Iterator[str]:
    """Yield how reliable probabilities are: per data set, and each kind's data sets together."""
    ranges = [f"{low:.2f}-{high:.2f}" for low, high in pairwise(CHANCES)]
    yield _reliability_line("matches by probability", ranges)
    kinds: dict[str, list[tuple[NDArray[np.float64], NDArray[np.bool_]]]] = {}
    for name in names:
        profiles, truth = load(name)
        base = base_of(profiles)
        model, scored = score_table(base, default_model(profiles[0].kind))
        found = chances_of(base, partition_all(base, scored, (), model), truth)
        kinds.setdefault(model.kind, []).append(found)
        yield _reliability_line(name, reliability(*found))
    for kind, every in kinds.items():
        together = (np.concatenate(part) for part in zip(*every, strict=True))
        yield _reliability_line(f"all of kind {kind}", reliability(*together))


def _reliability_line(name: str, cells: Sequence[str]) -> str:
    return f"{name:24}" + "".join(f" {cell:>14}" for cell in cells)


def _plain(name: str) -> tuple[list[dict[str, str]], dict[str, str]]:
    """Return the rows of a data set, one text a column, and their truth."""
    if not name.startswith("world"):
        folder = shared() / "data" / "resolution" / name
        return list(rows(folder)), truth_of(folder)
    profiles, truth = load(name)
    plain = [{k: v[0] for k, v in each.features.items()} | {"id": each.ref} for each in profiles]
    return plain, truth


def _tidy(name: str, row: dict[str, str]) -> dict[str, str]:
    """Return a row as Splink compares it best: lower case, phones as digits."""
    if name == "berlin_open":
        row["first"] = row["name"].split()[0]
    if "by" in row:  # a word of SQL
        row["b_y"] = row.pop("by")
    for column in ("phone", "Phone"):
        if column in row:
            row[column] = "".join(letter for letter in row[column] if letter.isdigit())
    return {k: v if k == "id" else " ".join(v.lower().split()) for k, v in row.items()}


def splink(name: str, python: str) -> str:
    """Return Splink's line for a data set it has settings for."""
    settings = SPLINK.get(name.split(":")[0])
    if settings is None:
        return ""
    plain, truth = _plain(name)
    tidy = [_tidy(name, row) for row in plain]
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"settings": settings, "rows": tidy, "truth": truth}, file)
        file.flush()
        script = Path(__file__).with_name("resolution_splink.py")
        done = subprocess.run(
            [python, str(script), file.name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        return f"  splink failed: {done.stderr.strip()[-300:]}"
    got = json.loads(done.stdout.strip().splitlines()[-1])
    reached = Figures(got["precision"], got["recall"], got["f1"], got["b_cubed"])
    cost = cost_of(got["seconds"], got["megabytes"])
    return line("  splink, best threshold", len(plain), got["pairs"], got["found"], reached, cost)


def main() -> None:
    """Print the table, each data set in a process of its own so that memory is its own."""
    names = sys.argv[1:] or [
        *SCHEMAS,
        "world:1000",
        "world:5600",
        "places:700",
        "clubs:2000",
        *(f"lists:{habit}:1000" for habit in HABITS),
        "people:contacts:1500",
        "people:careless:1000",
        *(f"things:{kind}:1000" for kind in COLUMNS),
    ]
    if len(names) == 1:
        print(measure(names[0]), flush=True)
        return
    print(HEAD)
    python = os.environ.get("SPLINK_PYTHON")
    for name in names:
        subprocess.run([sys.executable, "-m", "benchmarks.resolution", name], check=True)
        other = splink(name, python) if python else ""
        if other:
            print(other, flush=True)
    print()
    for shown in reliability_table(names):
        print(shown, flush=True)


if __name__ == "__main__":
    main()
