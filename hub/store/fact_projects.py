"""Sums up what hangs on projects: work and milestones not billed, changes asked for, hours."""

from collections.abc import Collection

import sqlalchemy as sa

from hub.store.database import Tx
from hub.store.expressions import (
    base_amount,
    count_where,
    day_field,
    number_field,
    of_kind,
    rows_for,
    status,
    sum_where,
    text_field,
    true_field,
)
from hub.store.fact_papers import Sums, grouped
from hub.store.tables import canonical_records, links

_r, _l = canonical_records.c, links.c


def unbilled(tx: Tx, projects: Collection[str], currency: str) -> Sums:
    """Return the billable work and reached milestones of each project that no invoice holds."""
    amount = base_amount(tx, "amount_minor", currency)
    work = sa.and_(true_field(tx, "billable"), ~true_field(tx, "billed"))
    reached = sa.and_(status().in_(("reached", "accepted")), ~true_field(tx, "billed"))
    day = sa.func.coalesce(day_field(tx, "accepted_on"), day_field(tx, "reached_on"))
    found: Sums = {}
    for kind, open_, since in (
        ("time_entry", work, day_field(tx, "worked_on")),
        ("milestone", reached, day),
    ):
        columns = {
            f"{kind}_net": sum_where(open_, amount),
            f"{kind}_since": sa.func.min(sa.case((open_, since))),
            f"{kind}_unclear": count_where(sa.and_(open_, amount.is_(None))),
            f"{kind}_all": sa.func.count(),
        }
        for target, values in grouped(tx, projects, kind, "project", columns).items():
            found.setdefault(target, {}).update(values)
    return found


def planned_milestones(tx: Tx, projects: Collection[str], currency: str) -> Sums:
    """Return when each project's next milestone with an amount is due, as (next_on)."""
    amount = base_amount(tx, "amount_minor", currency)
    ahead = sa.and_(status() == "open", amount > 0)
    due = day_field(tx, "due_on")
    return grouped(
        tx,
        projects,
        "milestone",
        "project",
        {"milestone_on": sa.func.min(sa.case((ahead, due)))},
    )


def change_requests(tx: Tx, projects: Collection[str]) -> Sums:
    """Return the change requests of each project, tasks or tickets: `requests` that are open, and
    `asked`, how many were asked for on which day."""
    done = ("done", "cancelled", "solved", "closed")
    wanted = sa.or_(true_field(tx, "is_change_request"), text_field(tx, "kind") == "change")
    still = count_where(status().notin_(done)).label("still")
    found: Sums = {}
    for kind, since in (("task", "created_at"), ("ticket", "opened_at")):
        day = day_field(tx, since).label("day")
        select = (
            sa.select(_l.target, day, still, sa.func.count().label("every"))
            .join(canonical_records, _r.ref == _l.from_ref)
            .where(_l.role == "project", of_kind(kind), wanted)
            .group_by(_l.target, day)
        )
        for row in rows_for(tx, select, _l.target, projects):
            mine = found.setdefault(row.target, {"requests": 0, "asked": {}})
            mine["requests"] += row.still
            if row.day is not None:
                mine["asked"][row.day] = mine["asked"].get(row.day, 0) + row.every
    return found


def weekly_hours(tx: Tx, projects: Collection[str]) -> dict[str, dict[str, float]]:
    """Return project -> the date a day's work was done on -> its hours."""
    day = day_field(tx, "worked_on").label("day")
    select = (
        sa.select(_l.target, day, sa.func.sum(number_field(tx, "hours")).label("hours"))
        .join(canonical_records, _r.ref == _l.from_ref)
        .where(_l.role == "project", of_kind("time_entry"))
        .group_by(_l.target, day)
    )
    found: dict[str, dict[str, float]] = {}
    for row in rows_for(tx, select, _l.target, projects):
        if row.day is not None and row.hours is not None:
            found.setdefault(row.target, {})[row.day] = float(row.hours)
    return found
