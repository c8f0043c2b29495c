"""Sums up what hangs on projects: work and milestones not billed, changes asked for, hours."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from hub.store.database import Tx, listed
from hub.store.expressions import (
    Text,
    Truth,
    base_amount,
    count_where,
    day_field,
    number_field,
    of_kind,
    status,
    sum_where,
    text_field,
    true_field,
)
from hub.store.fact_papers import Sums, grouped
from hub.store.prepared import Asked
from hub.store.tables import canonical_records, links

_r, _l = canonical_records.c, links.c


def unbilled(tx: Tx, projects: Collection[str], currency: str) -> Sums:
    """Return the billable work and reached milestones of each project that no invoice holds."""
    found = _work.sums(tx, projects, currency)
    for target, values in _reached.sums(tx, projects, currency).items():
        found.setdefault(target, {}).update(values)
    return found


@Asked
def _work(tx: Tx, currency: str) -> sa.Select[*tuple[Any, ...]]:
    open_ = sa.and_(true_field(tx, "billable"), ~true_field(tx, "billed"))
    return _unbilled(tx, "time_entry", currency, open_, day_field(tx, "worked_on"))


@Asked
def _reached(tx: Tx, currency: str) -> sa.Select[*tuple[Any, ...]]:
    open_ = sa.and_(status().in_(("reached", "accepted")), ~true_field(tx, "billed"))
    day = sa.func.coalesce(day_field(tx, "accepted_on"), day_field(tx, "reached_on"))
    return _unbilled(tx, "milestone", currency, open_, day)


def _unbilled(
    tx: Tx, kind: str, currency: str, open_: Truth, since: Text
) -> sa.Select[*tuple[Any, ...]]:
    amount = base_amount(tx, "amount_minor", currency)
    columns = {
        f"{kind}_net": sum_where(open_, amount),
        f"{kind}_since": sa.func.min(sa.case((open_, since))),
        f"{kind}_unclear": count_where(sa.and_(open_, amount.is_(None))),
        f"{kind}_all": sa.func.count(),
    }
    return grouped(kind, "project", columns)


def planned_milestones(tx: Tx, projects: Collection[str], currency: str) -> Sums:
    """Return when each project's next milestone with an amount is due, as (next_on)."""
    return _planned.sums(tx, projects, currency)


@Asked
def _planned(tx: Tx, currency: str) -> sa.Select[*tuple[Any, ...]]:
    amount = base_amount(tx, "amount_minor", currency)
    ahead = sa.and_(status() == "open", amount > 0)
    due = day_field(tx, "due_on")
    return grouped("milestone", "project", {"milestone_on": sa.func.min(sa.case((ahead, due)))})


def change_requests(tx: Tx, projects: Collection[str]) -> Sums:
    """Return the change requests of each project, tasks or tickets: `requests` that are open, and
    `asked`, how many were asked for on which day."""
    found: Sums = {}
    for kind, since in (("task", "created_at"), ("ticket", "opened_at")):
        for target, day, still, every in _requests(tx, projects, kind, since):
            mine = found.setdefault(target, {"requests": 0, "asked": {}})
            mine["requests"] += still
            if day is not None:
                mine["asked"][day] = mine["asked"].get(day, 0) + every
    return found


@Asked
def _requests(tx: Tx, kind: str, since: str) -> sa.Select[*tuple[Any, ...]]:
    done = ("done", "cancelled", "solved", "closed")
    wanted = sa.or_(true_field(tx, "is_change_request"), text_field(tx, "kind") == "change")
    day = day_field(tx, since).label("day")
    return (
        sa.select(_l.target, day, count_where(status().notin_(done)), sa.func.count())
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "project", of_kind(kind), wanted, listed(_l.target, "ids"))
        .group_by(_l.target, day)
    )


def weekly_hours(tx: Tx, projects: Collection[str]) -> dict[str, dict[str, float]]:
    """Return project -> the date a day's work was done on -> its hours."""
    found: dict[str, dict[str, float]] = {}
    for project, day, hours in _hours(tx, projects):
        if day is not None and hours is not None:
            found.setdefault(project, {})[day] = float(hours)
    return found


@Asked
def _hours(tx: Tx) -> sa.Select[*tuple[Any, ...]]:
    day = day_field(tx, "worked_on").label("day")
    return (
        sa.select(_l.target, day, sa.func.sum(number_field(tx, "hours")))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "project", of_kind("time_entry"), listed(_l.target, "ids"))
        .group_by(_l.target, day)
    )
