"""Redmine 5: projects, their issues, and the hours booked on them."""

from datetime import date, datetime
from typing import Any

from connectors.sdk import Connector, FreeText, Model, Since, Stream, auth, pages, webhooks


class Project(Model):
    id: int
    identifier: str
    name: str
    description: FreeText
    status: int
    parent: dict[str, Any] | None
    custom_fields: list[dict[str, Any]] | None
    is_public: bool | None
    inherit_members: bool | None
    created_on: datetime
    updated_on: datetime


class Issue(Model):
    id: int
    subject: str
    description: FreeText
    project: dict[str, Any]
    tracker: dict[str, Any]
    status: dict[str, Any]
    priority: dict[str, Any]
    author: dict[str, Any]
    assigned_to: dict[str, Any] | None
    category: dict[str, Any] | None
    fixed_version: dict[str, Any] | None
    parent: dict[str, Any] | None
    custom_fields: list[dict[str, Any]] | None
    start_date: date | None
    due_date: date | None
    done_ratio: int
    is_private: bool | None
    estimated_hours: float | None
    total_estimated_hours: float | None
    spent_hours: float | None
    total_spent_hours: float | None
    created_on: datetime
    updated_on: datetime
    closed_on: datetime | None


class TimeEntry(Model):
    id: int
    project: dict[str, Any]
    issue: dict[str, Any] | None
    user: dict[str, Any]
    activity: dict[str, Any]
    hours: float
    comments: FreeText
    spent_on: date
    custom_fields: list[dict[str, Any]] | None
    created_on: datetime
    updated_on: datetime


PAGES = pages.Offset(size=("limit", 100), total="total_count")

projects = Stream(
    Project,
    "/projects.json",
    items="projects",
    pages=PAGES,
    link="/projects/{key}",
    maps_to="project",
)

issues = Stream(
    Issue,
    "/issues.json",
    items="issues",
    cursor="updated_on",
    since=Since("updated_on", text=">={}", format="%Y-%m-%dT%H:%M:%SZ"),
    ordered=True,
    full_every="1d",
    params={"status_id": "*", "sort": "updated_on,id"},  # without status_id only the open ones
    pages=PAGES,
    item="/issues/{key}.json",
    item_at="issue",
    link="/issues/{key}",
    maps_to="task",
)

time_entries = Stream(
    TimeEntry,
    "/time_entries.json",
    items="time_entries",
    pages=PAGES,
    item="/time_entries/{key}.json",
    item_at="time_entry",
    link="/time_entries/{key}/edit",
    maps_to="time_entry",
)

# Sent by Redmine 7 and newer: Administration, Settings, Webhooks; then in each user's account.
SIGNED = webhooks.Hmac(header="X-Redmine-Signature-256", prefix="sha256=")
issues.webhook("issue.*", key="data.issue.id", verify=SIGNED)
time_entries.webhook("time_entry.*", key="data.time_entry.id", verify=SIGNED)

RedmineConnector = Connector(
    "redmine",
    auth=auth.ApiKey(header="X-Redmine-API-Key"),
    streams=[projects, issues, time_entries],
    check="/issues.json?limit=1",
)
