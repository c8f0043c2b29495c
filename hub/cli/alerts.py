"""`hub alerts`: what the rules say, and what you do about it."""

import getpass
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Column, Table

from hub.alerts import reasons
from hub.cli import silences, tables
from hub.cli.counting import counted
from hub.cli.opening import Config, runtime_of
from hub.cli.progress import say
from hub.clock import instant_text
from hub.errors import NotFoundError
from hub.model.alert import Alert, AlertEvent, Condition, Severity
from hub.model.duration import duration
from hub.model.notice import Delivery, Feedback, Gate, Handled, Handling
from hub.pipeline import handle
from hub.pipeline.deep_links import of_alerts
from hub.pipeline.release import release as release_rule
from hub.pipeline.telling import deed_told, gate_told, handling_told, moment, word
from hub.runtime import Runtime
from hub.store import alerts, handling, overview, standing, views
from hub.store.database import Tx

AlertId = Annotated[
    str, typer.Argument(metavar="ID", help="As `hub alerts list` shows it; its first letters do.")
]
MOST = 1000
"""Alerts that are listed at once."""
FEWEST = 4
"""Letters that name an alert: fewer are a slip of the hand."""
_API = "hub.api.routes.alerts"
For = Annotated[str, typer.Option("--for", help="For how long: 4h, 7d.")]


COLUMNS = ("id", "rule", "what", "about", "severity", "stands", "people", "notices")


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known around alerts: names by entity; what people and notices do by alert."""

    names: dict[str, str]
    handled: dict[str, Handled]
    gates: dict[str, Gate]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="See what the rules say, and say what you do about it.", no_args_is_help=True
    )
    group.command("list")(list_)
    group.command("show")(show)
    group.command("ack")(acknowledge)
    group.command("done")(done)
    group.command("feedback")(feedback)
    group.command("silence")(silence)
    group.command("silences")(silences.show)
    group.command("unsilence")(silences.end)
    group.command("release")(release)
    app.add_typer(group, name="alerts")


def list_(
    rule: Annotated[str | None, typer.Option(help="Only this rule's.")] = None,
    severity: Annotated[Severity | None, typer.Option(help="Only these.")] = None,
    condition: Annotated[
        list[Condition] | None, typer.Option(help="Only those; default: all that are not over.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many at most.")] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="As the API answers, one a line.")
    ] = False,
    config: Config = None,
) -> None:
    """List alerts, the gravest first, then last opened first."""
    conditions = condition or alerts.LIVE
    with runtime_of(config) as runtime:
        with runtime.database.reading() as tx:
            page = alerts.gravest(
                tx,
                conditions=conditions,
                rules=[rule] if rule else None,
                severity=severity,
                limit=limit,
            )
            counts = overview.alerts_by_rule(tx, conditions)
            ids = [one.id for one in page.items]
            around = _Around(
                views.names(tx, {one.entity_id for one in page.items if one.entity_id}),
                handling.of(tx, ids),
                standing.gates(tx, ids),
            )
            answers = _answers(runtime, tx, page.items) if as_json else ()
        now = instant_text(runtime.clock())
        language = runtime.loaded.config.company.language
    wanted = [
        count
        for (name, graded), count in counts.items()
        if rule in (None, name) and severity in (None, graded)
    ]
    left = left_out(len(page.items), sum(wanted))
    if as_json:
        print(*answers, sep="\n", end="\n" if answers else "")
    else:
        _show_rows(page.items, around, now, language)
    print(left, end="", file=sys.stderr if as_json else sys.stdout)


def _answers(runtime: Runtime, tx: Tx, found: Sequence[Alert]) -> list[str]:
    """Return alerts as `GET /v1/alerts` answers them, as JSON."""
    api = import_module(_API)  # to print a table nobody needs it
    answer = api.schemas.Alert.model_validate
    return [answer(one).model_dump_json() for one in api.told(runtime, tx, found)]


def _show_rows(found: Sequence[Alert], around: _Around, now: str, language: str) -> None:
    console = Console()
    table = Table(Column(COLUMNS[0], no_wrap=True), *COLUMNS[1:], box=None, pad_edge=False)
    for one in found:
        table.add_row(tables.short(console, one.id), *_row(one, around, now, language))
    tables.show(console, table, none="no such alerts")


def left_out(shown: int, total: int) -> str:
    """Return a line that says how many alerts are not shown, and how to see them; "" for none."""
    if total <= shown:
        return ""
    said = f"{total - shown} more, no graver"
    if total <= MOST:
        return f"{said}: --limit {total} shows all\n"
    return f"{said}: --rule and --severity narrow it down; GET /v1/alerts has all, page by page\n"


def _row(one: Alert, around: _Around, now: str, language: str) -> list[str]:
    handled = handle.effective(around.handled.get(one.id, Handled()), now)
    return [
        one.rule,
        str((one.texts.get("name") or {}).get(language) or one.rule),
        reasons.about(one, around.names, language),
        one.state.severity.value,
        one.state.condition.value,
        f"{handled.state.value} {handled.owner or ''}".strip(),
        around.gates.get(one.id, Gate()).state.value,
    ]


def show(
    alert_id: AlertId,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, as the API answers.")] = False,
    config: Config = None,
) -> None:
    """Show an alert: why it is there, what ends it, and what happened to it."""
    with runtime_of(config) as runtime:
        with runtime.database.reading() as tx:
            alert_id = _whole(tx, alert_id)
            if as_json:
                api = import_module(_API)
                answer = api.schemas.AlertWithEvents.model_validate
                print(answer(api.whole(runtime, tx, alert_id)).model_dump_json())
                return
            one = alerts.many(tx, [alert_id])[alert_id]
            events, people = alerts.events_of(tx, alert_id), handling.actions_of(tx, alert_id)
            names = views.names(tx, {one.entity_id} if one.entity_id else set())
            links = of_alerts(tx, runtime.deep_links, [one]).get(one.id, {})
            gate = standing.gates(tx, [one.id]).get(one.id, Gate())
            stored = handling.of(tx, [one.id]).get(one.id, Handled())
        company = runtime.loaded.config.company
        language, zone = company.language, company.zone
        now_is = handle.effective(stored, instant_text(runtime.clock()))
    console = Console()
    for line in _told(one, names, links.values(), language):
        say(console, line)
    if now_is.state is not Handling.NEW or now_is.feedback:
        say(console, f"  {handling_told(now_is.state, asdict(now_is), language, zone)}")
    if gate.state is not Delivery.OPEN:
        say(console, f"  {gate_told(gate, language, zone)}")
    for line in _course(events, people, language, zone):
        say(console, line)


def _told(
    one: Alert, names: Mapping[str, str], links: Iterable[str], language: str
) -> Iterator[str]:
    """Yield what an alert is, why it is there, its pages in the tools, and what ends it."""
    name = (one.texts.get("name") or {}).get(language) or one.rule
    about = reasons.about(one, names, language)
    severity = word("severities", one.state.severity, language)
    condition = word("conditions", one.state.condition, language)
    yield f"{one.rule} {name} - {about}: {severity}, {condition}"
    for line in (*reasons.told(one.evidence.get("current", {}))[language], *links):
        yield f"  {line}"
    if clears := (one.texts.get("clears_when") or {}).get(language):
        yield f"  -> {clears}"


def _course(
    events: Iterable[AlertEvent],
    people: Iterable[Mapping[str, Any]],
    language: str,
    zone: tzinfo,
) -> Iterator[str]:
    """Yield what happened to an alert, then what people did about it, each oldest first.

    Why it turned is noted in English.
    """
    for event in events:
        severity = word("severities", event.severity, language)
        turned = (word("conditions", one, language) for one in (event.before, event.after) if one)
        why = f": {event.reason}" if language == "en" else ""
        yield f"{moment(event.at, language, zone)}  {' → '.join(turned)} ({severity}){why}"
    for action in people:
        yield f"{moment(action['at'], language, zone)}  {deed_told(action, language, zone)}"


def _whole(tx: Tx, letters: str) -> str:
    """Return the id that begins so. Raises NotFoundError where none does, or more than one."""
    found = alerts.beginning(tx, letters) if len(letters) >= FEWEST else []
    if len(found) == 1 or letters in found:
        return letters if letters in found else found[0]
    if found:
        raise NotFoundError(f"more than one alert begins with {letters}: say more of its id")
    raise NotFoundError(f"there is no alert {letters}; `hub alerts list` shows them")


def acknowledge(alert_id: AlertId, for_: For = "7d", config: Config = None) -> None:
    """Take an alert on: nobody is reminded for that long."""
    with runtime_of(config) as runtime:
        me, now = getpass.getuser(), runtime.clock()
        until = now + _duration(for_)
        with runtime.database.transaction() as tx:
            alert_id = _whole(tx, alert_id)
            handle.acknowledge(tx, alert_id, owner=me, until=until, author=me, now=now)
        _take_effect(runtime)
        print(f"{alert_id} is acknowledged by {me} until {_local(runtime, until)}")


def done(
    alert_id: AlertId,
    reason: Annotated[str, typer.Option(help="Why; kept with the alert.")],
    config: Config = None,
) -> None:
    """Close an alert; it comes back when a record joins it, or after 30 days."""
    if not reason.strip():
        raise typer.BadParameter("an alert is closed for a reason")
    with runtime_of(config) as runtime:
        now = runtime.clock()
        with runtime.database.transaction() as tx:
            alert_id = _whole(tx, alert_id)
            handle.done(tx, alert_id, reason=reason, author=getpass.getuser(), now=now)
        _take_effect(runtime)
        print(f"{alert_id} is done")


def feedback(
    alert_id: AlertId,
    value: Annotated[Feedback, typer.Argument(help="useful, known, wrong or not_mine.")],
    config: Config = None,
) -> None:
    """Say what an alert was worth."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            alert_id, me = _whole(tx, alert_id), getpass.getuser()
            handle.feedback(tx, alert_id, value=value, author=me, now=runtime.clock())
        print(f"{alert_id}: {value.value}")


def silence(
    alert_id: AlertId,
    why: Annotated[str, typer.Option("--reason", "--why", help="Why; kept with the silence.")],
    for_: For = "7d",
    config: Config = None,
) -> None:
    """Mute an alert's notices for a while; that it is over is told all the same."""
    with runtime_of(config) as runtime:
        now = runtime.clock()
        until = now + _duration(for_)
        with runtime.database.transaction() as tx:
            made = handle.silence_alert(
                tx,
                _whole(tx, alert_id),
                until=instant_text(until),
                why=why,
                author=getpass.getuser(),
                now=now,
            )
        _take_effect(runtime)
        print(f"silence {made.id} until {_local(runtime, until)}")


def release(
    rule: Annotated[str, typer.Argument(help="A rule that is held, or out of use.")],
    config: Config = None,
) -> None:
    """Let a rule go that a storm holds, or that failed too often."""
    with runtime_of(config) as runtime:
        with runtime.database.transaction() as tx:
            held = sum(gate.because == f"storm:{rule}" for gate in standing.gates(tx).values())
            release_rule(tx, rule, runtime.clock())
        _take_effect(runtime)
        freed = f", and {counted(held, 'alert')} that it held back" if held else ""
        print(f"{rule} is free{freed}")


def _local(runtime: Runtime, at: datetime) -> str:
    return tables.local(instant_text(at), runtime.loaded.config.company.zone)


def _take_effect(runtime: Runtime) -> None:
    runtime.announce()
    runtime.walk()


def _duration(text: str) -> timedelta:
    try:
        return duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
