"""Request Tracker 5 (REST 2): tickets, and the people who write them."""

from datetime import datetime
from typing import Any

from pydantic import Field

from connectors.sdk import Connector, Cursor, Model, Options, Since, Stream, auth, pages
from connectors.sdk.cursors import ZoneName

NEVER = "1970-01-01T00:00:00Z"
USER_FIELDS = "Name,EmailAddress,RealName,Organization,WorkPhone,MobilePhone,Disabled,LastUpdated"
TICKET_FIELDS = (
    "Subject,Status,Priority,Queue,Requestor,Created,Started,Told,Due,Resolved,LastUpdated,"
    "TimeWorked,CustomFields"
)


class Config(Options):
    """time_zone: of the account that reads; TicketSQL means times in it."""

    time_zone: ZoneName = "UTC"


class User(Model):
    id: str
    Name: str
    EmailAddress: str | None
    RealName: str | None
    Organization: str | None
    WorkPhone: str | None
    MobilePhone: str | None
    Disabled: str | None
    LastUpdated: datetime
    type: str
    url: str = Field(alias="_url")


class Ticket(Model):
    id: str
    Subject: str | None
    Status: str
    Priority: str | None
    Queue: dict[str, Any]
    Requestor: list[dict[str, Any]]
    Created: datetime
    Started: datetime | None
    Told: datetime | None
    Due: datetime | None
    Resolved: datetime | None
    LastUpdated: datetime
    TimeWorked: str | None
    CustomFields: list[dict[str, Any]] | None
    type: str
    url: str = Field(alias="_url")


PAGES = pages.Number(size=("per_page", 100), total="total")

users = Stream(
    User,
    "/REST/2.0/users",
    items="items",
    params={
        "query": '[{"field": "id", "operator": ">", "value": "0"}]',
        "find_disabled_rows": "1",
        "orderby": "id",
        "fields": USER_FIELDS,
    },
    pages=PAGES,
    link="/User/Summary.html?id={key}",
    maps_to="person",
)

tickets = Stream(
    Ticket,
    "/REST/2.0/tickets",
    items="items",
    cursor=Cursor("LastUpdated"),
    since=Since(
        "query",
        text="LastUpdated >= '{}'",
        format="%Y-%m-%d %H:%M:%S",
        zone_option="time_zone",
        full="id > 0",
    ),
    ordered=True,
    full_every="1d",
    params={
        "orderby": ["LastUpdated", "id"],
        "order": ["ASC", "ASC"],
        "fields": TICKET_FIELDS,
        "fields[Queue]": "Name",
    },
    pages=PAGES,
    nulls=(NEVER, ""),
    link="/Ticket/Display.html?id={key}",
    maps_to="ticket",
)

RequestTrackerConnector = Connector(
    "request_tracker",
    config=Config,
    auth=auth.Bearer(word="token"),
    streams=[users, tickets],
    check="/REST/2.0/rt",
)
