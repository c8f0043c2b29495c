"""Rules: what the hub watches for, with the company's parameters."""

from typing import Any

from hub.alerts.blind import Blind, blind
from hub.alerts.facts import KINDS
from hub.alerts.rules import CompiledRule
from hub.api import fact_schemas as shapes
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.store import alerts

router = api_router(prefix="/v1/rules", tags=["rules"], dependencies=[MayRead])


@router.get(
    "",
    operation_id="list_rules",
    summary="List the rules in use",
    response_model=shapes.Rules,
    responses=answers("unauthorized", "forbidden"),
)
def list_all(hub: Hub) -> Any:
    """Each with its condition, its parameters, how many of its alerts stand where, and what it
    can't see here."""
    with hub.database.reading() as tx:
        counts = alerts.counts(tx)
    watch = hub.watch
    given = {kind for kind in KINDS if any(one.gives(kind) for one in watch.connections)}
    return {"items": [_answer(rule, counts, blind(rule, given)) for rule in watch.rules]}


def _answer(
    rule: CompiledRule, counts: dict[tuple[str, str], int], missing: Blind
) -> dict[str, Any]:
    said = rule.rule
    return {
        "id": rule.id,
        **rule.texts,
        "description": said.description.model_dump() if said.description else None,
        "subject": said.subject,
        "when": said.when,
        "reads": sorted(read for read in rule.condition.reads if "." in read),
        "lacks": missing.kinds,
        "can_fire": missing.fires,
        "params": dict(rule.params),
        "mode": said.mode,
        "severity": said.severity,
        "escalates_to": said.escalate.to if said.escalate else None,
        "hold_for_s": int(said.hold_for.total_seconds()),
        "keep_s": int(said.keep.total_seconds()),
        "fresh_s": {system: int(age.total_seconds()) for system, age in said.fresh.items()},
        "alerts": {condition: n for (of, condition), n in counts.items() if of == rule.id},
    }
