"""What a model is fitted from: the plan of an invented world, and the recipe of a model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.worlds import World
from hub.model.resolution import Profile
from hub.resolution.model import Interaction, Model


@dataclass(frozen=True, slots=True)
class Plan:
    """An invented world to learn from. without: types that its records lack."""

    make: Callable[..., World]
    size: int
    seed: int
    weight: float = 1.0
    without: tuple[str, ...] = ()

    def profiles(self) -> tuple[list[Profile], dict[str, str]]:
        """Return its records, those that have nothing left taken away, and their truth."""
        made = self.make(self.size, seed=self.seed, stock="train")
        kept = []
        for each in made.profiles:
            features = {k: v for k, v in each.features.items() if k not in self.without}
            if features:
                kept.append(Profile(each.ref, each.kind, each.source, features))
        return kept, made.truth


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a kind's model is fitted. rivals: worlds that tell how much rivals weigh."""

    start: Model
    pull: float
    learn: Sequence[Plan]
    rivals: Sequence[Plan]
    sizes: Sequence[Plan] = ()
    """Worlds of the same habits and different sizes, for `--prior`."""
    groups: Sequence[Plan] = ()
    """Worlds of several sources that tell how groups of records are judged."""
    alone: Sequence[Plan] = ()
    """Worlds that teach it besides where no source is told of."""
    rounds: Sequence[int] = ()
    """How many more rules are chosen in each round, see `interplay`."""
    thin: int = 0
    """Of so many pairs one teaches the draft that tells which are hopeless; 0: all pairs teach."""
    adapts: bool = False
    """Whether the shares of levels among matches are kept, for fitting to a table's own."""
    boosted: Sequence[Plan] = ()
    """Worlds from which trees learn what comparisons tell together."""
    settled: Model | None = None
    """A model whose numbers stand: what is fitted is fitted beside it."""
    by_hand: Sequence[Interaction] = ()
    """Rules that no world teaches, put beside what is fitted."""
