"""Decision trees: bits that hang on several comparisons at once.

What a street tells depends on how alike the names are, and how rare. Where that is more than a few
rules can say, trees say it: each asks a pair some questions, one comparison each, and ends in a
leaf, whose bits count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

INFORMATION_BITS = 6
"""No value tells more than 63 bits: a token's share of a base is a step of a count."""
HELD = "held"


@dataclass(frozen=True, slots=True)
class Split:
    """A question, with the answer yes where `level` is reached.

    At the level itself that takes `least` bits or more of what is shared. Level `held` asks for
    the holders of what is shared instead: `least` steps of them or more.
    """

    comparison: str
    level: str
    least: int


Tree = tuple[Split | float, ...]
"""A split, what follows a no, what follows a yes; a leaf is its bits."""
Side = tuple[Split, slice, slice]
"""A split, the leaves where its answer is no, and those where it is yes."""


def tree_from(entry: Sequence[str | float]) -> Tree:
    """Return the tree that a model file states; ValueError where it is none."""
    tree = tuple(_node(each) for each in entry)
    sides(tree, 0)
    return tree


def _node(entry: str | float) -> Split | float:
    if not isinstance(entry, str):
        return float(entry)
    comparison, level, least = entry.split()
    return Split(comparison, level, int(least))


def tree_data(tree: Tree) -> list[str | float]:
    """Return what a model file states."""
    return [
        f"{each.comparison} {each.level} {each.least}" if isinstance(each, Split) else each
        for each in tree
    ]


def sides(tree: Tree, first: int) -> list[Side]:
    """Return each split with its leaves, which are counted from `first` on.

    ValueError where the tree is not whole, or goes on behind its end.
    """
    found: list[Side] = []
    if _end(tree, 0, first, found)[0] != len(tree):
        raise ValueError(f"a tree of {len(tree)} nodes goes on where it should have ended")
    return found


def _end(tree: Tree, at: int, leaf: int, found: list[Side]) -> tuple[int, int]:
    """Return what follows a node and all below it: the next node, and the next leaf."""
    if at >= len(tree):
        raise ValueError(f"a tree of {len(tree)} nodes ends before its last leaf")
    node = tree[at]
    if not isinstance(node, Split):
        return at + 1, leaf + 1
    middle, yes = _end(tree, at + 1, leaf, found)
    end, last = _end(tree, middle, yes, found)
    found.append((node, slice(leaf, yes), slice(yes, last)))
    return end, last
