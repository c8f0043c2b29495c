"""What hub.yaml may say, as frozen models; unknown keys are refused."""

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from connectors.sdk.record import NAME
from hub.alerts.holiday_calendar import has_calendar
from hub.config.cron import Cron, parse_cron
from hub.config.notify import Notify
from hub.model.duration import Duration


def _some_time(value: timedelta) -> timedelta:
    if not value:
        raise ValueError("expected a duration above zero")
    return value


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; expected e.g. Europe/Berlin") from error
    return name


def _is_cron(text: str) -> str:
    parse_cron(text)
    return text


def _is_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} is no name: expected small letters, digits and _ . -, "
            "with a letter or digit first"
        )
    return name


Pause = Annotated[Duration, AfterValidator(_some_time)]
Name = Annotated[str, AfterValidator(_is_name)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Company(_Part):
    """Whose hub this is, and the calendar, money and language it thinks in."""

    name: str = "My company"
    time_zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Berlin"
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = "DE"
    state: str | None = None
    language: Literal["de", "en"] = "de"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone its clocks go by."""
        return ZoneInfo(self.time_zone)

    @model_validator(mode="after")
    def _has_calendar(self) -> "Company":
        if not has_calendar(self.country, self.state):
            where = self.country if self.state is None else f"{self.country}, state {self.state}"
            raise ValueError(f"no calendar of public holidays is known for {where}")
        return self


class DatabasePlace(_Part):
    """Where the hub keeps its data: a URL, or the variable that holds one."""

    url: str = "sqlite:///data/hub.db"
    url_env: str | None = None


class Schedule(_Part):
    """When a connection is read: every so often, or by a cron expression."""

    every: Pause | None = None
    cron: Annotated[str, AfterValidator(_is_cron)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "Schedule":
        if (self.every is None) == (self.cron is None):
            raise ValueError("expected either 'every: 15m' or 'cron: \"*/5 6-20 * * 1-5\"'")
        return self

    @property
    def parsed_cron(self) -> Cron | None:
        """The cron expression taken apart, where there is one."""
        return parse_cron(self.cron) if self.cron else None

    @property
    def longest_pause(self) -> timedelta:
        """The longest time that passes between two starts when all goes well."""
        cron = self.parsed_cron
        if cron:
            return timedelta(seconds=cron.longest_pause_s())
        assert self.every is not None
        return self.every


_LINK = re.compile(r"https?://[^{}\s]+\{key\}[^{}\s]*")


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        raise ValueError("expected an address as https://crm.example.org/accounts/{key}")
    return text


Link = Annotated[str, AfterValidator(_link)]
"""The address of a record's page."""


class Connection(_Part):
    """One account in one source: who reads it, how it is mapped, how often it is read.

    system: the kind of department it stands for (crm, ticketing, accounting, projects ...); rules
    say by it how fresh their facts must be. access_ends_on: the day its key, account or contract
    runs out, where the source does not tell. links: stream -> the address where people see a
    record in the tool, with {key}. config: what the connector itself wants to know.
    """

    source: str
    system: Name
    mapping: str
    schedule: Schedule | None = None
    expected: Pause | None = Field(default=None, alias="expected_every")
    access_ends_on: date | None = None
    max_delete_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    enabled: bool = True
    links: dict[str, Link] = {}
    config: dict[str, Any] = {}

    @property
    def scheduled(self) -> bool:
        """Whether the clockwork reads it."""
        return self.enabled and self.schedule is not None

    @property
    def expected_every(self) -> timedelta | None:
        """How old a healthy connection's data may become; None where nobody said."""
        if self.expected is not None:
            return self.expected
        return self.schedule.longest_pause if self.schedule else None


class RulesPlace(_Part):
    """Where rules stand, and the company's own parameters for them."""

    folder: str = "rules"
    params: dict[str, dict[str, bool | int | float | str]] = {}


class ResolutionPlace(_Part):
    """Where the models stand that were switched on: KIND.json each, below home."""

    models: str = "models"


class Erasing(_Part):
    """Where a copy of the list of who was erased stands: apart from the database's backups."""

    list: str | None = None


class Foresight(_Part):
    """Whom foresight may judge. natural_persons: also customers who are, or may be, persons."""

    natural_persons: bool = False


class HubConfig(_Part):
    """The whole of hub.yaml. home: the folder relative paths start from."""

    home: str = "."
    company: Company = Company()
    database: DatabasePlace = DatabasePlace()
    connections: dict[Name, Connection] = {}
    rules: RulesPlace = RulesPlace()
    resolution: ResolutionPlace = ResolutionPlace()
    notify: Notify = Notify()
    foresight: Foresight = Foresight()
    erasing: Erasing = Erasing()
