"""A model: the bits each level gives, the prior, the thresholds; a versioned JSON file."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from hub.resolution.trees import Split, Tree, tree_data, tree_from

GRAIN = 64
"""Weights are multiples of 1/64 bit, so that sums are exact in any order."""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Weight:
    """What a level gives: base + slope * min(information, cap) - crowd * steps of holders.

    The steps of holders count above `scoring.CROWD_FROM`.
    """

    base: float
    slope: float = 0.0
    cap: int = 30
    crowd: float = 0.0


@dataclass(frozen=True, slots=True)
class Interaction:
    """Bits given once where each named comparison reaches one of its levels."""

    when: Mapping[str, tuple[str, ...]]
    bits: float


@dataclass(frozen=True, slots=True)
class Rivalry:
    """How rivals weaken an edge: shift + scale * bits - most * (bits of the stronger side's rivals)
    - least * (bits of the weaker side's); friend: bits from which two neighbours are no rivals.
    """

    scale: float = 1.0
    shift: float = 0.0
    most: float = 0.0
    least: float = 0.0
    friend: float = -1.0


@dataclass(frozen=True, slots=True)
class Holding:
    """What a source tells of two clusters, in bits. both: that both hold records of it (0 or less);
    one: that only one of the two does (0 or more).
    """

    both: float
    one: float


@dataclass(frozen=True, slots=True)
class Again:
    """How groups are judged once those beyond doubt are made, see `groups`.

    sure: bits above `merge` that make a group. average, sources, shift: how much the average
    between two groups and what their sources tell count, and what is added. rivalry: what rivals,
    group by group, take off. smaller, larger: bits lost per doubling of each side's profiles.
    floor: what two groups count that no edge joins.
    """

    sure: float
    average: float
    sources: float
    shift: float
    rivalry: Rivalry
    smaller: float = 0.0
    larger: float = 0.0
    floor: float = -8.0


@dataclass(frozen=True, slots=True)
class Model:
    """How records of one kind are judged. All bits are log2 odds.

    prior: of a pair of one population; a base of 2 ** k profiles takes k * scale bits off.
    propose: how far below the information of one record a pair may share and still be compared.
    keep: edges below are forgotten and count `floor` in an average. link: edges from here on join
    components. merge: average from which two clusters are one. review: pairs from here to merge
    wait for a person.
    """

    kind: str
    name: str
    prior: float
    scale: float
    propose: float
    weights: Mapping[str, Mapping[str, Weight]]
    interactions: Sequence[Interaction] = ()
    trees: Sequence[Tree] = ()
    rivalry: Rivalry = Rivalry()
    merge: float = 0.0
    review: float = -4.0
    link: float = 0.0
    keep: float = -6.0
    floor: float = -8.0
    ceiling: float = 12.0
    density: float = 0.0
    """Matches per profile that the prior supposes; 0: the prior is never moved."""
    vetoes: tuple[str, ...] = ("register_number",)
    usual: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Comparison -> level -> its share among the matches that the weights were fitted on."""
    sources: Mapping[str, Holding] = field(default_factory=dict)
    """What is known of single sources; of a source that is not there nothing is."""
    again: Mapping[str, Again] = field(default_factory=dict)
    """How groups are judged where sources are `told` of and where records stand `alone`."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    read: dict[object, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What scoring derives from the weights, once."""

    @property
    def second(self) -> Again | None:
        """Return how groups are judged; None where the first round is the last."""
        return self.again.get("told" if self.sources else "alone")


def grained(bits: float) -> float:
    """Return bits rounded to the grain."""
    return round(bits * GRAIN) / GRAIN


def model_from(data: Mapping[str, Any]) -> Model:
    """Return the model that a parsed file holds; ValueError where the version is another."""
    if not isinstance(data, Mapping):
        raise ValueError("a model file holds one JSON object")
    if data.get("version") != VERSION:
        raise ValueError(f"model version {data.get('version')!r}: this hub reads version {VERSION}")
    weights = {
        name: {level: _weight(entry) for level, entry in levels.items()}
        for name, levels in data["weights"].items()
    }
    interactions = tuple(
        Interaction(
            {name: tuple(levels) for name, levels in entry["when"].items()}, grained(entry["bits"])
        )
        for entry in data.get("interactions", ())
    )
    plain = {key: grained(data[key]) for key in _BITS if key in data or key in _NEEDED}
    return Model(
        kind=data["kind"],
        name=data["name"],
        weights=weights,
        interactions=interactions,
        trees=tuple(map(_tree, data.get("trees", ()))),
        rivalry=_rivalry(data["rivalry"]),
        vetoes=tuple(map(str, data.get("vetoes", ("register_number",)))),
        usual=data.get("usual", {}),
        sources={
            name: Holding(grained(each["both"]), grained(each["one"]))
            for name, each in data.get("sources", {}).items()
        },
        again={name: _again(each) for name, each in data.get("again", {}).items()},
        notes=data.get("notes", {}),
        **plain,
    )


_BITS = (
    "prior",
    "scale",
    "propose",
    "merge",
    "review",
    "link",
    "keep",
    "floor",
    "ceiling",
    "density",
)
_NEEDED = _BITS[:3]


def _tree(entry: Sequence[str | float]) -> Tree:
    tree = tree_from(entry)
    return tuple(each if isinstance(each, Split) else grained(each) for each in tree)


def _rivalry(entry: Mapping[str, float]) -> Rivalry:
    return Rivalry(**{key: grained(value) for key, value in entry.items()})


def _again(entry: Mapping[str, Any]) -> Again:
    plain = {key: grained(value) for key, value in entry.items() if key != "rivalry"}
    return Again(rivalry=_rivalry(entry["rivalry"]), **plain)


def _weight(entry: float | Mapping[str, float]) -> Weight:
    if isinstance(entry, int | float):
        return Weight(grained(entry))
    return Weight(
        grained(entry["base"]),
        grained(entry.get("slope", 0.0)),
        int(entry.get("cap", 30)),
        grained(entry.get("crowd", 0.0)),
    )


def model_data(model: Model) -> dict[str, Any]:
    """Return what a model file holds, ready for JSON."""
    data: dict[str, Any] = {"version": VERSION, "kind": model.kind, "name": model.name}
    data |= {key: getattr(model, key) for key in _BITS}
    data["vetoes"] = list(model.vetoes)
    data["weights"] = {
        name: {level: _entry(weight) for level, weight in levels.items()}
        for name, levels in model.weights.items()
    }
    data["interactions"] = [
        {"when": {name: list(levels) for name, levels in each.when.items()}, "bits": each.bits}
        for each in model.interactions
    ]
    if model.trees:
        data["trees"] = [tree_data(each) for each in model.trees]
    data["rivalry"] = asdict(model.rivalry)
    data["usual"] = {name: dict(levels) for name, levels in model.usual.items()}
    if model.sources:
        data["sources"] = {name: asdict(each) for name, each in model.sources.items()}
    if model.again:
        data["again"] = {name: asdict(each) for name, each in model.again.items()}
    data["notes"] = dict(model.notes)
    return data


def _entry(weight: Weight) -> float | dict[str, float]:
    if not weight.slope and not weight.crowd:
        return weight.base
    return {"base": weight.base, "slope": weight.slope, "cap": weight.cap, "crowd": weight.crowd}


@lru_cache(maxsize=8)
def default_model(kind: str) -> Model:
    """Return the model shipped with the hub for a kind; unknown kinds are compared as things."""
    return model_from(json.loads(shipped_text(kind)))


def shipped_text(kind: str) -> bytes:
    """Return what stands in the file of the model shipped for a kind."""
    name = kind if kind in ("organization", "person") else "thing"
    return resources.files("hub.resolution.models").joinpath(f"{name}.json").read_bytes()
