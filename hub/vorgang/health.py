"""Says how a case is today: whether something is missing, wrong, or takes longer than usual."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hub.model.vorgang import Dwell

State = Literal["sound", "attention", "critical"]
FEWEST = 10
"""Cases that must have left a phase before their time says what is usual."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a case is. days: since it entered its phase; usual: what is said of that phase."""

    state: State
    reasons: tuple[str, ...]
    days: int | None
    usual: Dwell | None


def health(
    *,
    phase: str,
    since: str | None,
    gaps: Mapping[str, str],
    contradictions: int,
    usual: Dwell | None,
    today: date,
) -> Health:
    """Return how a case is. gaps: type -> the day from which on it is one.

    A contradiction, or twice the time that nine in ten cases took, is critical; a gap, or more than
    that time, wants attention. What is closed takes no time.
    """
    reasons = sorted(kind for kind, day in gaps.items() if day <= today.isoformat())
    days = (today - date.fromisoformat(since)).days if since else None
    known = usual if usual and usual.vorgaenge >= FEWEST else None
    late = twice = False
    if known and days is not None and phase != "closed":
        late, twice = days > known.p90_days, days > 2 * known.p90_days
    if contradictions:
        reasons.append("contradiction")
    if late:
        reasons.append("stuck" if twice else "slow")
    state: State = "attention" if reasons else "sound"
    if contradictions or twice:
        state = "critical"
    return Health(state, tuple(reasons), days, known)
