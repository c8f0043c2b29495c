"""The word lists that ship with the hub, read once."""

from functools import cache
from importlib import resources


@cache
def lines(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each line of a list; lines that begin with # are left out."""
    text = resources.files("hub.resolution.words").joinpath(f"{name}.txt").read_text("utf-8")
    return tuple(tuple(line.split()) for line in text.splitlines() if not line.startswith("#"))


def listed(name: str) -> tuple[str, ...]:
    """Return all words of a list in order, each once."""
    return tuple(dict.fromkeys(word for line in lines(name) for word in line))
