"""Takes a rule that keeps failing out of use, until it is mended."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b

import msgspec

from hub.alerts.rules import CompiledRule
from hub.clock import instant_text
from hub.store import rule_states
from hub.store.database import Tx

MOST_ERRORS = 3
"""Evaluations in a row that may fail before a rule is taken out of use."""


def version(rule: CompiledRule) -> str:
    """Return what changes with the rule's text and parameters."""
    said = (rule.rule.model_dump_json(), sorted(rule.params.items()))
    return blake2b(msgspec.json.encode(said), digest_size=8).hexdigest()


def out_of_use(tx: Tx, rules: Sequence[CompiledRule]) -> dict[str, str]:
    """Return the rules that are out of use as they stand, and why."""
    states = rule_states.all_of(tx)
    return {
        rule.id: f"the rule is out of use since {state.quarantined_at}: {state.detail}"
        for rule in rules
        if (state := states.get(rule.id)) is not None
        and state.quarantined_at is not None
        and state.version == version(rule)
    }


def quarantined(tx: Tx, rules: Sequence[CompiledRule]) -> dict[str, str]:
    """Return the rules that are out of use, and why; one that was changed is tried again."""
    found = out_of_use(tx, rules)
    for name, state in rule_states.all_of(tx).items():
        if state.quarantined_at is not None and name in {one.id for one in rules} - found.keys():
            rule_states.put(tx, name, errors=0, erred_at=None, quarantined_at=None, detail="")
    return found


def note(
    tx: Tx,
    rules: Sequence[CompiledRule],
    failed: Mapping[str, str],
    ran: Collection[str],
    now: datetime,
) -> None:
    """Count failures in a row. failed: rule -> what is wrong; ran: rules that told something.

    A rule that fails for many subjects at one instant has failed once.
    """
    at = instant_text(now)
    states = rule_states.all_of(tx) if failed or ran else {}
    by_id = {rule.id: rule for rule in rules}
    for rule, detail in failed.items():
        state = states.get(rule)
        if state is not None and (state.erred_at == at or state.quarantined_at):
            continue
        errors = (state.errors if state else 0) + 1
        out = {"quarantined_at": at} if errors >= MOST_ERRORS else {}
        rule_states.put(
            tx,
            rule,
            version=version(by_id[rule]),
            errors=errors,
            erred_at=at,
            detail=detail[:500],
            **out,
        )
    for rule in set(ran) - set(failed):
        state = states.get(rule)
        if state is not None and state.errors and not state.quarantined_at and state.erred_at != at:
            rule_states.put(tx, rule, errors=0)
