"""What is usual among things that are alike."""

from collections.abc import Mapping
from typing import NamedTuple


class Norm(NamedTuple):
    """How many there are, their median, and the median of how far they are from it (MAD)."""

    members: int
    middle: float
    spread: float


Norms = Mapping[tuple[str, str], Norm]
"""Group of things alike and measure -> what is usual."""
