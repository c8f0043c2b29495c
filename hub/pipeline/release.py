"""Lets a rule go that was put aside or held."""

from datetime import datetime

from hub.clock import instant_text
from hub.errors import NotFoundError
from hub.store import rule_states
from hub.store.database import Tx


def release(tx: Tx, rule: str, now: datetime) -> None:
    """Let a rule speak and be run again. Raises NotFoundError where nothing holds it."""
    state = rule_states.all_of(tx).get(rule)
    if state is None or not (state.held_at or state.quarantined_at):
        raise NotFoundError(f"Nothing holds a rule {rule}.")
    rule_states.put(
        tx,
        rule,
        errors=0,
        erred_at=None,
        quarantined_at=None,
        held_at=None,
        released_at=instant_text(now),
        detail="",
    )
