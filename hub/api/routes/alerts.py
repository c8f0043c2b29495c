"""Alerts: what the rules say, and how each came to say it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from hub.api import schemas
from hub.api.access import Hub, MayRead
from hub.api.problems import answers
from hub.api.routes.entities import After, Limit, list_name, listed, page_answer
from hub.errors import NotFoundError
from hub.model.alert import Alert, Condition, Severity
from hub.model.view import Page
from hub.store import alerts

router = APIRouter(prefix="/v1/alerts", tags=["alerts"], dependencies=[MayRead])


@router.get(
    "",
    operation_id="list_alerts",
    summary="List alerts, last opened first",
    response_model=schemas.PageOf[schemas.Alert],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
)
def list_all(
    hub: Hub,
    condition: Annotated[
        list[Condition] | None, Query(description="Only those that stand here; repeatable.")
    ] = None,
    rule: Annotated[str | None, Query(max_length=100, examples=["R01"])] = None,
    severity: Annotated[Severity | None, Query()] = None,
    customer: Annotated[str | None, Query(max_length=64, description="A customer's id.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Without `condition`, those that are not over: pending, firing, recovering, unknown, error."""
    conditions = condition or alerts.LIVE
    name = list_name("alerts", sorted(conditions), rule, severity, customer)
    position = listed(name, after)
    with hub.database.reading() as tx:
        page = alerts.page(
            tx,
            conditions=conditions,
            rule=rule,
            severity=severity,
            entity_id=customer,
            after=position,
            limit=limit,
        )
    return page_answer(name, Page(tuple(map(answer, page.items)), page.next))


@router.get(
    "/{id}",
    operation_id="get_alert",
    summary="One alert with everything that happened to it",
    response_model=schemas.AlertWithEvents,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
)
def get(hub: Hub, alert_id: Annotated[str, Path(alias="id", max_length=64)]) -> Any:
    """The alert, its evidence first and current, and its changes, oldest first."""
    with hub.database.reading() as tx:
        alert = alerts.get(tx, alert_id)
        if alert is None:
            raise NotFoundError(f"There is no alert {alert_id}.")
        return {**answer(alert), "events": alerts.events_of(tx, alert_id)}


def answer(alert: Alert) -> dict[str, Any]:
    """Return an alert as it is answered, its state laid flat."""
    state = alert.state
    return {
        "id": alert.id,
        "rule": alert.rule,
        "subject": {"kind": alert.subject.kind, "id": alert.subject.id},
        "customer": alert.entity_id,
        "condition": state.condition,
        "severity": state.severity,
        "since": state.since,
        "opened_at": state.opened_at,
        "fired_at": state.fired_at,
        "resolved_at": state.resolved_at,
        "updated_at": alert.updated_at,
        "reopened": state.reopened,
        "previous_id": alert.previous_id,
        "texts": alert.texts,
        "evidence": alert.evidence,
    }
