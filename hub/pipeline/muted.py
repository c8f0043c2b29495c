"""Says which alerts silences match, one that is only thought of among them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hub.alerts.delivery import OVER, silence_of, world
from hub.model.notice import Routing, Silence, Standing
from hub.pipeline.announce import followed
from hub.store import standing
from hub.store.database import Tx


def matched(tx: Tx, wanted: Sequence[Silence], now: datetime) -> list[list[Standing]]:
    """Return for each silence the alerts that are not over and that it matches, as if it held."""
    alive = [one for one in standing.all_of(tx) if one.condition not in OVER]
    at = world(now, Routing(), ()).at
    found = []
    for one in wanted:
        holding = replace(one, starts_at=at, until="9999")
        here = world(now, Routing(), (), silences=followed(tx, [holding]))
        found.append([alert for alert in alive if silence_of(alert, here) is not None])
    return found
