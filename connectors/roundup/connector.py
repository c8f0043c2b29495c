"""Roundup 2: issues with their messages, and the people on them."""

from typing import Any

from connectors.sdk import Connector, Cursor, Model, Options, Since, Stream, auth, pages
from connectors.sdk.cursors import ZoneName

STAMP = "%Y-%m-%d.%H:%M:%S"


class Config(Options):
    """time_zone: of the account that reads; the tracker means times in filters in it."""

    time_zone: ZoneName = "UTC"


class User(Model):
    id: str
    username: str
    realname: str | None
    address: str | None
    organisation: str | None
    phone: str | None
    activity: str
    creation: str
    link: str


class Issue(Model):
    id: str
    title: str | None
    status: dict[str, Any] | None
    priority: dict[str, Any] | None
    nosy: list[dict[str, Any]] | None
    messages: list[dict[str, Any]] | None
    creator: dict[str, Any]
    creation: str
    activity: str
    link: str


def _stream(model: type[Model], path: str, maps_to: str) -> Stream:
    """Return a class of the tracker, oldest change first."""
    fields = ",".join(name for name in model.model_fields if name not in ("id", "link"))
    return Stream(
        model,
        path,
        name=f"{path.rsplit('/', 1)[-1]}s",
        items="data.collection",
        cursor=Cursor("activity", kind="moment", format=STAMP),
        since=Since("activity", text="{};", format=STAMP, zone_option="time_zone"),
        ordered=True,
        full_every="1d",
        params={"@fields": fields, "@verbose": "2", "@sort": "activity,id"},
        pages=pages.Number(param="@page_index", size=("@page_size", 500), total="data.@total_size"),
        link=f"/{path.rsplit('/', 1)[-1]}{{key}}",
        maps_to=maps_to,
    )


users = _stream(User, "/rest/data/user", "person")
issues = _stream(Issue, "/rest/data/issue", "ticket")

RoundupConnector = Connector(
    "roundup",
    config=Config,
    auth=auth.Basic(),
    streams=[users, issues],
    check="/rest/data/issue?@page_size=1",
)
