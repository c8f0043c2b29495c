"""Alerts: what the rules say, how each came to say it, and what people do about it."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import Response

from hub.alerts import reasons
from hub.api import alert_schemas, schemas
from hub.api.access import Hub, MayRead, Writer, now_text
from hub.api.paging import After, Limit, list_name, listed, page_answer
from hub.api.problems import answers
from hub.api.routing import api_router
from hub.clock import instant_text
from hub.errors import ConfigError, NotFoundError
from hub.model.alert import Alert, Condition, Severity
from hub.model.notice import Gate, Handled, Handling
from hub.model.view import Page
from hub.notify.atom import MOST_ENTRIES, feed
from hub.pipeline import handle
from hub.pipeline.deep_links import of_alerts
from hub.runtime import Runtime
from hub.store import alerts, handling, standing, views
from hub.store.database import Tx

router = api_router(tags=["alerts"])

AlertId = Annotated[str, Path(alias="id", max_length=64)]
_WRITING = answers("unauthorized", "forbidden", "not-found", "conflict", "too-large", "invalid")


@router.get(
    "/v1/alerts",
    operation_id="list_alerts",
    summary="List alerts, last opened first",
    response_model=schemas.PageOf[schemas.Alert],
    responses=answers("bad-cursor", "unauthorized", "forbidden", "invalid"),
    dependencies=[MayRead],
)
def list_all(
    hub: Hub,
    condition: Annotated[
        list[Condition] | None, Query(description="Only those that stand here; repeatable.")
    ] = None,
    rule: Annotated[str | None, Query(max_length=100, examples=["R01"])] = None,
    severity: Annotated[Severity | None, Query()] = None,
    customer: Annotated[str | None, Query(max_length=64, description="A customer's id.")] = None,
    subject_kind: Annotated[str | None, Query(max_length=40, examples=["deal"])] = None,
    department: Annotated[
        str | None, Query(max_length=100, description="Whose step is next.", examples=["finance"])
    ] = None,
    state: Annotated[
        list[Handling] | None, Query(description="How far people are; repeatable.")
    ] = None,
    limit: Limit = 50,
    after: After = None,
) -> Any:
    """Without `condition`, those that are not over: pending, firing, recovering, unknown, error."""
    conditions = condition or alerts.LIVE
    filters = (rule, severity, customer, subject_kind, department, sorted(state or ()))
    name = list_name("alerts", sorted(conditions), *filters)
    position = listed(name, after)
    with hub.database.reading() as tx:
        page = alerts.page(
            tx,
            conditions=conditions,
            rule=rule,
            severity=severity,
            entity_id=customer,
            subject_kind=subject_kind,
            rules=_rules_of(hub, department) if department is not None else None,
            handling=state,
            after=position,
            limit=limit,
        )
        items = told(hub, tx, page.items)
    return page_answer(name, Page(tuple(items), page.next))


@router.get(
    "/v1/alerts.atom",
    operation_id="get_alerts_feed",
    summary="What fires and what is over, as an Atom feed",
    response_class=Response,
    responses={
        200: {
            "description": "An Atom feed (RFC 4287)",
            "content": {"application/atom+xml": {"schema": {"type": "string"}}},
        },
        **answers("unauthorized", "forbidden", "invalid"),
    },
    dependencies=[MayRead],
)
def atom(
    hub: Hub,
    language: Annotated[str, Query(pattern="^(de|en)$", description="de or en.")] = "de",
) -> Response:
    """The alerts that fired or ended last, newest first."""
    shown = (Condition.FIRING, Condition.RECOVERING, Condition.RESOLVED)
    with hub.database.reading() as tx:
        found = alerts.moved_last(tx, shown, limit=MOST_ENTRIES)
        names = views.names(tx, {one.entity_id for one in found if one.entity_id})
    why = {one.id: reasons.told(one.evidence.get("current", {}))[language] for one in found}
    about = {one.id: reasons.about(one, names, language) for one in found}
    base = hub.loaded.config.notify.base_url
    text = feed(found, about, why, language=language, base_url=base, now=now_text(hub))
    return Response(text, media_type="application/atom+xml")


@router.get(
    "/v1/alerts/{id}",
    operation_id="get_alert",
    summary="One alert with everything that happened to it",
    response_model=schemas.AlertWithEvents,
    responses=answers("unauthorized", "forbidden", "not-found", "invalid"),
    dependencies=[MayRead],
)
def get(hub: Hub, alert_id: AlertId) -> Any:
    """The alert, its evidence first, worst and current, its changes and what people did."""
    with hub.database.reading() as tx:
        return whole(hub, tx, alert_id)


@router.post(
    "/v1/alerts/{id}/acknowledge",
    operation_id="acknowledge_alert",
    summary="Take an alert on: nobody is reminded until then",
    response_model=schemas.AlertWithEvents,
    responses=_WRITING,
)
def acknowledge(
    request: Request, hub: Hub, key: Writer, alert_id: AlertId, body: alert_schemas.Acknowledge
) -> Any:
    """Reminders stop, and start again when `until` passes. Its end is told all the same."""
    with hub.database.transaction() as tx:
        until = body.until.astimezone(UTC) if body.until else None
        owner = body.owner or key.name
        handle.acknowledge(tx, alert_id, owner=owner, until=until, author=key.name, now=hub.clock())
    return _after(request, hub, alert_id)


@router.post(
    "/v1/alerts/{id}/start",
    operation_id="start_alert",
    summary="Say who works at an alert",
    response_model=schemas.AlertWithEvents,
    responses=_WRITING,
)
def start(
    request: Request, hub: Hub, key: Writer, alert_id: AlertId, body: alert_schemas.Start
) -> Any:
    """Reminders stop for as long as it takes."""
    with hub.database.transaction() as tx:
        owner = body.owner or key.name
        handle.start(tx, alert_id, owner=owner, author=key.name, now=hub.clock())
    return _after(request, hub, alert_id)


@router.post(
    "/v1/alerts/{id}/done",
    operation_id="close_alert",
    summary="Close an alert, with a reason",
    response_model=schemas.AlertWithEvents,
    responses=_WRITING,
)
def done(
    request: Request, hub: Hub, key: Writer, alert_id: AlertId, body: alert_schemas.Done
) -> Any:
    """One that still fires is closed by hand; it comes back when a record joins its evidence, or
    after 30 days."""
    with hub.database.transaction() as tx:
        handle.done(tx, alert_id, reason=body.reason, author=key.name, now=hub.clock())
    return _after(request, hub, alert_id)


@router.post(
    "/v1/alerts/{id}/feedback",
    operation_id="rate_alert",
    summary="Say what an alert was worth",
    response_model=schemas.AlertWithEvents,
    responses=_WRITING,
)
def feedback(
    request: Request, hub: Hub, key: Writer, alert_id: AlertId, body: alert_schemas.GiveFeedback
) -> Any:
    """useful, known, wrong or not_mine; it counts towards the rule's precision."""
    with hub.database.transaction() as tx:
        handle.feedback(tx, alert_id, value=body.feedback, author=key.name, now=hub.clock())
    return _after(request, hub, alert_id)


@router.post(
    "/v1/alerts/{id}/silence",
    operation_id="silence_alert",
    summary="Mute one alert's notices for a while",
    response_model=schemas.AlertWithEvents,
    responses=_WRITING,
)
def silence(
    request: Request, hub: Hub, key: Writer, alert_id: AlertId, body: alert_schemas.SilenceAlert
) -> Any:
    """A silence for its rule on its subject. Its end is told all the same."""
    with hub.database.transaction() as tx:
        until = instant_text(body.until)
        handle.silence_alert(
            tx, alert_id, until=until, why=body.why, author=key.name, now=hub.clock()
        )
    return _after(request, hub, alert_id)


def announce(hub: Runtime) -> None:
    """Let what was just said take effect on what is told.

    A rule or mapping file that somebody is editing must not keep a person from closing an alert.
    """
    with suppress(ConfigError):
        hub.announce()


def _after(request: Request, hub: Runtime, alert_id: str) -> dict[str, Any]:
    announce(hub)
    request.app.state.jobs.walk()
    with hub.database.reading() as tx:
        return whole(hub, tx, alert_id)


def whole(hub: Runtime, tx: Tx, alert_id: str) -> dict[str, Any]:
    """Return an alert as it is answered, with its changes and what people did.

    Raises NotFoundError.
    """
    alert = alerts.get(tx, alert_id)
    if alert is None:
        raise NotFoundError(f"There is no alert {alert_id}.")
    events = alerts.events_of(tx, alert_id)
    (one,) = told(hub, tx, [alert])
    return {**one, "events": events, "actions": handling.actions_of(tx, alert_id)}


def told(hub: Runtime, tx: Tx, found: Iterable[Alert]) -> list[dict[str, Any]]:
    """Return alerts as they are answered, with what people do and what they are told."""
    found = list(found)
    ids = [alert.id for alert in found]
    done_about, gates = handling.of(tx, ids), standing.gates(tx, ids)
    departments = _departments(hub)
    links = of_alerts(tx, hub.deep_links, found)
    now = now_text(hub)
    return [
        {
            **answer(alert),
            "links": links.get(alert.id, {}),
            "department": departments.get(alert.rule),
            "handling": handle.effective(done_about.get(alert.id, Handled()), now),
            "notification": gates.get(alert.id, Gate()),
        }
        for alert in found
    ]


def _departments(hub: Runtime) -> dict[str, str]:
    with suppress(ConfigError):
        return dict(hub.routing.departments)
    return {}


def _rules_of(hub: Runtime, department: str) -> list[str]:
    return [rule for rule, of in _departments(hub).items() if of == department]


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
        "ending": state.ending,
        "moved_to": alert.moved_to,
        "texts": alert.texts,
        "reasons": reasons.told(alert.evidence.get("current", {})),
        "evidence": alert.evidence,
    }
